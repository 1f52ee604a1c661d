"""A house for each kind of provider: a server of its wire that repeats what is said, and draws."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, aclosing, contextmanager
from dataclasses import dataclass

from chat.core.calling import ModelRequest, Provider
from chat.core.events import Finished, ImageBytes, ProviderEvent, TextDelta
from chat.core.messages import Finish, Message
from chat.core.models import Endpoint, ModelCard
from chat.providers.registry import open_provider
from chat.providers.scripted import Scripted
from tests.loopback import Loopback, Reply, Request, json_reply
from tests.wire.drawing import answer
from tests.wire.responses_shapes import responses_stream
from tests.wire.talk import KEY, Media, generator, request, user
from tests.wire_shapes import gemini_stream, imagen_answer, openai_stream, tiny_png

PICTURE = tiny_png(200, 100, 0)
REPEATS = frozenset({"gemini", "openai_chat", "openai_responses"})
"""Kinds whose server says what the user said."""

SILENT = frozenset({"imagen", "openai_images"})
"""Kinds that draw and say nothing."""


@dataclass
class House:
    """A provider at work, and a card that it serves."""

    provider: Provider
    card: ModelCard
    kind: str

    @property
    def repeats(self) -> bool:
        return self.kind in REPEATS

    @property
    def silent(self) -> bool:
        return self.kind in SILENT

    def asks(self, *messages: Message | str, media: Media | None = None) -> ModelRequest:
        said = (m if isinstance(m, Message) else user(m) for m in messages)
        return request(self.card, *said, media=(media or Media()).bytes)

    async def hears(
        self, *messages: Message | str, media: Media | None = None
    ) -> list[ProviderEvent]:
        async with aclosing(generator(self.provider, self.asks(*messages, media=media))) as events:
            return [event async for event in events]


def card(kind: str) -> ModelCard:
    return ModelCard("test-model", "test", "test-model", "Test model", signatures=kind == "gemini")


def endpoint(kind: str, url: str = "") -> Endpoint:
    key = KEY if url else ""
    options = {"pace_s": 0, "enterprise": kind == "imagen"}
    return Endpoint("test", kind, "Test", base_url=url, api_key=key, options=options)


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


def server_for(stream: Callable[[Sequence[str | bytes]], Reply], key: str) -> Loopback:
    """A server that lists its model, says what the user said, and draws."""

    def answer(asked: Request) -> Reply:
        if asked.method == "GET":
            return listing(asked)
        words = last_words(asked.json[key])
        return stream([words[: len(words) // 2], PICTURE, words[len(words) // 2 :]])

    return Loopback(answer)


@contextmanager
def at_gemini() -> Iterator[Provider]:
    with server_for(lambda parts: gemini_stream(parts), "contents") as server:
        yield open_provider(endpoint("gemini", server.url))


@contextmanager
def at_imagen() -> Iterator[Provider]:
    def draw(asked: Request) -> Reply:
        if asked.method == "GET":
            return listing(asked)
        words = asked.json["instances"][0]["prompt"]
        return json_reply(imagen_answer(tiny_png(len(words) % 256)))

    with Loopback(draw) as server:
        yield open_provider(endpoint("imagen", server.url))


@contextmanager
def at_openai_chat() -> Iterator[Provider]:
    with server_for(lambda parts: openai_stream(parts), "messages") as server:
        yield open_provider(endpoint("openai_chat", server.url))


@contextmanager
def at_openai_images() -> Iterator[Provider]:
    def draw(asked: Request) -> Reply:
        if asked.method == "GET":
            return listing(asked)
        return answer(tiny_png(len(asked.json["prompt"]) % 256))

    with Loopback(draw) as server:
        yield open_provider(endpoint("openai_images", server.url))


@contextmanager
def at_openai_responses() -> Iterator[Provider]:
    with server_for(lambda parts: responses_stream(parts), "input") as server:
        yield open_provider(endpoint("openai_responses", server.url))


@contextmanager
def at_scripted() -> Iterator[Provider]:
    script = (TextDelta("Here: "), ImageBytes(PICTURE), Finished(Finish("stop")))
    yield Scripted(endpoint("scripted"), script)


@contextmanager
def at_sketch() -> Iterator[Provider]:
    yield open_provider(endpoint("sketch"))


HOUSES: dict[str, Callable[[], AbstractContextManager[Provider]]] = {
    "sketch": at_sketch,
    "scripted": at_scripted,
    "gemini": at_gemini,
    "imagen": at_imagen,
    "openai_chat": at_openai_chat,
    "openai_responses": at_openai_responses,
    "openai_images": at_openai_images,
}
