"""What an owner says of a picture: a name, and that edits count from it.

Each is a record of its owner, by the picture's sha256: it holds in every conversation that shows
the picture, and keeps the picture as long as it stands.
"""

import asyncio
from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from chat.core.errors import CapabilityError
from chat.core.parts import Json
from chat.core.ports import FAVOURITE, Conversations, OwnedRecord
from chat.core.text import clean_name

NAME, BASE = "name", "base"
MAX_NAME_CHARACTERS = 80


@dataclass(frozen=True, slots=True)
class Marks:
    """All that one owner says of pictures, by their sha256."""

    names: Mapping[str, str] = field(default_factory=dict)
    favourites: Set[str] = frozenset()
    """Marked in the library, :class:`chat.conversations.library.PictureLibrary`."""
    bases: Set[str] = frozenset()
    """Edits of what comes of them are counted from these."""


class VersionMarks:
    """Reads and changes the marks of pictures."""

    def __init__(self, conversations: Conversations) -> None:
        """Keep them in this store."""
        self._store = conversations

    async def of(self, owner: str) -> Marks:
        """All marks of an owner."""
        return await asyncio.to_thread(self._read, owner)

    async def name(self, owner: str, sha256: str, name: str) -> str:
        """Call a picture something; an empty name takes it back. The name as it is kept.

        Raises:
            CapabilityError: the name is too long.
            NotFound: the owner has no such picture.
        """
        name = clean_name(name)
        if len(name) > MAX_NAME_CHARACTERS:
            raise CapabilityError(f"A name has at most {MAX_NAME_CHARACTERS} characters.")
        await self._keep(owner, NAME, sha256, {"name": name} if name else None)
        return name

    async def base(self, owner: str, sha256: str, *, on: bool) -> None:
        """Have edits counted from a picture, or no longer. Raises ``NotFound``."""
        await self._keep(owner, BASE, sha256, {} if on else None)

    def _read(self, owner: str) -> Marks:
        """For a thread."""
        names = {each.id: _name(each.value) for each in self._store.records(owner, NAME)}
        return Marks(
            {sha256: name for sha256, name in names.items() if name},
            {each.id for each in self._store.records(owner, FAVOURITE)},
            {each.id for each in self._store.records(owner, BASE)},
        )

    async def _keep(self, owner: str, kind: str, sha256: str, value: Json) -> None:
        def kept(found: OwnedRecord | None) -> OwnedRecord | None:
            if value is None:
                return None
            if found is not None and found.value == value:
                return found
            return OwnedRecord(kind, sha256, value, (sha256,))

        await asyncio.to_thread(self._store.media, owner, sha256)
        await asyncio.to_thread(self._store.keep_record, owner, kind, sha256, kept)


def _name(value: Json) -> str:
    name = value.get("name") if isinstance(value, dict) else None
    return name if isinstance(name, str) else ""
