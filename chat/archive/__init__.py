"""Conversations out of Easel and into it: files to keep, to send and to take in."""
