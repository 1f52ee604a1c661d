"""The model's side of the wire: an OpenAI-compatible server that answers what it is told next."""

import json
import threading
from collections import deque
from typing import Any, Self

from tests.loopback import Loopback, Reply, Request
from tests.wire_shapes import Said, openai_stream

MODEL = "words"
"""One with tools; Easel takes pictures from any model that sends them."""


class Upstream:
    """Answers from a list that grows during a test; without one it says a word and ends."""

    def __init__(self) -> None:
        self._next: deque[Reply] = deque()
        self._lock = threading.Lock()
        self.server = Loopback(lambda request: self.answer(request))

    def says(self, *parts: Said, finish: str | None = "stop") -> None:
        """Stream these to the next request that has no answer yet."""
        self.answers(openai_stream(parts, finish))

    def answers(self, reply: Reply) -> None:
        """Give this to the next request that has no answer yet."""
        with self._lock:
            self._next.append(reply)

    def forget(self) -> None:
        """Have nothing left to say."""
        with self._lock:
            self._next.clear()

    @property
    def environ(self) -> dict[str, str]:
        """What tells Easel to ask this server."""
        return {
            "OPENAI_API_KEY": "x",
            "OPENAI_BASE_URL": f"{self.server.url}/v1",
            "OPENAI_MODELS": MODEL,
        }

    def answer(self, request: Request) -> Reply:
        """What the next request gets."""
        del request
        with self._lock:
            return self._next.popleft() if self._next else openai_stream(["Understood."])

    def __enter__(self) -> Self:
        self.server.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self.server.__exit__(*error)


def tool_call(name: str, **arguments: Any) -> dict[str, Any]:
    """A delta in which the model asks for a tool."""
    function = {"name": name, "arguments": json.dumps(arguments)}
    return {"tool_calls": [{"index": 0, "id": "call-1", "type": "function", "function": function}]}
