"""The arguments of a tool call, which a model writes as JSON and sometimes does not."""

import json

from chat.core.messages import new_id
from chat.core.parts import ToolCall
from chat.providers.shared.replies.halves import joined
from chat.providers.shared.replies.nesting import is_too_deep


def tool_call(call_id: str, name: str, text: str) -> ToolCall:
    """The call; arguments that are no sound JSON object become none, and are not kept.

    The tool then says what it misses, and the model, reading that, may try again.
    """
    arguments: object = {}
    text = joined(text).strip()
    if text.startswith("```") and text.endswith("```"):  # as models write it for people
        text = text.strip("`").removeprefix("json")
    try:
        arguments = json.loads(text) if text.strip() else {}
        if isinstance(arguments, str):  # encoded twice, as some servers do
            arguments = json.loads(arguments)
    except (ValueError, RecursionError):  # no JSON, or more digits or brackets than are read
        arguments = None
    if not isinstance(arguments, dict) or is_too_deep(arguments):
        arguments = {}
    return ToolCall(call_id or new_id(), name, arguments)
