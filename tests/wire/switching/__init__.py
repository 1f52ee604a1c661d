"""Conversations as bad as they come, for the question whether another model can go on with them."""
