"""A test server for each kind of provider: it lists a model, repeats what is said to it, and draws.

``test_server`` of a kind's spec names its function here, or in a module of its own.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from chat.core.models import Endpoint, ModelCard
from chat.core.parts import Json
from tests.loopback import Loopback, Reply, Request, json_reply
from tests.wire.drawing import answer
from tests.wire.interactions_shapes import interactions_stream
from tests.wire.responses_shapes import responses_stream
from tests.wire.talk import KEY
from tests.wire_shapes import gemini_stream, imagen_answer, openai_stream, tiny_png

PICTURE = tiny_png(200, 100, 0)


@dataclass(frozen=True)
class Served:
    """Where a model answers, and what it says beside its picture."""

    endpoint: Endpoint
    card: ModelCard
    words: Literal["repeated", "any", "none"] = "repeated"
    """Those of the question exactly, some of its own, or none: it only draws."""


def served(
    kind: str,
    url: str = "",
    words: Literal["repeated", "any", "none"] = "repeated",
    options: Mapping[str, Json] | None = None,
    **card: bool,
) -> Served:
    """A model of this kind at an address; without one, where nobody is asked."""
    key = KEY if url else ""
    return Served(
        Endpoint("test", kind, "Test", base_url=url, api_key=key, options=options or {}),
        ModelCard("test-model", "test", "test-model", "Test model", **card),  # type: ignore[arg-type]
        words,
    )


def last_words(body: object) -> str:
    """The last text anywhere in a request, in reading order."""
    found = [""]

    def read(value: object) -> None:
        if isinstance(value, dict):
            for key, item in value.items():
                if key in {"text", "content"} and isinstance(item, str):
                    found.append(item)
                read(item)
        elif isinstance(value, list):
            for item in value:
                read(item)

    read(body)
    return found[-1]


def listing(asked: Request) -> Reply:
    """What a server lists: its one model, in the form of each wire."""
    path = asked.path.partition("?")[0]
    if path.endswith("publishers/google/models"):
        return json_reply({"publisherModels": [{"name": "publishers/google/models/imagen-test"}]})
    if path.endswith("/models"):
        own = {"name": "models/test-model", "supportedGenerationMethods": ["generateContent"]}
        data = [{"id": "test-model", "object": "model", "created": 1, "owned_by": "test"}]
        return json_reply({"data": data, "models": [own]})
    return json_reply({"error": {"message": "Not found."}}, 404)


@contextmanager
def gemini() -> Iterator[Served]:
    """Google's generateContent."""
    with _repeats_and_draws(gemini_stream, "contents") as server:
        yield served("gemini", server.url, signatures=True)


@contextmanager
def gemini_interactions() -> Iterator[Served]:
    """Google's Interactions API."""
    with _repeats_and_draws(interactions_stream, "input") as server:
        yield served("gemini_interactions", server.url, signatures=True)


@contextmanager
def imagen() -> Iterator[Served]:
    """Imagen on Google Cloud."""

    def draw(asked: Request) -> Reply:
        if asked.method == "GET":
            return listing(asked)
        words = asked.json["instances"][0]["prompt"]
        return json_reply(imagen_answer(tiny_png(len(words) % 256)))

    with Loopback(draw) as server:
        yield served("imagen", server.url, "none", {"enterprise": True})


@contextmanager
def openai_chat() -> Iterator[Served]:
    """Chat completions."""
    with _repeats_and_draws(openai_stream, "messages") as server:
        yield served("openai_chat", server.url)


@contextmanager
def openai_images() -> Iterator[Served]:
    """The images routes."""

    def draw(asked: Request) -> Reply:
        if asked.method == "GET":
            return listing(asked)
        return answer(tiny_png(len(asked.json["prompt"]) % 256))

    with Loopback(draw) as server:
        yield served("openai_images", server.url, "none")


@contextmanager
def openai_responses() -> Iterator[Served]:
    """The Responses API."""
    with _repeats_and_draws(responses_stream, "input") as server:
        yield served("openai_responses", server.url)


@contextmanager
def sketch() -> Iterator[Served]:
    """The offline painter, which needs no server."""
    yield served("sketch", words="any", options={"pace_s": 0})


def _repeats_and_draws(stream: Callable[[Sequence[str | bytes]], Reply], key: str) -> Loopback:
    """A server that lists its model, says what the user said, and draws in the middle of it."""

    def reply(asked: Request) -> Reply:
        if asked.method == "GET":
            return listing(asked)
        words = last_words(asked.json[key])
        return stream([words[: len(words) // 2], PICTURE, words[len(words) // 2 :]])

    return Loopback(reply)
