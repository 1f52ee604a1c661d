"""Tokens as OpenAI-shaped servers report them. What was not said stays unknown."""

from collections.abc import Mapping
from typing import Any

from chat.core.messages import Usage
from chat.providers.shared.replies.figures import count, usd

_NOTHING: Mapping[str, Any] = {}


def spoken_usage(body: object, asked: str, made: str) -> Usage | None:
    """The usage of a model that talks; tokens that no detail claims are text.

    Args:
        body: the usage object.
        asked: how its keys begin for what was sent, such as ``prompt``.
        made: how they begin for what came, such as ``completion``.
    """
    if not isinstance(body, Mapping):
        return None
    sent, came = table(body, f"{asked}_tokens_details"), table(body, f"{made}_tokens_details")
    sent_images, came_images = _count(sent, "image_tokens"), _count(came, "image_tokens")
    reasoning = _count(came, "reasoning_tokens")
    return Usage(
        input_text_tokens=_less(_count(body, f"{asked}_tokens"), sent_images),
        input_image_tokens=sent_images,
        output_text_tokens=_less(_count(body, f"{made}_tokens"), came_images, reasoning),
        output_image_tokens=came_images,
        reasoning_tokens=reasoning,
        cached_tokens=_count(sent, "cached_tokens"),
        reported_cost_usd=usd(body.get("cost")),  # as OpenRouter and LiteLLM add it
    )


def drawn_usage(body: object, author: object = None) -> Usage | None:
    """The usage of a model that draws; output that no detail claims is of the picture.

    ``author`` is what another model used that wrote the picture down as SVG: it counts as words,
    for which a model that only draws has no price, so that the sum is unknown and not too low.
    Source: openai 3.57.0, ``svg_usage`` (2026-11-29).

    A proxy that knows nothing writes zeros everywhere, which is not the same as free.
    """
    if not isinstance(body, Mapping):
        return None
    total_in, total_out = _count(body, "input_tokens"), _count(body, "output_tokens")
    cost = usd(body.get("cost"))  # as OpenRouter and LiteLLM add it
    if not (total_in or total_out):
        return Usage(reported_cost_usd=cost) if cost else None
    sent, came = table(body, "input_tokens_details"), table(body, "output_tokens_details")
    sent_images = _count(sent, "image_tokens")
    came_text = _count(came, "text_tokens")
    written = _count(author, "output_tokens") if isinstance(author, Mapping) else None
    return Usage(
        input_text_tokens=_less(total_in, sent_images),
        input_image_tokens=sent_images,
        output_text_tokens=came_text if written is None else (came_text or 0) + written,
        output_image_tokens=_less(total_out, came_text),
        cached_tokens=_count(body, "cached_tokens"),
        reported_cost_usd=cost,
    )


def table(body: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The object under a key; empty where there is none."""
    value = body.get(key)
    return value if isinstance(value, Mapping) else _NOTHING


def _count(body: Mapping[str, Any], key: str) -> int | None:
    return count(body.get(key))


def _less(total: int | None, *parts: int | None) -> int | None:
    return None if total is None else max(0, total - sum(part or 0 for part in parts))
