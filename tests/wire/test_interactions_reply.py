"""What the Interactions API says becomes events: in true order, streamed or whole, once each."""

from typing import Any

import pytest

from chat.core.events import Finished, ImageBytes, ProviderEvent, ReasoningDelta, TextDelta
from chat.core.messages import Usage
from chat.core.parts import Echo, Reasoning, Text, ToolCall
from chat.providers.gemini_interactions.adapter import GeminiInteractions
from chat.providers.gemini_interactions.history import steps as told
from chat.providers.shared.requests.carried import Carrier
from tests.loopback import Loopback, Reply, json_reply, sse
from tests.wire.interactions_shapes import (
    SIGNATURE,
    USAGE,
    called,
    delta,
    event,
    image,
    interaction,
    interactions_stream,
    output,
    text,
    thought,
)
from tests.wire.talk import assistant, card, endpoint, events_of, finished, request, user
from tests.wire_shapes import tiny_png

KIND = "gemini_interactions"
RED, BLUE = tiny_png(200), tiny_png(0, 0, 200)
SIGNED = ReasoningDelta("", Echo(KIND, {"signature": SIGNATURE}))


async def said(reply: Reply, *, streams: bool = True, **more: Any) -> list[ProviderEvent]:
    """What comes of a reply; one request was made."""
    with Loopback([reply]) as server:
        provider = GeminiInteractions(endpoint(KIND, server.url))
        events = await events_of(provider, request(card(KIND, stream=streams, **more)))
    (only,) = server.requests
    assert only.json["stream"] is streams
    return events


def streamed(steps: list[dict[str, Any]], **more: Any) -> tuple[Reply, bool]:
    return interactions_stream(steps, **more), True


def whole(
    steps: list[dict[str, Any]], status: str = "completed", **more: Any
) -> tuple[Reply, bool]:
    return json_reply(interaction(steps, status=status, **more)), False


def short(events: list[ProviderEvent]) -> list[Any]:
    """Words joined, pictures as bytes, thoughts and calls as they are."""
    found: list[Any] = []
    for item in events[:-1]:
        if isinstance(item, TextDelta) and item.echo is None:
            if found and isinstance(found[-1], str):
                found[-1] += item.text
            else:
                found.append(item.text)
        elif isinstance(item, ImageBytes):
            found.append((item.data, item.draft))
        else:
            found.append(item)
    return found


@pytest.mark.parametrize("form", [streamed, whole])
async def test_words_and_pictures_come_in_the_order_in_which_they_were_made(form: Any) -> None:
    steps = [
        thought(SIGNATURE, "I see."),
        output(text("One: "), image(RED), text("two: "), image(BLUE, "image/jpeg")),
        thought(),
        output(text("Done.")),
    ]
    reply, streams = form(steps)
    events = await said(reply, streams=streams)
    assert short(events) == [
        ReasoningDelta("I see."),
        SIGNED,
        "One: ",
        (RED, False),
        "two: ",
        (BLUE, False),
        SIGNED,
        "Done.",
    ]
    end = finished(events)
    assert (end.finish.kind, end.finish.native, end.response_id) == ("stop", "completed", "int_1")
    assert end.usage == Usage(10, 258, 9, 1290, 120, 8)


@pytest.mark.parametrize("form", [streamed, whole])
async def test_calls_of_tools_are_whole_and_ask_for_their_answer(form: Any) -> None:
    steps = [thought(), called("get_weather", {"place": "Ulm"}), called("get_weather", {}, "c2")]
    reply, streams = form(steps, status="requires_action")
    events = await said(reply, streams=streams, tools=True)
    assert short(events) == [
        SIGNED,
        ToolCall("call_1", "get_weather", {"place": "Ulm"}),
        ToolCall("c2", "get_weather", {}),
    ]
    assert finished(events).finish.kind == "tool_calls"


async def test_a_signature_of_a_call_stays_on_it() -> None:
    reply = interactions_stream(
        [
            event("step.start", index=0, step={**called("get_weather", {}), "signature": ""}),
            delta("thought_signature", 0, signature=SIGNATURE),
            event("step.stop", index=0),
        ],
        "requires_action",
    )
    (call, _) = await said(reply)
    assert isinstance(call, ToolCall)
    assert call.echo == Echo(KIND, {"signature": SIGNATURE})


async def test_calls_that_come_interleaved_do_not_mix() -> None:
    head = {"type": "function_call", "name": "get_weather", "arguments": {}}
    events = [
        event("step.start", index=3, step={**head, "id": "a"}),
        event("step.start", index=4, step={**head, "id": "b"}),
        delta("arguments_delta", 4, arguments='{"place": "B'),
        delta("arguments_delta", 3, arguments='{"place": "A"}'),
        delta("arguments_delta", 4, arguments='onn"}'),
        event("step.stop", index=4),
        event("step.stop", index=3),
        event("step.stop", index=3),
    ]
    found = short(await said(interactions_stream(events, "requires_action")))
    assert found == [
        ToolCall("b", "get_weather", {"place": "Bonn"}),
        ToolCall("a", "get_weather", {"place": "A"}),
    ]


async def test_arguments_that_are_no_json_are_none() -> None:
    events = [
        event("step.start", index=0, step=called("get_weather", {})),
        delta("arguments_delta", arguments='{"place": '),
        event("step.stop", index=0),
    ]
    (call, _) = await said(interactions_stream(events, "requires_action"))
    assert isinstance(call, ToolCall)
    assert (call.arguments, call.echo) == ({}, None)


