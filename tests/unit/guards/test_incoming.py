"""An answer is shown as it comes, except for what a host does not want shown."""

import hashlib
import json
import re
from collections.abc import AsyncGenerator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.core.calling import ToolSpec
from chat.core.errors import Blocked
from chat.core.events import (
    CallDelta,
    Finished,
    ImageBytes,
    ProviderEvent,
    ReasoningDelta,
    TextDelta,
)
from chat.core.growing_json import begun_object
from chat.core.messages import Finish
from chat.core.models import Endpoint
from chat.core.parts import Echo, ToolCall
from tests.loopback import Loopback, json_reply
from tests.unit.guards.rows import guardrails, shown, streamed, words_of
from tests.wire.talk import card, request, user
from tests.wire_shapes import tiny_png

ASKED = request(card("openai_chat"), user("write"))
END = Finished(Finish("stop"))
MASKED = '[[guard]]\nkind = "personal_data"\nmode = "mask"\nwhen = ["after"]'
DENIED = '[[guard]]\nkind = "deny_list"\nwords = ["secret plan"]\nwhen = ["after"]\nmode = "mask"'


def pieces(text: str, size: int) -> list[ProviderEvent]:
    return [TextDelta(text[at : at + size]) for at in range(0, len(text), size)]


def test_without_rules_the_very_stream_is_shown() -> None:
    events = streamed(END)
    assert guardrails("").screen(ASKED, events) is events


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
async def test_what_is_cut_by_the_stream_is_masked_all_the_same(size: int) -> None:
    filler = "The fox sat by the river and looked at the moon. " * 30
    text = f"{filler}Write to ada@example.com or +44 20 7946 0958 soon. {filler}"
    left = await shown(guardrails(MASKED), ASKED, [*pieces(text, size), END])
    masked = text.replace("ada@example.com", "[mail address]")
    assert words_of(left) == masked.replace("+44 20 7946 0958", "[phone number]")
    assert left[-1] == END


@pytest.mark.parametrize("inside", ["true", "false"])
@given(
    words=st.lists(
        st.sampled_from(
            ["a ", "secret ", "secret\nplan. ", "secret plan", "x" * 90, "画" * 400, "\n"]
        ),
        max_size=40,
    ),
    size=st.integers(1, 900),
)
async def test_a_stream_is_masked_as_its_whole_would_be(
    inside: str, words: list[str], size: int
) -> None:
    text = "".join(words)
    guards = guardrails(f"{DENIED}\ninside_words = {inside}")
    left = await shown(guards, ASKED, [*pieces(text, size), END])
    edge = "" if inside == "true" else r"\b"
    expected = re.sub(rf"{edge}secret\s+plan{edge}", "[a denied word]", text)
    assert words_of(left) == expected


async def test_long_answers_appear_while_they_are_written() -> None:
    text = "The fox sat by the river. " * 100
    left = await shown(guardrails(MASKED), ASKED, [*pieces(text, 10), END])
    assert len(left) > 3
    assert words_of(left) == text


async def test_words_thoughts_and_pictures_keep_their_order() -> None:
    red = ImageBytes(tiny_png(200))
    events: list[ProviderEvent] = [
        ReasoningDelta("I write to ada@example.com"),
        TextDelta("Here: "),
        TextDelta("ada@example.com"),
        red,
        TextDelta("signed", Echo("gemini", {"s": 1})),
        TextDelta("end"),
        END,
    ]
    left = await shown(guardrails(MASKED), ASKED, events)
    assert left == [
        ReasoningDelta("I write to [mail address]"),
        TextDelta("Here: [mail address]"),
        red,
        TextDelta("signed", Echo("gemini", {"s": 1})),
        TextDelta("end"),
        END,
    ]


async def test_a_signed_piece_that_had_to_be_altered_loses_its_signature() -> None:
    events: list[ProviderEvent] = [TextDelta("ada@example.com", Echo("gemini", {"s": 1})), END]
    assert await shown(guardrails(MASKED), ASKED, events) == [TextDelta("[mail address]"), END]


