"""Calls of tools that the model is still writing, told to whoever watches. Nothing of them is kept.

Of each no more is told than is shown of one, however long it gets and however often a server says
it from the start: the log of a reply holds all of it.
"""

from chat.core.events import CallDelta, CallsEnded
from chat.core.growing_json import SHOWN_CHARACTERS
from chat.core.text import clean_text
from chat.turns.jobs import Job

MAX_TOLD_CHARACTERS = 4 * SHOWN_CHARACTERS
"""Of one call: some servers begin it again."""


class UnfinishedCalls:
    """The calls of one answer, and then of the next."""

    def __init__(self, job: Job) -> None:
        """Tell those who watch this turn."""
        self._job = job
        self._lengths: dict[int, tuple[int, int]] = {}
        """How many characters are shown of each call, and were told of it."""
        self._names: dict[int, str] = {}

    def take(self, event: CallDelta) -> None:
        """More of one has come."""
        number, name = event.number, clean_text(event.name)
        shown, told = self._lengths.get(number, (0, 0))
        shown = 0 if event.anew else shown
        piece = clean_text(event.arguments[: max(0, SHOWN_CHARACTERS - shown)])
        if told + len(piece) > MAX_TOLD_CHARACTERS:
            return
        if not piece and not event.anew and self._names.get(number) == name:
            return
        self._names[number] = name
        self._lengths[number] = (shown + len(piece), told + len(piece))
        self._job.publish(CallDelta(number, name, piece, event.anew))

    def ended(self) -> None:
        """The model writes none any more: those that are not whole by now never will be."""
        if self._lengths:
            self._lengths.clear()
            self._names.clear()
            self._job.publish(CallsEnded())
