"""An Interactions API of the third generation: it signs its thoughts, and wants them back.

A turn of the model begins with a signed thought; a signature is one of its own or the value that
Google's documentation names; an answer of a tool names a call that was made.
"""

import base64
import itertools
from collections.abc import Sequence
from typing import Any

from chat.providers.shared.requests.thought_signatures import BYPASS_BASE64
from tests.loopback import Gate
from tests.wire.interactions_shapes import called, image, output, text, thought

_OF_THE_MODEL = frozenset({"thought", "model_output", "function_call"})


class StrictInteractions:
    """Signs what it says, and asserts that a history holds what it signed."""

    def __init__(self) -> None:
        """Begin with nothing signed."""
        self._issued = {BYPASS_BASE64}
        self._count = itertools.count(1)

    def signed(self) -> dict[str, Any]:
        """A thought with a signature of its own."""
        name = f"signature-{id(self)}-{next(self._count)}".encode()
        signature = base64.b64encode(name).decode()
        self._issued.add(signature)
        return thought(signature)

    def read(self, steps: Sequence[dict[str, Any]]) -> None:
        """Look at a history.

        Raises:
            AssertionError: it would be refused.
        """
        calls: set[str] = set()
        before = ""
        for step in steps:
            kind = step["type"]
            assert kind in {*_OF_THE_MODEL, "user_input", "function_result"}, kind
            if kind in _OF_THE_MODEL and before not in _OF_THE_MODEL:
                assert kind == "thought", f"a turn begins with {kind}, unsigned"
            if kind == "thought":
                assert step["signature"] in self._issued, "a strange signature came"
            elif kind == "function_call":
                calls.add(step["id"])
            elif kind == "function_result":
                assert step["call_id"] in calls, "an answer came to no call"
            before = kind
        assert before in {"user_input", "function_result"}, "nothing is asked"

    def said(self, made: Sequence[Any]) -> list[dict[str, Any] | Gate]:
        """Deltas as of chat completions as steps, each behind a thought of its own."""
        steps: list[dict[str, Any] | Gate] = []
        for item in made:
            if isinstance(item, Gate):
                steps.append(item)
            elif isinstance(item, str):
                steps += [self.signed(), output(text(item))]
            elif isinstance(item, bytes):
                steps += [self.signed(), output(image(item))]
            elif "reasoning_content" in item:
                steps.append({**self.signed(), "summary": [text(item["reasoning_content"])]})
            else:
                (call,) = item["tool_calls"]
                function = call["function"]
                number = function["arguments"].split('"')[3]
                steps += [
                    self.signed(),
                    called(function["name"], {"expression": number}, call["id"]),
                ]
        return steps
