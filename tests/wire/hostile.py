"""Answers of a model's server that have no end."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass

from tests.loopback import Gate, Reply

STREAM = {"content-type": "text/event-stream"}
JSON = {"content-type": "application/json"}
PIECE = 1_000
PIECES = 10_000
"""Far more than would be taken: who reads on is found out."""


@dataclass(frozen=True)
class Hostile:
    """An answer without end."""

    name: str
    piece: bytes
    begin: bytes = b""
    headers: tuple[tuple[str, str], ...] = tuple(STREAM.items())
    status: int = 200
    packed: bool = False
    is_stream: bool = True

    def reply(self, pieces: int = PIECES) -> Reply:
        parts = [self.begin, *[self.piece] * pieces]
        if self.packed:
            parts = [gzip.compress(b"".join(parts[at : at + 500])) for at in range(0, pieces, 500)]
        return Reply((*filter(None, parts), Gate()), self.status, dict(self.headers))


def answers() -> Iterator[Hostile]:
    """What may have no end, packed and not."""
    plain = [
        Hostile("keep-alives", b": ping\n\n" * 100),
        Hostile("empty lines", b"\r\n" * 500),
        Hostile("a comment", b"a" * PIECE, b": "),
        Hostile("a field", b"a" * PIECE, b"event: "),
        Hostile("no field", b"a" * PIECE),
        Hostile("data", b"a" * PIECE, b'data: {"a": "'),
        Hostile("lines of data", b"data: 1,\n" * 100, b"data: [\n"),
        Hostile("many parts in one event", b'{"a":1},' * 100, b'data: {"a": ['),
        Hostile("brackets in one event", b"[" * PIECE, b"data: "),
        Hostile("bare JSON", b'"a",' * 100, b'{"a": ['),
        Hostile("unknown events", b'data: {"x": 1}\n\n' * 50),
        Hostile("a body", b"a" * PIECE, b'{"a": "', tuple(JSON.items()), is_stream=False),
        Hostile("a body of parts", b'"a",' * 100, b'{"a": [', tuple(JSON.items()), is_stream=False),
        Hostile("a body of spaces", b" " * PIECE, b"", tuple(JSON.items()), is_stream=False),
        Hostile("an error", b"a" * PIECE, b'{"error": "', tuple(JSON.items()), 500),
        Hostile("an error as a stream", b": ping\n\n" * 100, b"", tuple(STREAM.items()), 429),
        Hostile("a page as an error", b"<p>" * 300, b"<", (("content-type", "text/html"),), 404),
    ]
    yield from plain
    nothing = (*STREAM.items(), ("content-encoding", "gzip"))
    yield Hostile("nothing, packed over and over", gzip.compress(b"") * 50, headers=nothing)
    for each in plain:
        headers = (*each.headers, ("content-encoding", "gzip"))
        yield Hostile(
            f"{each.name}, packed", each.piece, each.begin, headers, each.status, packed=True
        )
