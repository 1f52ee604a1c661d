"""The pictures and files of a question that nobody keeps, held in memory.

Pictures are checked like all others.
"""

import asyncio
from collections.abc import Sequence
from hashlib import sha256
from typing import TypeAlias

from chat.core.errors import NotFound
from chat.core.messages import Message
from chat.core.models import ModelCard
from chat.core.parts import ImageOrigin, MediaRef
from chat.core.recent import Recent
from chat.images.edits import EditedImage, RegionComposite
from chat.turns.pictures import Pictures, distinct

Examined: TypeAlias = Recent[tuple[bytes, ImageOrigin], tuple[MediaRef, bytes]]
"""Pictures that were looked at, by the hash of what came: a program brings its whole conversation
along with every question."""

MAX_EXAMINED_BYTES = 64_000_000


class HeldPictures:
    """Pictures of one question and its answer, gone with the last who holds this."""

    def __init__(self, pictures: Pictures, examined: Examined) -> None:
        """Hold none yet. ``pictures`` looks at each that is new, and stores none of them."""
        self._pictures = pictures
        self._examined = examined
        self._held: dict[str, tuple[MediaRef, bytes]] = {}

    async def take(self, data: bytes, origin: ImageOrigin) -> MediaRef:
        """Check a picture and hold its clean copy; of a model's, its own bytes.

        Raises:
            MediaRejected: not a picture that Easel takes.
        """
        key = await asyncio.to_thread(lambda: sha256(data).digest()), origin
        found = self._examined.get(key)
        if found is None:
            made = await self._pictures.examined_or_kept(data, origin)
            found = made.ref, made.data
            if made.thumbnail:  # somebody has looked at it
                self._examined.keep(key, found, len(made.data))
        ref, _ = found
        self._held[ref.sha256] = found
        return ref

    async def hold(self, data: bytes, mime: str) -> MediaRef:
        """Hold a file that is no picture."""
        digest = await asyncio.to_thread(lambda: sha256(data).hexdigest())
        ref = MediaRef(digest, mime, len(data), 0, 0)
        self._held[digest] = ref, data
        return ref

    def data(self, sha256: str) -> bytes:
        """The bytes of a picture that is held."""
        return self._held[sha256][1]

    async def bytes_of(self, owner: str, sha256: str, thumbnail: bool) -> tuple[MediaRef, bytes]:
        """A picture; there are no small copies. Raises ``NotFound``."""
        del owner, thumbnail
        if sha256 not in self._held:
            raise NotFound("That picture is not part of this request.")
        return self._held[sha256]

    async def shown(self, owner: str, sha256: str) -> tuple[MediaRef, bytes]:
        """A picture as pixels. Raises ``NotFound`` or ``MediaRejected``."""
        return await self._pictures.as_shown(*await self.bytes_of(owner, sha256, thumbnail=False))

    async def keep_edited(self, owner: str, edited: EditedImage | RegionComposite) -> None:
        """Hold what the picture process made."""
        del owner
        self._held[edited.ref.sha256] = edited.ref, edited.data

    async def load(
        self, card: ModelCard, messages: Sequence[Message], most_bytes: int | None, owner: str
    ) -> tuple[tuple[Message, ...], dict[str, bytes]]:
        """A prepared request with its pictures, see :meth:`Pictures.sendable`."""
        del owner
        found = [(image, self.data(image.media.sha256)) for image in distinct(messages)]
        return await self._pictures.sendable(card, messages, found, most_bytes)
