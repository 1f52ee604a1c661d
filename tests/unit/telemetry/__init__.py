"""What is kept of the calls of models, and what is not."""
