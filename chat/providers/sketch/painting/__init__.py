"""The painter's studio: scenes to pixels. Knows nothing of words, messages or providers."""
