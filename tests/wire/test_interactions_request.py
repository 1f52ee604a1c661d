"""What goes out to the Interactions API: all steps, nothing kept there, nothing unsigned."""

import base64
from typing import Any

import pytest

from chat.core.calling import ToolSpec
from chat.core.errors import CapabilityError
from chat.core.messages import Message
from chat.core.parts import Echo, Reasoning, Text, ToolCall, ToolResult
from chat.providers.gemini_interactions.adapter import GeminiInteractions
from chat.providers.shared.requests.thought_signatures import BYPASS_BASE64
from tests.loopback import Loopback, Request, json_reply
from tests.wire.interactions_shapes import (
    SIGNATURE,
    called,
    image,
    interaction,
    interactions_stream,
    output,
    text,
    thought,
)
from tests.wire.talk import KEY, WEATHER, Media, assistant, card, endpoint, events_of, request, user
from tests.wire_shapes import tiny_png

KIND = "gemini_interactions"
RED, BLUE = tiny_png(200), tiny_png(0, 0, 200)
SIGNED = Echo(KIND, {"signature": SIGNATURE})
EXCUSE = ("thought", BYPASS_BASE64)
THOUGHT = ("thought", SIGNATURE)


async def sent(*messages: Message, **more: Any) -> Request:
    """What the server received."""
    options = more.pop("endpoint_options", {})
    model = more.pop("model", card(KIND))
    with Loopback([interactions_stream(["ok"])]) as server:
        provider = GeminiInteractions(endpoint(KIND, server.url, **options))
        await events_of(provider, request(model, *messages, **more))
    (only,) = server.requests
    return only


def told(request: Request) -> list[Any]:
    """The steps in short: who, then words and picture bytes; thoughts and calls as pairs."""
    return [_short(step) for step in request.json["input"]]


def _short(step: dict[str, Any]) -> Any:
    match step["type"]:
        case "thought":
            assert set(step) == {"type", "signature"}
            return ("thought", step["signature"])
        case "function_call":
            return ("call", step["id"], step.get("signature", ""))
        case "function_result":
            result = step["result"]
            words = result if isinstance(result, str) else [_content(item) for item in result]
            return ("result", step["call_id"], words, step.get("is_error", False))
        case kind:
            return [kind, *map(_content, step["content"])]


def _content(item: dict[str, Any]) -> Any:
    if item["type"] == "text":
        return item["text"]
    assert item["mime_type"] == "image/png"
    return base64.b64decode(item["data"], validate=True)


async def test_a_plain_request_is_kept_nowhere_and_asks_for_what_the_card_offers() -> None:
    only = await sent(user("Draw a fox 🦊"), system="Be brief.")
    assert only.path == "/v1beta/interactions"
    assert only.headers["x-goog-api-key"] == KEY
    assert only.json == {
        "model": "gemini-3.1-flash-image",
        "input": [{"type": "user_input", "content": [text("Draw a fox 🦊")]}],
        "store": False,
        "stream": True,
        "system_instruction": "Be brief.",
        "response_format": [{"type": "text"}, {"type": "image"}],
    }


async def test_it_is_kept_at_google_only_where_the_endpoint_says_so() -> None:
    assert (await sent(endpoint_options={"store": True})).json["store"] is True
    assert (await sent(endpoint_options={"store": False})).json["store"] is False


async def test_the_form_of_pictures_goes_out_only_where_the_card_has_it() -> None:
    options = {"aspect_ratio": "16:9", "image_size": "4K"}
    chosen = await sent(options=options, endpoint_options={"output_mime_type": "image/jpeg"})
    picture = {"type": "image", "aspect_ratio": "16:9", "mime_type": "image/jpeg"}
    assert chosen.json["response_format"] == [{"type": "text"}, picture]
    own = card(KIND, output_formats=("jpeg", "png"))
    told = await sent(model=own, options={"output_format": "png"})
    assert told.json["response_format"][1] == {"type": "image", "mime_type": "image/png"}
    only_draws = await sent(model=card(KIND, output_modalities=("image",)), options=options)
    assert [item["type"] for item in only_draws.json["response_format"]] == ["image"]
    only_writes = await sent(model=card(KIND, output_modalities=("text",)), options=options)
    assert "response_format" not in only_writes.json


async def test_the_api_version_and_thoughts_are_the_endpoints_choice() -> None:
    only = await sent(endpoint_options={"api_version": "v1", "include_thoughts": True})
    assert only.path == "/v1/interactions"
    assert only.json["generation_config"] == {"thinking_summaries": "auto"}


