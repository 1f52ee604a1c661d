"""What the providers over the SDK of OpenAI do alike."""
