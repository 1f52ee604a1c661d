"""Whole turns with many models: engine, guards, real SDKs over HTTP, each server a strict one.

What a model will say is told beforehand, as a list of beats; what it makes of the history is its
server's business, which refuses as the real ones do.
"""

import asyncio
import io
import itertools
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from typing import Any, Self, TypeAlias

from PIL import Image as Pillow

from chat.conversations.changes import ChangeFeed
from chat.conversations.service import ConversationService
from chat.conversations.settings_service import SettingsService
from chat.core.calling import Guardrails, NullGuardrails
from chat.core.messages import Conversation, Message
from chat.core.models import Endpoint, ModelCard
from chat.gateway.balancer import LoadBalancer
from chat.gateway.call import Gateway
from chat.gateway.deployments import DeploymentResolver
from chat.gateway.pool import ProviderPool
from chat.guards.deny_list import DenyList
from chat.guards.guardrails import RuledGuardrails
from chat.guards.rules import Rule
from chat.models import Catalogue
from chat.providers.registry import open_provider
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
from tests.loopback import Gate, Loopback, Reply, Request, json_reply
from tests.patience import PATIENCE_S
from tests.unit.turns.exchange import Clock
from tests.unit.turns.workshop import EDITOR, INGEST, ME
from tests.wire.interactions_shapes import interactions_stream
from tests.wire.responses_shapes import called as responses_call
from tests.wire.responses_shapes import responses_stream
from tests.wire.switching import litellm_route
from tests.wire.switching.interactions import StrictInteractions
from tests.wire.switching.openai import ChatRules, ResponsesRules
from tests.wire.switching.strict import Part, StrictGemini
from tests.wire.talk import endpoint
from tests.wire_shapes import gemini_picture, gemini_stream, openai_stream, tiny_png

Beat: TypeAlias = str | Gate
"""``words``, ``secret`` (words that a guard masks), ``end`` (a signature alone), ``picture``,
``thought``, ``call``, ``busy`` (no answer at all), or a gate to wait at; ``signed`` before a word
and a blank signs it where the model signs anything."""

MASKED = "swordfish"


