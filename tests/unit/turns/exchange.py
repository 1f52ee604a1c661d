"""A whole engine whose models live behind loopback servers: real SDKs, real HTTP, no sleeping."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from types import MappingProxyType
from typing import Any, Protocol

from chat.conversations.changes import ChangeFeed
from chat.conversations.service import ConversationService
from chat.conversations.settings_service import SettingsService
from chat.core.calling import Guardrails, NullGuardrails
from chat.core.messages import Conversation, Message, Status
from chat.core.models import Deployment, Endpoint, ModelCard, Prices, Timeouts
from chat.core.parts import plain_text
from chat.gateway.balancer import LoadBalancer
from chat.gateway.call import Gateway
from chat.gateway.deployments import DeploymentResolver
from chat.gateway.pool import ProviderPool
from chat.models import Catalogue
from chat.providers.registry import open_provider
from chat.telemetry.call import Call, Recorder
from chat.tools.registry import load_tools
from chat.turns.engine import Engine, Started
from chat.turns.history import History
from chat.turns.jobs import Jobs
from chat.turns.outgoing import Outgoing
from chat.turns.pictures import Pictures
from chat.turns.run import TurnDeps
from chat.turns.toolbox import Toolbox
from storage.media.memory import MemoryMedia
from storage.memory import MemoryConversations
from tests.loopback import Loopback, Reply, json_reply
from tests.unit.turns.workshop import EDITOR, INGEST, ME
from tests.wire.talk import KEY
from tests.wire_shapes import openai_stream

LIMITS = Timeouts(30, 60, 60, 120)
PRICES = Prices(input_text_usd=1.0, output_text_usd=2.0, output_image_usd=30.0)


def says(words: str = "Here you are.", **more: Any) -> Reply:
    """An answer in words."""
    return openai_stream([words], **more)


def refuses(status: int, wait_s: int | None = None, message: str = "No.") -> Reply:
    """An error, and perhaps how long to wait."""
    headers = {} if wait_s is None else {"retry-after": str(wait_s)}
    return json_reply({"error": {"message": message}}, status, headers)


def declines(code: str = "content_policy_violation") -> Reply:
    """A refusal of the content, as OpenAI words it."""
    return json_reply({"error": {"message": "No.", "code": code}}, 400)


def unknown_model(code: str = "model_not_found") -> Reply:
    """The answer to the name of a model that the server does not have."""
    return json_reply({"error": {"message": "The model does not exist.", "code": code}}, 404)


class Clock:
    """A time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.moment = 1_000.0
        self.naps: list[float] = []

    def now(self) -> float:
        return self.moment

    async def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        wake_at = self.moment + seconds
        await asyncio.sleep(0)
        self.moment = max(self.moment, wake_at)


class Book:
    """A recorder that remembers."""

    keeps_words = True

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.turns: list[str] = []

    def began(self, conversation_id: str, turn_id: str, owner: str) -> None:
        assert conversation_id
        assert owner.startswith(ME)
        self.turns.append(turn_id)

    def called(self, call: Call) -> None:
        self.calls.append(call)

    def ended(self, turn_id: str, status: Status) -> None:
        assert turn_id in self.turns
        self.turns.append(status)

    def close(self) -> None:
        pass


class Server(Protocol):
    """Something with an address."""

    @property
    def url(self) -> str:
        """Without a trailing slash."""
        ...


