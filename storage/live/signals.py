"""Signals as the short texts that travel between processes."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from chat.core.live_log import WORDS, Signal

MOST_BYTES = 7_900
"""Of one text: PostgreSQL carries less than 8,000."""

UNSPEAKABLE = re.compile(r"[\0\ud800-\udfff]")
"""No id holds any of these, and no database takes them."""


def texts_of(own: str, signals: Sequence[Signal]) -> Iterator[str]:
    """Signals of a process in as few texts as they fit into, in order."""
    head = f"[{json.dumps(own)}"
    text = head
    for signal in signals:
        written = "," + json.dumps([signal.kind, *signal.words], separators=(",", ":"))
        if len(text) + len(written) >= MOST_BYTES and text != head:
            yield f"{text}]"
            text = head
        if len(head) + len(written) < MOST_BYTES:  # no id is as long as the rest
            text += written
    if text != head:
        yield f"{text}]"


def signals_in(text: str, own: str) -> tuple[Signal, ...]:
    """The signals in a text of another process, without what makes no sense to this version."""
    try:
        who, *told = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return ()  # another program's
    if who == own:
        return ()
    return tuple(Signal(each[0], tuple(each[1:])) for each in told if _is_signal(each))


def _is_signal(told: Any) -> bool:
    if not isinstance(told, list) or not all(map(_is_word, told)):
        return False
    kind, *words = told or [""]
    return WORDS.get(kind) == len(words)


def _is_word(told: Any) -> bool:
    return isinstance(told, str) and UNSPEAKABLE.search(told) is None
