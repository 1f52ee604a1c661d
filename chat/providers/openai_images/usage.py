"""Tokens as images wires report them. What was not said stays unknown."""

from collections.abc import Mapping
from typing import Any

from chat.core.messages import Usage


def usage_of(body: object) -> Usage | None:
    """The usage object of an answer; output tokens that no detail claims are of the picture.

    A proxy that knows nothing writes zeros everywhere, which is not the same as free.
    """
    if not isinstance(body, Mapping):
        return None
    total_in, total_out = _count(body, "input_tokens"), _count(body, "output_tokens")
    if not (total_in or total_out):
        return None
    sent, came = _details(body, "input_tokens_details"), _details(body, "output_tokens_details")
    sent_images = _count(sent, "image_tokens")
    came_text = _count(came, "text_tokens")
    return Usage(
        input_text_tokens=_less(total_in, sent_images),
        input_image_tokens=sent_images,
        output_text_tokens=came_text,
        output_image_tokens=_less(total_out, came_text),
    )


def _details(body: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    details = body.get(key)
    return details if isinstance(details, Mapping) else {}


def _count(body: Mapping[str, Any], key: str) -> int | None:
    value = body.get(key)
    return value if type(value) is int and value >= 0 else None  # True is an int, too


def _less(total: int | None, part: int | None) -> int | None:
    return None if total is None else max(0, total - (part or 0))
