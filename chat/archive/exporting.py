"""Conversations as files: a zip with everything, or one HTML page with what is shown.

Both leave piece by piece, with one picture in memory at a time, so that a long conversation takes
no more room than a short one.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote
from zlib import crc32

from chat.archive.document import document_pieces
from chat.archive.names import distinct, file_name, picture_name, safe_name
from chat.archive.selection import selected, shown_of
from chat.archive.zip_stream import ZipStream
from chat.core.display_names import DisplayNames
from chat.core.errors import CapabilityError, MediaRejected, NotFound
from chat.core.extensions import EXTENSIONS
from chat.core.file_kinds import own_name
from chat.core.messages import Conversation, now
from chat.core.parts import Image, MediaRef, files, images, plain_text
from chat.core.ports import Conversations, StoredForm, WholeConversation
from chat.images.dataurl import write_data_url
from chat.images.formats import DISPLAYED, SVG, WEBP
from chat.render.standalone import (
    PlacedPicture,
    Standalone,
    index_html,
    placed_html,
    standalone_pieces,
)
from chat.render.standalone_markdown import standalone_markdown
from chat.turns.pictures import Pictures
from chat.version import VERSION

UNTITLED = "New conversation"
DOCUMENT, MARKDOWN, PAGE, PICTURES, FILES = (
    "conversation.json",
    "conversation.md",
    "index.html",
    "pictures",
    "files",
)
NOTHING = "There is nothing in this conversation yet."
MAX_CONVERSATIONS = 5_000
"""In one zip; each becomes a folder."""
MAX_PAGE_BYTES = 60_000_000
"""Of the pictures of one HTML file: a browser holds it all at once, a third larger."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A file on its way out."""

    name: str
    """What to call it, ending and all."""
    pieces: AsyncGenerator[bytes, None]


