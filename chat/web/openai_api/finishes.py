"""How an answer ended and what it used, in OpenAI's words."""

from collections.abc import Iterable
from functools import reduce
from operator import add
from typing import Any

from chat.core.errors import BadReply
from chat.core.messages import Finish, Usage

REASONS = {"stop": "stop", "length": "length", "tool_calls": "tool_calls", "no_image": "stop"}
_INPUT = ("input_text_tokens", "input_image_tokens")
_OUTPUT = ("output_text_tokens", "output_image_tokens", "reasoning_tokens")


def reason_of(finish: Finish, *, calls: bool) -> str:
    """The finish reason.

    Raises:
        BadReply: the model's answer ended by an error of its own.
    """
    if finish.kind == "error":
        raise BadReply(finish.message or "The model's answer ended by an error. Try again.")
    if calls and finish.kind == "stop":
        return "tool_calls"
    return REASONS.get(finish.kind, "content_filter")


def refusal_of(finish: Finish) -> str:
    """What is said in place of an answer; empty: there is one."""
    return finish.message if finish.kind in ("blocked", "no_image") else ""


def usage_of(told: Iterable[Usage | None]) -> Usage | None:
    """What several answers used together; ``None`` where nothing was counted of any."""
    known = [usage for usage in told if usage is not None]
    return reduce(add, known) if known else None


def chat_usage(usage: Usage | None, cost_usd: float | None) -> dict[str, Any] | None:
    """The usage of a chat; ``None`` where nothing was counted.

    ``cost`` is what the answer cost in USD, where that is known, as OpenRouter tells it.
    """
    told = usage or Usage()
    spent, made = _sum(told, _INPUT), _sum(told, _OUTPUT)
    if spent is None and made is None:
        return None
    found: dict[str, Any] = {
        "prompt_tokens": spent or 0,
        "completion_tokens": made or 0,
        "total_tokens": (spent or 0) + (made or 0),
        "prompt_tokens_details": _known(
            cached_tokens=told.cached_tokens,
            text_tokens=told.input_text_tokens,
            image_tokens=told.input_image_tokens,
        ),
        "completion_tokens_details": _known(
            reasoning_tokens=told.reasoning_tokens,
            text_tokens=told.output_text_tokens,
            image_tokens=told.output_image_tokens,
        ),
    }
    return found if cost_usd is None else {**found, "cost": cost_usd}


def images_usage(usage: Usage | None) -> dict[str, Any] | None:
    """The usage of pictures; ``None`` where nothing was counted."""
    told = usage or Usage()
    spent, made = _sum(told, _INPUT), _sum(told, _OUTPUT)
    if spent is None and made is None:
        return None
    return {
        "input_tokens": spent or 0,
        "output_tokens": made or 0,
        "total_tokens": (spent or 0) + (made or 0),
        "input_tokens_details": {
            "text_tokens": told.input_text_tokens or 0,
            "image_tokens": told.input_image_tokens or 0,
        },
    }


def _sum(usage: Usage, names: tuple[str, ...]) -> int | None:
    known = [figure for name in names if (figure := getattr(usage, name)) is not None]
    return sum(known) if known else None


def _known(**figures: int | None) -> dict[str, int]:
    return {name: figure for name, figure in figures.items() if figure is not None}
