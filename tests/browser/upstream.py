"""A model behind a real wire that says what a test has told it, by a word of the question."""

import threading
from typing import Any, Self

from tests.loopback import Loopback, Reply, Request
from tests.wire_shapes import Said, openai_stream

DRAWS, TALKS = "brush-image", "parrot"
"""The models it serves: one that draws, one with tools and words only."""


class Upstream:
    """Answers chat completions. Questions it knows nothing of are answered "Understood."."""

    def __init__(self) -> None:
        self._plans: dict[str, list[Reply]] = {}
        self._lock = threading.Lock()
        self._server = Loopback(self._answer)

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._server.__exit__(*error)

    @property
    def environ(self) -> dict[str, str]:
        """What tells Easel to ask this server."""
        return {
            "OPENAI_API_KEY": "x",
            "OPENAI_BASE_URL": f"{self._server.url}/v1",
            "OPENAI_MODELS": f"{DRAWS},{TALKS}",
        }

    def says(self, word: str, *parts: Said, finish: str | None = "stop") -> None:
        """Stream these parts to a question with this word. See :mod:`tests.wire_shapes`."""
        self.replies(word, openai_stream(parts, finish))

    def replies(self, word: str, *replies: Reply) -> None:
        """Give these, one a question; the last stays for all that follow."""
        with self._lock:
            self._plans[word] = list(replies)

    def forget(self) -> None:
        """Know no answers, and no requests of before."""
        with self._lock:
            self._plans.clear()
        self._server.requests.clear()

    def asked(self, word: str) -> list[Request]:
        """The requests so far whose newest question holds this word."""
        return [request for request in self._server.requests if word in question(request)]

    def _answer(self, request: Request) -> Reply:
        text = question(request)
        with self._lock:
            for word, plan in self._plans.items():
                if word in text:
                    return plan.pop(0) if len(plan) > 1 else plan[0]
        return openai_stream(["Understood."])


def question(request: Request) -> str:
    """The words of the newest user message."""
    asked = [m for m in request.json["messages"] if m["role"] == "user"]
    return "".join(part["text"] for part in _content(asked[-1]) if part["type"] == "text")


def sent_pictures(request: Request) -> list[str]:
    """The data URLs that went along with the newest user message."""
    asked = [m for m in request.json["messages"] if m["role"] == "user"]
    return [p["image_url"]["url"] for p in _content(asked[-1]) if p["type"] == "image_url"]


def _content(message: dict[str, Any]) -> list[dict[str, Any]]:
    content = message["content"]
    return [{"type": "text", "text": content}] if isinstance(content, str) else content
