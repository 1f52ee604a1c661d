"""What the Responses API answers: words, drafts, pictures and calls in the order they came."""

from typing import Any

import pytest

from chat.core.events import (
    Finished,
    ImageBytes,
    ProviderEvent,
    ReasoningDelta,
    TextDelta,
)
from chat.core.messages import Finish, Usage
from chat.core.parts import Echo, ToolCall
from chat.providers.openai_responses.adapter import OpenAIResponses
from chat.providers.shared.replies.endings import REWORD, filtered, no_picture
from tests.loopback import Loopback, Reply, json_reply
from tests.wire.responses_shapes import (
    TOOL_USAGE,
    b64,
    called,
    drawn,
    event,
    response,
    responses_stream,
    said,
)
from tests.wire.talk import card, endpoint, events_of, finished, request
from tests.wire_shapes import Said, data_url, tiny_png

RED, BLUE = tiny_png(200), tiny_png(0, 0, 200)
DRAWN = Echo("openai_responses", {"picture_id": "ig_1"})
STOP = Finish("stop", "completed")
REFUSED = "The provider's content rules refused this picture"


async def heard(reply: Reply, *, stream: bool = True) -> list[ProviderEvent]:
    with Loopback([reply]) as server:
        provider = OpenAIResponses(endpoint("openai_responses", server.url))
        return await events_of(provider, request(card("openai_responses", stream=stream)))


def partial(picture: bytes) -> dict[str, Any]:
    kind = "response.image_generation_call.partial_image"
    return event(kind, item_id="ig_1", partial_image_index=0, partial_image_b64=b64(picture))


def undrawn(**error: Any) -> dict[str, Any]:
    told = {"type": "image_generation_user_error", "message": "No.", "param": None, **error}
    return drawn(b"", result=None, status="failed", error=told)


async def test_words_drafts_and_pictures_come_in_their_order() -> None:
    first = drawn(RED, revised_prompt="A red fox in the snow")
    parts: list[Said] = ["A fox: ", partial(BLUE), first, "And: ", drawn(BLUE, id="ig_2")]
    assert (await heard(responses_stream(parts)))[:-1] == [
        TextDelta("A fox: "),
        ImageBytes(BLUE, draft=True),
        ImageBytes(RED, alt="A red fox in the snow", echo=DRAWN),
        TextDelta("And: "),
        ImageBytes(BLUE, echo=Echo("openai_responses", {"picture_id": "ig_2"})),
    ]


@pytest.mark.parametrize("streamed", [True, False], ids=["end of a stream", "one piece"])
async def test_a_server_that_streams_nothing_is_heard_all_the_same(streamed: bool) -> None:
    thought = {
        "type": "reasoning",
        "id": "rs_1",
        "summary": [{"type": "summary_text", "text": "Hm."}],
    }
    whole = response([thought, said("A fox"), drawn(RED), said("There.")])
    end = event("response.completed", response=whole)
    reply = responses_stream([end], end=None) if streamed else json_reply(whole)
    assert (await heard(reply, stream=streamed))[:-1] == [
        ReasoningDelta("Hm."),
        TextDelta("A fox"),
        ImageBytes(RED, echo=DRAWN),
        TextDelta("There."),
    ]


async def test_a_whole_answer_to_a_stream_is_read() -> None:
    events = await heard(json_reply(response([said("A fox")])))
    assert events[0] == TextDelta("A fox")
    assert finished(events).response_id == "resp_1"


async def test_thoughts_are_shown_and_kept_for_the_model_that_had_them() -> None:
    kind = "response.reasoning_summary_text.delta"
    more = {"item_id": "rs_1"}
    item = {
        "type": "reasoning",
        "id": "rs_1",
        "summary": [{"type": "summary_text", "text": "Hm. Ah."}],
        "encrypted_content": "+//+",
    }
    part = {"type": "summary_text", "text": ""}
    began = event("response.reasoning_summary_part.added", summary_index=1, part=part, **more)
    parts: list[Said] = [
        event(kind, delta="Hm.", summary_index=0, **more),
        began,
        event(kind, delta="Ah.", summary_index=1, **more),
        item,
        "Fox",
    ]
    first, gap, second, kept, *_ = await heard(responses_stream(parts))
    assert [first, gap, second] == [ReasoningDelta(text) for text in ("Hm.", "\n\n", "Ah.")]
    assert isinstance(kept, ReasoningDelta)
    assert kept.text == ""
    assert kept.echo is not None
    assert kept.echo.data["reasoning"] == {k: item[k] for k in item if k != "type"}


