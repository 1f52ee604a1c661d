"""How far calls of tools are told while they are written: no further than anybody is shown them.

The way of an event to the page costs more than to read it, and arguments may have any length.
"""

from chat.core.events import CallDelta
from chat.core.growing_json import SHOWN_CHARACTERS


class CallGrowth:
    """The growing calls of one answer."""

    def __init__(self) -> None:
        """Begin an answer."""
        self._told: dict[int, int] = {}
        """Characters by the number of their call."""

    def shown(self, delta: CallDelta) -> bool:
        """Whether a piece is among what is shown of its call."""
        before = 0 if delta.anew else self._told.get(delta.number, 0)
        self._told[delta.number] = before + len(delta.arguments)
        return before < SHOWN_CHARACTERS
