"""What Google's wires send, made such that their SDK takes it: base64, and chunks in a list.

The SDK checks each picture and each signature, and gives the whole answer up where one is wrapped,
mixes two alphabets, or has the head of a data URL before it, as relays send them.
Source: google-genai 3.6.1 (2026-11-30).
"""

import base64
import json
import logging
import re
import string
from collections.abc import Iterator

from chat.core.errors import MediaRejected
from chat.providers.shared.http.event_stream import data_in
from chat.providers.shared.replies.decoded import decoded_picture
from chat.providers.shared.replies.long_json import loads_each

log = logging.getLogger(__name__)

_DIGITS = string.ascii_letters.encode() + string.digits.encode()
_ALPHABETS = (_DIGITS + b"+/", _DIGITS + b"-_")
_TEXT = rb'"(?P<text>[^"\\]*+(?:\\.[^"\\]*+)*+)"'
# The quote first: what begins with a letter of its own is found thirty times as fast.
_INLINE = re.compile(rb'"(?<!\\")inline_?[dD]ata"\s*+:\s*+\{')
_DATA = re.compile(rb'(?P<name>"data"\s*+:\s*+)' + _TEXT)
_STEP = re.compile(rb"[{}]|" + _DATA.pattern + rb'|"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
"""What counts in an object of JSON: where one begins or ends, its data, and any other text."""
_NAMED = re.compile(
    rb'(?P<name>"(?<!\\")(?P<key>thought_?[sS]ignature|bytesBase64Encoded)"\s*+:\s*+)' + _TEXT
)
_SEVERAL = re.compile(
    rb"^data: [\[,]|[}\]]\s{0,8},?\s{0,8}[{\[]|,[ \t]{0,8}(?:\n\n|\Z)", re.MULTILINE
)
"""What an answer, or an event, has in it where it may be more than one chunk."""
_NO_PICTURE = base64.b64encode(b"\0")
"""Stands for what cannot be read: who takes pictures in says so."""


def with_sound_base64(answer: bytes) -> bytes:
    """Events, or a whole answer, whose pictures and signatures are plain base64.

    A picture that cannot be read becomes bytes that are none, for the words around it to be
    read; a signature becomes empty. An answer that is pictures alone stays as it is.
    """
    if (first := answer.lstrip()[:1]) == b"[" or (first == b"{" and _SEVERAL.search(answer)):
        answer = _as_events(answer, answer)
    elif _SEVERAL.search(answer):
        events = (event + b"\n\n" for event in answer.split(b"\n\n") if event)
        answer = b"".join(map(_one_by_one, events))
    if b"inline" in answer:
        answer = b"".join(_with_sound_pictures(answer))
    return _NAMED.sub(_named, answer)


def _one_by_one(event: bytes) -> bytes:
    """An event for each chunk of several in one; any other as it is."""
    if not _SEVERAL.search(event):
        return event
    return _as_events(b"\n".join(data_in(event)), event)


def _as_events(chunks: bytes, one: bytes) -> bytes:
    """Several chunks as events: a list, as Google answers where a relay dropped ``alt=sse``.

    So are those that stand one behind another. ``one`` where it is one, or cannot be read.
    """
    try:
        found = loads_each(chunks)
    except (ValueError, RecursionError):
        return one
    bare = chunks.strip()
    if len(found) == 1 and bare[:1] == b"{" and bare[-1:] == b"}":
        return one
    listed = [each for value in found for each in (value if isinstance(value, list) else [value])]
    return b"".join(b"data: " + json.dumps(chunk).encode() + b"\n\n" for chunk in listed)


def _with_sound_pictures(answer: bytes) -> Iterator[bytes]:
    """The answer in pieces, the data of each inline picture sound; deeper objects stay."""
    done = 0
    while inline := _INLINE.search(answer, done):
        yield answer[done : inline.end()]
        done, depth = inline.end(), 1
        for step in _STEP.finditer(answer, done):
            if step["name"] is not None:
                if depth == 1:
                    yield answer[done : step.start()]
                    yield _picture(step)
                    done = step.end()
            elif step[0] in {b"{", b"}"}:
                depth += 1 if step[0] == b"{" else -1
                if not depth:
                    break
    yield answer[done:]


def _picture(found: re.Match[bytes]) -> bytes:
    return _with(found, _NO_PICTURE)


def _named(found: re.Match[bytes]) -> bytes:
    return _with(found, found["text"] if found["key"] == b"bytesBase64Encoded" else b"")


def _with(found: re.Match[bytes], instead: bytes) -> bytes:
    text = found["text"]
    if _is_sound(text):
        return found[0]
    try:
        sound = base64.b64encode(decoded_picture(json.loads(b'"' + text + b'"')))
    except (MediaRejected, ValueError) as error:
        log.info("base64 in an answer cannot be read: %s", error)
        sound = instead
    return found["name"] + b'"' + sound + b'"'


def _is_sound(text: bytes) -> bool:
    """Whether it is base64 of one alphabet."""
    digits = text.rstrip(b"=")
    return (
        len(text) - len(digits) <= 2
        and len(digits) % 4 != 1
        and not all(digits.translate(None, alphabet) for alphabet in _ALPHABETS)
    )
