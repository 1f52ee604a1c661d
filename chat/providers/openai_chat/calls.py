"""Tool calls that arrive in fragments, put together by their index."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from chat.core.parts import ToolCall
from chat.providers.openai_arguments import tool_call
from chat.providers.openai_chat.echoes import KIND


@dataclass(slots=True)
class _Fragments:
    call_id: str = ""
    name: str = ""
    arguments: list[str] = field(default_factory=list)


class CallReader:
    """Collects the calls of one reply; they are whole when the reply is."""

    def __init__(self) -> None:
        self._calls: dict[int, _Fragments] = {}

    def read(self, items: object) -> None:
        """Take in the ``tool_calls`` of a message or a delta."""
        for position, item in enumerate(items if isinstance(items, list) else ()):
            if isinstance(item, Mapping):
                self._take(position, item)

    def _take(self, position: int, item: Mapping[str, Any]) -> None:
        index = item.get("index")
        call = self._calls.setdefault(index if isinstance(index, int) else position, _Fragments())
        function = item.get("function")
        function = function if isinstance(function, Mapping) else {}
        call.call_id = call.call_id or str(item.get("id") or "")
        call.name = call.name or str(function.get("name") or "")
        arguments = function.get("arguments")
        if isinstance(arguments, Mapping):  # some servers send what they should have encoded
            arguments = json.dumps(arguments)
        if isinstance(arguments, str):
            call.arguments.append(arguments)

    def finished(self) -> Iterator[ToolCall]:
        """The calls in the order of their index."""
        for _, call in sorted(self._calls.items()):
            yield tool_call(call.call_id, call.name, "".join(call.arguments), KIND)
