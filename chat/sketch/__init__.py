"""Sketch: an offline painter. It reads a conversation and answers in words and pictures.

No key, no network, no AI: ``reading`` finds out what was asked for, ``answering`` says what to do
about it, ``painting`` draws scenes, ``editing`` changes pictures that are there. Deterministic: the
same conversation gives the same reply, and asked once more, another. A provider like any other to
the rest of Easel, through ``chat.providers.sketch``.
"""

from chat.sketch.answering.answer import answer
from chat.sketch.answering.history import KIND
from chat.sketch.answering.pieces import Piece, Shown

__all__ = ["KIND", "Piece", "Shown", "answer"]
