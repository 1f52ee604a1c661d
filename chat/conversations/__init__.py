"""What a user keeps: conversations and their settings."""
