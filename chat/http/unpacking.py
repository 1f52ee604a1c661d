"""Bodies that come packed, unpacked as they come, whatever a server calls them.

zlib itself ends with the first member of a gzip file, and so do HTTP clients: of a body that was
packed piece by piece the rest would be left out without a word. What is called packed and is not
is taken as it is. Source: RFC 1952, 2.2 (members); RFC 9110, 8.4.1 (codings).
"""

import zlib
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx2

PACKINGS = frozenset({"gzip", "x-gzip", "deflate"})
"""The second is the first by an older name."""

MOST_BYTES = 1 << 20
"""Of one piece that is unpacked: few bytes may hold a thousand times as many."""

PACKED_BYTES = 1024
"""Of a packed body that are unpacked in one go: up to a megabyte comes of them."""

FRUITLESS_BYTES = 1 << 20
"""Packed bytes that nothing comes of, after which a body is over: members without content, or
what stands behind the last one, may have no end."""

_MEMBER = b"\x1f\x8b"
_START_BYTES = 16
_LETTERS = frozenset(b"\t\n\r" + bytes(range(0x20, 0x7F)))
_MARK = b"\xef\xbb\xbf"


class Unpacking:
    """Unpacks one body."""

    def __init__(self, packing: str) -> None:
        """Begin one that is packed in one of ``PACKINGS``."""
        self._is_gzip = packing != "deflate"
        self._unpack: Any = None
        self._held = b""
        """The first bytes of a member, as long as they do not tell what it is."""
        self._first = True
        self._is_plain = False
        self._is_over = False

    def feed(self, piece: bytes, *, final: bool = False) -> Iterator[bytes]:
        """What the next bytes bring, in pieces of at most ``MOST_BYTES``; to be read to its end.

        Args:
            piece: the next bytes, maybe none.
            final: nothing follows them.

        Raises:
            zlib.error: the body is damaged.
        """
        left, self._held = self._held + piece, b""
        while left and not self._is_over:
            if self._is_plain:
                yield left
                return
            if self._unpack is None and not (left := self._begin(left, final=final)):
                return
            if self._unpack is None:
                continue
            part = self._unpack.decompress(left, MOST_BYTES)
            while part:
                yield part
                part = self._unpack.decompress(self._unpack.unconsumed_tail, MOST_BYTES)
            if not self._unpack.eof:
                return
            # Held on to, it would keep all that follows the end, and copy it anew with each piece.
            left, self._unpack = self._unpack.unused_data, None

    def _begin(self, start: bytes, *, final: bool) -> bytes:
        """Tell what begins here; its bytes, or none where more are needed."""
        if not self._first:
            start = start.lstrip(b"\0")  # members may be filled up to a block
        if self._is_gzip:
            known = not _MEMBER.startswith(start[: len(_MEMBER)]) or len(start) >= len(_MEMBER)
        else:
            known = len(start) >= _START_BYTES or not self._first
        if not (known or final):
            self._held = start
            return b""
        if self._is_gzip and start.startswith(_MEMBER):
            self._unpack = zlib.decompressobj(zlib.MAX_WBITS | 16)
        elif not self._first:
            self._is_over = True
        elif self._is_gzip or _is_text(start):
            self._is_plain = True
        else:
            # What is called deflate comes with a head of zlib's, or without one.
            bare = start[0] & 0x0F != zlib.DEFLATED
            self._unpack = zlib.decompressobj(-zlib.MAX_WBITS if bare else zlib.MAX_WBITS)
        self._first = False
        return start


def unpacked(response: httpx2.Response, stream: httpx2.AsyncByteStream) -> httpx2.Response:
    """A response with this body, which ``aiter_bytes`` gives unpacked, little by little."""
    told = response.headers.get_list("content-encoding", split_commas=True)
    packings = [packing.strip().lower() for packing in told]
    if any(packing != "identity" for packing in packings):
        stream = _Sliced(stream)
    while packings and packings[-1] in {*PACKINGS, "identity"}:
        packing = packings.pop()
        if packing != "identity":
            stream = _Unpacked(stream, packing)
    headers = [(name, value) for name, value in response.headers.multi_items()]
    kept = [(name, value) for name, value in headers if name.lower() != "content-encoding"]
    if packings:
        kept.append(("content-encoding", ", ".join(packings)))
    return httpx2.Response(
        response.status_code, headers=kept, stream=stream, request=response.request
    )


class _Sliced(httpx2.AsyncByteStream):
    """A packed body in small pieces: what unpacks a piece makes a thousand times as much of it."""

    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._stream:
            for at in range(0, len(piece), PACKED_BYTES):
                yield piece[at : at + PACKED_BYTES]

    async def aclose(self) -> None:
        await self._stream.aclose()


class _Unpacked(_Sliced):
    """A body without its outermost packing."""

    def __init__(self, stream: httpx2.AsyncByteStream, packing: str) -> None:
        super().__init__(stream)
        self._unpacking = Unpacking(packing)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        fruitless = 0
        try:
            async for piece in super().__aiter__():
                fruitless += len(piece)
                for part in self._unpacking.feed(piece):
                    fruitless = 0
                    yield part
                if fruitless > FRUITLESS_BYTES:
                    return
            for part in self._unpacking.feed(b"", final=True):
                yield part
        except zlib.error as error:
            raise httpx2.DecodingError(str(error)) from error


def _is_text(start: bytes) -> bool:
    """Whether a body begins as text does, which nothing that is packed does for so long."""
    return _LETTERS.issuperset(start.removeprefix(_MARK)[:_START_BYTES])
