"""Tool calls that arrive in fragments, put together.

The wire says that fragments belong together by their index. Servers send index 0 for every call,
none at all, or the index as text; they send a call whole, then once more in the last chunk; they
begin with an empty one, or give the name in pieces. So an id that is new, or a name after arguments
that are whole, begins a call whatever the index says, and what comes again replaces what it
repeats.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from chat.core.events import CallDelta
from chat.core.parts import ToolCall
from chat.providers.openai_chat.echoes import extra_content, signed_call
from chat.providers.shared.openai.arguments import tool_call
from chat.providers.shared.replies.call_bounds import CallBounds
from chat.providers.shared.replies.call_growth import CallGrowth

_ARGUMENTS = ("arguments", "input", "parameters")
"""What servers call them; the first is OpenAI's name."""


class _Arguments:
    """JSON in pieces, with an eye on whether the object is whole; each character is seen once."""

    def __init__(self, bounds: CallBounds) -> None:
        self._bounds = bounds
        self._pieces: list[str] = []
        self._depth = 0
        self._quoted = self._escaped = False
        self.whole = False
        self._bytes = 0

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    def __bool__(self) -> bool:
        return any(piece.strip() for piece in self._pieces)

    def add(self, text: str) -> None:
        self._pieces.append(text)
        self._bytes += self._bounds.take(text)
        for character in text:
            if self._escaped:
                self._escaped = False
            elif character == "\\" and self._quoted:
                self._escaped = True
            elif character == '"':
                self._quoted = not self._quoted
            elif not self._quoted:
                self._bracket(character)

    def emptied(self) -> "_Arguments":
        """New ones in their place."""
        self._bounds.give_back(self._bytes)
        return _Arguments(self._bounds)

    def _bracket(self, character: str) -> None:
        if character in "{[":
            self._depth += 1
        elif character in "}]":
            self._depth -= 1
            self.whole = self.whole or self._depth == 0


@dataclass(slots=True)
class _Call:
    """A call that is being read."""

    number: int
    """Which of the calls it is, as they began."""
    slot: int | None
    """Its index, or its place in the list that it came in."""
    arguments: _Arguments
    call_id: str = ""
    name: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
    """What signs it."""

    def take(self, text: str) -> tuple[str, bool]:
        """More of its arguments, or all of them once more.

        Returns: what is new in them, and whether it takes the place of all before.
        """
        if not text:
            return "", False
        held = self.arguments
        told = held.text if text.lstrip().startswith("{") else ""
        if told and text == told:
            return "", False
        grows = _grows(told, text)
        if told and (held.whole or grows):
            self.arguments = held.emptied()
        elif held.whole:
            return "", False  # whatever it is, the arguments are complete
        self.arguments.add(text)
        if grows:
            return text[len(told) :], False
        return text, self.arguments is not held


class CallReader:
    """Collects the calls of one reply; they are whole when the reply is."""

    def __init__(self, tools: Collection[str] = ()) -> None:
        """Read calls of tools of these names."""
        self._tools = tools
        self._bounds = CallBounds()
        self._growth = CallGrowth()
        self._calls: list[_Call] = []
        self._by_id: dict[str, list[_Call]] = {}

    def read(self, items: object) -> list[CallDelta]:
        """Take in the ``tool_calls`` of a message or a delta; what of it is new, to be shown.

        Raises:
            BadReply: there are more of them, or more in them, than one answer may have.
        """
        listed = items if isinstance(items, list) else [items]
        told = [
            self._take(position if len(listed) > 1 else None, item)
            for position, item in enumerate(listed)
            if isinstance(item, Mapping)
        ]
        return [each for each in told if each is not None and self._growth.shown(each)]

    def __bool__(self) -> bool:
        """Whether there are calls, and each has all of its arguments."""
        named = [call for call in self._calls if call.name]
        return bool(named) and all(call.arguments.whole or not call.arguments for call in named)

    def _take(self, position: int | None, item: Mapping[str, Any]) -> CallDelta | None:
        function = item.get("function")
        function = function if isinstance(function, Mapping) else item
        call_id, name = _text(item.get("id")), _text(function.get("name"))
        arguments = next((function[key] for key in _ARGUMENTS if function.get(key)), None)
        if isinstance(arguments, Mapping):  # some servers send what they should have encoded
            arguments = json.dumps(arguments)
        arguments = arguments if isinstance(arguments, str) else ""
        if not (call_id or name or arguments):
            return None  # a placeholder
        slot = _index(item.get("index"))
        slot = position if slot is None else slot
        call = self._known(slot, call_id, name, arguments)
        if call is None:
            self._bounds.begin()
            call = _Call(len(self._calls), slot, _Arguments(self._bounds))
            self._calls.append(call)
        if call_id and not call.call_id:
            call.call_id = call_id
            self._by_id.setdefault(call_id, []).append(call)
        known = call.name
        if not call.name or self._goes_on(call, name):
            call.name = name if name.startswith(call.name) else call.name + name
        call.extra = call.extra or extra_content(item)
        piece, anew = call.take(arguments)
        if not (piece or call.name != known):
            return None
        return CallDelta(call.number, call.name, piece, anew)

    def _known(self, slot: int | None, call_id: str, name: str, arguments: str) -> _Call | None:
        """The call that a fragment belongs to; ``None``: it begins one."""
        if call_id and call_id in self._by_id:
            return self._same_id(self._by_id[call_id], slot, name, arguments)
        last = self._calls[-1] if self._calls else None
        here = next((call for call in reversed(self._calls) if call.slot == slot), None)
        call = here or (last if slot is None or not name else None)
        if call is None or self._differs(call, name):
            return None
        if call_id and call.call_id:  # a new id; some servers make one up for every fragment
            return None if name or call.arguments.whole else call
        if not (name and call.name and call.arguments.whole):
            return call
        again = not call_id and _is_object(arguments)
        return call if again and _loaded(arguments) == _loaded(call.arguments.text) else None

    def _same_id(
        self, calls: list[_Call], slot: int | None, name: str, arguments: str
    ) -> _Call | None:
        """The call that an id means: some servers name every call alike."""
        here = [call for call in calls if call.slot == slot] or calls
        call = here[-1]
        if self._differs(call, name):
            return None
        other = call.slot != slot and call.arguments.whole and _is_object(arguments)
        if other and _loaded(call.arguments.text) != _loaded(arguments):
            return None
        return call

    def _differs(self, call: _Call, name: str) -> bool:
        named = bool(name and call.name) and call.name != name
        return named and not self._goes_on(call, name)

    def _goes_on(self, call: _Call, name: str) -> bool:
        """Whether a name is more of one that comes in pieces, alone or with what came before."""
        if not name or call.arguments or call.name in self._tools:
            return False
        begun = name if name.startswith(call.name) else call.name + name
        return any(tool.startswith(begun) for tool in self._tools)

    def finished(self) -> Iterator[ToolCall]:
        """The calls in the order in which they began."""
        for call in self._calls:
            if call.name:
                told = tool_call(call.call_id, call.name, call.arguments.text)
                yield signed_call(told, call.extra) if call.extra else told


def _grows(held: str, text: str) -> bool:
    """Whether a text is what is held and more of it, from the start."""
    return bool(held.strip()) and len(text) > len(held) and text.startswith(held)


def _index(value: object) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        return int(value[:9])
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _text(value: object) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _is_object(text: str) -> bool:
    return isinstance(_loaded(text), dict)


def _loaded(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