class Exporter:
    """Makes files of an owner's conversations."""

    def __init__(
        self,
        conversations: Conversations,
        pictures: Pictures,
        form: StoredForm,
        names: DisplayNames,
    ) -> None:
        self._conversations = conversations
        self._pictures = pictures
        self._form = form
        self._names = names

    async def zip(
        self, owner: str, conversation_ids: Sequence[str], messages: Sequence[str] = ()
    ) -> Exported:
        """One zip of conversations, or of some messages of one.

        Raises:
            NotFound: one of them is not there, or somebody else's, or holds no message.
            CapabilityError: they are too many.
        """
        ids = list(dict.fromkeys(conversation_ids))
        if len(ids) > MAX_CONVERSATIONS:
            raise CapabilityError(f"One zip holds at most {MAX_CONVERSATIONS} conversations.")
        if len(ids) == 1:
            whole = await self._whole(owner, ids[0])
            whole = selected(whole, messages) if messages else whole
            name = safe_name(_title(whole.conversation), "conversation")
            return Exported(f"{name}.zip", self._one_zipped(owner, whole, bool(messages)))
        found = await asyncio.to_thread(
            lambda: [self._conversations.get(owner, each) for each in ids]
        )
        held = [each for each in found if each.head_id is not None]
        if not held:
            raise NotFound(NOTHING)
        return Exported(f"{len(held)} conversations.zip", self._zipped(owner, held))

    async def page(
        self, owner: str, conversation_id: str, messages: Sequence[str] = ()
    ) -> Exported:
        """One HTML file of what is shown of a conversation, its pictures inside.

        Raises:
            NotFound: it is not there, or somebody else's, or holds no message.
            CapabilityError: its pictures are too large for one file.
        """
        whole = await self._whole(owner, conversation_id)
        if messages:
            whole = selected(whole, messages)
        shown = self._standalone(whole, now(), "", selection=bool(messages))
        sizes = {
            image.media.sha256: image.media.size_bytes
            for message in shown.branch
            for image in images(message.parts)
        }
        total = sum(sizes.values())
        if total > MAX_PAGE_BYTES:
            raise CapabilityError(
                f"The pictures of this conversation are {total // 1_000_000} MB together; one "
                f"HTML file holds at most {MAX_PAGE_BYTES // 1_000_000} MB. Export a zip instead."
            )
        name = safe_name(_title(whole.conversation), "conversation")
        return Exported(f"{name}.html", self._paged(owner, shown))

    async def _whole(self, owner: str, conversation_id: str) -> WholeConversation:
        def read() -> WholeConversation:
            conversation = self._conversations.get(owner, conversation_id)
            return WholeConversation(conversation, self._conversations.tree(owner, conversation_id))

        whole = await asyncio.to_thread(read)
        if not whole.messages:
            raise NotFound(NOTHING)
        return whole

    def _standalone(
        self, whole: WholeConversation, at: datetime, beside: str, *, selection: bool
    ) -> Standalone:
        shown = shown_of(whole)
        return Standalone(
            title=_title(whole.conversation),
            branch=shown.branch,
            versions=shown.versions,
            others=shown.others,
            names=self._names,
            made_by=f"Exported from Easel {VERSION}",
            made_at=at,
            beside=beside,
            selection=selection,
        )

    async def _one_zipped(
        self, owner: str, whole: WholeConversation, selection: bool
    ) -> AsyncGenerator[bytes, None]:
        stream, at = ZipStream(now()), now()
        async for piece in self._one(owner, stream, whole, "", at, selection):
            yield piece
        for piece in stream.end():
            yield piece

    async def _zipped(
        self, owner: str, conversations: Sequence[Conversation]
    ) -> AsyncGenerator[bytes, None]:
        """A folder for each, of which one is in memory; what is gone by then is left out."""
        stream, at = ZipStream(now()), now()
        folders = distinct([safe_name(_title(each), "conversation") for each in conversations])
        rows: list[tuple[str, str]] = []
        for conversation, folder in zip(conversations, folders, strict=True):
            try:
                whole = await self._whole(owner, conversation.id)
            except NotFound:
                continue
            async for piece in self._one(owner, stream, whole, f"{folder}/", at, False):
                yield piece
            rows.append((quote(f"{folder}/{PAGE}"), _title(conversation)))
        title, made = f"{len(rows)} conversations", f"Exported from Easel {VERSION}"
        for piece in stream.deflated(PAGE, [index_html(title, rows, made)]) + stream.end():
            yield piece

    def pictures_named(self, whole: WholeConversation) -> set[str]:
        """The sha256 of every picture and file that goes along with a conversation."""
        return {sha256 for sha256, _ in self._named(whole)}

    def folder(
        self, owner: str, stream: ZipStream, whole: WholeConversation, folder: str, at: datetime
    ) -> AsyncGenerator[bytes, None]:
        """The entries of one conversation in a folder of a zip of something more."""
        return self._one(owner, stream, whole, folder, at, False)

    async def _one(
        self,
        owner: str,
        stream: ZipStream,
        whole: WholeConversation,
        folder: str,
        at: datetime,
        selection: bool,
    ) -> AsyncGenerator[bytes, None]:
        """The entries of one conversation: pictures first, then what names those that are there."""
        paths: dict[str, str] = {}
        copies: dict[str, str] = {}
        lost: list[str] = []
        for sha256, stem in self._named(whole):
            try:
                paths[sha256], leaving = await stored_picture(
                    self._pictures, owner, sha256, stream, stem, folder
                )
            except NotFound:
                lost.append(sha256)
                continue
            for piece in leaving:
                yield piece
        for sha256 in sorted(_unseen(whole) & paths.keys()):
            with suppress(NotFound, MediaRejected):
                _, small = await self._pictures.bytes_of(owner, sha256, thumbnail=True)
                copies[sha256] = f"{paths[sha256]}.webp"
                name = folder + copies[sha256]
                for piece in await asyncio.to_thread(stream.stored, name, small, crc32(small)):
                    yield piece
        shown = self._standalone(whole, at, DOCUMENT, selection=selection)

        def source(image: Image) -> str | None:
            sha256 = image.media.sha256
            file = copies.get(sha256) or paths.get(sha256)
            return None if file is None else quote(file)

        document = document_pieces(
            self._form, whole, paths, lost, at.isoformat(), selection=selection
        )
        # Iterators: nothing of them is made before it is packed.
        texts = {
            DOCUMENT: document,
            MARKDOWN: standalone_markdown(shown, source),
            PAGE: _drawn(shown, source),
        }
        for name, pieces in texts.items():
            for piece in await asyncio.to_thread(stream.deflated, folder + name, pieces):
                yield piece

    def _named(self, whole: WholeConversation) -> list[tuple[str, str]]:
        """Each picture and file that the messages name, once, with its path.

        That of a picture goes up to the ending.
        """
        known: dict[str, str] = {}
        named: dict[str, str] = {}
        asked = ""
        for message in whole.messages:
            if message.role == "user":
                asked = plain_text(message.parts) or asked
            for image in images(message.parts):
                known.setdefault(image.media.sha256, image.alt.strip() or asked)
            for file in files(message.parts):
                media = file.media
                named.setdefault(media.sha256, file_name(file.name, media.sha256, media.mime))
            for sha256 in self._form.pictures_of(message.parts):
                if sha256 not in named:
                    known.setdefault(sha256, asked)
        digits = max(2, len(str(len(named))))
        return [
            *(
                (sha256, f"{PICTURES}/{picture_name(number, len(known), words)}")
                for number, (sha256, words) in enumerate(known.items(), 1)
            ),
            *(
                (sha256, f"{FILES}/{number:0{digits}}-{name}")
                for number, (sha256, name) in enumerate(named.items(), 1)
            ),
        ]

    async def _paged(self, owner: str, shown: Standalone) -> AsyncGenerator[bytes, None]:
        pieces = standalone_pieces(shown)
        # Drawing a long message takes a while: other requests go on meanwhile.
        while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
            if isinstance(piece, PlacedPicture):
                piece = placed_html(piece.image, await self._inside(owner, piece.image))
            yield piece.encode("utf-8", "replace")

    async def _inside(self, owner: str, image: Image) -> str | None:
        """A page has what its reader's browser shows: pixels, where that is not the file itself."""
        sha256 = image.media.sha256
        try:
            ref, data = await self._pictures.shown(owner, sha256)
            mime = ref.mime
        except MediaRejected:
            _, data = await self._pictures.bytes_of(owner, sha256, thumbnail=True)
            mime = WEBP.mime
        except NotFound:
            return None
        return await asyncio.to_thread(write_data_url, data, mime)


