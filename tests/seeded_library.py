"""Fills Easel's stores, through their own ports, with a library of a known size."""

import colorsys
import hashlib
import io
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from PIL import Image as Pillow

from chat.core.messages import Conversation, Message, Origin, new_id, now
from chat.core.parts import Image, MediaRef, Text
from chat.core.ports import WholeConversation
from chat.settings import Settings
from chat.turns.app_state import LOCAL_OWNER
from chat.turns.pictures import THUMBNAIL
from storage.open import open_conversations, open_media

EACH = 25
"""Pictures of one conversation: a chain of edits, each carrying the one before it along."""

HUES = 48
"""Pictures so far apart show the same colour."""

WIDTH_PX, HEIGHT_PX = 768, 512


def seed(
    data: Path,
    count: int,
    *,
    files: bool = True,
    newest: datetime | None = None,
    apart: timedelta = timedelta(minutes=1),
) -> list[str]:
    """Make a data folder whose library has so many pictures; their sha256, oldest first.

    Each is made so long after the one before it, the last of them just now or at that moment.
    Without ``files`` there are the small copies alone, which is all that a library shows.
    """
    data.mkdir(parents=True, exist_ok=True)
    settings = Settings(data=data)
    store, media = open_conversations(settings.database_url), open_media(settings.media_url)
    began = (newest or now() - apart) - (count - 1) * apart
    shas: list[str] = []
    wholes: list[WholeConversation] = []
    refs: list[MediaRef] = []
    try:
        while len(shas) < count:
            title = f"Room {len(shas) // EACH + 1}"
            conversation = Conversation(new_id(), LOCAL_OWNER, title, model="sketch")
            rows: list[Message] = []
            carried: tuple[Image, ...] = ()
            for number in range(len(shas), min(count, len(shas) + EACH)):
                shown, small = picture(number)
                sha256 = hashlib.sha256(shown).hexdigest()
                refs.append(MediaRef(sha256, "image/png", len(shown), WIDTH_PX, HEIGHT_PX))
                if files:
                    media.put(sha256, shown)
                media.put(sha256 + THUMBNAIL, small)
                drawn = Image(refs[-1], "model")
                at = began + number * apart
                rows += _exchange(conversation.id, rows, carried, drawn, number, at)
                shas.append(sha256)
                carried = (drawn,)
            used = replace(conversation, head_id=rows[-1].id, updated_at=rows[-1].created_at)
            wholes.append(WholeConversation(used, rows))
        store.add_whole(LOCAL_OWNER, wholes, refs)
    finally:
        store.close()
    return shas


def colour(number: int) -> tuple[int, int, int]:
    """What a picture shows in its middle: red, green, blue."""
    red, green, blue = colorsys.hsv_to_rgb((number % HUES) / HUES, 0.6, 0.85)
    return round(red * 255), round(green * 255), round(blue * 255)


def picture(number: int) -> tuple[bytes, bytes]:
    """The file and the small copy of a picture; no two numbers have the same file."""
    file, small = _painted(number % HUES)
    # What follows the end of a PNG nobody reads.
    return file + number.to_bytes(8, "big"), small


@cache
def _painted(hue: int) -> tuple[bytes, bytes]:
    noise = Pillow.effect_noise((WIDTH_PX, HEIGHT_PX), 40).convert("RGB")
    flat = Pillow.new("RGB", noise.size, colour(hue))
    painted = Pillow.blend(flat, noise, 0.12)
    painted.paste(flat.resize((WIDTH_PX // 2, HEIGHT_PX // 2)), (WIDTH_PX // 4, HEIGHT_PX // 4))
    file, small = io.BytesIO(), io.BytesIO()
    painted.resize((96, 64)).save(file, "PNG")
    painted.save(small, "WEBP", quality=80)
    return file.getvalue(), small.getvalue()


def _exchange(
    conversation_id: str,
    above: list[Message],
    carried: tuple[Image, ...],
    drawn: Image,
    number: int,
    at: datetime,
) -> list[Message]:
    wish = f"Paint wall {number} in another colour"
    parent = above[-1].id if above else None
    question = Message(
        new_id(), conversation_id, parent, "user", (*carried, Text(wish)), created_at=at
    )
    shown = replace(drawn, alt=f"A room with wall {number}")
    parts = (Text(f"Wall {number} is painted."), shown)
    origin = Origin("sketch", "sketch", "sketch")
    reply = Message(
        new_id(), conversation_id, question.id, "assistant", parts, origin=origin, created_at=at
    )
    return [question, reply]
