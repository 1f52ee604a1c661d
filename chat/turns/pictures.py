"""Where a turn keeps and fetches pictures: intake and media store behind one desk.

Everything here may block, so everything is a coroutine that hands the work to a thread: to
one of its own where a decoder is waited for, to one that all share where only a disk is. A
heap of large uploads thus waits for itself and not for the conversations.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from chat.core.errors import NotFound
from chat.core.messages import Message
from chat.core.models import ModelCard
from chat.core.parts import Image, ImageOrigin, MediaRef, Part, ToolResult, images
from chat.core.ports import Conversations, MediaStore
from chat.images.intake import Intake

THUMBNAIL = ".t768"
"""Suffix of the small copy: WebP, longest side 768 px."""

SENDABLE = frozenset({"image/png", "image/jpeg", "image/webp"})
"""What every provider takes; anything else is sent as a converted copy."""

SMALLEST_COPY_BYTES = 200_000
"""No copy is made smaller than this: there would be nothing left to see."""

_DECODING_THREADS = 3
"""One more than there are decoders: while one stores its picture, the next is decoded."""


class Pictures:
    """Admits, stores and loads pictures for their owners."""

    def __init__(self, intake: Intake, store: MediaStore, conversations: Conversations) -> None:
        """Work with this door, this store and these owners' rights."""
        self._intake = intake
        self._store = store
        self._conversations = conversations
        self._decoding = ThreadPoolExecutor(_DECODING_THREADS, thread_name_prefix="pictures")

    def close(self) -> None:
        """Wait for the pictures under way, drop those that wait. Safe to call twice.

        Close the intake first: it refuses what is under way, and the wait is short.
        """
        self._decoding.shutdown(cancel_futures=True)

    async def keep(self, owner: str, data: bytes, origin: ImageOrigin) -> tuple[MediaRef, str]:
        """Check and store a picture with its thumbnail; the ref, and a remark for the user.

        When this returns the bytes are on the disk, so a row may name them.

        Raises:
            MediaRejected: not a picture that Easel takes.
            StorageError: it could not be stored.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._decoding, self._keep, owner, data, origin)

    def _keep(self, owner: str, data: bytes, origin: ImageOrigin) -> tuple[MediaRef, str]:
        admitted = self._intake.admit(data, origin)
        ref = admitted.ref
        self._store.put(ref.sha256, admitted.data)
        self._store.put(ref.sha256 + THUMBNAIL, admitted.thumbnail)
        self._conversations.grant_media(owner, ref)
        return ref, admitted.note

    async def find(self, owner: str, shas: Sequence[str]) -> list[MediaRef]:
        """Refs of pictures this owner may see, in the order asked.

        Raises:
            NotFound: one of them is not there, or somebody else's.
        """

        def look_up() -> list[MediaRef]:
            refs = [self._conversations.media(owner, sha) for sha in shas]
            if not all(self._store.has(ref.sha256) for ref in refs):
                # Unsent uploads are swept after a day.
                raise NotFound("A picture of this message is no longer here. Add it again.")
            return refs

        return await asyncio.to_thread(look_up)

    async def bytes_of(self, owner: str, sha256: str, thumbnail: bool) -> tuple[MediaRef, bytes]:
        """The stored bytes, or their small copy, of a picture that this owner may see.

        Raises:
            NotFound: it is not there, or somebody else's.
        """

        def read() -> tuple[MediaRef, bytes]:
            ref = self._conversations.media(owner, sha256)
            return ref, self._store.get(sha256 + THUMBNAIL if thumbnail else sha256)

        return await asyncio.to_thread(read)

    async def load(
        self, card: ModelCard, messages: Sequence[Message], most_bytes: int | None = None
    ) -> tuple[tuple[Message, ...], dict[str, bytes]]:
        """Read the pictures of a prepared request.

        A picture the model could not take as it is stored, by format or size, is replaced
        in the messages by a smaller copy made for this request only. ``most_bytes`` is what
        its endpoint is known to take, where that is less than the card says.
        """
        max_bytes = card.max_request_bytes
        if most_bytes is not None:
            max_bytes = min(max_bytes, max(most_bytes, SMALLEST_COPY_BYTES))
        media: dict[str, bytes] = {}
        stand_ins: dict[str, MediaRef] = {}
        for image, data in await self._stored(_distinct(messages)):
            ref, fitting = image.media, data
            if ref.mime not in SENDABLE or len(data) > max_bytes:
                fitting, ref = await self._fit(data, max_bytes)
                stand_ins[image.media.sha256] = ref
            media[ref.sha256] = fitting
        if not stand_ins:
            return tuple(messages), media

        def sent(image: Image) -> Image:
            ref = stand_ins.get(image.media.sha256)
            return image if ref is None else _with_media(image, ref)

        return tuple(_mapped(message, sent) for message in messages), media

    async def _stored(self, found: Sequence[Image]) -> list[tuple[Image, bytes]]:
        """The pictures with their bytes; a conversation without any waits for no disk."""
        if not found:
            return []
        store = self._store
        return await asyncio.to_thread(
            lambda: [(each, store.get(each.media.sha256)) for each in found]
        )

    async def _fit(self, data: bytes, max_bytes: int) -> tuple[bytes, MediaRef]:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._decoding, self._intake.fit, data, max_bytes)


def _distinct(messages: Sequence[Message]) -> list[Image]:
    """Each picture of the messages once, in the order of first sight."""
    found = {image.media.sha256: image for m in messages for image in images(m.parts)}
    return list(found.values())


def _with_media(image: Image, ref: MediaRef) -> Image:
    """The picture with other bytes; a signature of the old ones would not hold, so it goes."""
    return replace(image, media=ref, echo=None)


def _mapped(message: Message, read: Callable[[Image], Image]) -> Message:
    parts: list[Part] = []
    for part in message.parts:
        if isinstance(part, Image):
            parts.append(read(part))
        elif isinstance(part, ToolResult):
            content = tuple(read(c) if isinstance(c, Image) else c for c in part.content)
            parts.append(replace(part, content=content))
        else:
            parts.append(part)
    return replace(message, parts=tuple(parts))