class Said:
    """Makes beats into what a wire carries."""

    def __init__(self) -> None:
        self._count = itertools.count(1)

    def gemini(self, beats: Sequence[Beat], strict: StrictGemini) -> list[Part | Gate]:
        made: list[Part | Gate] = []
        for beat in beats:
            if isinstance(beat, Gate):
                made.append(beat)
                continue
            signs, kind = beat.startswith("signed "), beat.removeprefix("signed ")
            part = self._part(kind)
            # Pictures and what follows words as their end are always signed.
            made.append(strict.signed(part) if signs or kind in {"picture", "end"} else part)
        return made

    def _part(self, kind: str) -> Part:
        number = next(self._count)
        match kind:
            case "end":
                return {"text": ""}
            case "picture":
                return gemini_picture(self.picture(number), None)
            case "thought":
                return {"text": f"Thought {number}. ", "thought": True}
            case "call":
                call = {"name": "calculator", "args": {"expression": f"{number}+1"}}
                return {"functionCall": {"id": f"c{number}", **call}}
            case _:
                return {"text": self.words(kind, number)}

    @staticmethod
    def picture(number: int) -> bytes:
        return tiny_png(number % 251, number // 251 % 251, 7)

    @staticmethod
    def words(kind: str, number: int) -> str:
        middle = f"the {MASKED} " if kind == "secret" else ""
        return f"Word {number}, {middle}and so on. " + "Then more. " * (number % 3 * 20)

    def openai(self, beats: Sequence[Beat]) -> list[Any]:
        """Deltas of chat completions."""
        made: list[Any] = []
        for beat in beats:
            number = next(self._count)
            match beat if isinstance(beat, Gate) else beat.removeprefix("signed "):
                case Gate():
                    made.append(beat)
                case "picture":
                    made.append(self.picture(number))
                case "thought":
                    made.append({"reasoning_content": f"Thought {number}. "})
                case "call":
                    arguments = f'{{"expression": "{number}+1"}}'
                    function = {"name": "calculator", "arguments": arguments}
                    call = {"id": f"call_{number}", "type": "function", "function": function}
                    made.append({"tool_calls": [{**call, "index": number}]})
                case "end":
                    continue
                case kind:
                    made.append(self.words(kind, number))
        return made

    def responses(self, beats: Sequence[Beat]) -> list[Any]:
        """Items of the Responses API."""
        made: list[Any] = []
        for item in self.openai(beats):
            if isinstance(item, dict):
                for call in item.get("tool_calls", ()):
                    function = call["function"]
                    made.append(responses_call(function["name"], function["arguments"], call["id"]))
            else:
                made.append(item)
        return made


@dataclass
class Model:
    """A model, its server, and what it will say next."""

    card: ModelCard
    kind: str
    answer: Callable[[Request, Sequence[Beat]], Reply]
    strict: StrictGemini | None = None
    said: list[Sequence[Beat]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    """What its server found wrong with a request, but for missing signatures."""

    def replies(self, request: Request) -> Reply:
        """What the server answers."""
        beats = self.said.pop(0) if self.said else ["words"]
        if "busy" in beats:
            return json_reply({"error": {"code": 503, "message": "Busy."}}, 503)
        try:
            return self.answer(request, beats)
        except AssertionError as error:
            self.faults.append(f"{self.card.id}: {error}")
            return json_reply({"error": {"message": str(error)}}, 400)


def gemini(name: str, said: Said, *, calls_only: bool = False, **card: Any) -> Model:
    """A model on Google's own wire."""
    strict = StrictGemini(calls_only=calls_only)

    def answer(request: Request, beats: Sequence[Beat]) -> Reply:
        refused = strict.refusal(request.json["contents"])
        return refused or gemini_stream(said.gemini(beats, strict))

    return Model(_card(name, **card), "gemini", answer, strict)


def proxied(name: str, said: Said, **card: Any) -> Model:
    """The same behind the chat route of a LiteLLM proxy."""
    strict = StrictGemini()

    def answer(request: Request, beats: Sequence[Beat]) -> Reply:
        refused = strict.refusal(litellm_route.contents_of(request.json["messages"]))
        parts = said.gemini(beats, strict)
        if refused is not None:
            return refused
        if request.json.get("stream"):
            return litellm_route.streamed(parts)
        return litellm_route.whole([part for part in parts if not isinstance(part, Gate)])

    return Model(_card(name, **card), "openai_chat", answer, strict)


def plain(name: str, said: Said, **card: Any) -> Model:
    """A server of chat completions that has never heard of signatures."""

    def answer(request: Request, beats: Sequence[Beat]) -> Reply:
        told = request.body.decode()
        assert "provider_specific_fields" not in told, "a plain server saw a signature"
        assert litellm_route.SEPARATOR not in told, "a plain server saw a signature in an id"
        ChatRules(tool="calculator").read(request)
        deltas = said.openai(beats)
        called = any(isinstance(delta, dict) and "tool_calls" in delta for delta in deltas)
        return openai_stream(deltas, "tool_calls" if called else "stop")

    return Model(_card(name, **card), "openai_chat", answer)


def router(name: str, said: Said, **card: Any) -> Model:
    """OpenRouter: reasoning details, which come back as they were or not at all."""
    issued: list[list[dict[str, Any]]] = []

    def answer(request: Request, beats: Sequence[Beat]) -> Reply:
        for message in request.json["messages"]:
            assert "provider_specific_fields" not in message
            details = message.get("reasoning_details")
            assert details is None or details in issued, "reasoning details came back altered"
        ChatRules(tool="calculator").read(request)
        deltas = said.openai(beats)
        details = [
            {"type": "reasoning.encrypted", "data": f"d{len(issued)}", "id": "r", "index": 0}
        ]
        issued.append(details)
        called = any(isinstance(delta, dict) and "tool_calls" in delta for delta in deltas)
        deltas.append({"reasoning_details": details})
        return openai_stream(deltas, "tool_calls" if called else "stop")

    return Model(_card(name, **card), "openai_chat", answer)


def responses(name: str, said: Said, **card: Any) -> Model:
    """OpenAI's Responses API."""

    def answer(request: Request, beats: Sequence[Beat]) -> Reply:
        ResponsesRules().read(request)
        return responses_stream(said.responses(beats))

    return Model(_card(name, **card), "openai_responses", answer)


def interactions(name: str, said: Said, **card: Any) -> Model:
    """A model on Google's Interactions API."""
    strict = StrictInteractions()

    def answer(request: Request, beats: Sequence[Beat]) -> Reply:
        strict.read(request.json["input"])
        steps = strict.said(said.openai(beats))
        calls = any(isinstance(step, dict) and step["type"] == "function_call" for step in steps)
        return interactions_stream(steps, "requires_action" if calls else "completed")

    return Model(_card(name, **card), "gemini_interactions", answer)


def _card(name: str, **more: Any) -> ModelCard:
    return ModelCard(name, name, name, name.title(), **{"max_input_images": 14, **more})


def models(said: Said) -> list[Model]:
    """One of every door that sees the history."""
    return [
        gemini("native", said, signatures=True),
        gemini("thinker", said, signatures=True, tools=True),
        gemini("vertex", said, calls_only=True),
        proxied("proxy", said, signatures=True),
        proxied("whole", said, signatures=True, stream=False),
        proxied("proxy-tools", said, signatures=True, tools=True),
        plain("plain", said, tools=True),
        router("router", said, tools=True),
        responses("responses", said, tools=True),
        interactions("interactions", said, signatures=True, tools=True),
    ]


def masking() -> Guardrails:
    """Guards that mask a word on both sides of every call."""
    deny = DenyList((MASKED,))
    return RuledGuardrails((Rule("No fish", deny, ("before", "after"), "mask"),))


class Studio:
    """Everything that answers questions with these models; a context that lets go of it again."""

    def __init__(
        self,
        made: Sequence[Model],
        guardrails: Guardrails | None = None,
        addresses: Mapping[str, Endpoint] | None = None,
    ) -> None:
        """Serve the models on loopback, but for those whose endpoint is given."""
        self.models = {model.card.id: model for model in made}
        self._guardrails = guardrails or NullGuardrails()
        self._addresses = dict(addresses or {})
        self._open = AsyncExitStack()
        self._asked = itertools.count(1)
        self._clock = Clock()

    async def __aenter__(self) -> Self:
        endpoints = dict(self._addresses)
        for name, model in self.models.items():
            if name in endpoints:
                continue
            server = self._open.enter_context(Loopback(model.replies))
            googles = model.kind in {"gemini", "gemini_interactions"}
            url = server.url if googles else f"{server.url}/v1"
            endpoints[name] = _named(endpoint(model.kind, url), name)
        self.store = MemoryConversations()
        pictures = self.pictures = Pictures(INGEST, MemoryMedia(), self.store)
        toolbox = Toolbox(load_tools(), pictures)
        self._open.callback(toolbox.close)
        self.jobs, news = Jobs(), ChangeFeed()
        cards = {model.card.id: model.card for model in self.models.values()}
        self._catalogue = Catalogue(endpoints, cards)
        gateway = Gateway(
            DeploymentResolver(self._catalogue),
            ProviderPool(open_provider),
            self._guardrails,
            balancer=LoadBalancer(self._clock.now, self._clock.sleep, lambda: 0.5),
        )
        history = History(self.store)
        deps = TurnDeps(self.store, pictures, EDITOR, toolbox, gateway, self.jobs, history)
        self.engine = Engine(deps, self._catalogue, news)
        self._open.push_async_callback(self.engine.close)
        self.library = ConversationService(self.store, self._catalogue, self.jobs, news)
        self.settings = SettingsService(self.store, self._catalogue, toolbox.tools, news.publish)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()

    async def begin(self) -> Conversation:
        return await self.library.new(ME)

    async def choose(self, conversation: Conversation, model: str, *, tools_on: bool) -> None:
        """Set a model up, an hour later: no server is given a rest any more."""
        self._clock.moment += 3600
        changes: dict[str, object] = {"model": model}
        if self._catalogue.card(model).tools:
            changes["tools_on"] = tools_on  # what was chosen before is kept by one without tools
        await self.settings.change(ME, conversation.id, changes)

    async def ask(
        self,
        conversation: Conversation,
        words: str,
        shas: Sequence[str] = (),
        masks: Sequence[str] = (),
    ) -> Started:
        number = next(self._asked)
        sent = Outgoing(f"client-{number}", words, shas, masks=masks)
        return await self.engine.send(ME, conversation.id, sent)

    async def marked(self) -> tuple[str, str]:
        """A picture, as its user's, and a mask for it."""
        masked = Pillow.new("RGBA", (8, 8), "white")
        masked.paste((0, 0, 0, 0), (2, 2, 6, 6))
        out = io.BytesIO()
        masked.save(out, "PNG")
        keep = self.pictures.keep
        picture, mask = [await keep(ME, data, "upload") for data in (tiny_png(9), out.getvalue())]
        return picture[0].sha256, mask[0].sha256

    async def ask_otherwise(self, question_id: str, words: str) -> Started:
        number = next(self._asked)
        return await self.engine.edit(ME, question_id, Outgoing(f"client-{number}", words))

    async def end_of(self, started: Started, stop_at: Gate | None = None) -> Message:
        """The reply, stopped once its server stands at the gate, if there is one."""
        ended = asyncio.ensure_future(self.jobs.wait(started.reply_id))
        if stop_at is not None:
            ended.add_done_callback(lambda _: stop_at.reached.set())  # whatever happened instead
            reached = await asyncio.to_thread(stop_at.reached.wait, PATIENCE_S)
            assert reached, "the reply neither came to its gate nor ended"
            self.engine.stop(ME, started.reply_id)
            await ended
            stop_at.open()
        await ended
        return self.store.message(ME, started.reply_id)

    @property
    def refusals(self) -> list[str]:
        """Every refusal of a request so far."""
        found: list[str] = []
        for model in self.models.values():
            found += model.faults
            if model.strict is not None:
                found += [f"{model.card.id}: {why}" for why in model.strict.refusals]
        return found


def _named(made: Endpoint, name: str) -> Endpoint:
    return replace(made, id=name)


def beats(chance: random.Random, *, tools: bool) -> list[list[Beat]]:
    """What a model says in one turn, round by round, in a shape that a model may choose."""
    rounds: list[list[Beat]] = []
    if tools and chance.random() < 0.5:
        for _ in range(chance.randint(1, 2)):
            opening = chance.choice(([], ["signed words"], ["words"], ["thought"]))
            calls = ["signed call", *["call"] * chance.randint(0, 1)]
            rounds.append([*opening, *calls])
    rounds.append(_last_round(chance))
    return rounds


def _last_round(chance: random.Random) -> list[Beat]:
    words = chance.choice(("words", "words", "secret"))
    shapes: list[list[Beat]] = [
        [f"signed {words}", "picture"],
        [f"signed {words}", "words", "picture", "words", "picture", "end"],
        ["thought", f"signed {words}", "secret", "picture"],
        ["signed thought", words, "words", "end"],
        [words, "words", "picture"],
        ["picture"],
        ["picture", "picture", "picture"],
        ["picture", words],
        [f"signed {words}"],
        [words, "end"],
    ]
    return list(chance.choice(shapes))