async def test_uploads_go_out_byte_for_byte_in_their_place() -> None:
    media = Media()
    asked = user("Put", media.image(RED), "on", media.image(BLUE))
    only = await sent(asked, media=media.bytes)
    assert told(only) == [["user_input", "Put", RED, "on", BLUE]]


async def test_its_own_reply_comes_back_as_it_was_said() -> None:
    media = Media()
    reply = assistant(
        Reasoning("Hm.", None),
        Reasoning("", SIGNED),
        Text("A fox: "),
        media.image(RED, "model"),
        "and a sea: ",
        Reasoning("", SIGNED),
        media.image(BLUE, "model"),
        by=KIND,
    )
    only = await sent(user("Draw"), reply, user("Greener"), media=media.bytes)
    assert told(only) == [
        ["user_input", "Draw"],
        THOUGHT,
        ["model_output", "A fox: ", RED, "and a sea: "],
        THOUGHT,
        ["model_output", BLUE],
        ["user_input", "Greener"],
    ]


async def test_what_it_said_over_the_wire_goes_back_over_it_unaltered() -> None:
    """Both ways through the SDK: the steps of an answer are the steps of the next question."""
    said = [thought(), output(text("A fox: "), image(RED)), thought("b3RoZXI="), output(text("!"))]
    media = Media()
    with Loopback([json_reply(interaction(said))]) as server:
        provider = GeminiInteractions(endpoint(KIND, server.url))
        heard = await events_of(provider, request(card(KIND, stream=False)))
    parts: list[Any] = []
    for event in heard[:-1]:
        match event.kind:
            case "text_delta":
                parts.append(Text(event.text, event.echo))
            case "reasoning_delta":
                parts.append(Reasoning(event.text, event.echo))
            case "image_bytes":
                parts.append(media.image(event.data, "model", echo=event.echo))
    reply = assistant(*parts, by=KIND)
    only = await sent(user("Draw"), reply, user("Bluer"), media=media.bytes)
    assert only.json["input"][1:-1] == said


async def test_words_of_another_model_are_excused_and_its_picture_is_shown_by_the_user() -> None:
    media = Media()
    foreign = Echo("gemini", {"thought_signature": SIGNATURE})
    reply = assistant(Text("A fox", foreign), media.image(RED, "model", echo=foreign), by="gemini")
    only = await sent(user("Draw"), reply, user("Blue, please"), media=media.bytes)
    assert told(only) == [
        ["user_input", "Draw"],
        EXCUSE,
        ["model_output", "A fox"],
        ["user_input", "A picture from the reply above:", RED, "Blue, please"],
    ]


async def test_a_model_that_signs_nothing_is_not_excused_and_gets_its_pictures_in_place() -> None:
    media = Media()
    model = card(KIND, signatures=False)
    reply = assistant("A fox", media.image(RED, "model"), by=KIND)
    only = await sent(user("Draw"), reply, user("Bluer"), model=model, media=media.bytes)
    assert told(only)[1:] == [["model_output", "A fox", RED], ["user_input", "Bluer"]]


@pytest.mark.parametrize("model", ["gemini-3.1-flash-image-preview", "gemini-3.1-flash-image-001"])
async def test_another_edition_of_a_model_knows_its_signatures(model: str) -> None:
    reply = assistant(Reasoning("", SIGNED), "Hello.", by=KIND, model=model)
    assert told(await sent(user("Hi"), reply, user("Bye")))[1] == THOUGHT


async def test_another_model_does_not_see_them() -> None:
    reply = assistant(Reasoning("", SIGNED), "Hello.", by=KIND, model="gemini-3-pro-image")
    assert told(await sent(user("Hi"), reply, user("Bye")))[1:3] == [
        EXCUSE,
        ["model_output", "Hello."],
    ]


async def test_thoughts_without_a_signature_stay_here() -> None:
    empty = Echo(KIND, {"signature": ""})
    reply = assistant(Reasoning("Hm."), Reasoning("", empty), "Hello.", by=KIND)
    assert told(await sent(user("Hi"), reply, user("Bye")))[1:3] == [
        EXCUSE,
        ["model_output", "Hello."],
    ]


async def test_a_reply_that_was_stopped_while_it_thought_says_nothing() -> None:
    reply = assistant(Reasoning("", SIGNED), by=KIND)
    assert told(await sent(user("Hi"), reply, user("Bye"))) == [
        ["user_input", "Hi"],
        ["user_input", "Bye"],
    ]


