"""How the worker is spoken to: a head in JSON, then the bytes it announces.

Four bytes of length stand before the head. Nothing that could run travels here, as it would
with pickle: the far end has been decoding strangers' files.
"""

import json
from collections.abc import Mapping
from typing import IO

from chat.core.parts import Json

# A recipe is at most half a megabyte as it comes, and up to four times that with every field named.
_MAX_HEAD_BYTES = 4_000_000


def send(stream: IO[bytes], head: Mapping[str, Json], *blobs: bytes) -> None:
    """Write one parcel."""
    packed = json.dumps({**head, "blobs": [len(blob) for blob in blobs]}).encode()
    stream.write(len(packed).to_bytes(4, "big") + packed)
    stream.writelines(blobs)
    stream.flush()


def receive(stream: IO[bytes], max_blob_bytes: int) -> tuple[dict[str, Json], list[bytes]]:
    """Read one parcel.

    Raises:
        EOFError: the other end is gone.
        ValueError: it does not speak this language.
    """
    head_bytes = int.from_bytes(_exactly(stream, 4), "big")
    if head_bytes > _MAX_HEAD_BYTES:
        raise ValueError("head too long")
    head: dict[str, Json] = json.loads(_exactly(stream, head_bytes))
    sizes: list[int] = head.pop("blobs")
    if any(size > max_blob_bytes for size in sizes):
        raise ValueError("blob too long")
    return head, [_exactly(stream, size) for size in sizes]


def _exactly(stream: IO[bytes], count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        raise EOFError("the pipe was closed")
    return data
