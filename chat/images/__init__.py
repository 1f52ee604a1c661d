"""Pillow lives here: what comes in, what goes out."""
