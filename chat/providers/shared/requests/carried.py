"""Pictures of a request: marks in what an SDK is given, base64 in what is sent.

Ten pictures are 20 MB of base64. An SDK puts them into JSON in one go, and sends that in another,
while everybody else waits; a thread is no help, for it holds the interpreter as well. So the SDK is
given a short mark in place of each picture's base64, and the pictures take the places of their
marks while the body is sent, a slice at a time.

A mark is base64 itself, so that it goes through whatever an SDK does with base64. It begins with
what nobody can guess: in words of a user or a model there is none.
"""

import itertools
import re
import secrets
from collections.abc import AsyncIterator
from weakref import WeakValueDictionary

import httpx2
import pybase64

SLICE_BYTES = 3 * 2**18
"""Of a picture: a multiple of three, so that the slices of base64 fit each other."""


class Carried:
    """The pictures of one request; whoever makes it keeps this until it is sent."""

    def __init__(self, prefix: str) -> None:
        """Carry nothing yet; ``prefix`` begins each mark."""
        self._prefix = prefix
        self._blobs: list[bytes] = []

    def mark(self, data: bytes) -> str:
        """What stands for the base64 of these bytes: base64 in either alphabet, without padding."""
        self._blobs.append(data)
        return f"{self._prefix}{len(self._blobs) - 1:08x}"

    def stand_in(self, data: bytes) -> bytes:
        """What stands for these bytes where an SDK makes base64 by itself."""
        return pybase64.b64decode(self.mark(data))

    def url(self, mime: str, data: bytes) -> str:
        """The data URL of a picture."""
        return f"data:{mime};base64,{self.mark(data)}"

    def blob(self, number: int) -> bytes:
        """The bytes of this mark."""
        return self._blobs[number]


class Carrier:
    """Carries pictures past the SDK of one client; ``put_in`` is a hook for its requests."""

    def __init__(self) -> None:
        """Carry nothing yet."""
        self._secret = secrets.token_hex(8)
        self._numbers = itertools.count()
        self._mark = re.compile(rb"%b([0-9a-f]{8})([0-9a-f]{8})" % self._secret.encode())
        self._under_way = WeakValueDictionary[int, Carried]()

    def load(self) -> Carried:
        """What carries the pictures of the next request."""
        number = next(self._numbers) % 2**32
        carried = Carried(f"{self._secret}{number:08x}")
        self._under_way[number] = carried
        return carried

    async def put_in(self, request: httpx2.Request) -> None:
        """Have the pictures sent in place of their marks."""
        if not isinstance(request.stream, httpx2.ByteStream):
            return  # a form, whose files are no base64
        told = self._mark.split(request.content)
        if len(told) == 1:
            return
        pieces = [told[0]]
        for which, number, words in zip(told[1::3], told[2::3], told[3::3], strict=True):
            pieces += [self._under_way[int(which, 16)].blob(int(number, 16)), words]
        body = _Body(pieces)
        request.stream = body
        request.headers["Content-Length"] = str(body.size_bytes)


class _Body(httpx2.AsyncByteStream):
    """Words and pictures by turns, words first; the pictures are sent as base64."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces
        self.size_bytes = sum(map(len, pieces[::2]))
        self.size_bytes += sum(4 * -(-len(blob) // 3) for blob in pieces[1::2])

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for number, piece in enumerate(self._pieces):
            if number % 2 == 0:
                yield piece
                continue
            with memoryview(piece) as blob:
                for at in range(0, len(blob), SLICE_BYTES):
                    yield pybase64.b64encode(blob[at : at + SLICE_BYTES])
        self._pieces = []  # a connection that stays open keeps its last request
