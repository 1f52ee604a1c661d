"""A call of a tool whose arguments come in pieces, which Google Cloud sends where it is asked to.

Each piece is a value, or more of a text, at a path. The first names the call, and each says whether
another follows; the last one may say nothing but that.

Sources: https://docs.cloud.google.com/vertex-ai/generative-ai/docs/multimodal/function-calling,
https://github.com/vercel/ai/pull/13929 and https://github.com/vercel/ai/issues/14358 for lists,
whose last piece ends the call (2026-11-30).
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, TypeAlias

from google.genai import types

from chat.core.events import CallDelta
from chat.core.growing_json import GrowingJson
from chat.core.parts import Json
from chat.providers.shared.replies.call_bounds import CallBounds
from chat.providers.shared.replies.nesting import MAX_LEVELS

_STEP = re.compile(
    r"""
    \.(?P<name>[^.\[\]]+)
    | \[(?P<index>\d{1,6})\]
    | \[(?P<quote>['"])(?P<quoted>(?:[^\\]|\\.)*?)(?P=quote)\]
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)

_Step: TypeAlias = str | int


class GrowingCall:
    """One call while it comes."""

    def __init__(
        self, number: int, call_id: str, name: str, signature: bytes | None, bounds: CallBounds
    ) -> None:
        """The call of this number in its answer."""
        self.call_id = call_id
        self.name = name
        self.signature = signature
        self.arguments: dict[str, Json] = {}
        self._number = number
        self._bounds = bounds
        self._json = GrowingJson()
        self._open = ""
        """The path of a text that goes on ..."""
        self._place: tuple[Any, _Step] | None = None
        """... where that is ..."""
        self._text: list[str] = []
        """... and what came of it."""

    def take(self, told: types.FunctionCall) -> CallDelta:
        """More of it; what is shown of that.

        Raises:
            BadReply: it is more to read than one answer may have.
        """
        if told.args:
            self._bounds.take(told.args)
            self.arguments.update(told.args)
        for piece in told.partial_args or ():
            self._set(piece)
        if self._json.full:
            return CallDelta(self._number, self.name, "")
        self._settle()
        return CallDelta(self._number, self.name, *self._json.grown_to(self.arguments))

    def ended(self) -> dict[str, Json]:
        """Its arguments: no more of them will come."""
        self._settle()
        return self.arguments

    def _set(self, piece: types.PartialArg) -> None:
        path, value = piece.json_path or "", _value(piece)
        self._bounds.take(path)
        self._bounds.take(value if isinstance(value, str) else "")
        goes_on = bool(path) and path == self._open
        self._open = path if piece.will_continue else ""
        if not goes_on:
            self._settle()
            self._text, self._place = [], self._place_of(path)
        if isinstance(value, str):
            self._text.append(value)
        elif self._place is not None:
            self._text.clear()
            _put(*self._place, value)

    def _settle(self) -> None:
        """Put the text that came in its place."""
        if self._place is not None and self._text:
            self._text = ["".join(self._text)]
            _put(*self._place, self._text[0])

    def _place_of(self, path: str) -> tuple[Any, _Step] | None:
        """Where a value stands: in what, and where there; ``None``: nowhere."""
        steps = list(_steps(path))
        if not steps or len(steps) > MAX_LEVELS:
            return None
        holder: Any = self.arguments
        for step, following in pairwise(steps):
            kind = dict if isinstance(following, str) else list
            inner = _inner(holder, step)
            if not isinstance(inner, kind):
                inner = kind()
                if not _put(holder, step, inner):
                    return None
            holder = inner
        return holder, steps[-1]


def _value(piece: types.PartialArg) -> Json:
    if piece.string_value is not None:
        return piece.string_value
    if piece.bool_value is not None:
        return piece.bool_value
    number = piece.number_value
    # Every number of the wire is a double; a tool that counts wants a whole one.
    return int(number) if number is not None and number.is_integer() else number


def _steps(path: str) -> Iterator[_Step]:
    """The steps of a path below ``$``; none where it is not understood."""
    steps: list[_Step] = []
    at = 1 if path.startswith("$") else 0
    while at < len(path) and (found := _STEP.match(path, at)) is not None:
        at = found.end()
        if found["index"] is not None:
            steps.append(int(found["index"]))
        else:
            steps.append(found["name"] or _ESCAPED.sub(r"\1", found["quoted"] or ""))
    return iter(steps if at == len(path) else ())


def _inner(holder: Any, step: _Step) -> Any:
    if isinstance(holder, dict):
        return holder.get(step)
    return holder[step] if isinstance(step, int) and step < len(holder) else None


def _put(holder: Any, step: _Step, value: Any) -> bool:
    """Set it in its place; false where there is none: a list grows by its end."""
    if isinstance(holder, dict):
        if not isinstance(step, str):
            return False
        holder[step] = value
    elif not isinstance(step, int) or step > len(holder):
        return False
    elif step == len(holder):
        holder.append(value)
    else:
        holder[step] = value
    return True
