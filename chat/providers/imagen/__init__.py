"""Google's Imagen through google-genai: pictures from words alone, on Google Cloud."""

from chat.providers.imagen.door import Imagen

__all__ = ["Imagen"]
