"""Where a turn keeps and fetches pictures: ingest and media store behind one desk.

Everything here may block, so everything is a coroutine that hands the work to a thread: to
one of its own where a decoder is waited for, to one for the store where a disk is. A heap of
large uploads thus waits for itself and not for the conversations, and so does a store that hangs.
"""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

from chat.core.errors import (
    CapabilityError,
    MediaRejected,
    NotFound,
    PicturesBusy,
    StorageError,
)
from chat.core.extensions import EXTENSIONS
from chat.core.messages import Message, last_question, now
from chat.core.models import ModelCard
from chat.core.parts import Image, ImageOrigin, MediaRef, Text, images, with_pictures
from chat.core.ports import Conversations, MediaStore
from chat.images.edits import EditedImage, RegionComposite
from chat.images.formats import DISPLAYED
from chat.images.ingest import ImageIngest, IngestedImage
from chat.turns.store_away import while_away
from chat.turns.store_threads import StoreThreads

T = TypeVar("T")

log = logging.getLogger(__name__)

THUMBNAIL = ".t768"
"""Suffix of the small copy: WebP, longest side 768 px."""

MAX_DRAWN_BYTES = 64_000_000
"""Of the pixels of a picture that no browser shows as it is."""

SENDABLE = frozenset({"image/png", "image/jpeg", "image/webp"})
"""What every provider takes; anything else is sent as a converted copy."""

MAX_SENT_SIDE_PX = 4096

SMALLEST_COPY_BYTES = 200_000
"""No copy is made smaller than this: there would be nothing left to see."""

LOST = "[A picture stood here; its file is lost.]"
LOST_MASK = "[A mask stood here; its file is lost.]"
UNREADABLE = "[A picture stood here; it cannot be opened any more.]"
"""What a model is told where a picture of the conversation cannot be sent to it."""

WRITE_PATIENCE_S = 1.5
"""How long a reply waits for its picture before it asks whether the store is there at all: it ends
within two seconds if that is away. A disk that is only busy loses nobody a picture."""

WRITE_BYTES_PER_S = 4_000_000
"""What the slowest disk worth waiting for writes; a large picture is given more time by it."""

UPLOAD_PATIENCE_S = 30.0
READ_PATIENCE_S = 10.0

MAX_FILE_BYTES = 20_000_000
UNKNOWN_FILE = "application/octet-stream"

_DECODING_THREADS = 3
"""One more than there are decoders: while one hands over its picture, the next is decoded."""


