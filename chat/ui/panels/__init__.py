"""The panels of the page; none imports another."""
