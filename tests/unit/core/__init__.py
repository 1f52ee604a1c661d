"""Values of the core."""