@pytest.mark.parametrize(
    ("arguments", "understood"),
    [('{"place": "Köln"}', {"place": "Köln"}), ("{", {}), ("[1]", {}), ("", {})],
)
async def test_a_call_is_a_call(arguments: str, understood: dict[str, str]) -> None:
    parts: list[Said] = ["Let me look.", called("get_weather", arguments)]
    *_, call, end = await heard(responses_stream(parts))
    assert isinstance(call, ToolCall)
    assert (call.call_id, call.name, call.arguments) == ("call_1", "get_weather", understood)
    assert call.echo is None
    assert isinstance(end, Finished)
    assert end.finish.kind == "tool_calls"


async def test_tokens_of_the_model_and_of_its_brush_are_told_apart() -> None:
    events = await heard(responses_stream([RED], tool_usage=TOOL_USAGE))
    assert finished(events).usage == Usage(
        input_text_tokens=278,
        input_image_tokens=50,
        output_text_tokens=30,
        output_image_tokens=1290,
        reasoning_tokens=120,
        cached_tokens=8,
    )
    assert finished(await heard(responses_stream(["Hi"], usage=None))).usage is None


@pytest.mark.parametrize("stream", [True, False])
async def test_a_refusal_is_read_and_said_to_be_one(stream: bool) -> None:
    item = said("I cannot draw that.", kind="refusal")
    piece = event("response.refusal.delta", delta="I cannot draw that.", item_id="msg_1")
    reply = responses_stream([piece, item]) if stream else json_reply(response([item]))
    words, end = await heard(reply, stream=stream)
    assert words == TextDelta("I cannot draw that.")
    assert isinstance(end, Finished)
    assert (end.finish.kind, end.finish.native) == ("blocked", "refusal")
    assert end.finish.message


@pytest.mark.parametrize(
    ("item", "finish"),
    [
        (
            undrawn(
                code="moderation_blocked",
                moderation_details={"categories": ["violence"], "moderation_stage": "output"},
            ),
            Finish(
                "blocked",
                "moderation_blocked",
                f"{REFUSED} (violence). Try another description.",
                "yes",
                REWORD,
            ),
        ),
        (
            undrawn(code="moderation_blocked"),
            filtered("moderation_blocked", "yes", f"{REFUSED}. Try another description."),
        ),
        (
            undrawn(code="server_error"),
            no_picture("server_error", "yes", "The picture could not be made. It said: “No.”"),
        ),
        (
            drawn(b"", result=None),
            no_picture("failed", "yes", "The picture could not be made."),
        ),
        (
            drawn(b"", result="%%%"),
            no_picture("failed", "yes", "The picture could not be made."),
        ),
    ],
    ids=["categories", "moderation", "failed", "missing", "unreadable"],
)
async def test_a_picture_that_was_not_made_has_a_reason(
    item: dict[str, Any], finish: Finish
) -> None:
    events = await heard(responses_stream([item, "Sorry."]))
    assert finished(events).finish == finish
    assert not any(isinstance(e, ImageBytes) for e in events)
    events = await heard(responses_stream([item, RED]))
    assert finished(events).finish == STOP, "the second attempt drew it"


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("max_output_tokens", "length"),
        ("content_filter", "blocked"),
        ("steered", "stop"),
        (None, "stop"),
    ],
)
async def test_an_answer_cut_short_keeps_what_came_and_says_why(
    reason: str | None, kind: str
) -> None:
    details = {"reason": reason} if reason else None
    reply = responses_stream(["Once upon"], end="incomplete", incomplete_details=details)
    *_, words, end = await heard(reply)
    assert words == TextDelta("Once upon")
    assert isinstance(end, Finished)
    assert end.finish.kind == kind
    assert end.finish.message


async def test_an_empty_answer_is_an_error() -> None:
    (end,) = await heard(responses_stream([]))
    assert isinstance(end, Finished)
    assert end.finish.kind == "error"
    assert "empty answer" in end.finish.message


async def test_a_result_may_come_as_a_data_url() -> None:
    first, _ = await heard(responses_stream([drawn(b"", result=data_url(RED))]))
    assert isinstance(first, ImageBytes)
    assert first.data == RED
