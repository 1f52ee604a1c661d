"""Tokens as the Responses API reports them: the model's own, and its drawing tool's beside them."""

from collections.abc import Mapping
from typing import Any

from chat.core.messages import Usage
from chat.providers.shared.openai.usage import drawn_usage, spoken_usage, table


def usage_of(response: Mapping[str, Any]) -> Usage | None:
    """The usage of a whole response."""
    own = spoken_usage(response.get("usage"), "input", "output")
    tool = drawn_usage(table(response, "tool_usage").get("image_gen"))
    return own + tool if own is not None and tool is not None else own or tool
