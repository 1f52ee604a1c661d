"""Google's Interactions API through google-genai: a conversation as steps, streamed or whole."""
