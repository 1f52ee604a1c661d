"""Chat completions through the proxy: what reaches Gemini, and what of its reply the user."""

import base64
import json
from contextlib import aclosing

import pytest

from chat.core.events import ImageBytes, ReasoningDelta, TextDelta
from chat.core.parts import Text, ToolCall, ToolResult
from tests.litellm.backends import Plain, gemini_answer, sent_pictures
from tests.litellm.conftest import Desk
from tests.loopback import Gate
from tests.wire.talk import WEATHER, Media, assistant, finished, user
from tests.wire_shapes import gemini_stream, tiny_png

RED, BLUE, GREEN = tiny_png(200), tiny_png(0, 0, 200), tiny_png(0, 200)
STORY: tuple[Plain, ...] = ("First a fox. ", RED, "Then the sea. ", BLUE, "Done.")


async def test_a_stream_keeps_words_and_pictures_in_order(desk: Desk) -> None:
    desk.behind.says(gemini_stream(STORY))
    events = await desk.hears("chat", "Draw two")
    assert events[:-1] == [
        TextDelta("First a fox. "),
        ImageBytes(RED),
        TextDelta("Then the sea. "),
        ImageBytes(BLUE),
        TextDelta("Done."),
    ]
    assert finished(events).finish.kind == "stop"
    (asked,) = desk.behind.asked
    assert asked.path == "/v1beta/models/gemini-3.1-flash-image:streamGenerateContent?alt=sse"
    assert asked.json["generationConfig"]["responseModalities"] == ["IMAGE", "TEXT"]
    assert asked.headers["x-goog-api-key"] == "google-key"


async def test_a_stream_is_shown_while_it_comes(desk: Desk) -> None:
    gate = Gate()
    desk.behind.says(gemini_stream(["First. ", RED, gate, "Last."]))
    async with (
        desk.opened("chat") as door,
        aclosing(door.stream(desk.request("chat", "Draw"))) as stream,
    ):
        assert [await anext(stream), await anext(stream)] == [TextDelta("First. "), ImageBytes(RED)]
        gate.open()
        assert await anext(stream) == TextDelta("Last.")


async def test_in_one_piece_all_is_there_though_the_proxy_has_lost_the_order(desk: Desk) -> None:
    desk.behind.says(gemini_answer(*STORY))
    events = await desk.hears("chat-whole", "Draw two")
    assert events[:-1] == [
        TextDelta("First a fox. Then the sea. Done."),
        ImageBytes(RED),
        ImageBytes(BLUE),
    ]


@pytest.mark.parametrize("card", ["chat", "chat-whole"])
async def test_thoughts_are_told_from_words(desk: Desk, card: str) -> None:
    parts: list[Plain] = [{"text": "A fox, then.", "thought": True}, "A fox: ", RED]
    whole = card == "chat-whole"
    desk.behind.says(gemini_answer(*parts) if whole else gemini_stream(parts))
    events = await desk.hears(card, "Draw")
    assert events[:-1] == [ReasoningDelta("A fox, then."), TextDelta("A fox: "), ImageBytes(RED)]


@pytest.mark.parametrize("card", ["chat", "chat-whole"])
async def test_an_edit_shows_the_picture_again_and_the_reply_as_words(
    desk: Desk, card: str
) -> None:
    """Through the proxy a picture in a reply arrives unsigned, which Gemini refuses."""
    media = Media()
    sofa, photo = media.image(GREEN, "model"), media.image(BLUE)
    desk.behind.says(gemini_answer(RED) if card == "chat-whole" else gemini_stream([RED]))
    await desk.hears(
        card,
        user("Make the sofa green", photo),
        assistant("Here it is.", sofa, by="openai_chat", model=card),
        user("Now evening light"),
        media=media,
        system="You draw rooms.",
    )
    told = desk.behind.asked[0].json
    assert [turn["role"] for turn in told["contents"]] == ["user", "model", "user"]
    assert sent_pictures(told["contents"]) == [[BLUE], [], [GREEN]]
    (said,) = told["contents"][1]["parts"]
    assert said["text"] == "Here it is."
    assert base64.b64decode(said["thoughtSignature"]) == b"skip_thought_signature_validator"
    assert "Now evening light" in json.dumps(told["contents"][2])
    instruction = told.get("system_instruction") or told["systemInstruction"]
    assert instruction["parts"] == [{"text": "You draw rooms."}]


@pytest.mark.parametrize("card", ["chat", "chat-whole"])
async def test_the_chosen_shape_reaches_the_model(desk: Desk, card: str) -> None:
    options = {"aspect_ratio": "16:9", "image_size": "2K"}
    desk.behind.says(gemini_answer(RED) if card == "chat-whole" else gemini_stream([RED]))
    await desk.hears(card, "Draw", options=options)
    told = desk.behind.asked[0].json["generationConfig"]
    assert told["image_config"] == options  # Google's servers read this spelling, too


async def test_a_tool_is_called_and_its_answer_comes_back_signed(desk: Desk) -> None:
    call = {"functionCall": {"name": "get_weather", "args": {"place": "Köln"}}}
    desk.behind.says(gemini_stream([{**call, "thoughtSignature": "c2lnbmVk"}]))
    events = await desk.hears("chat-tools", "Is it warm in Köln?", tools=(WEATHER,))
    asked = events[-2]
    assert isinstance(asked, ToolCall)
    assert (asked.name, asked.arguments) == ("get_weather", {"place": "Köln"})
    assert finished(events).finish.kind == "tool_calls"

    desk.behind.says(gemini_stream(["Yes, 31 degrees."]))
    media = Media()
    chart = media.image(BLUE, "tool")
    answer = ToolResult(asked.call_id, "get_weather", (Text("31"), chart))
    events = await desk.hears(
        "chat-tools",
        user("Is it warm in Köln?"),
        assistant(asked, answer, by="openai_chat", model="chat-tools"),
        media=media,
        tools=(WEATHER,),
    )
    assert events[0] == TextDelta("Yes, 31 degrees.")
    first, second = (request.json for request in desk.behind.asked)
    assert first["tools"][0]["function_declarations"][0]["name"] == "get_weather"
    question, called, answered, shown = second["contents"]
    assert question["parts"] == [{"text": "Is it warm in Köln?"}]
    (signed,) = called["parts"]
    (response,) = answered["parts"]
    assert signed["thoughtSignature"] == "c2lnbmVk"
    assert signed["function_call"]["args"] == {"place": "Köln"}
    assert response["function_response"]["id"] == signed["function_call"]["id"]
    assert response["function_response"]["response"]["content"].startswith("31")
    assert sent_pictures([shown]) == [[BLUE]]