async def test_a_call_that_breaks_off_is_none() -> None:
    events = [
        event("step.start", index=0, step=called("get_weather", {})),
        delta("arguments_delta", arguments='{"place": '),
    ]
    found = await said(interactions_stream(["Hm.", *events], "incomplete"))
    assert not any(isinstance(item, ToolCall) for item in found)
    assert finished(found).finish.kind == "length"


async def test_a_signature_that_comes_with_the_whole_alone_is_kept_and_told_first() -> None:
    events = [
        event("step.start", index=0, step=output(text("Here: "))),
        event("step.stop", index=0),
    ]
    steps = [thought(), output(text("Here: "))]
    found = await said(interactions_stream(events, steps=steps))
    late = Echo(KIND, {"signature": SIGNATURE, "late": True})
    assert short(found) == ["Here: ", ReasoningDelta("", late)]
    once = await said(interactions_stream([thought(), "Here: "], steps=steps))
    assert short(once) == [SIGNED, "Here: "]
    reply = assistant(
        *(Text("Here: "), Reasoning("", late)), by=KIND, model=card(KIND, signatures=True).id
    )
    asked = request(card(KIND, signatures=True), user("A fox"), reply, user("Blue"))
    steps = told(asked, Carrier().load())
    assert [step["type"] for step in steps] == [
        *("user_input", "thought", "model_output", "user_input")
    ]
    assert steps[1]["signature"] == SIGNATURE


@pytest.mark.parametrize("signature", ["no base64!", "a", "%%%%", 5, ["x"]])
async def test_a_signature_that_is_no_base64_is_left_out(signature: object) -> None:
    events = [
        event("step.start", index=0, step={"type": "thought", "signature": signature}),
        event("step.stop", index=0),
    ]
    assert short(await said(interactions_stream([*events, "Here."]))) == ["Here."]


async def test_a_picture_in_a_thought_is_a_draft() -> None:
    draft = {**thought(), "summary": [image(RED), text("Better so.")]}
    found = short(await said(interactions_stream([draft, output(image(BLUE))])))
    assert found == [(RED, True), ReasoningDelta("Better so."), SIGNED, (BLUE, False)]


async def test_a_label_that_lies_does_not_lose_the_picture() -> None:
    found = short(await said(interactions_stream([output(image(RED, "text/plain"))])))
    assert found == [(RED, False)]


async def test_base64_of_either_alphabet_is_read() -> None:
    told = image(RED)
    told["data"] = told["data"].translate(str.maketrans("+/", "-_")).rstrip("=")
    assert short(await said(interactions_stream([output(told)]))) == [(RED, False)]


async def test_sound_leaves_a_remark() -> None:
    sound = {"type": "audio", "mime_type": "audio/wav", "data": "UklGRg=="}
    (remark,) = short(await said(interactions_stream([output(sound)])))
    assert "audio/wav" in remark


async def test_a_picture_in_words_is_shown() -> None:
    url = f"![A fox](data:image/png;base64,{image(RED)['data']})"
    found = short(await said(interactions_stream([f"Here: {url}"])))
    assert (RED, False) in found


async def test_a_stream_that_tells_its_steps_at_the_end_alone_is_read() -> None:
    steps = [thought(), output(text("A fox: "), image(RED))]
    reply = sse(event("interaction.completed", interaction=interaction(steps)))
    assert short(await said(reply)) == [SIGNED, "A fox: ", (RED, False)]


async def test_steps_that_are_told_again_at_the_end_are_said_once() -> None:
    steps = [thought(), output(text("A fox: "), image(RED))]
    reply = interactions_stream(steps, steps=steps)
    assert short(await said(reply)) == [SIGNED, "A fox: ", (RED, False)]


async def test_a_server_that_does_not_stream_is_read_all_the_same() -> None:
    reply, _ = whole([thought(), output(text("A fox: "), image(RED))])
    assert short(await said(reply)) == [SIGNED, "A fox: ", (RED, False)]


async def test_a_stream_that_nobody_asked_for_is_read_all_the_same() -> None:
    assert short(await said(interactions_stream(["A fox."]), streams=False)) == ["A fox."]


async def test_what_is_unheard_of_is_passed_over() -> None:
    events = [
        event("interaction.dreamt", interaction={"id": "int_1"}),
        event("step.start", index=0, step={"type": "dream", "content": "x"}),
        delta("dreams", of="sheep"),
        event("step.stop", index=0),
        event("interaction.status_update", interaction_id="int_1", status="in_progress"),
        event("step.delta", index=9),
    ]
    assert short(await said(interactions_stream([*events, "A fox."]))) == ["A fox."]


async def test_usage_of_a_stream_may_come_before_its_end() -> None:
    events = [{**delta("text", text="A fox."), "metadata": {"total_usage": USAGE}}]
    found = await said(interactions_stream(events, usage=None))
    assert finished(found).usage == Usage(10, 258, 9, 1290, 120, 8)


@pytest.mark.parametrize(
    ("usage", "counted"),
    [
        (None, None),
        ({"total_input_tokens": 10, "total_output_tokens": 5}, Usage(10, None, 5)),
        ({"total_input_tokens": 10, "total_tool_use_tokens": 7}, Usage(17)),
        ({"total_input_tokens": -1, "total_output_tokens": "many"}, Usage()),
    ],
)
async def test_usage_is_what_was_told_and_no_more(usage: Any, counted: Usage | None) -> None:
    found = await said(interactions_stream(["A fox."], usage=usage))
    assert finished(found).usage == counted


async def test_the_last_event_is_the_last() -> None:
    found = await said(interactions_stream(["A fox."]))
    assert [isinstance(item, Finished) for item in found].count(True) == 1