async def test_a_picture_that_the_reply_sends_is_not_sent_again_by_the_user() -> None:
    media = Media()
    reply = assistant(Reasoning("", SIGNED), media.image(RED, "model"), by=KIND)
    last = user("Edit it", media.image(RED), media.image(BLUE))
    only = await sent(user("Draw"), reply, last, media=media.bytes)
    assert told(only)[1:] == [
        THOUGHT,
        ["model_output", RED],
        ["user_input", "Edit it", BLUE],
    ]


async def test_tools_go_out_with_their_schema_and_come_back_with_pictures() -> None:
    media = Media()
    reply = assistant(
        Reasoning("", SIGNED),
        ToolCall("c1", "get_weather", {"place": "Köln"}),
        ToolCall("c2", "get_weather", {"place": "Rom"}, SIGNED),
        ToolResult("c1", "get_weather", (Text("Sunny"), media.image(RED, "tool"))),
        ToolResult("c2", "get_weather", (Text("No such place."),), failed=True),
        by=KIND,
    )
    only = await sent(
        user("Weather?"),
        reply,
        model=card(KIND, tools=True),
        tools=(WEATHER,),
        media=media.bytes,
    )
    assert only.json["tools"] == [
        {
            "type": "function",
            "name": "get_weather",
            "description": "The weather at a place.",
            "parameters": dict(WEATHER.parameters),
        }
    ]
    assert only.json["input"][2]["arguments"] == {"place": "Köln"}
    assert told(only)[1:] == [
        THOUGHT,
        ("call", "c1", ""),
        ("call", "c2", SIGNATURE),
        ("result", "c1", ["Sunny", RED], False),
        ("result", "c2", "No such place.", True),
    ]


async def test_a_picture_of_a_tool_stands_beside_its_answer_for_an_older_model() -> None:
    media = Media()
    reply = assistant(
        ToolCall("c1", "get_weather", {}),
        ToolResult("c1", "get_weather", (media.image(RED, "tool"),)),
        by=KIND,
    )
    model = card(KIND, signatures=False, tools=True)
    only = await sent(user("Weather?"), reply, model=model, tools=(WEATHER,), media=media.bytes)
    assert told(only)[1:] == [
        ("call", "c1", ""),
        ("result", "c1", "", False),
        ["user_input", RED],
    ]


async def test_an_empty_list_of_what_a_tool_requires_is_left_out() -> None:
    inner = {"type": "object", "properties": {}, "required": []}
    schema = {"type": "object", "properties": {"a": inner}, "required": []}
    tool = ToolSpec("look", "Look.", schema)
    only = await sent(model=card(KIND, tools=True), tools=(tool,))
    assert only.json["tools"][0]["parameters"] == {
        "type": "object",
        "properties": {"a": {"type": "object", "properties": {}}},
    }


async def test_a_model_that_misses_a_signature_is_asked_again_with_an_excuse() -> None:
    refusal = {"error": {"message": "Text is missing a thought_signature.", "code": "invalid"}}
    replies = [json_reply(refusal, 400), interactions_stream(["ok"])]
    asked = request(
        card(KIND, signatures=False), user("Hi"), assistant("Hello.", by="openai_chat"), user("Bye")
    )
    with Loopback(replies) as server:
        await events_of(GeminiInteractions(endpoint(KIND, server.url)), asked)
    first, second = server.requests
    assert EXCUSE not in told(first)
    assert told(second)[1:3] == [EXCUSE, ["model_output", "Hello."]]


async def test_a_mask_is_refused_before_anything_is_sent() -> None:
    media = Media()
    asked = user(media.image(RED), media.image(BLUE, mask=True), "Greener")
    with Loopback([]) as server:
        provider = GeminiInteractions(endpoint(KIND, server.url))
        with pytest.raises(CapabilityError, match="takes no mask"):
            await events_of(provider, request(card(KIND), asked, media=media.bytes))
    assert server.requests == []


async def test_a_call_of_before_keeps_its_id_however_long() -> None:
    long_id = "call-1" + "/+=" * 40
    step = called("get_weather", {}, long_id)
    reply = assistant(
        ToolCall(long_id, "get_weather", {}),
        ToolResult(long_id, "get_weather", (Text("Sunny"),)),
        by="openai_chat",
    )
    only = await sent(user("Weather?"), reply, model=card(KIND, tools=True), tools=(WEATHER,))
    assert only.json["input"][1:3] == [{"type": "thought", "signature": BYPASS_BASE64}, step]
