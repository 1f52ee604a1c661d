"""A second message to a Gemini that wants what it signed, through the real proxy's two routes."""

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from chat.core.parts import plain_text
from chat.providers.registry import open_provider
from tests.litellm.backends import Plain, gemini_answer, sent_pictures
from tests.litellm.conftest import Desk, closing
from tests.loopback import Gate, Reply, Request
from tests.unit.models.files import shipped
from tests.wire.switching.strict import StrictGemini, signature_in, unsigned
from tests.wire.switching.studio import Beat, Model, Said, Studio, masking, plain
from tests.wire.switching.studio import gemini as gemini_itself
from tests.wire.test_second_turns import HISTORIES, a_history
from tests.wire_shapes import gemini_stream

ROUTES = ("chat", "chat-whole", "native")
BYPASS = b"skip_thought_signature_validator"


class Gemini:
    """What stands behind the proxy; it says what its models are told, and refuses what it must."""

    def __init__(self, desk: Desk, names: Sequence[str] = ROUTES) -> None:
        self.strict = StrictGemini()
        cards = [desk.card(name) for name in names]
        self.places = {card.endpoint: desk.catalogue.endpoint_of(card) for card in cards}
        kinds = {card.id: self.places[card.endpoint].kind for card in cards}
        self.models = [Model(card, kinds[card.id], _elsewhere, self.strict) for card in cards]
        self._said = Said()
        self._behind = desk.behind
        desk.behind.answers(self._answer)

    @property
    def refusals(self) -> list[str]:
        """Every refusal so far."""
        return [*self._behind.refused, *self.strict.refusals]

    def studio(self, *others: Model, guarded: bool = False) -> Studio:
        """These models beside those on loopback servers of their own."""
        return Studio([*self.models, *others], masking() if guarded else None, self.places)

    def will_say(self, *rounds: list[Beat]) -> None:
        """Whichever of them is asked next."""
        self.models[0].said += rounds

    def _answer(self, request: Request) -> Reply | None:
        if "enerateContent" not in request.path:
            return None
        refused = self.strict.refusal(request.json["contents"])
        if refused is not None:
            return refused
        told = next((model.said for model in self.models if model.said), None)
        parts = self._said.gemini(told.pop(0) if told else ["words"], self.strict)
        if "stream" in request.path:
            return gemini_stream(parts)
        whole: list[Plain] = [part for part in parts if not isinstance(part, Gate)]
        return gemini_answer(*whole)


def _elsewhere(request: Request, beats: Sequence[Beat]) -> Reply:
    raise AssertionError(f"{request.path} was not asked through the proxy: {beats}")


FIRST: dict[str, list[Beat]] = {
    "words and a picture": ["signed words", "picture"],
    "pictures alone": ["picture", "picture"],
    "words whose signature came late": ["words", "words", "end", "picture"],
    "words that nobody signed": ["words", "picture"],
    "thoughts before": ["signed thought", "signed words", "picture"],
    "words between": ["signed words", "picture", "words", "picture", "words"],
}


@pytest.mark.parametrize("first", FIRST)
@pytest.mark.parametrize("route", ROUTES)
async def test_a_picture_is_changed_in_the_second_turn(desk: Desk, route: str, first: str) -> None:
    gemini = Gemini(desk)
    async with gemini.studio() as at:
        conversation = await at.begin()
        await at.choose(conversation, route, tools_on=False)
        gemini.will_say(FIRST[first], ["signed words", "picture"], ["words"])
        for words in ("Draw a fox", "Make it blue", "And the sea"):
            reply = await at.end_of(await at.ask(conversation, words))
            assert (reply.status, gemini.refusals) == ("complete", [])
    _, second, _ = desk.behind.asked
    assert not list(unsigned(second.json["contents"]))


async def test_the_signature_of_the_words_goes_back_where_it_came_from(desk: Desk) -> None:
    """And the value in its stead only where there was none."""
    for route in ROUTES:
        desk.behind.forget()
        gemini = Gemini(desk)
        gemini.will_say(["signed words", "words", "picture"])
        async with gemini.studio() as at:
            conversation = await at.begin()
            await at.choose(conversation, route, tools_on=False)
            for words in ("Draw a fox", "Make it blue"):
                await at.end_of(await at.ask(conversation, words))
        said = desk.behind.asked[1].json["contents"][1]["parts"]
        assert signature_in(said[0]) not in {b"", BYPASS}, route


@pytest.mark.parametrize("route", ROUTES)
async def test_it_goes_on_with_what_another_model_said(desk: Desk, route: str) -> None:
    gemini = Gemini(desk)
    other = plain("other", Said(), tools=True)
    other.said += [["words", "picture"], ["words", "call"], ["words"]]
    async with gemini.studio(other) as at:
        conversation = await at.begin()
        await at.choose(conversation, "other", tools_on=True)
        for words in ("Draw a fox", "And add"):
            reply = await at.end_of(await at.ask(conversation, words))
            assert reply.status == "complete"
        await at.choose(conversation, route, tools_on=False)
        reply = await at.end_of(await at.ask(conversation, "Make it blue"))
        assert (reply.status, at.refusals, gemini.refusals) == ("complete", [], [])
        assert plain_text(reply.parts)


