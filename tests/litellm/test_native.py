"""Gemini's own wire through the proxy, which passes it on as it is: nothing is lost."""

import base64
from contextlib import aclosing

import pytest

from chat.core.errors import AuthFailed, BadReply, ProviderError, RateLimited, Rejected, Unavailable
from chat.core.events import ImageBytes, ReasoningDelta, TextDelta
from chat.core.parts import Echo, Text, ToolCall, ToolResult
from tests.litellm.backends import google_error, prompt_block, sent_pictures
from tests.litellm.conftest import Desk
from tests.loopback import Gate, Reply, sse
from tests.patience import PATIENCE_S
from tests.wire.talk import WEATHER, Media, assistant, finished, generator, user
from tests.wire_shapes import gemini_chunk, gemini_picture, gemini_stream, tiny_png

RED, BLUE, GREEN = tiny_png(200), tiny_png(0, 0, 200), tiny_png(0, 200)
SIGNATURE = base64.b64encode(b"\xfb\xff\xbesigned").decode()
SIGNED = Echo("gemini", {"thought_signature": SIGNATURE})


async def test_order_signatures_drafts_and_thoughts_all_arrive(desk: Desk) -> None:
    draft = {**gemini_picture(GREEN, signature=None), "thought": True}
    opening = {"text": "First a fox. ", "thoughtSignature": SIGNATURE}
    thought = {"text": "A fox, then.", "thought": True}
    desk.behind.says(gemini_stream([thought, draft, opening, RED, "Then the sea. ", BLUE]))
    options = {"aspect_ratio": "16:9"}
    events = await desk.hears("native", "Draw two", options=options)
    assert events[:-1] == [
        ReasoningDelta("A fox, then."),
        ImageBytes(GREEN, draft=True),
        TextDelta("First a fox. ", SIGNED),
        ImageBytes(RED, echo=SIGNED),
        TextDelta("Then the sea. "),
        ImageBytes(BLUE, echo=SIGNED),
    ]
    last = finished(events)
    assert last.finish.kind == "stop"
    assert last.usage is not None
    assert (last.usage.output_image_tokens, last.usage.reasoning_tokens) == (1290, 120)
    (asked,) = desk.behind.asked
    assert asked.path == "/v1beta/models/gemini-3.1-flash-image:streamGenerateContent?alt=sse"
    told = asked.json["generationConfig"]
    assert sorted(told["responseModalities"]) == ["IMAGE", "TEXT"]
    assert told["imageConfig"] == {"aspectRatio": "16:9"}


async def test_a_reply_goes_back_as_it_came_and_is_edited(desk: Desk) -> None:
    media = Media()
    desk.behind.says(gemini_stream([RED]))
    await desk.hears(
        "native",
        user("Make the sofa green", media.image(BLUE)),
        assistant(
            Text("Here: ", SIGNED),
            media.image(GREEN, "model", echo=SIGNED),
            by="gemini",
            model="native",
        ),
        user("Now evening light"),
        media=media,
        system="You draw rooms.",
    )
    told = desk.behind.asked[0].json
    assert [turn["role"] for turn in told["contents"]] == ["user", "model", "user"]
    assert sent_pictures(told["contents"]) == [[BLUE], [GREEN], []]
    signatures = [part["thoughtSignature"] for part in told["contents"][1]["parts"]]
    assert [base64.urlsafe_b64decode(one) for one in signatures] == [b"\xfb\xff\xbesigned"] * 2
    assert told["systemInstruction"]["parts"] == [{"text": "You draw rooms."}]


async def test_a_tool_is_called_and_its_picture_is_seen(desk: Desk) -> None:
    call = {"functionCall": {"id": "c1", "name": "get_weather", "args": {"place": "Köln"}}}
    desk.behind.says(gemini_stream([{**call, "thoughtSignature": SIGNATURE}]))
    events = await desk.hears("native-tools", "Is it warm in Köln?", tools=(WEATHER,))
    asked = events[0]
    assert asked == ToolCall("c1", "get_weather", {"place": "Köln"}, SIGNED)
    assert isinstance(asked, ToolCall)

    media = Media()
    answer = ToolResult("c1", "get_weather", (Text("31"), media.image(BLUE, "tool")))
    desk.behind.says(gemini_stream(["Yes."]))
    events = await desk.hears(
        "native-tools",
        user("Is it warm in Köln?"),
        assistant(asked, answer, by="gemini", model="native-tools"),
        media=media,
        tools=(WEATHER,),
    )
    assert events[0] == TextDelta("Yes.")
    first, second = (request.json for request in desk.behind.asked)
    assert first["tools"][0]["functionDeclarations"][0]["name"] == "get_weather"
    _, called, answered = second["contents"]
    (signed,), (response,) = called["parts"], answered["parts"]
    assert base64.urlsafe_b64decode(signed["thoughtSignature"]) == b"\xfb\xff\xbesigned"
    assert signed["functionCall"]["id"] == response["functionResponse"]["id"] == "c1"
    assert response["functionResponse"]["response"] == {"output": "31"}
    assert sent_pictures([response["functionResponse"]]) == [[BLUE]]


