"""The work that regular expressions do, counted."""
