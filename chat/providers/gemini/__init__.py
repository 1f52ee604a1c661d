"""Google's Gemini wire through google-genai: AI Studio, Google Cloud, or a proxy's native route."""

from chat.providers.gemini.door import Gemini

__all__ = ["Gemini"]
