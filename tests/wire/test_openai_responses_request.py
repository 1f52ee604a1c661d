"""What goes out to the Responses API: the whole history, every picture once, nothing kept there."""

from typing import Any

import pytest

from chat.core.messages import Message
from chat.core.models import ModelCard
from chat.core.parts import Echo, Reasoning, Text, ToolCall, ToolResult
from chat.providers.openai_responses.adapter import OpenAIResponses
from tests.loopback import Loopback, Request, json_reply
from tests.wire.responses_shapes import b64, response, responses_stream, said
from tests.wire.talk import KEY, WEATHER, Media, assistant, card, endpoint, events_of, request, user
from tests.wire_shapes import data_url, tiny_png

RED, BLUE = tiny_png(200), tiny_png(0, 0, 200)
CAPTION = {"type": "input_text", "text": "Pictures from the reply above:"}
DRAWN = Echo("openai_responses", {"picture_id": "ig_1"})
REASONING = {"id": "rs_1", "summary": [], "encrypted_content": "+//+"}
THOUGHT = Echo("openai_responses", {"reasoning": REASONING})


def responses(**more: Any) -> ModelCard:
    told = {"id": "gpt", "wire_name": "gpt-5.4", "signatures": False}
    return card("openai_responses", **{**told, **more})


def picture(data: bytes) -> dict[str, Any]:
    return {"type": "input_image", "image_url": data_url(data)}


def words(text: str) -> dict[str, Any]:
    return {"type": "input_text", "text": text}


def reply(*parts: Any, model: str = "gpt") -> Message:
    return assistant(*parts, by="openai_responses", model=model)


async def sent(*messages: Message, **more: Any) -> Request:
    """What the server received."""
    model = more.pop("model", responses())
    options = more.pop("endpoint_options", {})
    answer = responses_stream(["ok"]) if model.stream else json_reply(response([said("ok")]))
    with Loopback([answer]) as server:
        provider = OpenAIResponses(endpoint("openai_responses", f"{server.url}/v1", **options))
        await events_of(provider, request(model, *messages, **more))
    (only,) = server.requests
    return only


async def test_a_plain_request_keeps_nothing_at_the_server() -> None:
    only = await sent(user("Draw a fox 🦊"), system="Be brief.")
    assert only.path == "/v1/responses"
    assert only.headers["authorization"] == f"Bearer {KEY}"
    assert only.json == {
        "model": "gpt-5.4",
        "instructions": "Be brief.",
        "input": [{"role": "user", "content": [words("Draw a fox 🦊")]}],
        "store": False,
        "stream": True,
        "tools": [{"type": "image_generation", "partial_images": 2}],
    }


async def test_a_model_of_words_is_offered_no_brush() -> None:
    only = await sent(model=responses(output_modalities=("text",), stream=False))
    assert set(only.json) == {"model", "input", "store", "stream"}
    assert only.json["stream"] is False


async def test_a_model_of_pictures_has_to_draw() -> None:
    only = await sent(model=responses(output_modalities=("image",), stream=False))
    assert only.json["tools"] == [{"type": "image_generation"}]
    assert only.json["tool_choice"] == {"type": "image_generation"}


@pytest.mark.parametrize(
    ("options", "drawing"),
    [
        ({"aspect_ratio": "16:9"}, {"size": "1536x864"}),
        ({"aspect_ratio": "1:1"}, {"size": "1024x1024"}),
        ({"aspect_ratio": "2:3"}, {"size": "1024x1536"}),
        ({"aspect_ratio": "wide"}, {"size": "auto"}),
        ({"aspect_ratio": "16:9", "image_size": "2048x2048"}, {"size": "2048x2048"}),
        ({"quality": "high", "background": "transparent"}, None),
        ({"aspect_ratio": "7:5", "image_size": "4K", "quality": "max", "background": "red"}, {}),
    ],
)
async def test_picture_options_go_out_only_where_the_card_has_them(
    options: dict[str, str], drawing: dict[str, str] | None
) -> None:
    model = responses(
        aspect_ratios=("1:1", "2:3", "16:9", "wide"),
        image_sizes=("2048x2048",),
        qualities=("high",),
        backgrounds=("transparent",),
    )
    only = await sent(options=options, model=model)
    expected = options if drawing is None else drawing
    assert only.json["tools"] == [{"type": "image_generation", "partial_images": 2, **expected}]


