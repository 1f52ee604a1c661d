"""Other chats that the bench sets Easel beside: what each is installed from, and how it is run."""
