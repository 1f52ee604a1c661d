"""Sketch: an offline painter behind the same socket as every model. No key, no network, no AI."""

from chat.providers.sketch.provider import Sketch

__all__ = ["Sketch"]
