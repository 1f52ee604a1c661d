"""JSON of which only the beginning has come, as far as it can be read, and told piece by piece."""

import json
import re
from collections.abc import Mapping

from pydantic_core import from_json

from chat.core.parts import Json
from chat.core.text import clean_text

SHOWN_CHARACTERS = 4_000
"""Of the arguments of a call that are shown: so much of what grows need be read and passed on."""

_LAST_NUMBER = re.compile(r"(?<![-+.0-9A-Za-z])[-+.0-9A-Za-z]+\Z")
"""What may go on where the text ends: a number, or a word such as ``null``."""


def begun_object(text: str, *, whole_values: bool = False) -> dict[str, Json] | None:
    """The object that a text begins; ``None`` where it begins none, or is no JSON so far.

    Args:
        text: JSON from its first character on.
        whole_values: leave out the value that the text may end in the middle of.
    """
    text = clean_text(text)
    if whole_values:
        text = _LAST_NUMBER.sub("", text)  # inside of a text, which is left out anyway, it is alike
    try:
        begun = from_json(text, allow_partial=True if whole_values else "trailing-strings")
    except ValueError:
        return None
    return begun if isinstance(begun, dict) else None


class GrowingJson:
    """Tells an object that grows by its end as pieces of one text."""

    def __init__(self) -> None:
        """Begin with nothing told."""
        self._told = ""

    @property
    def full(self) -> bool:
        """Whether as much was told as is shown."""
        return len(self._told) >= SHOWN_CHARACTERS

    def grown_to(self, value: Mapping[str, Json]) -> tuple[str, bool]:
        """What is added to the text, and whether that replaces all before: it grew elsewhere."""
        text = json.dumps(value).rstrip("}]").removesuffix('"')  # all that may go on stays open
        told, self._told = self._told, text
        if text.startswith(told):
            return text[len(told) :], False
        return text, True
