"""Providers: each translates between Easel's messages and a server's, and does nothing else."""
