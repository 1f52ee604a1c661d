"""Conversations and messages as JSON objects, for files that leave the store and come back.

What stands in a column as text is here an object where it can be one, so that people can read the
file. A text that is no JSON, or would not come back to the letter, stays a text.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, NoReturn, get_args

from chat.core.messages import UNENDED, Conversation, Finish, Message, Origin, Role, Usage
from chat.core.parts import Json, Part
from chat.core.text import clean_text
from storage.codec import CODEC, WHOLE
from storage.media.names import named_media
from storage.rows import STATUSES

ROLES: frozenset[str] = frozenset(get_args(Role))


class JsonForm:
    """The port ``StoredForm``, by the codec that the databases use."""

    def conversation_to_json(self, conversation: Conversation) -> dict[str, Json]:
        """A conversation without its owner and without its messages."""
        return {
            "id": conversation.id,
            "title": conversation.title,
            "head": conversation.head_id,
            "created_at": conversation.created_at.isoformat(),
            "updated_at": conversation.updated_at.isoformat(),
            "settings": _opened(CODEC.settings_to_json(conversation)),
        }

    def conversation_from_json(self, stored: Mapping[str, Json]) -> Conversation:
        """The conversation that such an object holds, of nobody yet."""
        settings = CODEC.settings_from_json(_sealed(stored.get("settings")))
        if WHOLE in (settings.get("extra") or {}):
            raise ValueError("the settings are unreadable")
        # Some have a column of their own, which takes only what can be written.
        sound: dict[str, Any] = {
            name: clean_text(value) if isinstance(value, str) else value
            for name, value in settings.items()
        }
        return Conversation(
            id=_text(stored, "id"),
            owner="",
            head_id=_text_or_none(stored, "head"),
            created_at=_moment(stored, "created_at"),
            updated_at=_moment(stored, "updated_at"),
            **sound,
        )

    def message_to_json(self, message: Message) -> dict[str, Json]:
        """A message, whatever is in it."""
        finished_at = message.finished_at
        return {
            "id": message.id,
            "parent": message.parent_id,
            "role": message.role,
            "status": message.status,
            "created_at": message.created_at.isoformat(),
            "finished_at": None if finished_at is None else finished_at.isoformat(),
            "client_id": message.client_id,
            "cost_usd": message.cost_usd,
            "parts": _opened(CODEC.parts_to_json(message.parts)),
            "finish": _opened(CODEC.detail_to_json(message.finish)),
            "origin": _opened(CODEC.detail_to_json(message.origin)),
            "usage": _opened(CODEC.detail_to_json(message.usage)),
        }

    def message_from_json(self, conversation_id: str, stored: Mapping[str, Json]) -> Message:
        """The message that such an object holds; one that was under way is interrupted."""
        role: Json = stored.get("role")
        status: Json = stored.get("status")
        if role not in ROLES:
            raise ValueError("a message is of nobody")
        ended = status in STATUSES and status not in UNENDED
        finish = CODEC.detail_from_json(Finish, _sealed_or_none(stored.get("finish")))
        if finish is not None and status in UNENDED:
            # It told how the reply would go on, which it does nowhere but where it was.
            finish = replace(finish, message="")
        details = {
            "finish": finish,
            "origin": CODEC.detail_from_json(Origin, _sealed_or_none(stored.get("origin"))),
            "usage": CODEC.detail_from_json(Usage, _sealed_or_none(stored.get("usage"))),
        }
        finished = stored.get("finished_at")
        return Message(
            id=_text(stored, "id"),
            conversation_id=conversation_id,
            parent_id=_text_or_none(stored, "parent"),
            role=role,
            parts=CODEC.parts_from_json(_sealed(stored.get("parts"))),
            status=status if ended else "interrupted",
            cost_usd=_price(stored.get("cost_usd")),
            client_id=_text_or_none(stored, "client_id"),
            created_at=_moment(stored, "created_at"),
            finished_at=None if finished is None else _moment(stored, "finished_at"),
            **details,  # type: ignore[arg-type]
        )

    def pictures_of(self, parts: Sequence[Part]) -> list[str]:
        """The sha256 of every picture that parts name, unknown parts included, in order."""
        return named_media(parts)


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")


def _opened(text: str | None) -> Json:
    """The object that a text holds; the text where it would not come back the same."""
    if text is None:
        return None
    try:
        value = json.loads(text, parse_constant=_refuse)
        if isinstance(value, dict) and _sealed(value) == text:
            return value
    except (ValueError, RecursionError):
        pass  # kept to the letter, as it stands
    return text


def _sealed(value: Json) -> str:
    """The text that an object was, or the text that stands in its place."""
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def _sealed_or_none(value: Json) -> str | None:
    return None if value is None else _sealed(value)


def _text(stored: Mapping[str, Json], key: str) -> str:
    value = stored.get(key)
    if not isinstance(value, str) or not 0 < len(value) <= 64 or not value.isprintable():
        raise ValueError(f"“{key}” is missing or no name")
    return value


def _text_or_none(stored: Mapping[str, Json], key: str) -> str | None:
    return None if stored.get(key) is None else _text(stored, key)


def _moment(stored: Mapping[str, Json], key: str) -> datetime:
    """A moment with its zone, in UTC. Raises: ValueError."""
    moment = datetime.fromisoformat(str(stored.get(key)))
    if moment.tzinfo is None:
        raise ValueError(f"“{key}” has no zone")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"“{key}” is out of all time") from error


_MOST_USD = 1e9
"""Of a message; a sum of millions of them is a number still."""


def _price(value: Json) -> float | None:
    if value is None:
        return None
    if type(value) not in (int, float) or not 0 <= value <= _MOST_USD:
        raise ValueError("a cost is no number")
    return float(value)
