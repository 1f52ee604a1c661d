"""A running Easel as programs use it."""
