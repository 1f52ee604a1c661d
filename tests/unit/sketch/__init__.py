"""Sketch as a user meets it: through its stream, measured in words and pixels."""