@pytest.mark.parametrize("route", ["chat", "native"])
@pytest.mark.parametrize("at_beat", [0, 1, 2])
async def test_it_goes_on_after_stop(desk: Desk, route: str, at_beat: int) -> None:
    gemini, gate = Gemini(desk), Gate()
    beats: list[Beat] = ["words", "words", "picture", "end"]
    gemini.will_say([*beats[:at_beat], gate, *beats[at_beat:]])
    async with gemini.studio() as at:
        conversation = await at.begin()
        await at.choose(conversation, route, tools_on=False)
        reply = await at.end_of(await at.ask(conversation, "Draw a fox"), gate)
        assert reply.status == "stopped"
        reply = await at.end_of(await at.ask(conversation, "Make it blue"))
        assert (reply.status, gemini.refusals) == ("complete", [])


@pytest.mark.parametrize("route", ROUTES)
async def test_it_goes_on_after_a_guard_masked_its_words(desk: Desk, route: str) -> None:
    gemini = Gemini(desk)
    gemini.will_say(["signed secret", "picture"], ["signed words", "picture"], ["words"])
    async with gemini.studio(guarded=True) as at:
        conversation = await at.begin()
        await at.choose(conversation, route, tools_on=False)
        for words in ("Draw a fox", "Make it blue", "And the swordfish"):
            reply = await at.end_of(await at.ask(conversation, words))
            assert (reply.status, gemini.refusals) == ("complete", [])
        assert "swordfish" not in plain_text(reply.parts)


async def test_a_tool_round_goes_back_signed(desk: Desk) -> None:
    gemini = Gemini(desk, ["chat-tools"])
    gemini.will_say(["words", "signed call", "call"], ["signed words"], ["words"])
    async with gemini.studio() as at:
        conversation = await at.begin()
        await at.choose(conversation, "chat-tools", tools_on=True)
        for words in ("Add", "And once more"):
            reply = await at.end_of(await at.ask(conversation, words))
            assert (reply.status, gemini.refusals) == ("complete", [])


async def test_a_row_that_says_nothing_of_signatures_is_served_too(desk: Desk) -> None:
    """Refused once, asked again within the turn, and known for good."""
    gemini = Gemini(desk, ["chat-silent"])
    async with gemini.studio(plain("other", Said())) as at:
        for _ in range(2):
            conversation = await at.begin()
            await at.choose(conversation, "other", tools_on=False)
            await at.end_of(await at.ask(conversation, "Hello"))
            await at.choose(conversation, "chat-silent", tools_on=False)
            reply = await at.end_of(await at.ask(conversation, "Draw a fox"))
            assert reply.status == "complete"
    assert len(gemini.refusals) == 1


@pytest.mark.parametrize("guarded", [False, True], ids=["unguarded", "guarded"])
async def test_no_history_is_refused_through_the_proxy(desk: Desk, guarded: bool) -> None:
    """Random conversations, as ``tests/wire`` has them, with the proxy on the way."""
    gemini, said = Gemini(desk, (*ROUTES, "chat-tools", "native-tools")), Said()
    others = (plain("plain", said, tools=True), gemini_itself("direct", said, signatures=True))
    async with gemini.studio(*others, guarded=guarded) as at:
        for seed in range(HISTORIES // 4):
            await a_history(at, random.Random(seed), f"seed {seed}")
        assert (at.refusals, gemini.refusals) == ([], [])


async def test_a_discovered_gemini_goes_by_the_native_route_and_is_answered_twice(
    desk: Desk,
) -> None:
    """Somebody who set nothing but the proxy's address and key."""
    proxy = desk.catalogue.endpoint_of(desk.card("chat"))
    own = {"OPENAI_BASE_URL": proxy.base_url, "OPENAI_API_KEY": proxy.api_key}
    catalogue = shipped("", **own)
    async with closing(open_provider(catalogue.endpoints["openai"])) as door:
        catalogue.adopt("openai", await door.models())
    card = catalogue.card("openai:gemini-image")
    there = catalogue.endpoint_of(card)
    assert (there.kind, card.signatures) == ("gemini", True)
    assert catalogue.card("openai:gemini-text").endpoint == "openai"
    gemini = Gemini(desk)
    gemini.models = [Model(card, there.kind, _elsewhere)]
    gemini.places = {there.id: replace(there, beside="")}
    gemini.will_say(["signed words", "picture"], ["words"])
    async with gemini.studio() as at:
        conversation = await at.begin()
        await at.choose(conversation, card.id, tools_on=False)
        for words in ("Draw a fox", "Make it blue"):
            reply = await at.end_of(await at.ask(conversation, words))
            assert (reply.status, gemini.refusals) == ("complete", [])
    asked = desk.behind.asked[-1]
    assert [turn["role"] for turn in asked.json["contents"]] == ["user", "model", "user"]
    assert sent_pictures(asked.json["contents"])[1], "its picture goes back as its own"
