"""The ear: English words to scenes and orders. Knows nothing of pixels or providers."""
