"""A user's library: all pictures over all conversations, with favourites and boards.

Every method takes the owner and touches nothing of anybody else.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import tzinfo

from chat.core.errors import CapabilityError, NotFound, TooMany
from chat.core.messages import new_id
from chat.core.ports import (
    BOARD,
    FAVOURITE,
    Conversations,
    LibraryCounts,
    LibraryPage,
    LibraryQuery,
    OwnedRecord,
    PictureUse,
)
from chat.core.text import clean_name

MAX_NAME_CHARACTERS = 80
MAX_BOARDS = 200
MAX_ON_BOARD = 2_000
NO_BOARD = "That board is not there any more."


@dataclass(frozen=True, slots=True)
class Board:
    """A board: pictures as references, in an order of the user's own."""

    id: str
    name: str
    pictures: tuple[str, ...]
    """The sha256 of each."""
    place: int = 0
    """Boards stand by it, then by id."""


@dataclass(frozen=True, slots=True)
class Used:
    """What still uses a picture."""

    sha256: str
    conversations: Sequence[PictureUse]
    boards: Sequence[str]
    """The names of the boards that it is on."""


class PictureLibrary:
    """The pictures of a store of conversations."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations

    async def page(
        self, owner: str, query: LibraryQuery, limit: int, after: str = ""
    ) -> LibraryPage:
        """What ``Conversations.library`` finds."""
        return await asyncio.to_thread(self._conversations.library, owner, query, limit, after)

    async def counts(self, owner: str, query: LibraryQuery, zone: tzinfo) -> LibraryCounts:
        """What ``Conversations.library_counts`` finds."""
        return await asyncio.to_thread(self._conversations.library_counts, owner, query, zone)

    async def models(self, owner: str) -> list[str]:
        """The ids of the model cards that drew pictures of an owner."""
        return await asyncio.to_thread(self._conversations.library_models, owner)

    async def mark(self, owner: str, shas: Sequence[str], *, favourite: bool) -> None:
        """Make pictures favourites, or no more. Raises ``NotFound``."""

        def mark() -> None:
            for sha256 in dict.fromkeys(shas):
                record = OwnedRecord(FAVOURITE, sha256, None, (sha256,)) if favourite else None
                self._conversations.keep_record(owner, FAVOURITE, sha256, _always(record))

        await asyncio.to_thread(mark)

    async def boards(self, owner: str) -> list[Board]:
        """An owner's boards, in their order."""
        records = await asyncio.to_thread(self._conversations.records, owner, BOARD)
        return sorted(map(board_of, records), key=lambda board: (board.place, board.id))

    async def new_board(self, owner: str, name: str, shas: Sequence[str] = ()) -> Board:
        """A board with these pictures, after the others.

        Raises:
            CapabilityError: the name is no name, or they are too many.
            NotFound: a picture is not there.
        """
        boards = await self.boards(owner)
        place = boards[-1].place + 1 if boards else 0
        made = Board(new_id(), _named(name), tuple(dict.fromkeys(shas)), place)
        try:
            return await self._altered(owner, made.id, lambda _: made, MAX_BOARDS)
        except TooMany as error:
            many = f"There are {MAX_BOARDS} boards already. Delete one first."
            raise CapabilityError(many) from error

    async def rename_board(self, owner: str, board_id: str, name: str) -> Board:
        """Give a board another name. Raises ``CapabilityError`` and ``NotFound``."""
        named = _named(name)
        return await self._altered(owner, board_id, lambda held: replace(_there(held), name=named))

    async def put_on(
        self, owner: str, board_id: str, shas: Sequence[str], at: int | None = None
    ) -> Board:
        """Have pictures on a board, in this order, before the one that stands ``at`` a place.

        Pictures that are on it already are moved; ``None`` is its end.

        Raises:
            CapabilityError: they are too many.
            NotFound: the board or a picture is not there.
        """
        added = tuple(dict.fromkeys(shas))

        def put(held: Board | None) -> Board:
            board = _there(held)
            end = len(board.pictures) if at is None else at
            before = [sha for sha in board.pictures[:end] if sha not in added]
            after = [sha for sha in board.pictures[end:] if sha not in added]
            return replace(board, pictures=(*before, *added, *after))

        return await self._altered(owner, board_id, put)

    async def take_off(self, owner: str, board_id: str, shas: Sequence[str]) -> Board:
        """Have pictures on a board no more. Raises ``NotFound``."""
        gone = frozenset(shas)

        def take(held: Board | None) -> Board:
            board = _there(held)
            return replace(board, pictures=tuple(s for s in board.pictures if s not in gone))

        return await self._altered(owner, board_id, take)

    async def order_boards(self, owner: str, board_ids: Sequence[str]) -> list[Board]:
        """Have the boards stand in this order; those that are not named, after them."""
        known = [board.id for board in await self.boards(owner)]
        named = [board_id for board_id in dict.fromkeys(board_ids) if board_id in known]
        for place, board_id in enumerate([*named, *(i for i in known if i not in named)]):
            with suppress(NotFound):  # deleted meanwhile, in another tab
                await self._altered(owner, board_id, _placed(place))
        return await self.boards(owner)

    async def delete_board(self, owner: str, board_id: str) -> None:
        """Take a board away; its pictures stay where else they are. Twice is once."""
        await asyncio.to_thread(
            self._conversations.keep_record, owner, BOARD, board_id, _always(None)
        )

    async def uses(self, owner: str, shas: Sequence[str]) -> list[Used]:
        """What still uses pictures, in the order asked."""
        boards = await self.boards(owner)

        def look_up() -> list[Used]:
            return [
                Used(
                    sha256,
                    self._conversations.picture_uses(owner, sha256),
                    [board.name for board in boards if sha256 in board.pictures],
                )
                for sha256 in dict.fromkeys(shas)
            ]

        return await asyncio.to_thread(look_up)

    async def delete(self, owner: str, shas: Sequence[str]) -> None:
        """Delete pictures: they are lost to every message, board and list of the owner.

        Their bytes stay until they have been in the bin of the store for its days, so ``restore``
        brings all of it back. Raises ``NotFound`` where one is not there.
        """

        def withdraw() -> None:
            for sha256 in dict.fromkeys(shas):
                self._conversations.withdraw_media(owner, sha256)

        await asyncio.to_thread(withdraw)

    async def restore(self, owner: str, shas: Sequence[str]) -> None:
        """Take that back. Raises ``NotFound`` where one never was theirs."""

        def grant() -> None:
            for sha256 in dict.fromkeys(shas):
                self._conversations.restore_media(owner, sha256)

        await asyncio.to_thread(grant)

    async def _altered(
        self,
        owner: str,
        board_id: str,
        alter: Callable[[Board | None], Board],
        most: int | None = None,
    ) -> Board:
        def altered(held: OwnedRecord | None) -> OwnedRecord:
            board = alter(None if held is None else board_of(held))
            if len(board.pictures) > MAX_ON_BOARD:
                raise CapabilityError(f"A board holds at most {MAX_ON_BOARD:,} pictures.")
            value = held.value if held is not None and isinstance(held.value, dict) else {}
            value = {**value, "name": board.name, "place": board.place}
            return OwnedRecord(BOARD, board_id, value, board.pictures)

        kept = await asyncio.to_thread(
            self._conversations.keep_record, owner, BOARD, board_id, altered, most
        )
        assert kept is not None, "a record was given"
        return board_of(kept)


def _named(name: str) -> str:
    named = clean_name(name)
    if not named:
        raise CapabilityError("A board needs a name.")
    if len(named) > MAX_NAME_CHARACTERS:
        raise CapabilityError(f"The name of a board has at most {MAX_NAME_CHARACTERS} characters.")
    return named


def _there(held: Board | None) -> Board:
    if held is None:
        raise NotFound(NO_BOARD)
    return held


def _placed(place: int) -> Callable[[Board | None], Board]:
    return lambda held: replace(_there(held), place=place)


def _always(
    record: OwnedRecord | None,
) -> Callable[[OwnedRecord | None], OwnedRecord | None]:
    return lambda _: record


def board_of(record: OwnedRecord) -> Board:
    """A board as it is kept."""
    value = record.value if isinstance(record.value, dict) else {}
    name, place = value.get("name"), value.get("place")
    return Board(
        record.id,
        name if isinstance(name, str) and name else "Board",
        record.pictures,
        place if type(place) is int else 0,
    )
