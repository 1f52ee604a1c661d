"""How much of one reply is taken; see :mod:`chat.core.bounds` for the reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from chat.core.bounds import MAX_CALLS, MAX_ECHO_BYTES, MAX_PICTURES, MAX_WORDS_BYTES
from chat.core.events import ImageBytes, ReasoningDelta, TextDelta
from chat.core.messages import Finish
from chat.core.parts import Image, Json, Part, Reasoning, Text, ToolCall

Said: TypeAlias = TextDelta | ReasoningDelta | ImageBytes | ToolCall


def _ended(why: str) -> Finish:
    sentence = f"The reply was ended here: {why}."
    return Finish("length", message=sentence, actions=("retry", "edit"))


TOO_MANY_WORDS = _ended("Easel keeps 2 MB of words in one reply")
TOO_MANY_PICTURES = _ended(f"Easel keeps {MAX_PICTURES} pictures in one reply, drafts included")
TOO_MANY_CALLS = _ended(f"Easel takes {MAX_CALLS} calls of tools in one reply")
TOO_LARGE_ECHOES = _ended("its signatures are larger than Easel keeps in one reply")


class ReplyBounds:
    """Counts what came of one reply."""

    def __init__(self, held: Sequence[Part] = ()) -> None:
        """These parts have come."""
        words = (part.text for part in held if isinstance(part, Text | Reasoning))
        self._words_bytes = sum(len(text.encode("utf-8", "replace")) for text in words)
        self._echo_bytes = sum(_weight(part.echo.data) for part in held if part.echo is not None)
        self._pictures = sum(isinstance(part, Image) for part in held)
        self._calls = sum(isinstance(part, ToolCall) for part in held)

    def take(self, event: Said) -> tuple[Said | None, Finish | None]:
        """What is taken of an event, and the end of the reply once there is enough of it."""
        if event.echo is not None:
            self._echo_bytes += _weight(event.echo.data)
            if self._echo_bytes > MAX_ECHO_BYTES:
                return None, TOO_LARGE_ECHOES
        if isinstance(event, TextDelta | ReasoningDelta):
            return self._words(event)
        if isinstance(event, ImageBytes):
            if self._pictures >= MAX_PICTURES:
                return None, TOO_MANY_PICTURES
            self._pictures += 1
            return event, None
        if self._calls >= MAX_CALLS:
            return None, TOO_MANY_CALLS
        self._calls += 1
        return event, None

    def _words(self, event: TextDelta | ReasoningDelta) -> tuple[Said, Finish | None]:
        room, data = MAX_WORDS_BYTES - self._words_bytes, event.text.encode("utf-8", "replace")
        self._words_bytes += len(data)
        if len(data) <= room:
            return event, None
        # A part of what was signed is not what was signed.
        cut = replace(event, text=data[:room].decode("utf-8", "ignore"), echo=None)
        return cut, TOO_MANY_WORDS


def _weight(value: Json | Mapping[str, Json]) -> int:
    """About how many bytes a value takes, as JSON."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Mapping):
        return sum(len(key) + _weight(each) for key, each in value.items())
    if isinstance(value, list | tuple):
        return sum(map(_weight, value))
    return 8
