"""Orders carried out on pixels."""