class Pictures:
    """Admits, stores and loads pictures for their owners."""

    def __init__(
        self, ingest: ImageIngest, store: MediaStore, conversations: Conversations
    ) -> None:
        """Work with this ingest, this store and these owners' rights."""
        self._ingest = ingest
        self._store = store
        self._conversations = conversations
        self._decoding = ThreadPoolExecutor(_DECODING_THREADS, thread_name_prefix="pictures")
        self._storing = StoreThreads()

    def close(self) -> None:
        """Wait for the pictures under way, drop those that wait. Safe to call twice.

        Close the ingest first: it refuses what is under way, and the wait is short.
        """
        self._decoding.shutdown(cancel_futures=True)
        self._storing.close()

    async def examined(self, data: bytes, origin: ImageOrigin) -> IngestedImage:
        """A picture that Easel takes, checked and cleaned; nothing of it is stored.

        Raises:
            MediaRejected: not a picture that Easel takes.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._decoding, self._ingest.ingest, data, origin)

    async def examined_or_kept(self, data: bytes, origin: ImageOrigin) -> IngestedImage:
        """The same; but one that was made, and paid for, is no worse for a machine that is busy.

        Raises:
            MediaRejected: not a picture that Easel takes.
        """
        try:
            return await self.examined(data, origin)
        except PicturesBusy as error:
            if origin == "upload":
                raise
            log.warning("a picture is kept unseen: %s", error)
            return await asyncio.to_thread(self._ingest.unseen, data)

    async def keep(self, owner: str, data: bytes, origin: ImageOrigin) -> tuple[MediaRef, str]:
        """Check and store a picture with its thumbnail; the ref, and a remark for the user.

        When this returns the bytes are on the disk, so a row may name them. One that was made, and
        that nobody could look at just now, is stored all the same: its thumbnail comes later.

        Raises:
            MediaRejected: not a picture that Easel takes.
            StorageError: it could not be stored, or not in time.
        """
        ingested = await self.examined_or_kept(data, origin)
        ref = ingested.ref

        def put() -> None:
            self._store.put(ref.sha256, ingested.data)
            if ingested.thumbnail:
                self._store.put(ref.sha256 + THUMBNAIL, ingested.thumbnail)

        patience_s = _patience_s(origin, ref.size_bytes)
        await self._storing.call(patience_s, put, asked=lambda: self._store.has(ref.sha256))
        await while_away(lambda: self._conversations.grant_media(owner, ref))
        await self.put_again(ref.sha256, lambda: ingested.data, patience_s)
        return ref, ingested.note

    async def keep_file(self, owner: str, data: bytes, mime: str) -> MediaRef:
        """Store a file that is no picture, as it is.

        Raises:
            CapabilityError: it is larger than Easel keeps.
            StorageError: it could not be stored, or not in time.
        """
        ref, _ = await self.take_in_file(data, mime)
        await while_away(lambda: self._conversations.grant_media(owner, ref))
        await self.put_again(ref.sha256, lambda: data)
        return ref

    async def put_again(
        self, sha256: str, read: Callable[[], bytes], patience_s: float = UPLOAD_PATIENCE_S
    ) -> None:
        """Have the bytes of what was granted there, which somebody else had until a moment ago.

        Their removal for good may have fallen between the bytes and the grant, and taken them.
        """

        def put() -> None:
            if not self._store.has(sha256):
                self._store.put(sha256, read())

        try:
            await self._storing.call(patience_s, put)
        except StorageError as error:
            log.warning("it cannot be told whether %s is still stored: %s", sha256, error)

    async def take_in_file(self, data: bytes, mime: str) -> tuple[MediaRef, bool]:
        """Store a file that is no picture; its ref, and whether it is new. Nobody may see it yet.

        Raises:
            CapabilityError: it is larger than Easel keeps.
            StorageError: it could not be stored, or not in time.
        """
        if len(data) > MAX_FILE_BYTES:
            raise CapabilityError(f"A file has at most {MAX_FILE_BYTES // 1_000_000} MB.")
        kind = mime if mime in EXTENSIONS and not mime.startswith("image/") else UNKNOWN_FILE
        sha256 = await asyncio.to_thread(lambda: hashlib.sha256(data).hexdigest())

        def put() -> bool:
            is_new = not self._store.has(sha256)
            self._store.put(sha256, data)
            return is_new

        is_new = await self._storing.call(UPLOAD_PATIENCE_S, put)
        return MediaRef(sha256, kind, len(data), 0, 0), is_new

    async def keep_edited(self, owner: str, edited: EditedImage | RegionComposite) -> None:
        """Store what the picture process made, which needs no second look; else as ``keep``."""
        ref = edited.ref

        def put() -> None:
            self._store.put(ref.sha256, edited.data)
            self._store.put(ref.sha256 + THUMBNAIL, edited.thumbnail)

        await self._storing.call(UPLOAD_PATIENCE_S, put)
        await while_away(lambda: self._conversations.grant_media(owner, ref))
        await self.put_again(ref.sha256, lambda: edited.data)

    async def held(
        self,
        owner: str,
        read: Callable[[], bytes],
        sha256: str = "",
        crc32: int | None = None,
    ) -> tuple[bytes, str, MediaRef | None]:
        """The bytes of a picture, their sha256, and the ref where this owner has just these stored.

        Args:
            owner: whose pictures are looked through.
            read: reads it.
            sha256: what it is said to be, which saves hashing what is stored already.
            crc32: what ``read`` makes sure that its CRC-32 is, which saves summing it up.

        Raises:
            StorageError: the store does not answer.
        """

        def look_up() -> tuple[bytes, str, MediaRef | None]:
            data = read()
            found = sha256 and self._same(owner, sha256, data, crc32)
            if found:
                return data, sha256, found
            told = hashlib.sha256(data).hexdigest()
            return data, told, None if sha256 else self._same(owner, told, data, crc32)

        return await self._storing.call(UPLOAD_PATIENCE_S, look_up)

    def _same(self, owner: str, sha256: str, data: bytes, crc32: int | None) -> MediaRef | None:
        try:
            ref = self._conversations.media(owner, sha256)
            return ref if self._store.holds(sha256, data, crc32) else None
        except NotFound:
            return None

    async def take_in(self, data: bytes, sha256: str) -> tuple[MediaRef, bool]:
        """Check and store a picture of a file, exactly as it is; the ref, and whether it is new.

        Nobody may see it yet: it is granted with the messages that name it, or withdrawn.

        Args:
            data: the picture.
            sha256: of these bytes.

        Raises:
            MediaRejected: not a picture that Easel takes.
            StorageError: it could not be stored, or not in time.
        """
        made = await self.examined(data, "model")

        def put() -> bool:
            is_new = not self._store.has(sha256)
            # The small copy first: alone it is nothing, and goes where the picture finds no room.
            self._store.put(sha256 + THUMBNAIL, made.thumbnail)
            try:
                self._store.put(sha256, made.data)
            except StorageError:
                self._store.delete(sha256 + THUMBNAIL)
                raise
            return is_new

        return made.ref, await self._storing.call(UPLOAD_PATIENCE_S, put)

    async def withdraw(self, shas: Sequence[str]) -> None:
        """Put pictures that were taken in into the bin, but for those somebody may see by now."""

        def discard() -> None:
            unknown = set(shas) - self._conversations.media_known()
            # Small copies are made anew when they are asked for. On a full disk they make room for
            # the bin itself.
            for sha256 in unknown:
                self._store.delete(sha256 + THUMBNAIL)
            for sha256 in unknown:
                self._store.discard(sha256, now().date())

        await self._storing.call(UPLOAD_PATIENCE_S, discard)

    async def find(
        self, owner: str, shas: Sequence[str], shown: Collection[str] = ()
    ) -> list[MediaRef]:
        """Refs of pictures this owner may see, in the order asked, whose bytes are sound.

        Those ``shown`` in the conversation already may be lost: the model is told so, and the
        message is answered all the same.

        Raises:
            NotFound: one of them is not there, or somebody else's.
        """

        def look_up() -> list[MediaRef]:
            refs = [self._picture(owner, sha) for sha in shas]
            for ref in refs:
                if ref.sha256 not in shown:
                    self._must_be_sound(ref.sha256)
            return refs

        return await self._storing.call(READ_PATIENCE_S, look_up)

    async def find_files(
        self, owner: str, shas: Sequence[str], shown: Collection[str] = ()
    ) -> list[MediaRef]:
        """The same of files that are no pictures. Raises ``NotFound``."""

        def look_up() -> list[MediaRef]:
            refs = [self._file(owner, sha) for sha in shas]
            for ref in refs:
                if ref.sha256 not in shown:
                    self._must_be_sound(ref.sha256, "file")
            return refs

        return await self._storing.call(READ_PATIENCE_S, look_up)

    def _picture(self, owner: str, sha256: str) -> MediaRef:
        ref = self._conversations.media(owner, sha256)
        if not ref.is_picture:
            raise NotFound("That is a file, and no picture.")
        return ref

    def _file(self, owner: str, sha256: str) -> MediaRef:
        ref = self._conversations.media(owner, sha256)
        if ref.is_picture:
            raise NotFound("That is a picture, and no file.")
        return ref

    def _must_be_sound(self, sha256: str, what: str = "picture") -> None:
        try:
            self._store.get(sha256)
        except NotFound as error:
            raise NotFound(f"A {what} of this message is no longer here. Add it again.") from error

    async def known(self, owner: str, shas: Sequence[str]) -> list[MediaRef]:
        """Refs of pictures this owner may see, in the order asked; their bytes are not looked at.

        Raises:
            NotFound: one of them is unknown, or somebody else's.
        """
        return await asyncio.to_thread(lambda: [self._picture(owner, sha) for sha in shas])

    async def known_files(self, owner: str, shas: Sequence[str]) -> list[MediaRef]:
        """The same of files that are no pictures. Raises ``NotFound``."""
        return await asyncio.to_thread(lambda: [self._file(owner, sha) for sha in shas])

    async def bytes_of(self, owner: str, sha256: str, thumbnail: bool) -> tuple[MediaRef, bytes]:
        """The stored bytes, or their small copy, of a picture that this owner may see.

        A small copy that is lost or damaged is made anew.

        Raises:
            NotFound: it is not there, or somebody else's.
        """

        def read() -> tuple[MediaRef, bytes, bool]:
            ref = self._conversations.media(owner, sha256)
            if not thumbnail:
                return ref, self._store.get(sha256), True
            try:
                small = self._store.get(sha256 + THUMBNAIL)
            except NotFound:
                small = b""
            whole = _is_whole_webp(small)
            return ref, small if whole else self._store.get(sha256), whole

        ref, data, whole = await self._storing.call(READ_PATIENCE_S, read)
        return ref, data if whole else await self._new_thumbnail(sha256, data)

    async def read(self, owner: str, sha256: str, use: Callable[[MediaRef, bytes, int], T]) -> T:
        """What ``use`` makes of the stored bytes and their CRC-32, in the thread that read them.

        Raises:
            NotFound: they are not there, or somebody else's.
        """

        def read() -> T:
            ref = self._conversations.media(owner, sha256)
            return use(ref, *self._store.get_with_crc32(sha256))

        return await self._storing.call(READ_PATIENCE_S, read)

    async def shown(self, owner: str, sha256: str) -> tuple[MediaRef, bytes]:
        """A picture as a page may show it: as stored where browsers do, else its pixels.

        Raises:
            NotFound: it is not there, or somebody else's.
            MediaRejected: it cannot be opened.
        """
        ref, data = await self.bytes_of(owner, sha256, thumbnail=False)
        return await self.as_shown(ref, data)

    async def as_shown(self, ref: MediaRef, data: bytes) -> tuple[MediaRef, bytes]:
        """A picture that browsers show: itself, or its pixels. Raises ``MediaRejected``."""
        if not ref.is_picture or ref.mime in DISPLAYED:
            return ref, data
        pixels, drawn = await self._fit(data, MAX_DRAWN_BYTES, max(ref.width_px, ref.height_px))
        return drawn, pixels

    async def _new_thumbnail(self, sha256: str, data: bytes) -> bytes:
        ingested = await self.examined(data, "model")
        name, small = sha256 + THUMBNAIL, ingested.thumbnail
        try:
            await self._storing.call(READ_PATIENCE_S, lambda: self._store.put(name, small))
        except StorageError as error:
            log.warning("the thumbnail %s could not be stored anew: %s", name, error)
        return small

    async def load(
        self,
        card: ModelCard,
        messages: Sequence[Message],
        most_bytes: int | None = None,
        owner: str | None = None,
    ) -> tuple[tuple[Message, ...], dict[str, bytes]]:
        """Read the pictures of a prepared request.

        A picture the model could not take as it is stored, by format or size, is replaced
        in the messages by a smaller copy made for this request only; one whose file is lost or
        damaged, by words that say so. ``most_bytes`` is what its endpoint is known to take, where
        that is less than the card says. What this ``owner`` has deleted counts as lost.

        Raises:
            MediaRejected: a picture of the newest question cannot be made to fit.
            StorageError: the store does not answer.
        """
        shown = distinct(messages)
        if not shown:  # a conversation without any waits for no disk
            return tuple(messages), {}
        found = await self._stored(shown, owner)
        return await self.sendable(card, messages, found, most_bytes)

    async def sendable(
        self,
        card: ModelCard,
        messages: Sequence[Message],
        found: Sequence[tuple[Image, bytes | None]],
        most_bytes: int | None = None,
    ) -> tuple[tuple[Message, ...], dict[str, bytes]]:
        """A request with the pictures that were found for it, as ``load`` says.

        ``found`` holds each picture of the messages once, with its bytes; ``None``: it is lost.

        Raises:
            MediaRejected: a picture of the newest question cannot be made to fit.
        """
        max_bytes = card.max_request_bytes
        if most_bytes is not None:
            max_bytes = min(max_bytes, max(most_bytes, SMALLEST_COPY_BYTES))
        media: dict[str, bytes] = {}
        instead: dict[str, MediaRef | str] = {}
        asked = _newest_question(messages)
        for image, data in found:
            sha256, ref = image.media.sha256, image.media
            if data is None:
                instead[sha256] = LOST
                continue
            if goes_as_copy(ref, max_bytes):
                try:
                    data, ref = await self._fit(data, max_bytes)
                except MediaRejected:
                    if sha256 in asked:
                        raise
                    instead[sha256] = UNREADABLE
                    continue
                instead[sha256] = ref
            media[ref.sha256] = data
        if not instead:
            return tuple(messages), media
        return tuple(_sent(message, instead) for message in messages), media

    async def _stored(
        self, found: Sequence[Image], owner: str | None
    ) -> list[tuple[Image, bytes | None]]:
        """The pictures with their bytes, ``None`` where they are lost."""

        def read(sha256: str) -> bytes | None:
            try:
                if owner is not None:
                    self._conversations.media(owner, sha256)
                return self._store.get(sha256)
            except NotFound as error:
                log.warning("the picture %s is not sent: %s", sha256, error)
                return None

        return await self._storing.call(
            READ_PATIENCE_S, lambda: [(each, read(each.media.sha256)) for each in found]
        )

    async def _fit(
        self, data: bytes, max_bytes: int, max_side_px: int = MAX_SENT_SIDE_PX
    ) -> tuple[bytes, MediaRef]:
        loop = asyncio.get_running_loop()
        fit = self._ingest.fit
        return await loop.run_in_executor(self._decoding, fit, data, max_bytes, max_side_px)


def goes_as_copy(ref: MediaRef, max_bytes: int) -> bool:
    """Whether a model that takes so many bytes is sent a copy of the picture made for it."""
    return ref.mime not in SENDABLE or ref.size_bytes > max_bytes


def _patience_s(origin: ImageOrigin, size_bytes: int) -> float:
    if origin == "upload":
        return UPLOAD_PATIENCE_S
    return WRITE_PATIENCE_S + max(0, size_bytes - WRITE_BYTES_PER_S) / WRITE_BYTES_PER_S


def _is_whole_webp(data: bytes) -> bool:
    """Whether the file is as long as its head says; a copy has no hash to be compared with."""
    head, size_bytes = data[:12], int.from_bytes(data[4:8], "little") + 8
    return head[:4] == b"RIFF" and head[8:] == b"WEBP" and size_bytes == len(data)


def distinct(messages: Sequence[Message]) -> list[Image]:
    """Each picture of the messages once, in the order of first sight."""
    found = {image.media.sha256: image for m in messages for image in images(m.parts)}
    return list(found.values())


def _newest_question(messages: Sequence[Message]) -> set[str]:
    """The sha256 of the pictures that the newest question holds."""
    question = last_question(messages)
    return {image.media.sha256 for image in images(question.parts)} if question else set()


def _sent(message: Message, instead: dict[str, MediaRef | str]) -> Message:
    """The message with other pictures, or words, in place of some of its own.

    A signature of the old bytes would not hold, so it goes; a reply that lost a picture to words
    is nobody's, because its model would miss what it had signed.
    """

    def read(image: Image) -> Image | Text:
        other = instead.get(image.media.sha256)
        if other is None:
            return image
        if isinstance(other, MediaRef):
            return replace(image, media=other, echo=None)
        return Text(LOST_MASK if image.mask and other == LOST else other)

    parts = with_pictures(message.parts, read)
    if parts == message.parts:
        return message
    told = any(isinstance(instead.get(image.media.sha256), str) for image in images(message.parts))
    return replace(message, parts=parts, origin=None if told else message.origin)
