"""Where conversations and pictures are kept. Knows the core values and nothing above them."""
