"""The pictures of a memory store as a library: what it holds for an owner, found and counted.

It looks into the dictionaries of the store, which locks them meanwhile.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from datetime import datetime, tzinfo

from chat.core.messages import Conversation
from chat.core.parts import MediaRef
from chat.core.parts import pictures as shown_pictures
from chat.core.ports import (
    BOARD,
    FAVOURITE,
    LibraryCounts,
    LibraryPage,
    LibraryQuery,
    OwnedRecord,
    PictureUse,
)
from storage.library_entries import (
    Entry,
    board_page,
    board_start,
    entry,
    fits,
    month_of,
    newest_first,
    place_of,
    stray,
)
from storage.memory_tree import MessageTree

MOST_LISTED = 2**31
"""More pictures than a memory holds."""


@dataclass(frozen=True, slots=True)
class MemoryLibrary:
    """The library of one store."""

    _conversations: Mapping[str, Conversation]
    _tree: MessageTree
    _media: Mapping[str, MediaRef]
    _stored_at: Mapping[str, datetime]
    _grants: Set[tuple[str, str]]
    """Owner and sha256 of every picture that the owner was ever given ..."""
    _withdrawn: Set[tuple[str, str]]
    """... and of those that the owner has deleted."""
    _records: Mapping[tuple[str, str, str], OwnedRecord]
    """By owner, kind and id."""

    def page(self, owner: str, query: LibraryQuery, limit: int, after: str = "") -> LibraryPage:
        """The pictures of an owner, each once, newest first."""
        fit = fits(query)
        if query.board or query.only:
            return self._listed(owner, query, fit, limit, after)
        found = self._shown(owner, binned=False)
        for sha256 in self._on_shelves(owner):
            if sha256 not in found and (kept := self._of(owner, sha256)) is not None:
                found[sha256] = kept
        present = (each for sha256, each in found.items() if self._may_see(owner, sha256))
        return newest_first(filter(fit, present), limit, place_of(after))

    def counts(self, owner: str, query: LibraryQuery, zone: tzinfo) -> LibraryCounts:
        """How many pictures a query finds, and in which months."""
        found = self.page(owner, query, MOST_LISTED).pictures
        if query.board or query.only:
            return LibraryCounts(len(found), ())
        months = Counter(month_of(picture.made_at, zone) for picture in found)
        return LibraryCounts(len(found), sorted(months.items(), reverse=True))

    def models(self, owner: str) -> list[str]:
        """The ids of the model cards that drew pictures of an owner."""
        return sorted(
            {
                message.origin.model
                for message in self._tree.all()
                if self._conversations[message.conversation_id].owner == owner
                and message.origin
                and any(image.origin == "model" for image in shown_pictures(message.parts))
            }
            - {""}
        )

    def uses(self, owner: str, sha256: str) -> list[PictureUse]:
        """The conversations, not in the bin, that show a picture."""
        mine = [c for c in self._conversations.values() if c.owner == owner and not c.deleted_at]
        mine.sort(key=lambda found: found.updated_at, reverse=True)
        counted = (
            (
                conversation,
                sum(
                    any(i.media.sha256 == sha256 for i in shown_pictures(message.parts))
                    for message in self._tree.of(conversation.id)
                ),
            )
            for conversation in mine
        )
        return [PictureUse(of.id, of.title, count) for of, count in counted if count]

    def _may_see(self, owner: str, sha256: str) -> bool:
        return (owner, sha256) not in self._withdrawn

    def _shown(self, owner: str, *, binned: bool) -> dict[str, Entry]:
        """Each picture where it came first, in conversations outside the bin or inside it."""
        found: dict[str, Entry] = {}
        for seq, message in enumerate(self._tree.all(), 1):
            conversation = self._conversations[message.conversation_id]
            if conversation.owner != owner or (conversation.deleted_at is not None) != binned:
                continue
            asked = self._tree.get(message.parent_id) if message.parent_id else None
            for position, image in enumerate(shown_pictures(message.parts)):
                sha256 = image.media.sha256
                if sha256 not in found:
                    found[sha256] = entry(
                        seq,
                        position,
                        image,
                        message,
                        asked,
                        title=conversation.title,
                        deleted=binned,
                        favourite=(owner, FAVOURITE, sha256) in self._records,
                    )
        return found

    def _of(self, owner: str, sha256: str) -> Entry | None:
        """A picture, in a conversation outside the bin if there is one, else inside, else alone."""
        for binned in (False, True):
            if (found := self._shown(owner, binned=binned).get(sha256)) is not None:
                return found
        if (owner, sha256) not in self._grants:
            return None
        favourite = (owner, FAVOURITE, sha256) in self._records
        return stray(self._media[sha256], self._stored_at[sha256], favourite=favourite)

    def _on_shelves(self, owner: str) -> list[str]:
        """The favourites, and what is on boards."""
        shelves = (
            record.pictures
            for (whose, kind, _), record in self._records.items()
            if whose == owner and kind in (FAVOURITE, BOARD)
        )
        return [sha256 for pictures in shelves for sha256 in pictures]

    def _listed(
        self,
        owner: str,
        query: LibraryQuery,
        fit: Callable[[Entry], bool],
        limit: int,
        after: str,
    ) -> LibraryPage:
        record = self._records.get((owner, BOARD, query.board))
        shas = query.only or (record.pictures if record else ())
        present = (
            (number, self._of(owner, sha256))
            for number, sha256 in enumerate(shas)
            if number >= board_start(after) and self._may_see(owner, sha256)
        )
        found = [(number, each) for number, each in present if each is not None and fit(each)]
        return board_page(found, limit)
