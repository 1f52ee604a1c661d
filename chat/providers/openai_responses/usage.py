"""Tokens as the Responses API reports them: the model's own, and its drawing tool's beside them.

What was not said stays unknown.
"""

from collections.abc import Mapping
from typing import Any

from chat.core.messages import Usage

_NOTHING: Mapping[str, Any] = {}


def usage_of(response: Mapping[str, Any]) -> Usage | None:
    """The usage of a whole response; tokens that no detail claims are text."""
    own = _table(response, "usage")
    tool = _table(_table(response, "tool_usage"), "image_gen")
    told = [_model(own)] if own else []
    if tool:
        told.append(_drawing(tool))
    return sum(told[1:], told[0]) if told else None


def _model(body: Mapping[str, Any]) -> Usage:
    sent, came = _table(body, "input_tokens_details"), _table(body, "output_tokens_details")
    sent_images, came_images = _count(sent, "image_tokens"), _count(came, "image_tokens")
    reasoning = _count(came, "reasoning_tokens")
    return Usage(
        input_text_tokens=_less(_count(body, "input_tokens"), sent_images),
        input_image_tokens=sent_images,
        output_text_tokens=_less(_count(body, "output_tokens"), came_images, reasoning),
        output_image_tokens=came_images,
        reasoning_tokens=reasoning,
        cached_tokens=_count(sent, "cached_tokens"),
        reported_cost_usd=_cost(body),
    )


def _drawing(body: Mapping[str, Any]) -> Usage:
    sent, came = _table(body, "input_tokens_details"), _table(body, "output_tokens_details")
    came_text = _count(came, "text_tokens")
    return Usage(
        input_text_tokens=_count(sent, "text_tokens"),
        input_image_tokens=_count(sent, "image_tokens"),
        output_text_tokens=came_text,
        output_image_tokens=_less(_count(body, "output_tokens"), came_text),
        cached_tokens=_count(body, "cached_tokens"),
    )


def _cost(body: Mapping[str, Any]) -> float | None:
    cost: Any = body.get("cost")  # what a proxy adds
    return float(cost) if type(cost) in {int, float} and cost >= 0 else None


def _table(body: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = body.get(key)
    return value if isinstance(value, Mapping) else _NOTHING


def _count(body: Mapping[str, Any], key: str) -> int | None:
    value = body.get(key)
    return value if type(value) is int and value >= 0 else None  # True is an int, too


def _less(total: int | None, *parts: int | None) -> int | None:
    return None if total is None else max(0, total - sum(part or 0 for part in parts))
