"""What an edit changed: where, and how much of the picture. Found once, and kept.

It is asked for once a reply has ended and is on a screen, so that no reply waits for it.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from chat.core.difference import Difference
from chat.core.errors import MediaRejected, NotFound
from chat.core.messages import ALIVE, Message
from chat.core.parts import Image, Json, Part, Text, pictures
from chat.core.ports import Conversations, OwnedRecord
from chat.images.edits import Comparison
from chat.turns.alt_text import first_sentence
from chat.turns.studio import Studio

log = logging.getLogger(__name__)

CHANGE = "change"
"""The kind of record; its id names both pictures."""

MOST_PLACES = 3


@dataclass(frozen=True, slots=True)
class Change:
    """An edit: the picture, the one it came of, and how they differ."""

    sha256: str
    before: str
    difference: Difference
    said: str
    """What the reply says of it, in a sentence; empty: nothing."""


class Changes:
    """Finds what edits changed."""

    def __init__(self, conversations: Conversations, studio: Studio) -> None:
        self._conversations = conversations
        self._studio = studio
        self._one_at_a_time = asyncio.Lock()

    async def of(self, owner: str, message_id: str) -> list[Change]:
        """What each picture of a reply changed of the picture it came of; drawn anew: none.

        Raises:
            NotFound: the message is not there.
        """
        message, question = await asyncio.to_thread(self._read, owner, message_id)
        if message.status in ALIVE or message.role == "user":
            return []
        found: list[Change] = []
        for image in pictures(message.parts):
            before = _source(image, question)
            if before is None or image.draft:
                continue
            difference = await self._difference(message, owner, before, image.media.sha256)
            if difference is not None:
                said = _said_of(image, message.parts)
                found.append(Change(image.media.sha256, before, difference, said))
        return found

    def _read(self, owner: str, message_id: str) -> tuple[Message, Message | None]:
        message = self._conversations.message(owner, message_id)
        if message.parent_id is None:
            return message, None
        return message, self._conversations.message(owner, message.parent_id)

    async def _difference(
        self, message: Message, owner: str, before: str, after: str
    ) -> Difference | None:
        """What is kept of it, or found and kept now; ``None`` where one of them is lost."""
        record_id = f"{before}.{after}"
        async with self._one_at_a_time:
            kept = await asyncio.to_thread(self._conversations.record, owner, CHANGE, record_id)
            if kept is not None and (known := _read(kept.value)) is not None:
                return known
            try:
                found = _difference_of(
                    await self._studio.compare(owner, before, after, align=True, view=False)
                )
            except (MediaRejected, NotFound) as error:
                log.info("what an edit changed is not told: %s", error)
                return None
            record = OwnedRecord(
                CHANGE, record_id, asdict(found), conversation_id=message.conversation_id
            )
            await asyncio.to_thread(
                self._conversations.keep_record, owner, CHANGE, record_id, lambda _: record
            )
            return found


def _said_of(image: Image, parts: Sequence[Part]) -> str:
    """What is said right after a picture, else right before it, in a sentence; maybe nothing.

    Before it, what is nearest is told last: a reply may begin by saying who answers.
    """
    at = next((n for n, part in enumerate(parts) if part is image), 0)
    after = next((part for part in parts[at + 1 :] if isinstance(part, Text | Image)), None)
    if isinstance(after, Text) and (told := first_sentence(after.text)):
        return told
    before = next((part for part in reversed(parts[:at]) if isinstance(part, Text)), None)
    paragraphs = before.text.strip().split("\n\n") if before is not None else [""]
    return first_sentence(paragraphs[-1])


def _source(image: Image, question: Message | None) -> str | None:
    """The picture that a model changed; ``None``: it drew anew, or no model did it."""
    if image.origin != "model" or question is None:
        return None
    if image.derivation is not None and image.derivation.parents:
        return image.derivation.parents[0]
    shown: Sequence[Image] = pictures(question.parts)
    sources = [each.media.sha256 for each in shown if each.media.sha256 != image.media.sha256]
    return sources[0] if len(sources) == 1 else None


def _difference_of(found: Comparison) -> Difference:
    places = dict.fromkeys(region.position for region in found.regions)
    return Difference(
        found.same,
        found.changed_share,
        found.extent,
        tuple(places)[:MOST_PLACES],
        found.size_before,
        found.size_after,
    )


def _read(stored: Json) -> Difference | None:
    """What a record holds; ``None`` where a newer Easel put it otherwise."""
    try:
        held: Mapping[str, Json] = stored
        before, after = held["size_before"], held["size_after"]
        return Difference(
            bool(held["same"]),
            float(held["share"]),
            str(held["extent"]),
            tuple(map(str, held["places"])),
            (int(before[0]), int(before[1])),
            (int(after[0]), int(after[1])),
        )
    except (KeyError, TypeError, ValueError, IndexError):
        return None
