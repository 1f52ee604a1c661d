"""Events of a growing reply as JSON, for another process of the same version, and back."""

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from chat.core.events import (
    CallDelta,
    CallsEnded,
    Queued,
    ReasoningDelta,
    TextDelta,
    ToolProgress,
    TurnEvent,
    UserAnswered,
    UserAsked,
)
from chat.core.forms import FormField
from chat.core.live_log import LogPiece
from chat.core.parts import Image, Json, Part, Reasoning, Text, ToolCall, ToolResult
from storage.codec import CODEC

log = logging.getLogger(__name__)


def events_to_json(events: Sequence[TurnEvent | None]) -> str:
    """Events as text, in order."""
    return json.dumps([_written(event) for event in events], separators=(",", ":"))


def events_from_json(stored: str) -> tuple[TurnEvent | None, ...]:
    """The events that a text holds; ``None`` for one of which nothing is known here."""
    return tuple(_read(*each) for each in json.loads(stored))


class Pieces:
    """Pieces as they are laid out, each read by itself."""

    def __init__(self) -> None:
        self._strange: set[str] = set()
        """Turns of which some could not be read, as was said."""

    def read(self, rows: Iterable[tuple[str, int | str, str]]) -> list[LogPiece]:
        """Those that can be read: of which turn, how many events come before, and its own."""
        found = []
        for turn, first, events in rows:
            try:
                found.append(LogPiece(turn, int(first), events_from_json(events)))
            except Exception as error:  # whatever it is: the others shall be read
                if turn not in self._strange:
                    log.warning("a piece of reply %s cannot be read", turn, exc_info=error)
                self._strange.add(turn)
        return found


def _written(event: TurnEvent | None) -> Json:
    match event:
        case TextDelta(text, None):
            return ["text", text]
        case ReasoningDelta(text, None):
            return ["reasoning", text]
        case TextDelta(text, echo):
            return ["part", _part_to(Text(text, echo))]
        case ReasoningDelta(text, echo):
            return ["part", _part_to(Reasoning(text, echo))]
        case Image() | ToolCall() | ToolResult():
            return ["part", _part_to(event)]
        case CallDelta():
            return ["call", event.number, event.name, event.arguments, event.anew]
        case CallsEnded():
            return ["calls ended"]
        case Queued():
            return ["queued", event.place]
        case ToolProgress():
            return ["progress", event.call_id, event.note, event.share]
        case UserAsked():
            asked = event.id, event.call_id, event.title, event.source, event.message
            return ["asked", *asked, [asdict(each) for each in event.fields]]
        case UserAnswered():
            return ["answered", event.id]
        case _:
            return ["nothing"]


def _part_to(part: Part) -> str:
    return CODEC.parts_to_json((part,))


def _read(kind: str, *told: Any) -> TurnEvent | None:
    match kind:
        case "text":
            return TextDelta(*told)
        case "reasoning":
            return ReasoningDelta(*told)
        case "part":
            return _part_from(*told)
        case "call":
            return CallDelta(*told)
        case "calls ended":
            return CallsEnded()
        case "queued":
            return Queued(*told)
        case "progress":
            return ToolProgress(*told)
        case "asked":
            asked, call_id, title, source, message, fields = told
            return UserAsked(asked, call_id, title, source, message, tuple(map(_field, fields)))
        case "answered":
            return UserAnswered(*told)
    return None


def _part_from(stored: str) -> TurnEvent | None:
    (part,) = CODEC.parts_from_json(stored)
    match part:
        case Text():
            return TextDelta(part.text, part.echo)
        case Reasoning():
            return ReasoningDelta(part.text, part.echo)
        case Image() | ToolCall() | ToolResult():
            return part
    return None


def _field(told: dict[str, Any]) -> FormField:
    return FormField(**{**told, "choices": tuple((a, b) for a, b in told["choices"])})
