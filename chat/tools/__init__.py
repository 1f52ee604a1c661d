"""What a model may ask Easel to do: one tool, one file."""
