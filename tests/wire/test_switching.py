"""Another model may take over at any moment, whatever has happened before.

Random conversations go through what prepares a request and through each door's real SDK to a
server that is as strict as the real ones.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat.core.calling import ModelRequest, Provider
from chat.core.errors import CapabilityError
from chat.core.events import Finished, ProviderEvent
from chat.core.models import ModelCard
from chat.core.parts import Text, ToolResult, images, plain_text
from chat.providers.registry import KINDS, open_provider
from chat.turns.request import UNSENT, UNSENT_MASK, prepare
from tests.loopback import Loopback, Request
from tests.wire.switching.histories import LARGEST_BYTES, MASK, PICTURES, Asked, conversations
from tests.wire.switching.sent import Sent
from tests.wire.switching.wires import DRAWERS, TALKERS, WIRELESS, Wire
from tests.wire.talk import WEATHER, endpoint

EXAMPLES = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
SECRET = re.compile(r"secret-([a-z_]+)-([a-z]+)-\d+")
WORD = re.compile(r"word\d+\.")
SIGNING = frozenset({"gemini", "gemini_interactions", "openai_chat"})


def test_the_rules_are_of_kinds_that_there_are() -> None:
    assert {*TALKERS, *DRAWERS, *WIRELESS} <= set(KINDS)


@dataclass(frozen=True)
class Answering:
    """A door, a server behind it, and the loop that both are asked in."""

    door: Provider
    server: Loopback
    runner: asyncio.Runner

    def ask(self, request: ModelRequest) -> tuple[list[Request], Finished | CapabilityError]:
        """What was sent, and how it ended."""
        self.server.requests.clear()

        async def hear() -> Finished | CapabilityError:
            try:
                last = [event async for event in self.door.stream(request)][-1]
            except CapabilityError as refusal:
                return refusal
            assert isinstance(last, Finished)
            return last

        return self.server.requests, self.runner.run(hear())


@contextmanager
def answering(kind: str, wire: Wire) -> Iterator[Answering]:
    with Loopback(lambda _: wire.reply()) as server, asyncio.Runner() as runner:
        door = open_provider(endpoint(kind, server.url, enterprise=kind == "imagen"))
        try:
            yield Answering(door, server, runner)
        finally:
            runner.run(door.aclose())


@st.composite
def cards(draw: st.DrawFn, kind: str) -> ModelCard:
    """A card as narrow or as wide as a catalogue may say."""
    sees = kind != "imagen" and draw(st.sampled_from((True, True, True, False)))
    return ModelCard(
        "painter",
        f"{kind}-test",
        "painter",
        "The painter",
        input_modalities=("text", "image") if sees else ("text",),
        tools=kind in TALKERS,
        signatures=kind in SIGNING and draw(st.booleans()),
        mask=kind == "openai_images" and draw(st.booleans()),
        max_input_images=draw(st.sampled_from((1, 2, 5, 14))),
        max_request_bytes=draw(st.sampled_from((LARGEST_BYTES, 3 * LARGEST_BYTES, 18_000_000))),
    )


def prepared(card: ModelCard, asked: Asked, *, tools_on: bool) -> ModelRequest | None:
    """The request; ``None`` where the question itself is more than the model can take."""
    if too_much(card, asked):
        with pytest.raises(CapabilityError, match=r"\.$"):
            prepare(card, asked.branch, tools_on)
        return None
    messages = prepare(card, asked.branch, tools_on)
    named = {image.media.sha256 for message in messages for image in images(message.parts)}
    media = {name: PICTURES[name] for name in named}
    tools = (WEATHER,) if tools_on else ()
    return ModelRequest(card, messages, system="You draw.", tools=tools, media=media)


def too_much(card: ModelCard, asked: Asked) -> bool:
    """Whether the question has more, or heavier, pictures than the card allows."""
    sizes = [image.media.size_bytes for image in images(asked.question.parts) if not image.mask]
    most = card.max_input_images if "image" in card.input_modalities else 0
    return len(sizes) > most or (len(sizes) > 1 and sum(sizes) > card.max_request_bytes)


def judged(card: ModelCard, asked: Asked, request: ModelRequest, sent: Sent) -> None:
    """Everything visible is there, in its order and once, or is said to be missing."""
    said = "\n".join(sent.words)
    assert WORD.findall(said) == WORD.findall(visible(asked))
    kept = [image for m in request.messages for image in images(m.parts)]
    assert not any(image.draft or image.mask for image in kept)
    chosen = {image.media.sha256 for image in kept}
    assert Counter(sent.pictures) == Counter(PICTURES[name] for name in chosen)
    assert len(chosen) <= card.max_input_images
    assert sum(len(PICTURES[name]) for name in chosen) <= card.max_request_bytes
    shown = [image for m in asked.branch for image in images(m.parts) if not image.draft]
    missing = {image.media.sha256 for image in shown if not image.mask} - chosen
    assert said.count(UNSENT) >= len(missing)
    assert said.count(UNSENT_MASK) == sum(image.mask for image in shown)
    for secret in sent.secrets:
        match = SECRET.search(secret)
        assert match
        assert match.groups() == (card.endpoint.removesuffix("-test"), card.id)


def visible(asked: Asked) -> str:
    """Every word of the conversation, those of tools included."""
    said: list[str] = []
    for message in asked.branch:
        for part in message.parts:
            if isinstance(part, Text):
                said.append(part.text)
            elif isinstance(part, ToolResult):
                said.append(plain_text(part.content))
    return "\n".join(said)


@pytest.mark.parametrize("kind", TALKERS)
def test_a_model_that_talks_goes_on_with_any_conversation(kind: str) -> None:
    wire = TALKERS[kind]
    with answering(kind, wire) as at:

        @EXAMPLES
        @given(cards(kind), conversations(kind), st.booleans())
        def goes_on(card: ModelCard, asked: Asked, tools_on: bool) -> None:
            request = prepared(card, asked, tools_on=tools_on or asked.under_way)
            if request is None:
                return
            requests, last = at.ask(request)
            assert isinstance(last, Finished)
            assert last.finish.kind == "stop"
            (only,) = requests
            judged(card, asked, request, wire.read(card, only))

        goes_on()


@pytest.mark.parametrize("kind", DRAWERS)
def test_a_model_that_only_draws_is_asked_what_was_asked_last(kind: str) -> None:
    wire = DRAWERS[kind]
    with answering(kind, wire) as at:

        @settings(EXAMPLES, max_examples=30)
        @given(cards(kind), conversations(kind, under_way=False))
        def draws(card: ModelCard, asked: Asked) -> None:
            request = prepared(card, asked, tools_on=False)
            if request is None:
                return
            requests, last = at.ask(request)
            question = plain_text(asked.question.parts)
            if isinstance(last, CapabilityError):
                assert not question, "only a question without words may be refused"
                assert requests == []
                return
            (only,) = requests
            sent = wire.read(card, only)
            assert question in sent.words[0]
            told = [image for image in images(asked.question.parts) if not image.mask]
            assert sent.pictures == [PICTURES[image.media.sha256] for image in told]
            masked = card.mask and len(told) < len(images(asked.question.parts))
            assert sent.masks == [PICTURES[MASK]] * masked
            if len(asked.branch) > 1:
                assert last.finish.message, "what the model did not see is said"

        draws()


@pytest.mark.parametrize("kind", sorted(WIRELESS))
def test_a_model_without_a_wire_goes_on_with_any_conversation(kind: str) -> None:
    with asyncio.Runner() as runner:
        door = open_provider(endpoint(kind, "", pace_s=0))

        async def hear(request: ModelRequest) -> ProviderEvent:
            return [event async for event in door.stream(request)][-1]

        @settings(EXAMPLES, max_examples=15)
        @given(cards(kind), conversations(kind), st.booleans())
        def goes_on(card: ModelCard, asked: Asked, tools_on: bool) -> None:
            request = prepared(card, asked, tools_on=tools_on or asked.under_way)
            if request is not None:
                assert isinstance(runner.run(hear(request)), Finished)

        goes_on()
        runner.run(door.aclose())
