"""Everything that is kept for somebody, as one zip: what they made, and what is known of them.

Each conversation stands in a folder of its own as it is exported by itself, so that another Easel
takes the whole file in; those of the bin are among them. Beside them lie the pictures that no
conversation shows, what else is kept for them, and what is known of them, as JSON. It leaves piece
by piece, with one picture in memory at a time.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Iterable
from contextlib import suppress
from typing import Any

from chat.archive.exporting import UNTITLED, Exported, Exporter, stored_picture
from chat.archive.known_facts import Facts
from chat.archive.names import distinct, safe_name
from chat.archive.zip_stream import ZipStream
from chat.core.errors import NotFound
from chat.core.messages import Conversation, now
from chat.core.ports import Conversations
from chat.turns.pictures import Pictures
from chat.version import VERSION

BINNED = "In the bin - "
OTHER_PICTURES = "other pictures"
README = "README.txt"


class EverythingExporter:
    """Makes such files."""

    def __init__(
        self, conversations: Conversations, pictures: Pictures, exporter: Exporter
    ) -> None:
        """``exporter`` makes the folders of conversations."""
        self._conversations = conversations
        self._pictures = pictures
        self._exporter = exporter

    def zip(self, owner: str, name: str, known: Facts) -> Exported:
        """Everything of an owner who is called so."""
        stem = safe_name(f"Everything of {name}", "everything")
        return Exported(f"{stem}.zip", self._zipped(owner, known))

    async def _zipped(self, owner: str, known: Facts) -> AsyncGenerator[bytes, None]:
        stream, at = ZipStream(now()), now()
        things = await asyncio.to_thread(self._conversations.everything, owner)
        titles = [_folder(each) for each in things.conversations]
        shown: set[str] = set()
        counted = 0
        for conversation, folder in zip(things.conversations, distinct(titles), strict=True):
            with suppress(NotFound):  # gone meanwhile
                whole = await asyncio.to_thread(self._conversations.whole, owner, conversation.id)
                async for piece in self._exporter.folder(owner, stream, whole, f"{folder}/", at):
                    yield piece
                shown |= self._exporter.pictures_named(whole)
                counted += 1
        others = [each for each in things.media if each.sha256 not in shown]
        for number, ref in enumerate(others, 1):
            with suppress(NotFound):  # lost, or deleted meanwhile
                stem = f"{OTHER_PICTURES}/{number:05}"
                _, leaving = await stored_picture(self._pictures, owner, ref.sha256, stream, stem)
                for piece in leaving:
                    yield piece
        records = [
            {
                "kind": each.kind,
                "id": each.id,
                "value": each.value,
                "pictures": list(each.pictures),
                "changed_at": each.changed_at.isoformat(),
                "conversation": each.conversation_id,
            }
            for each in things.records
        ]
        media = [
            {"sha256": each.sha256, "mime": each.mime, "size_bytes": each.size_bytes}
            for each in things.media
        ]
        files = {
            "records.json": _written(records),
            "pictures.json": _written(media),
            **{name: _written(value) for name, value in known.items()},
            README: [_README.format(count=counted, version=VERSION)],
        }
        for name, pieces in files.items():
            for piece in await asyncio.to_thread(stream.deflated, name, pieces):
                yield piece
        for piece in stream.end():
            yield piece


def _folder(conversation: Conversation) -> str:
    title = safe_name(conversation.title or UNTITLED, "conversation")
    return f"{BINNED}{title}" if conversation.deleted_at else title


def _written(value: Any) -> Iterable[str]:
    return [json.dumps(value, indent=1, ensure_ascii=False), "\n"]


_README = """\
Everything that Easel {version} keeps for one person.

Each folder with a conversation.json is a conversation ({count} in all); those that begin with
"In the bin" wait there for their end. Another Easel takes this whole file in, by Import.

other pictures   pictures and files that no conversation shows, such as those of boards
records.json     boards, favourites, presets, names of pictures and the like
pictures.json    every picture and file, by the sha256 of its bytes
person.json      who they are to Easel, the names of their API keys, what they may spend
shares.json      what they let others look at; no link stands in it
usage.json       what they used of models, by day and model
audit.json       what the audit log says of them
"""
