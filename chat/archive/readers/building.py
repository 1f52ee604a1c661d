"""From what other clients export to values of ours; whatever is missing has a default."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import PurePosixPath

from chat.archive.draft import DraftPicture
from chat.archive.sources import Source, read_bytes
from chat.conversations.service import MAX_TITLE_CHARACTERS
from chat.core.messages import Conversation, Message, Origin, Role, new_id, now
from chat.core.parts import Image, ImageOrigin, Json, MediaRef, Part
from chat.core.ports import WholeConversation
from chat.core.text import clean_text
from chat.images.limits import Limits

PICTURE_ENDINGS = {".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif", ".heic", ".heif", ".dat"}
"""``.dat`` is what some exports call a file whose type they have forgotten."""
MISSING = "[A picture stood here; it was not in the file, or could not be read.]"
_MOST_BYTES = Limits().max_made_bytes


@dataclass(slots=True)
class Gathered:
    """What a reader has found so far, in all conversations of a file."""

    pictures: dict[str, DraftPicture] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    lost: int = 0

    def leave_out(self, kinds: Sequence[str]) -> None:
        """Count one message of which something is left out: under its first kind."""
        if kinds:
            self.left_out[min(kinds)] += 1

    def file(self, source: Source, name: str, origin: ImageOrigin, alt: str = "") -> Image:
        """A picture that is a file of the source."""
        key = f"file {name}"
        self.pictures[key] = DraftPicture(lambda: read_bytes(source, name, _MOST_BYTES))
        return placeholder(key, origin, alt)


def placeholder(key: str, origin: ImageOrigin, alt: str = "") -> Image:
    """A picture of which nothing is known yet but what the draft calls it."""
    return Image(MediaRef(key, "", 0, 0, 0), origin, alt)


def conversation(title: Json, began: datetime, used: datetime) -> Conversation:
    """A conversation of nobody, without messages; an empty model is the usual one."""
    words = " ".join(words_of(title).split())[:MAX_TITLE_CHARACTERS]
    return Conversation(
        id=new_id(), owner="", title=words, model="", created_at=began, updated_at=used
    )


def message(
    of: Conversation,
    parent_id: str | None,
    role: Role,
    parts: Sequence[Part],
    at: datetime,
    model: str = "",
    program: str = "",
) -> Message:
    """A message that has ended."""
    origin = Origin("", program, model or program) if role == "assistant" else None
    return Message(
        id=new_id(),
        conversation_id=of.id,
        parent_id=parent_id,
        role=role,
        parts=tuple(parts),
        origin=origin,
        created_at=at,
        finished_at=at if role == "assistant" else None,
    )


def finished(
    of: Conversation, messages: Sequence[Message], head_id: str | None
) -> WholeConversation:
    """The conversation, with the last message shown where it is not known which was."""
    head = head_id or (messages[-1].id if messages else None)
    return WholeConversation(replace(of, head_id=head), messages)


def words_of(value: Json) -> str:
    """A text as it may be kept; nothing for anything else."""
    return clean_text(value) if isinstance(value, str) else ""


def mapping_of(value: Json) -> dict[str, Json]:
    """An object; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def list_of(value: Json) -> list[Json]:
    """A list; an empty one for anything else."""
    return value if isinstance(value, list) else []


def moment_of(value: Json, otherwise: datetime | None = None) -> datetime:
    """Seconds, milliseconds or nanoseconds since 1970, or ISO 8601, in UTC."""
    fallback = otherwise or now()
    try:
        if isinstance(value, str) and value.strip():
            found = datetime.fromisoformat(value.strip())
            return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0:
            seconds = float(value)
            while seconds > 1e11 and math.isfinite(seconds):  # later than the year 5000
                seconds /= 1000
            return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        pass  # a time that there is not, from another program
    return fallback


def is_picture(name: str) -> bool:
    """Whether a file may be a picture, by its name."""
    return PurePosixPath(name.lower()).suffix in PICTURE_ENDINGS


def fenced(text: str, language: str = "") -> str:
    """Text as code in Markdown."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}{language}\n{text}\n{fence}"
