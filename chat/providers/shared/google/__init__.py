"""What the providers over the SDK google-genai do alike."""
