"""Providers through their real SDKs, over real HTTP, against a server on 127.0.0.1."""
