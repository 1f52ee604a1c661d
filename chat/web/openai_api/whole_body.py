"""The body of a program's request: held in memory for a few at a time, and of bearable parts."""

from collections.abc import AsyncIterator

from chat.providers.shared.http.set_aside import SetAside
from chat.web.arrivals import Arrivals

ARRIVING = 8
"""Bodies that are held in memory while they arrive."""

SLOW_AFTER_S = 5.0

TOO_MANY_PARTS = "The request has more parts than Easel reads."

_arrivals = Arrivals(ARRIVING, SLOW_AFTER_S)


async def whole_body(pieces: AsyncIterator[bytes], taken_out: SetAside, key: str) -> bytes:
    """The text, with something small in the place of each large picture.

    ``key`` is the name of the key that it comes with: keys share the room.

    Raises:
        Busy: too many others arrive, or too many of the same key.
        TooSlow: it was sent away for another.
    """

    async def smaller() -> AsyncIterator[bytes]:
        async for piece in pieces:
            yield taken_out.feed(piece)
        yield taken_out.end()

    async with _arrivals.one(key) as arrival:
        return await arrival.body(smaller())


def parts_of(text: bytes) -> int:
    """Commas, quotes and brackets of JSON: what is made of them costs a hundred times its bytes."""
    return sum(map(text.count, (b'"', b",", b"[", b"{")))