async def stored_picture(
    pictures: Pictures, owner: str, sha256: str, stream: ZipStream, stem: str, folder: str = ""
) -> tuple[str, list[bytes]]:
    """Put a picture into a zip: its name within the folder, and what can leave now.

    Raises:
        NotFound: it is not there, or somebody else's.
    """

    def stored(ref: MediaRef, data: bytes, known_crc32: int) -> tuple[str, list[bytes]]:
        ending = f".{EXTENSIONS.get(ref.mime, 'bin')}"
        name = stem + ending if ref.is_picture else own_name(stem, ref.mime)
        return name, stream.stored(folder + name, data, known_crc32)

    return await pictures.read(owner, sha256, stored)


def _unseen(whole: WholeConversation) -> set[str]:
    """Pictures that a browser does not show: a small copy goes along for the page."""
    found = (image.media for message in whole.messages for image in images(message.parts))
    return {media.sha256 for media in found if media.mime not in {*DISPLAYED, SVG.mime}}


def _title(conversation: Conversation) -> str:
    return conversation.title or UNTITLED


def _drawn(shown: Standalone, source: Callable[[Image], str | None]) -> Iterator[str]:
    for piece in standalone_pieces(shown):
        yield piece if isinstance(piece, str) else placed_html(piece.image, source(piece.image))
