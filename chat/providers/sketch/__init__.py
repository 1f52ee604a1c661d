"""Sketch: the offline painter of ``chat.sketch`` as a provider."""
