"""However a stream is cut into pieces, the same is passed on; nothing of a long event is held."""

import random

import pytest

from chat.providers.shared.http.event_stream import (
    EventStream,
    TooLong,
    looks_like_events,
    without_lead,
)

NO_LIMIT = 1 << 40

STREAMS: dict[str, tuple[bytes, bytes]] = {
    "usual": (b'data: {"a": 1}\n\ndata: {"b": 2}\n\n', b'data: {"a": 1}\n\ndata: {"b": 2}\n\n'),
    "the rest": (
        b"\xef\xbb\xbf: hi\r\n\r\nid\nid: 1\r\ndata:{\r\ndata: }\r\rretry:1\n\ndata:\n\ndata\n\n",
        b"data: {\ndata: }\n\n",
    ),
    "bare": (
        b'{\n "error": 1\n}\n\ndata:[1]\n\n',
        b'data: {\ndata:  "error": 1\ndata: }\n\ndata: [1]\n\n',
    ),
    "almost the end": (b"data: [DO\n\ndata: [DON]\n\n", b"data: [DO\n\ndata: [DON]\n\n"),
    "letters": ("data: {ä🦊}\r\n\r\n".encode(), "data: {ä🦊}\n\n".encode()),
    "usual letters": (
        'data: {"a": "ä"}\n\ndata: {"b": "🦊"}\n\n'.encode(),
        'data: {"a": "ä"}\n\ndata: {"b": "🦊"}\n\n'.encode(),
    ),
    "half a letter": (
        b'data: {"a": "\xc3"}\n\ndata: {"b": 1}\n\n',
        'data: {"a": "\ufffd"}\n\ndata: {"b": 1}\n\n'.encode(),
    ),
    "no UTF-8": (b"data: {\xff}\n\n", "data: {\ufffd}\n\n".encode()),
    "the end": (b"data: {}\r\rdata:  [DONE]\r\r{ more", b"data: {}\n\n"),
    "several on a line": (
        b'data: {"a": 1}{"b": 2} [{"c": 3}]data: {"d": 4}[DONE]\n\nno more',
        b'data: {"a": 1}\n\ndata: {"b": 2}\n\ndata: [{"c": 3}]\n\ndata: {"d": 4}\n\n',
    ),
    "words that look like it": (
        b'data: {"a": "}{", "b": "}{\\"a\\": 1}[DONE]", "c": ["][", "x"]}\n\n',
        b'data: {"a": "}{", "b": "}{\\"a\\": 1}[DONE]", "c": ["][", "x"]}\n\n',
    ),
    "cut in an event": (b'data: {"a": 1}\n\ndata: {"b', b'data: {"a": 1}\n\ndata: {"b'),
    "cut behind an event": (b'data: {"a": 1}\n', b'data: {"a": 1}\n\n'),
}


@pytest.mark.parametrize("told", STREAMS.values(), ids=STREAMS)
def test_cutting_changes_nothing(told: tuple[bytes, bytes]) -> None:
    sent, passed_on = told
    cuts = random.Random(1)
    for most in (1, 2, 3, 5, len(sent)):
        stream, out, at = EventStream(NO_LIMIT, NO_LIMIT, NO_LIMIT), b"", 0
        while at < len(sent):
            size = cuts.randint(1, most) if most < len(sent) else most
            out += stream.feed(sent[at : at + size])
            at += size
        assert (out + stream.end()).replace(b"data:  ", b"data: ") == passed_on.replace(
            b"data:  ", b"data: "
        )


@pytest.mark.parametrize("end", [b"\n\n", b"\r\n\r\n"])
@pytest.mark.parametrize("start", [b"data: ", b"data:", b": ", b"id: "])
def test_of_a_long_line_nothing_is_held(start: bytes, end: bytes) -> None:
    """So the work for a piece does not grow with what came before it."""
    stream = EventStream(NO_LIMIT, NO_LIMIT, NO_LIMIT)
    came = len(stream.feed(start + b'{"a": "'))
    digits = b"A" * 4096
    for _ in range(6_000):
        came += len(stream.feed(digits))
        held = sum(len(value) for value in vars(stream).values() if isinstance(value, bytes))
        assert held <= 16
    passed_on = len(b'data: {"a": "') + 6_000 * 4096
    assert came == (passed_on if start.startswith(b"data") else 0)
    stream.feed(b'"}' + end)


LONG = (b"data: {" + b"a" * 4096, b": a" * 4096, b"\n" * 4096, b"data: {}\ndata: ,\n")


def feed(stream: EventStream, endless: bytes) -> None:
    for _ in range(100_000):
        stream.feed(endless)


def test_a_limit_counts_what_came_and_not_what_is_held() -> None:
    for endless in (*LONG, b'data: ["a","b"\n'):
        stream = EventStream(100_000, 100_000, 10_000)
        with pytest.raises(TooLong):
            feed(stream, endless)


def test_keep_alives_do_not_add_up_over_a_long_stream() -> None:
    stream = EventStream(NO_LIMIT, 100, NO_LIMIT)
    for event in (b'data: {"a": 1}\n\n', b'data:{"a": 1}\n\n') * 50:
        assert stream.feed(b": ping\n\n") == b""
        assert stream.feed(b": ping\n\n" + event) == b'data: {"a": 1}\n\n'


def test_what_begins_like_events_is_known_by_its_first_bytes() -> None:
    for start in (b"data: 1", b"\n\ndata:", b": ping", b"\xef\xbb\xbfevent: x", b"retry:1", b"id:"):
        assert looks_like_events(start) is True
        assert looks_like_events(start[:1]) in {None, True}
    for start in (b"{", b"[1]", b'"data"', b"<html>", b"\x89PNG", b"dart", b"\xef\xbb\xbf{"):
        assert looks_like_events(start) is False


def test_space_before_an_answer_is_looked_at_once() -> None:
    """Of a body of spaces nothing is kept to be looked at again with the next bytes."""
    start = b"\xef\xbb\xbf"
    for _ in range(100):
        start = without_lead(start + b" \r\n" * 1_000)
        assert start == b""
        assert looks_like_events(start) is None
    assert looks_like_events(without_lead(start + b"  dat")) is None
    assert looks_like_events(without_lead(start + b"  data: x")) is True
