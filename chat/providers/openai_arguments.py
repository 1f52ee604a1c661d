"""The arguments of a tool call, which a model writes as JSON and sometimes does not."""

import json

from chat.core.messages import new_id
from chat.core.parts import Echo, ToolCall
from chat.providers.halves import joined
from chat.providers.nesting import is_too_deep


def tool_call(call_id: str, name: str, text: str, kind: str) -> ToolCall:
    """The call; arguments that are no sound JSON object become none, and the echo keeps the text.

    The tool then says what it misses, and the model, reading that, may try again.
    """
    echo: Echo | None = None
    arguments: object = {}
    text = joined(text)
    try:
        arguments = json.loads(text) if text.strip() else {}
    except (ValueError, RecursionError):  # no JSON, or more digits or brackets than are read
        arguments = None
    if not isinstance(arguments, dict) or is_too_deep(arguments):
        arguments, echo = {}, Echo(kind, {"malformed_arguments": text})
    return ToolCall(call_id or new_id(), name, arguments, echo)
