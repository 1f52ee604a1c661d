"""Fills Easel's stores, through their own ports, with conversations of a known size."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from chat.core.messages import Conversation, Message, Origin, new_id
from chat.core.parts import Image, Part, Text
from chat.core.ports import Conversations, MediaStore
from chat.images.ingest import ImageIngest, IngestedImage
from chat.settings import Settings
from chat.turns.app_state import LOCAL_OWNER
from chat.turns.pictures import THUMBNAIL
from storage.open import open_conversations, open_media
from tests.bench.orders import photo, words
from tests.bench.studio import MODEL

LONG_MESSAGES = 500
ALBUM_MESSAGES = 200
EDITS = (50, 500)


@dataclass(frozen=True, slots=True)
class Seeded:
    """Ids of conversations."""

    long: str
    """500 messages of text."""
    album: str
    """200 messages, with a picture of 1.6 MB in each reply."""
    album_last: str
    """Id of the album's last message."""
    edits: dict[int, str]
    """Chains of so many edits, each of the picture before."""


def seed(data: Path) -> Seeded:
    """Make the data folder of an Easel that has been in use."""
    data.mkdir(parents=True, exist_ok=True)
    settings = Settings(data=data)
    store, media = open_conversations(settings.database_url), open_media(settings.media_url)
    ingest = ImageIngest()
    try:
        # All pictures show the same motif, so one thumbnail does for a hundred files.
        first = ingest.ingest(photo("album"), "model")

        def picture(number: int) -> tuple[Part, ...]:
            data = photo(f"album{number}")
            sha256 = hashlib.sha256(data).hexdigest()
            ref = replace(first.ref, sha256=sha256, size_bytes=len(data))
            media.put(ref.sha256, data)
            media.put(ref.sha256 + THUMBNAIL, first.thumbnail)
            store.grant_media(LOCAL_OWNER, ref)
            return (Text(words(number)), Image(ref, "model", "A motif"))

        long, _ = _conversation(store, LONG_MESSAGES, lambda number: (Text(words(number)),))
        album, last = _conversation(store, ALBUM_MESSAGES, picture)
        made = {count: _edits(store, media, first, count) for count in EDITS}
        return Seeded(long, album, last, made)
    finally:
        ingest.close()
        store.close()


def _edits(store: Conversations, media: MediaStore, motif: IngestedImage, count: int) -> str:
    """Add a conversation of edits, whose pictures are seen as thumbnails alone; its id."""
    conversation = Conversation(id=new_id(), owner=LOCAL_OWNER, title=f"{count} edits", model=MODEL)
    store.create(conversation)
    rows: list[Message] = []
    before: tuple[Part, ...] = ()
    for number in range(count):
        data = f"{count} edits, {number}".encode()
        ref = replace(motif.ref, sha256=hashlib.sha256(data).hexdigest(), size_bytes=len(data))
        media.put(ref.sha256, data)
        media.put(ref.sha256 + THUMBNAIL, motif.thumbnail)
        store.grant_media(LOCAL_OWNER, ref)
        parent = rows[-1].id if rows else None
        asked = Message(
            new_id(), conversation.id, parent, "user", (*before, Text(f"Change {words(number)}"))
        )
        before = (Image(ref, "model", "A motif"),)
        origin = Origin("bench", "bench", MODEL)
        rows += [
            asked,
            Message(
                new_id(), conversation.id, asked.id, "assistant",
                (Text(words(number)), *before), origin=origin,
            ),
        ]  # fmt: skip
    store.add(rows)
    return conversation.id


def _conversation(
    store: Conversations, messages: int, reply: Callable[[int], tuple[Part, ...]]
) -> tuple[str, str]:
    """Add one; its id and that of its last message."""
    conversation = Conversation(new_id(), LOCAL_OWNER, f"{messages} messages", model=MODEL)
    store.create(conversation)
    rows: list[Message] = []
    for number in range(messages):
        parent = rows[-1].id if rows else None
        if number % 2:
            row = Message(new_id(), conversation.id, parent, "assistant", reply(number))
        else:
            row = Message(new_id(), conversation.id, parent, "user", (Text(words(number)),))
        rows.append(row)
    store.add(rows)
    return conversation.id, rows[-1].id
