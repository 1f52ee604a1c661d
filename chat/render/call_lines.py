"""The quiet line of each call of a tool that its model is still writing."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chat.core.events import CallDelta
from chat.core.growing_json import SHOWN_CHARACTERS, begun_object
from chat.core.parts import Json, ToolCall
from chat.render.tool_calls import tool


@dataclass(slots=True)
class _Call:
    name: str = ""
    text: str = ""
    arguments: Mapping[str, Json] = field(default_factory=dict)
    """As far as they could be read."""
    html: str | None = ""
    """``None``: to be drawn anew."""


class CallLines:
    """Those of one answer that are not whole yet, in the order in which they began."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        """Draw tools under these titles."""
        self._titles = titles
        self._calls: dict[int, _Call] = {}

    def grow(self, event: CallDelta) -> None:
        """More of one has come."""
        call = self._calls.setdefault(event.number, _Call())
        before = "" if event.anew else call.text
        text = (before + event.arguments)[:SHOWN_CHARACTERS]
        if text != call.text or event.name != call.name:
            call.name, call.text, call.html = event.name, text, None

    def whole(self, call: ToolCall) -> None:
        """One is whole now, and drawn elsewhere."""
        named = (number for number, each in self._calls.items() if each.name == call.name)
        self._calls.pop(next(named, -1), None)

    def clear(self) -> None:
        """No more of them will come."""
        self._calls.clear()

    def html(self) -> str:
        """Their lines."""
        return "".join(map(self._drawn, self._calls.values()))

    def _drawn(self, call: _Call) -> str:
        if call.html is None:
            call.arguments = begun_object(call.text) or call.arguments
            call.html = ""
            if call.name:
                title = self._titles.get(call.name, call.name)
                call.html = tool(ToolCall("", call.name, call.arguments), None, title, growing=True)
        return call.html
