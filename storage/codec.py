"""Parts and settings as the JSON text that is stored. Knows no table and no database.

The text is pure ASCII, every other character escaped: so a NUL, which PostgreSQL refuses, and a
lone surrogate, which is no UTF-8, both come back as they went in. (Two lone surrogates side by
side that spell a character come back as that character.) Every text carries the version of its
form; one that this program does not know is ``Damaged``, never guessed at.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Literal, TypeAlias, TypeVar

from chat.core.errors import Damaged
from chat.core.messages import Conversation, Finish, Origin, Usage
from chat.core.parts import (
    Echo,
    Image,
    Json,
    MediaRef,
    Part,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
)

VERSION = 1

SETTINGS = ("title", "model", "system", "tools_on", "tool_policy", "options")

Detail: TypeAlias = Finish | Origin | Usage

D = TypeVar("D", Finish, Origin, Usage)


def parts_to_json(parts: tuple[Part, ...]) -> str:
    """The parts of a message as stored text."""
    return _sealed([_part(part) for part in parts])


def parts_from_json(stored: str) -> tuple[Part, ...]:
    """The parts that stored text holds. Raises: Damaged."""
    value = _opened(stored)
    try:
        return tuple(_to_part(item) for item in value)
    except (KeyError, TypeError, AttributeError) as error:
        raise _unreadable() from error


def detail_to_json(detail: Detail | None) -> str | None:
    """A finish, an origin or a usage as stored text."""
    return None if detail is None else _sealed(asdict(detail))


def finish_from_json(stored: str | None) -> Finish | None:
    """The finish that stored text holds. Raises: Damaged."""
    return None if stored is None else _built(Finish, stored)


def origin_from_json(stored: str | None) -> Origin | None:
    """The origin that stored text holds. Raises: Damaged."""
    return None if stored is None else _built(Origin, stored)


def usage_from_json(stored: str | None) -> Usage | None:
    """The usage that stored text holds. Raises: Damaged."""
    return None if stored is None else _built(Usage, stored)


def settings_to_json(conversation: Conversation) -> str:
    """What ``Conversations.save`` may change of a conversation, as stored text."""
    settings = {name: getattr(conversation, name) for name in SETTINGS}
    return _sealed({name: _plain(value) for name, value in settings.items()})


def settings_from_json(stored: str) -> dict[str, Any]:
    """The settings that stored text holds, as arguments of ``Conversation``. Raises: Damaged."""
    value = _opened(stored)
    if not isinstance(value, dict) or value.keys() != set(SETTINGS):
        raise _unreadable()
    return value


def _sealed(value: Json) -> str:
    return json.dumps({"version": VERSION, "value": value}, separators=(",", ":"))


def _opened(stored: str) -> Json:
    try:
        envelope = json.loads(stored)
        version = envelope["version"]
        value = envelope["value"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _unreadable() from error
    if version != VERSION:
        raise Damaged("A stored message was written by a newer Easel.")
    return value


def _plain(value: Json) -> Json:
    return dict(value) if isinstance(value, Mapping) else value


def _built(kind: type[D], stored: str) -> D:
    value = _opened(stored)
    try:
        # JSON knows no tuples, and the values of the core know no lists.
        plain: dict[str, Any] = {
            key: tuple(held) if isinstance(held, list) else held for key, held in value.items()
        }
        return kind(**plain)
    except (TypeError, AttributeError) as error:
        raise _unreadable() from error


def _unreadable() -> Damaged:
    return Damaged("A stored message cannot be read: the database is damaged.")


def _part(part: Part) -> dict[str, Json]:
    stored: dict[str, Json] = {"kind": part.kind}
    match part:
        case Text() | Reasoning():
            stored["text"] = part.text
        case Image():
            stored |= {
                "media": asdict(part.media),
                "origin": part.origin,
                "alt": part.alt,
                "draft": part.draft,
            }
            if part.mask:
                stored["mask"] = True
        case ToolCall():
            stored |= {
                "call_id": part.call_id,
                "name": part.name,
                "arguments": dict(part.arguments),
            }
        case ToolResult():
            stored |= {
                "call_id": part.call_id,
                "name": part.name,
                "content": [_part(item) for item in part.content],
                "failed": part.failed,
            }
    if part.echo is not None:
        stored["echo"] = {"provider": part.echo.provider, "data": dict(part.echo.data)}
    return stored


def _to_part(stored: Mapping[str, Json]) -> Part:
    echo = _to_echo(stored.get("echo"))
    match stored["kind"]:
        case "reasoning":
            return Reasoning(stored["text"], echo)
        case "tool_call":
            return ToolCall(stored["call_id"], stored["name"], stored["arguments"], echo)
        case "tool_result":
            content = tuple(_to_content(item) for item in stored["content"])
            return ToolResult(stored["call_id"], stored["name"], content, stored["failed"], echo)
        case _:
            return _to_content(stored)


def _to_content(stored: Mapping[str, Json]) -> Text | Image:
    echo = _to_echo(stored.get("echo"))
    kind: Literal["text", "image"] = stored["kind"]
    if kind == "text":
        return Text(stored["text"], echo)
    if kind == "image":
        media = MediaRef(**stored["media"])
        mask = stored.get("mask", False)
        return Image(media, stored["origin"], stored["alt"], stored["draft"], echo, mask)
    raise _unreadable()


def _to_echo(stored: Mapping[str, Json] | None) -> Echo | None:
    return None if stored is None else Echo(stored["provider"], stored["data"])
