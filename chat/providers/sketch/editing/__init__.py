"""The darkroom: orders carried out on pixels. Knows nothing of words or providers."""
