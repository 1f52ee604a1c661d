"""One suite per port, run over every row of its registry."""
