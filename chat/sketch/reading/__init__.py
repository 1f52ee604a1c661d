"""English words to scenes and orders."""
