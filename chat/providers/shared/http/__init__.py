"""Requests and answers as bytes: the transport under both SDKs, its bounds, keys and addresses."""
