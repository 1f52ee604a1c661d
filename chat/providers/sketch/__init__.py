"""Sketch: the offline painter of ``chat.sketch`` as a provider."""

from chat.providers.sketch.adapter import Sketch

__all__ = ["Sketch"]
