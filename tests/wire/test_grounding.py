"""A provider's own search is asked for where it is wanted; its sources stand under the reply."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from chat.core.calling import ModelRequest, Provider, ToolSpec
from chat.core.events import ProviderEvent, ReasoningDelta, TextDelta
from chat.core.models import Endpoint
from chat.core.parts import Reasoning
from chat.providers.gemini.adapter import Gemini
from chat.providers.gemini_interactions.adapter import GeminiInteractions
from chat.providers.openai_responses.adapter import OpenAIResponses
from chat.render.markdown import to_html
from tests.loopback import Loopback, Reply, json_reply, sse
from tests.wire.interactions_shapes import interaction, interactions_stream
from tests.wire.responses_shapes import event, responses_stream
from tests.wire.talk import assistant, card, endpoint, events_of, request, user
from tests.wire_shapes import gemini_chunk

DOORS: dict[str, Callable[[Endpoint], Provider]] = {
    "gemini": Gemini,
    "gemini_interactions": GeminiInteractions,
    "openai_responses": OpenAIResponses,
}
TOOL = ToolSpec("look", "Look.", {"type": "object", "properties": {}})
FOX = ("https://example.com/fox_(animal)?a=1", "The *fox* [x](https://evil.example) $1$ &lt;")
DEN = ("http://example.org/den", None)
BAD = ("javascript:alert(1)", "No page")
CITED = [
    {"type": "url_citation", "url": url, "title": title, "start_index": 0, "end_index": 3}
    for url, title in (FOX, DEN, BAD, FOX)
]


def gemini_grounded() -> Reply:
    chunks = [{"web": {"uri": url, "title": title}} for url, title in (FOX, DEN, BAD)]
    told = {"webSearchQueries": ["where foxes live"], "groundingChunks": chunks}
    return sse(
        gemini_chunk([{"text": "In dens."}]),
        gemini_chunk([{"text": ""}], finishReason="STOP", groundingMetadata=told),
    )


def interactions_grounded(*, stream: bool = True) -> Reply:
    call = {
        "type": "google_search_call",
        "id": "s1",
        "arguments": {"queries": ["where foxes live"]},
    }
    said = {"type": "text", "text": "In dens.", "annotations": CITED}
    steps: list[dict[str, Any]] = [call, {"type": "model_output", "content": [said]}]
    return interactions_stream(steps) if stream else json_reply(interaction(steps))


SEARCH = {
    "type": "web_search_call",
    "id": "ws_1",
    "status": "completed",
    "action": {"type": "search", "query": "where foxes live"},
}


def responses_grounded() -> Reply:
    searched = event("response.output_item.done", item=SEARCH)
    noted = [event("response.output_text.annotation.added", annotation=each) for each in CITED]
    return responses_stream([searched, "In dens.", *noted])


ANSWERS = {
    "gemini": gemini_grounded,
    "gemini_interactions": interactions_grounded,
    "openai_responses": responses_grounded,
}


async def heard(
    kind: str, reply: Reply, asked: ModelRequest
) -> tuple[Sequence[ProviderEvent], dict[str, Any]]:
    with Loopback([reply]) as server:
        events = await events_of(DOORS[kind](endpoint(kind, server.url)), asked)
    (only,) = server.requests
    return events, only.json


def grounded(kind: str, **more: Any) -> ModelRequest:
    facts = {"grounding": True, "output_modalities": ("text",), "tools": True}
    return request(card(kind, **facts), options={"provider_search": True}, **more)


@pytest.mark.parametrize("kind", DOORS)
async def test_sources_stand_under_the_reply_as_links_and_queries_as_words(kind: str) -> None:
    events, _ = await heard(kind, ANSWERS[kind](), grounded(kind))
    words = "".join(each.text for each in events if isinstance(each, TextDelta))
    assert words.startswith("In dens.\n\n**Sources**\n\n1. [")
    shown = to_html(words)
    assert shown.count("<a ") == 2, shown
    assert 'href="https://example.com/fox_%28animal%29?a=1"' in shown
    assert "The *fox* (x)(https://evil.example) $1$ &amp;lt;</a>" in shown
    assert 'href="http://example.org/den"' in shown
    assert "javascript" not in shown
    assert "Searched for: “where foxes live”" in shown


@pytest.mark.parametrize("kind", DOORS)
async def test_a_search_is_asked_for_where_it_is_wanted_and_can_be(kind: str) -> None:
    tool = {
        "gemini": {"googleSearch": {}},
        "gemini_interactions": {"type": "google_search"},
        "openai_responses": {"type": "web_search"},
    }[kind]
    _, sent = await heard(kind, ANSWERS[kind](), grounded(kind))
    assert tool in sent["tools"]
    plain = request(card(kind, grounding=True, output_modalities=("text",)))
    _, sent = await heard(kind, ANSWERS[kind](), plain)
    assert "tools" not in sent
    other = request(card(kind, output_modalities=("text",)), options={"provider_search": True})
    _, sent = await heard(kind, ANSWERS[kind](), other)
    assert "tools" not in sent


@pytest.mark.parametrize("kind", ["gemini", "gemini_interactions"])
async def test_googles_search_gives_way_to_tools_of_the_conversation(kind: str) -> None:
    _, sent = await heard(kind, ANSWERS[kind](), grounded(kind, tools=(TOOL,)))
    assert "oogle" not in str(sent["tools"])
    assert "look" in str(sent["tools"])


async def test_sources_of_an_answer_in_one_piece_are_told_too() -> None:
    asked = request(
        card("gemini_interactions", stream=False, grounding=True),
        options={"provider_search": True},
    )
    events, _ = await heard("gemini_interactions", interactions_grounded(stream=False), asked)
    assert "**Sources**" in "".join(e.text for e in events if isinstance(e, TextDelta))


async def test_reasoning_that_led_to_a_search_goes_back_with_the_search() -> None:
    """The API refuses a reasoning item without the item that followed it."""
    kind = "openai_responses"
    reasoning = {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "x"}
    items = [event("response.output_item.done", item=item) for item in (reasoning, SEARCH)]
    events, _ = await heard(kind, responses_stream([*items, "In dens."]), grounded(kind))
    echoed = [e.echo for e in events if isinstance(e, ReasoningDelta)]
    parts = tuple(Reasoning("", echo) for echo in echoed if echo is not None)
    facts = {"grounding": True, "output_modalities": ("text",)}
    again = request(
        card(kind, **facts), user("Where?"), assistant(*parts, by=kind), user("And bears?")
    )
    _, sent = await heard(kind, responses_grounded(), again)
    kinds = [item.get("type") for item in sent["input"]]
    assert kinds[1:3] == ["reasoning", "web_search_call"]
    assert sent["input"][2]["action"] == SEARCH["action"]
