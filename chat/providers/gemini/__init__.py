"""Google's Gemini wire through google-genai: AI Studio, Google Cloud, or a proxy's native route."""
