"""What a user keeps: the settings of conversations."""
