"""Signals as the short texts that travel between processes."""

import json
from collections.abc import Iterator, Sequence
from typing import get_args

from chat.core.live_log import Signal, SignalKind

MOST_BYTES = 7_900
"""Of one text: PostgreSQL carries less than 8,000."""

KINDS = frozenset(get_args(SignalKind))


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
    """The signals in a text of another process, those left out that this version does not know."""
    try:
        who, *told = json.loads(text)
        if who == own:
            return ()
        return tuple(Signal(kind, tuple(words)) for kind, *words in told if kind in KINDS)
    except (ValueError, TypeError):
        return ()  # another program's
