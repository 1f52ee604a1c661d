"""Tokens and cost as compatible servers report them. What was not said stays unknown."""

from collections.abc import Mapping
from typing import Any

from chat.core.messages import Usage


def usage_of(body: Mapping[str, Any] | None) -> Usage | None:
    """The usage object of a reply; tokens that no detail claims are text."""
    if body is None:
        return None
    sent = _details(body, "prompt_tokens_details")
    came = _details(body, "completion_tokens_details")
    sent_images, came_images = _count(sent, "image_tokens"), _count(came, "image_tokens")
    reasoning = _count(came, "reasoning_tokens")
    cost: Any = body.get("cost")
    return Usage(
        input_text_tokens=_less(_count(body, "prompt_tokens"), sent_images),
        input_image_tokens=sent_images,
        output_text_tokens=_less(_count(body, "completion_tokens"), came_images, reasoning),
        output_image_tokens=came_images,
        reasoning_tokens=reasoning,
        cached_tokens=_count(sent, "cached_tokens"),
        reported_cost_usd=float(cost) if type(cost) in {int, float} and cost >= 0 else None,
    )


def _details(body: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    details = body.get(key)
    return details if isinstance(details, Mapping) else {}


def _count(body: Mapping[str, Any], key: str) -> int | None:
    value = body.get(key)
    return value if type(value) is int and value >= 0 else None  # True is an int, too


def _less(total: int | None, *parts: int | None) -> int | None:
    return None if total is None else max(0, total - sum(part or 0 for part in parts))