async def test_stop_closes_the_connection_behind_the_proxy(desk: Desk) -> None:
    desk.behind.says(gemini_stream(["Here ", RED, Gate(), "never"]))
    async with (
        desk.opened("native") as door,
        aclosing(generator(door, desk.request("native", "Draw"))) as stream,
    ):
        assert await anext(stream) == TextDelta("Here ")
        assert await anext(stream) == ImageBytes(RED, echo=SIGNED)
    assert desk.behind.asked[0].gone.wait(PATIENCE_S)


@pytest.mark.parametrize(
    ("reason", "kind"),
    [("IMAGE_SAFETY", "blocked"), ("PROHIBITED_CONTENT", "blocked"), ("NO_IMAGE", "no_image")],
)
async def test_the_reason_of_an_end_is_told(desk: Desk, reason: str, kind: str) -> None:
    desk.behind.says(gemini_stream(["Here ", RED], finish=reason))
    events = await desk.hears("native", "Draw")
    assert events[:-1] == [TextDelta("Here "), ImageBytes(RED, echo=SIGNED)]
    assert (finished(events).finish.kind, finished(events).finish.native) == (kind, reason)


async def test_a_refused_question_is_a_refusal(desk: Desk) -> None:
    desk.behind.says(sse(prompt_block("PROHIBITED_CONTENT")))
    (last,) = await desk.hears("native", "Draw")
    assert finished([last]).finish.kind == "blocked"
    assert finished([last]).finish.native == "PROHIBITED_CONTENT"


FAULTS: dict[int, tuple[Reply, type[ProviderError]]] = {
    400: (google_error(400, "INVALID_ARGUMENT", "The picture is too odd."), Rejected),
    401: (google_error(401, "UNAUTHENTICATED", "The API key is wrong."), AuthFailed),
    429: (google_error(429, "RESOURCE_EXHAUSTED", "The quota is used up."), RateLimited),
    500: (google_error(500, "INTERNAL", "The model has broken down."), Unavailable),
    503: (google_error(503, "UNAVAILABLE", "The model is overloaded."), Unavailable),
}


@pytest.mark.parametrize("status", FAULTS)
async def test_an_error_behind_the_proxy_is_what_it_was(desk: Desk, status: int) -> None:
    reply, kind = FAULTS[status]
    desk.behind.says(reply)
    said, error = await desk.hears_out("native", "Draw")
    assert said == []
    assert type(error) is kind
    assert "The " in str(error)
    assert len(desk.behind.asked) == 1, "nothing is asked, and paid for, twice"


async def test_a_stream_without_an_end_is_said_to_have_broken_off(desk: Desk) -> None:
    desk.behind.says(sse(gemini_chunk([{"text": "Here "}]), gemini_chunk([{"text": "is "}])))
    said, error = await desk.hears_out("native", "Draw")
    assert said == [TextDelta("Here is ")]
    assert type(error) is BadReply


async def test_an_error_in_mid_stream_keeps_what_came(desk: Desk) -> None:
    fault = {"error": {"code": 503, "message": "Overloaded.", "status": "UNAVAILABLE"}}
    desk.behind.says(
        sse(gemini_chunk([{"text": "Here "}]), gemini_chunk([gemini_picture(RED)]), fault)
    )
    said, error = await desk.hears_out("native", "Draw")
    assert said == [TextDelta("Here "), ImageBytes(RED, echo=SIGNED)]
    assert type(error) is Unavailable


async def test_a_connection_that_is_cut_behind_the_proxy_is_no_answer(desk: Desk) -> None:
    """By chance the proxy ends its own stream in order, with an error, or in the midst of it."""
    desk.behind.says(sse(gemini_chunk([{"text": "Here "}]), cut=True))
    _, error = await desk.hears_out("native", "Draw")
    assert type(error) in {Unavailable, BadReply}
    assert len(desk.behind.asked) == 1
