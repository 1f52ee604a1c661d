"""What the Responses API wants to hear again: its reasoning, and the ids of its pictures.

Reasoning comes back encrypted, and a picture refers to the reasoning before it by its id. Both
go back, in their order, to the endpoint and model that made them, or not at all.
"""

from collections.abc import Mapping
from typing import Any

from chat.core.parts import Echo, Part

KIND = "openai_responses"
_REASONING_KEYS = ("id", "summary", "encrypted_content")
_SEARCH_KEYS = ("id", "status", "action")


def reasoning_echo(item: Mapping[str, Any]) -> Echo | None:
    """An echo of a reasoning item; ``None`` where it came without what makes it worth sending."""
    if not item.get("encrypted_content"):
        return None
    return Echo(KIND, {"reasoning": {key: item.get(key) for key in _REASONING_KEYS}})


def picture_echo(item: Mapping[str, Any]) -> Echo | None:
    """An echo of a picture's id."""
    item_id = item.get("id")
    return Echo(KIND, {"picture_id": item_id}) if isinstance(item_id, str) and item_id else None


def search_echo(item: Mapping[str, Any]) -> Echo:
    """An echo of a search: reasoning that led to it is refused where it does not follow."""
    return Echo(KIND, {"search": {key: item.get(key) for key in _SEARCH_KEYS}})


def search_of(part: Part) -> dict[str, Any] | None:
    """The search that came at a part's place, as it is sent again."""
    kept = _kept(part, "search")
    return {"type": "web_search_call", **kept} if isinstance(kept, Mapping) else None


def reasoning_of(part: Part) -> dict[str, Any] | None:
    """The reasoning item that came with a part, as it is sent again."""
    kept = _kept(part, "reasoning")
    if not isinstance(kept, Mapping):
        return None
    return {"type": "reasoning", **kept, "summary": kept.get("summary") or []}


def picture_id(part: Part) -> str:
    """The id under which a picture was made; empty where it has none."""
    kept = _kept(part, "picture_id")
    return kept if isinstance(kept, str) else ""


def _kept(part: Part, key: str) -> object:
    echo = part.echo
    return echo.data.get(key) if echo is not None and echo.provider == KIND else None