async def test_blocking_ends_the_answer_and_keeps_what_was_shown() -> None:
    row = DENIED.replace("mask", "block")
    text = "The fox sat by the river. " * 40
    screen = guardrails(row).screen(
        ASKED, streamed(*pieces(text, 20), TextDelta("the secret plan"), END)
    )
    got: list[ProviderEvent] = []

    async def listen() -> None:
        async for event in screen:
            got[len(got) :] = [event]  # one by one: what came before the end is what counts

    with pytest.raises(Blocked, match="held the rest back: a denied word"):
        await listen()
    assert text.startswith(words_of(got))
    assert words_of(got)


@pytest.mark.parametrize("mode", ["mask", "block"])
async def test_a_denied_picture_is_not_shown(mode: str) -> None:
    red = tiny_png(200)
    row = (
        f'[[guard]]\nkind = "deny_list"\nwhen = ["after"]\nmode = "{mode}"\n'
        f'pictures = ["{hashlib.sha256(red).hexdigest()}"]'
    )
    events: list[ProviderEvent] = [TextDelta("Here: "), ImageBytes(red), END]
    if mode == "block":
        with pytest.raises(Blocked):
            await shown(guardrails(row), ASKED, events)
        return
    left = await shown(guardrails(row), ASKED, events)
    assert words_of(left) == "Here: \n\n[A picture was held back.]\n\n"


async def test_closing_early_closes_the_providers_stream() -> None:
    closed = []

    async def provider() -> AsyncGenerator[ProviderEvent, None]:
        try:
            for number in range(1000):
                yield TextDelta(f"word {number} ")
        finally:
            closed.append(True)

    screen = guardrails(MASKED).screen(ASKED, provider())
    await anext(screen)
    await screen.aclose()
    assert closed == [True]


@pytest.mark.parametrize("at", [0, 3_000, 3_995, 4_001, 7_990])
@pytest.mark.parametrize("size", [1, 13])
async def test_text_without_blanks_hides_nothing(at: int, size: int) -> None:
    """Chinese and base64 have no blanks to cut at."""
    text = "画" * at + "秘密的计划" + "画" * (8_500 - at)
    row = (
        '[[guard]]\nkind = "deny_list"\nwords = ["秘密的计划"]\ninside_words = true\n'
        'when = ["after"]\nmode = "mask"'
    )
    left = await shown(guardrails(row), ASKED, [*pieces(text, size), END])
    assert words_of(left) == text.replace("秘密的计划", "[a denied word]")
    assert len(left) > 5


async def test_a_finding_across_a_signed_piece_is_found_and_costs_the_signature() -> None:
    signed = TextDelta("ret plan of ours", Echo("gemini", {"s": 1}))
    left = await shown(guardrails(DENIED), ASKED, [TextDelta("Our sec"), signed, END])
    assert words_of(left) == "Our [a denied word] of ours"
    assert all(event.echo is None for event in left if isinstance(event, TextDelta))


async def test_a_finding_that_begins_in_a_signed_piece_is_found() -> None:
    signed = TextDelta("our secret", Echo("gemini", {"s": 1}))
    left = await shown(guardrails(DENIED), ASKED, [signed, TextDelta(" plan"), END])
    assert words_of(left) == "our [a denied word]"


async def test_an_empty_thought_between_two_words_parts_nothing() -> None:
    events: list[ProviderEvent] = [
        TextDelta("secret"),
        ReasoningDelta(""),
        TextDelta(" plan"),
        END,
    ]
    assert words_of(await shown(guardrails(DENIED), ASKED, events)) == "[a denied word]"


async def test_alt_texts_calls_and_last_sentences_are_read_too() -> None:
    events: list[ProviderEvent] = [
        ImageBytes(tiny_png(9), alt="of ada@example.com"),
        ToolCall("1", "chart", {"to ada@example.com": [4111111111111111, 3]}),
        Finished(Finish("stop", message="Sent to ada@example.com.")),
    ]
    picture, call, end = await shown(guardrails(MASKED), ASKED, events)
    assert isinstance(picture, ImageBytes)
    assert picture.alt == "of [mail address]"
    assert isinstance(call, ToolCall)
    assert call.arguments == {"to [mail address]": ["[card number]", 3]}
    assert isinstance(end, Finished)
    assert end.finish.message == "Sent to [mail address]."


