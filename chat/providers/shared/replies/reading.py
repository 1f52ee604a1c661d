"""Reads what an endpoint says, piece by piece, whatever wire it came by.

A reply says what is found in a piece; here links are opened in their place, and a long piece is
read in a thread beside the loop, so that nobody waits for it.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import aclosing
from typing import Protocol, TypeAlias, TypeVar

from chat.core.bounds import MAX_WORDS_BYTES
from chat.core.events import ProviderEvent, TextDelta
from chat.core.fairness import FairShare
from chat.providers.shared.replies.picture_links import Link, LinksOfReply, Opener

LONG = 50_000
"""Bytes or characters from which on a piece is long: a tenth of a second to read at worst."""

Piece_contra = TypeVar("Piece_contra", contravariant=True)
Piece = TypeVar("Piece")

Told: TypeAlias = tuple[Piece, int] | None
"""A piece and its size; ``None``: the server said that nothing more would come."""


class Reply(Opener, Protocol[Piece_contra]):
    """Reads one reply."""

    def read(self, piece: Piece_contra, /) -> Iterator[ProviderEvent | Link]:
        """What is found in a piece, or in a whole answer."""
        ...

    def ended(self, *, said_done: bool) -> Iterator[ProviderEvent | Link]:
        """The last events, ``Finished`` among them.

        Args:
            said_done: whether the server said that nothing more would come.

        Raises:
            BadReply: the reply ended without saying so.
        """
        ...


async def events_of(
    told: AsyncGenerator[Told[Piece], None], reply: Reply[Piece], links: LinksOfReply
) -> AsyncGenerator[ProviderEvent, None]:
    """The events of a reply in their order, ending with ``Finished``."""
    said_done = False
    async with aclosing(told):
        async for each in told:
            said_done = each is None
            if each is None:
                continue
            piece, size = each
            found = reply.read(piece) if size < LONG else await _beside(reply, piece)
            for said in found:
                if not isinstance(said, Link):
                    yield said
                    continue
                async with aclosing(links.opened([said], reply)) as opened:
                    async for event in opened:
                        yield event
    async with aclosing(links.opened(reply.ended(said_done=said_done), reply)) as last:
        async for event in last:
            yield event


async def _beside(reply: Reply[Piece], piece: Piece) -> Iterator[ProviderEvent | Link]:
    """What a long piece holds, up to where it goes wrong."""
    # An error that a thread's function returns names, by its trace, the call that holds it as its
    # result; so neither is given or returned, but what each side empties.
    given, read = [(reply, piece)], list[_Read]()
    await asyncio.to_thread(_read_all, given, read)
    return _then(*read.pop())


_Read: TypeAlias = tuple[list[ProviderEvent | Link], Exception | None]


def _read_all(given: list[tuple[Reply[Piece], Piece]], read: list[_Read]) -> None:
    reply, piece = given.pop()
    found: list[ProviderEvent | Link] = []
    chars, share = 0, FairShare()
    try:
        for said in reply.read(piece):
            found.append(said)
            chars += len(said.text) if isinstance(said, TextDelta) else 0
            if chars > MAX_WORDS_BYTES:
                break  # more than is kept of a reply, which ends here
            time.sleep(share.owed_s())
    except Exception as error:  # said once what came before it is passed on
        read.append((found, error))
    else:
        read.append((found, None))


def _then(
    found: Iterable[ProviderEvent | Link], error: Exception | None
) -> Iterator[ProviderEvent | Link]:
    yield from found
    if error is not None:
        try:
            raise error
        finally:
            del error  # it would hold this frame, which holds it, and all that was read with it