async def test_how_to_draw_and_think_is_the_endpoints_choice() -> None:
    table = {"model": "gpt-image-2.6-flare", "moderation": "low", "partial_images": 0}
    only = await sent(endpoint_options={"image_tool": table, "include_thoughts": True})
    assert only.json["tools"] == [{"type": "image_generation", **table}]
    assert only.json["reasoning"] == {"summary": "auto"}
    assert only.json["include"] == ["reasoning.encrypted_content"]


async def test_an_upload_goes_out_byte_for_byte_in_its_place() -> None:
    media = Media()
    only = await sent(user("Before", media.image(RED), "after"), media=media.bytes)
    (message,) = only.json["input"]
    assert message["content"] == [words("Before"), picture(RED), words("after")]


async def test_its_own_reply_comes_back_item_by_item() -> None:
    media = Media()
    own = reply(
        Reasoning("Hm."),
        Reasoning("", THOUGHT),
        "A fox",
        ": ",
        media.image(BLUE, "model", draft=True),
        media.image(RED, "model", echo=DRAWN),
        "There.",
    )
    again = user("Blue, please", media.image(RED), media.image(BLUE))
    only = await sent(user("Draw"), own, again, media=media.bytes)
    _, *told = only.json["input"]
    assert told == [
        {"type": "reasoning", **REASONING},
        {"role": "assistant", "content": "A fox:"},
        {
            "type": "image_generation_call",
            "id": "ig_1",
            "status": "completed",
            "result": b64(RED),
        },
        {"role": "assistant", "content": "There."},
        {"role": "user", "content": [words("Blue, please"), picture(BLUE)]},
    ]


@pytest.mark.parametrize(
    "author",
    [
        {"by": "openai_responses", "model": "another"},
        {"by": "openai_chat", "model": "gpt"},
        {"by": "", "model": "gpt"},
    ],
    ids=["model", "wire", "nobody"],
)
async def test_what_another_made_is_shown_by_the_next_user_turn(author: dict[str, str]) -> None:
    media = Media()
    red = media.image(RED, "model", echo=DRAWN)
    other = assistant(Reasoning("Hm.", THOUGHT), "A fox", red, red, **author)
    only = await sent(user("Draw"), other, user("Blue, please"), media=media.bytes)
    assert only.json["input"][1:] == [
        {"role": "assistant", "content": "A fox"},
        {"role": "user", "content": [CAPTION, picture(RED), words("Blue, please")]},
    ]


async def test_its_own_picture_in_other_bytes_has_no_id_any_more() -> None:
    """A picture that had to be shrunk is not the one that the id names."""
    media = Media()
    only = await sent(
        user("Draw"), reply(media.image(RED, "model")), user("Blue"), media=media.bytes
    )
    assert only.json["input"][1:] == [
        {"role": "user", "content": [CAPTION, picture(RED), words("Blue")]}
    ]


async def test_reasoning_that_led_to_nothing_stays_home() -> None:
    only = await sent(user("Draw"), reply(Reasoning("", THOUGHT)), user("Again"))
    assert [item["role"] for item in only.json["input"]] == ["user", "user"]


async def test_a_reply_with_tools_is_told_in_rounds() -> None:
    media = Media()
    long_id = "fc_1__thought__" + "x" * 80
    tooled = reply(
        Reasoning("", THOUGHT),
        "Let me look.",
        ToolCall("call_1", "get_weather", {"place": "Köln"}),
        ToolResult("call_1", "get_weather", (Text("Sunny"),)),
        ToolCall(long_id, "draw", {}),
        ToolResult(long_id, "draw", (Text("Here."), media.image(BLUE, "tool"))),
        ToolCall("call_3", "draw", {}),
        ToolResult("call_3", "draw", (Text("no ink"),), failed=True),
    )
    only = await sent(user("Weather?"), tooled, tools=(WEATHER,), media=media.bytes)
    _, function = only.json["tools"]
    assert function == {
        "type": "function",
        "name": "get_weather",
        "description": WEATHER.description,
        "parameters": dict(WEATHER.parameters),
        "strict": False,
    }
    _, thought, looking, asked, sunny, drawing, drawn, _, failed = only.json["input"]
    assert thought["id"] == "rs_1"
    assert looking == {"role": "assistant", "content": "Let me look."}
    assert asked == {
        "type": "function_call",
        "call_id": "call_1",
        "name": "get_weather",
        "arguments": '{"place": "Köln"}',
    }
    assert sunny == {"type": "function_call_output", "call_id": "call_1", "output": "Sunny"}
    assert drawing["call_id"] == drawn["call_id"]
    assert len(drawn["call_id"]) <= 64
    assert drawn["output"] == [words("Here."), picture(BLUE)]
    assert failed["output"] == "Error: no ink"
