"""The door for pictures."""
