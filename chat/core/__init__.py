"""Values and ports, in the standard library alone."""
