"""Conversations, messages and pictures as values, for whoever needs one."""

import hashlib

from chat.core.messages import Conversation, Message, Status, new_id
from chat.core.parts import Image, MediaRef, Text

ME, SOMEBODY = "me", "somebody else"


def conversation(owner: str = ME, title: str = "A fox", **settings: object) -> Conversation:
    """A conversation that nothing has been said in."""
    return Conversation(id=new_id(), owner=owner, title=title, model="sketch", **settings)  # type: ignore[arg-type]


def said(
    of: Conversation,
    parent: Message | None = None,
    text: str = "Draw a fox.",
    client_id: str | None = None,
) -> Message:
    """A user's message."""
    parent_id = parent.id if parent else None
    return Message(new_id(), of.id, parent_id, "user", (Text(text),), client_id=client_id)


def replied(
    of: Conversation, parent: Message, text: str = "", status: Status = "queued"
) -> Message:
    """A model's message."""
    return Message(new_id(), of.id, parent.id, "assistant", (Text(text),), status=status)


def picture_ref(data: bytes = b"fox") -> MediaRef:
    """The name of bytes that stand for a picture."""
    return MediaRef(hashlib.sha256(data).hexdigest(), "image/png", len(data), 640, 480)


def picture(data: bytes = b"fox", *, draft: bool = False) -> Image:
    """A picture a model drew."""
    return Image(picture_ref(data), "model", alt="A fox", draft=draft)
