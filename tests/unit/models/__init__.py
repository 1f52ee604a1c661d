"""The catalogue: what a row may say, which models answer, and what they cost."""
