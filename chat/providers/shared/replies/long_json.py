"""Reads JSON with long texts in it so that other threads get their turn.

``json`` reads a text in one go, in which no other thread runs: a third of a second for 50 MB on a
machine that is busy. So long texts are taken out, read in slices, and put in their places again.
"""

import json
import re
import secrets
import time
from itertools import pairwise
from typing import Any

from chat.core.fairness import FairShare
from chat.providers.shared.replies.halves import joined

LONG_BYTES = 1 << 20
"""A shorter text is read as it is."""

SLICE_BYTES = 1 << 18

_WHOLE = re.compile(rb"(?:[^\\]++|\\u[0-9A-Fa-f]{4}|\\[^u])*+", re.DOTALL)
"""Characters and escapes, none of them cut."""

_BETWEEN = re.compile(rb'[}\]](?=\s{0,8}[\[{]\s{0,8}[\[{]?\s{0,8}"[A-Za-z_$@])')
"""Where one object or list ends and the next begins: in no other place JSON may hold this."""

_BEGINS_ANOTHER = frozenset("{[,")


def loads(data: bytes) -> Any:
    """What ``json.loads`` gives, and raises; only to be called in a thread where it is long.

    Args:
        data: JSON as UTF-8.
    """
    if len(data) < LONG_BYTES:
        return json.loads(data)
    name, rest, texts = secrets.token_hex(16), list[bytes](), dict[str, str]()
    at = passed_on = 0
    while (start := data.find(b'"', at) + 1) and (end := _end_of_text(data, start)) >= 0:
        if end - start >= LONG_BYTES:
            stand_in = f"{name}{len(texts)}"
            texts[stand_in] = _text(data, start, end)
            rest += [data[passed_on:start], stand_in.encode()]
            passed_on = end
        at = end + 1
    if not texts:
        return json.loads(data)
    return _with_texts(json.loads(b"".join([*rest, data[passed_on:]])), texts)


def loads_each(data: bytes) -> list[Any]:
    """The values of an answer that may hold several; raises as ``loads``.

    They stand one behind another, with nothing or commas between.
    """
    try:
        return [loads(data)]
    except json.JSONDecodeError as error:
        if error.doc[error.pos : error.pos + 1] not in _BEGINS_ANOTHER:
            raise
    listed = (b"[" + values.strip(b", \t\r\n") + b"]" for values in apart(data))
    return [value for values in listed for value in loads(values)]


def apart(data: bytes) -> list[bytes]:
    """The objects and lists that stand one behind another in an answer."""
    cuts = [0, *(found.start() + 1 for found in _BETWEEN.finditer(data)), len(data)]
    return [data[start:end] for start, end in pairwise(cuts)]


def _end_of_text(data: bytes, start: int) -> int:
    """Where the quote stands that closes a text; -1 where none does."""
    at = start
    while (end := data.find(b'"', at)) >= 0:
        first = end
        while first > at and data.endswith(b"\\", at, first):
            # By the thousand first: of backslashes there may be millions.
            run = data[max(at, first - 4096) : first]
            first -= len(run) - len(run.rstrip(b"\\"))
        if (end - first) % 2 == 0:
            return end
        at = end + 1
    return -1


def _text(data: bytes, start: int, end: int) -> str:
    """What stands between two quotes."""
    pieces, share = [""], FairShare()
    while start < end:
        cut = _cut(data, start, end)
        piece: str = json.loads('"' + data[start:cut].decode("utf-8", "surrogatepass") + '"')
        half = pieces[-1][-1:] + piece[:1]
        if half != joined(half):  # a character in two escapes, cut between them
            pieces[-1], piece = pieces[-1][:-1], joined(half) + piece[1:]
        pieces.append(piece)
        start = cut
        time.sleep(share.owed_s())
    return "".join(pieces)


def _cut(data: bytes, start: int, end: int) -> int:
    """Where a slice that begins here may end."""
    cut = start + SLICE_BYTES
    if cut >= end:
        return end
    if data.find(b"\\", start, cut) >= 0:
        whole = _WHOLE.match(data, start, cut)
        cut = whole.end() if whole and whole.end() > start else end
    for before in range(cut, max(start, cut - 4), -1):
        if data[before] & 0xC0 != 0x80:  # no later byte of a character
            return before
    return cut


def _with_texts(value: Any, texts: dict[str, str]) -> Any:
    """The value with each text in the place of its stand-in."""
    if isinstance(value, str):
        return texts.get(value, value)
    left = [value]
    while left:
        each = left.pop()
        if isinstance(each, dict):
            items = [(texts.get(key, key), inner) for key, inner in each.items()]
            each.clear()
            each.update((key, _stood_for(inner, texts)) for key, inner in items)
            left += [inner for _, inner in items if isinstance(inner, dict | list)]
        elif isinstance(each, list):
            each[:] = [_stood_for(inner, texts) for inner in each]
            left += [inner for inner in each if isinstance(inner, dict | list)]
    return value


def _stood_for(value: Any, texts: dict[str, str]) -> Any:
    return texts.get(value, value) if isinstance(value, str) else value
