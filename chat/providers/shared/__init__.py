"""What several providers need; it knows none of them."""