async def test_a_masked_call_is_not_the_one_that_was_signed() -> None:
    """Its signature would be refused; chat routes write it into the call's id."""
    echo = Echo("gemini", {"thought_signature": "c2ln"})
    untouched = ToolCall("c__thought__c2ln", "chart", {"to": "nobody"}, echo)
    masked = ToolCall("d__thought__c2ln", "chart", {"to": "ada@example.com"}, echo)
    kept, call, _ = await shown(guardrails(MASKED), ASKED, [untouched, masked, END])
    assert kept == untouched
    assert isinstance(call, ToolCall)
    assert call.arguments == {"to": "[mail address]"}
    assert (call.echo, "__thought__" in call.call_id) == (None, False)


CHART = request(card("openai_chat"), user("write"), tools=(ToolSpec("chart", "", {}),))


def grown(text: str, size: int, name: str = "chart") -> list[ProviderEvent]:
    return [CallDelta(0, name, text[at : at + size]) for at in range(0, len(text), size)]


@pytest.mark.parametrize("size", [1, 4, 11, 200])
@pytest.mark.parametrize(
    ("arguments", "masked"),
    [
        ({"to": "ada@example.com", "by": "me"}, {"to": "[mail address]", "by": "me"}),
        ({"n": 4111111111111111, "more": [1]}, {"n": "[card number]", "more": [1]}),
        ({"l": ["x", "ada@example.com"], "k": 1}, {"l": ["x", "[mail address]"], "k": 1}),
        ({"ada@example.com": 1, "b": True}, {"[mail address]": 1, "b": True}),
    ],
)
@pytest.mark.parametrize("ascii_only", [True, False])
async def test_a_growing_call_shows_no_value_that_its_whole_would_not(
    arguments: dict[str, Any], masked: dict[str, Any], size: int, ascii_only: bool
) -> None:
    text = json.dumps(arguments)
    if ascii_only:  # an escape hides a sign from who reads the text and not the value
        text = text.replace("@", "\\u0040")
    events = [*grown(text, size), ToolCall("c", "chart", arguments), END]
    left = await shown(guardrails(MASKED), CHART, events)
    said, growths = "", [event for event in left if isinstance(event, CallDelta)]
    for event in growths:
        said = event.arguments if event.anew else said + event.arguments
        for word in ("ada", "example", "41111"):
            assert word not in said
    assert begun_object(said) == masked
    call = next(event for event in left if isinstance(event, ToolCall))
    assert call.arguments == masked
    assert left.index(growths[-1]) < left.index(call)


async def test_a_growing_call_that_must_not_be_shown_ends_the_answer() -> None:
    row = DENIED.replace("mask", "block")
    with pytest.raises(Blocked, match="a denied word"):
        await shown(guardrails(row), CHART, [*grown('{"a": "secret plan", "b', 3), END])


async def test_a_tool_that_nobody_offered_is_words_of_the_model() -> None:
    made_up = ToolCall("c", "ada@example.com", {})
    left = await shown(guardrails(MASKED), CHART, [*grown("{}", 1, made_up.name), made_up, END])
    assert [event.kind for event in left] == ["tool_call", "finished"]
    assert isinstance(left[0], ToolCall)
    assert left[0].name == "[mail address]"


async def test_a_value_is_judged_once_however_long_its_call_grows(
    caplog: pytest.LogCaptureFixture,
) -> None:
    arguments = {"to": "ada@example.com", "rest": "x" * 300}
    events = [*grown(json.dumps(arguments), 1), ToolCall("c", "chart", arguments), END]
    await shown(guardrails(MASKED), CHART, events)
    assert len([record for record in caplog.records if "mail address" in record.message]) == 1


async def test_a_phrase_across_the_passages_of_a_moderator_is_found() -> None:
    """One rule judges passages, another places: neither loses what the other's cut would hide."""
    whole = '[[guard]]\nkind = "moderation"\nendpoint = "guard"\nwhen = ["after"]\nmode = "mask"'
    fine = json_reply({"id": "m", "model": "m", "results": [{"flagged": False}]})
    text = "The fox sat. " * 40 + "secret\nplan. " + "The fox sat. " * 40
    with Loopback(lambda _: fine) as server:
        at = Endpoint("guard", "openai_chat", "The guard", f"{server.url}/v1")
        guards = guardrails(f"{DENIED}\n{whole}", {"guard": at})
        left = await shown(guards, ASKED, [*pieces(text, 9), END])
        await guards.aclose()
    assert words_of(left) == text.replace("secret\nplan", "[a denied word]")
