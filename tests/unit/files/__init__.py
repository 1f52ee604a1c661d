"""Files of a conversation, read."""