class Exchange:
    """An engine with these servers as endpoints, by their letters."""

    def __init__(
        self,
        servers: Mapping[str, Server],
        cards: Sequence[ModelCard],
        timeouts: Timeouts = LIMITS,
        guardrails: Guardrails | None = None,
        recorder: Recorder | None = None,
        kinds: Mapping[str, str] = MappingProxyType({}),
        clock: Clock | None = None,
    ) -> None:
        endpoints = {
            letter: Endpoint(
                letter,
                kinds.get(letter, "openai_chat"),
                f"Server {letter.upper()}",
                f"{server.url}/v1",
                KEY,
                ("K",),
                timeouts,
            )
            for letter, server in servers.items()
        }
        self.clock, self.book = clock or Clock(), Book()
        self.balance = LoadBalancer(self.clock.now, self.clock.sleep, lambda: 0.5)
        self.store, self.media = MemoryConversations(), MemoryMedia()
        self.pictures = Pictures(INGEST, self.media, self.store)
        toolbox = Toolbox(load_tools(), self.pictures)
        self.jobs, news = Jobs(), ChangeFeed()
        catalogue = Catalogue(endpoints, {card.id: card for card in cards})
        gateway = Gateway(
            DeploymentResolver(catalogue),
            ProviderPool(open_provider),
            guardrails or NullGuardrails(),
            recorder or self.book,
            self.balance,
        )
        history = History(self.store)
        deps = TurnDeps(self.store, self.pictures, EDITOR, toolbox, gateway, self.jobs, history)
        self.engine = Engine(deps, catalogue, news)
        self.library = ConversationService(self.store, catalogue, self.jobs, news)
        self.settings = SettingsService(self.store, catalogue, toolbox.tools, news.publish)
        self._asked = 0

    async def begin(self, **settings: Any) -> Conversation:
        conversation = await self.library.new(ME)
        return await self.settings.change(ME, conversation.id, settings)

    async def ask(
        self, text: str = "hello", shas: Sequence[str] = (), in_: Conversation | None = None
    ) -> Started:
        self._asked += 1
        conversation = in_ or await self.begin()
        sent = Outgoing(f"client-{self._asked}", text, shas)
        return await self.engine.send(ME, conversation.id, sent)

    async def reply(
        self, text: str = "hello", shas: Sequence[str] = (), in_: Conversation | None = None
    ) -> Message:
        """Ask and wait for the end."""
        return await self.end_of(await self.ask(text, shas, in_))

    async def end_of(self, started: Started) -> Message:
        await self.jobs.wait(started.reply_id)
        return self.store.message(ME, started.reply_id)


@asynccontextmanager
async def exchange(
    cards: Sequence[ModelCard], replies: Mapping[str, Any], **more: Any
) -> AsyncIterator[tuple[Exchange, dict[str, Loopback]]]:
    """An exchange with a server for each letter, that answers from its list."""
    async with AsyncExitStack() as stack:
        servers = {letter: stack.enter_context(Loopback(said)) for letter, said in replies.items()}
        made = Exchange(servers, cards, **more)
        stack.push_async_callback(made.engine.close)
        yield made, servers


def card(letter: str, **more: Any) -> ModelCard:
    """The model of one server."""
    told: dict[str, Any] = {"tools": True, "prices": PRICES}
    return ModelCard(
        f"model-{letter}", letter, f"wire-{letter}", f"Model {letter.upper()}", **{**told, **more}
    )


def everywhere(*places: str | tuple[str, int], **more: Any) -> ModelCard:
    """One model with a deployment at each of these servers, each with its weight."""
    weighed = [(place, 1) if isinstance(place, str) else place for place in places]
    deployments = tuple(Deployment(letter, f"wire-{letter}", weight) for letter, weight in weighed)
    return card(weighed[0][0], deployments=deployments, **more)


def asked(servers: Mapping[str, Loopback]) -> dict[str, int]:
    """How many requests each server got."""
    return {letter: len(server.requests) for letter, server in servers.items()}


def words(message: Message) -> str:
    return plain_text(message.parts)


def sentence(message: Message) -> str:
    assert message.finish is not None
    return message.finish.message


def notes(message: Message) -> tuple[str, ...]:
    assert message.origin is not None
    return message.origin.notes


def origin(message: Message) -> tuple[str, str, str]:
    """Endpoint, model and deployment."""
    assert message.origin is not None
    return message.origin.endpoint, message.origin.model, message.origin.deployment
