"""What goes out to a chat-completions server: every picture once, where it will be read."""

from typing import Any

from chat.core.messages import Message
from chat.core.parts import Echo, Reasoning, Text, ToolCall, ToolResult
from chat.providers.openai_chat.adapter import OpenAIChat
from tests.loopback import Loopback, Request, json_reply
from tests.wire.talk import KEY, WEATHER, Media, assistant, card, endpoint, events_of, request, user
from tests.wire_shapes import data_url, openai_message, openai_stream, tiny_png

RED, BLUE = tiny_png(200), tiny_png(0, 0, 200)
CAPTION = {"type": "text", "text": "Pictures from the reply above:"}
DETAILS = [{"type": "reasoning.encrypted", "data": "+//+", "id": "rs_1", "index": 0}]


def picture(data: bytes) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": data_url(data)}}


def words(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


async def sent(*messages: Message, **more: Any) -> Request:
    """What the server received."""
    model = more.pop("model", card("openai_chat"))
    reply = openai_stream(["ok"]) if model.stream else json_reply(openai_message({"content": "ok"}))
    with Loopback([reply]) as server:
        provider = OpenAIChat(endpoint("openai_chat", f"{server.url}/v1"))
        await events_of(provider, request(model, *messages, **more))
    (only,) = server.requests
    return only


async def test_a_plain_request_asks_for_what_the_card_offers_and_nothing_else() -> None:
    only = await sent(user("Draw a fox 🦊"), system="Be brief.")
    assert only.path == "/v1/chat/completions"
    assert only.headers["authorization"] == f"Bearer {KEY}"
    assert only.json == {
        "model": "gemini-3.1-flash-image",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Draw a fox 🦊"},
        ],
        "modalities": ["image", "text"],
        "stream": True,
        "stream_options": {"include_usage": True},
    }


async def test_a_text_model_that_does_not_stream_is_asked_plainly() -> None:
    model = card("openai_chat", output_modalities=("text",), stream=False)
    only = await sent(user("Hello"), options={"aspect_ratio": "16:9"}, model=model)
    assert set(only.json) == {"model", "messages"}


async def test_picture_options_go_out_only_where_the_card_has_them() -> None:
    only = await sent(options={"aspect_ratio": "16:9", "image_size": "4K"})
    assert only.json["image_config"] == {"aspect_ratio": "16:9"}


async def test_an_upload_goes_out_byte_for_byte_in_its_place() -> None:
    media = Media()
    only = await sent(user("Before", media.image(RED), "after"), media=media.bytes)
    (message,) = only.json["messages"]
    assert message["content"] == [words("Before"), picture(RED), words("after")]


async def test_pictures_of_a_reply_are_shown_by_the_next_user_turn() -> None:
    media = Media()
    red = media.image(RED, "model")
    reply = assistant("A fox:", red, red, "and more.", by="openai_chat")
    only = await sent(user("Draw"), reply, user("Blue, please"), media=media.bytes)
    assert only.json["messages"][1:] == [
        {"role": "assistant", "content": "A fox:\n\nand more."},
        {"role": "user", "content": [CAPTION, picture(RED), words("Blue, please")]},
    ]


async def test_a_picture_that_the_user_attached_anyway_goes_once() -> None:
    media = Media()
    reply = assistant(media.image(RED, "model"), by="gemini")
    last = user("Edit it", media.image(RED))
    only = await sent(user("Draw"), reply, last, media=media.bytes)
    assert only.json["messages"][1:] == [
        {"role": "assistant", "content": "Here is the picture."},
        {"role": "user", "content": [words("Edit it"), picture(RED)]},
    ]


async def test_thoughts_and_drafts_stay_home() -> None:
    media = Media()
    draft = media.image(BLUE, "model", draft=True)
    reply = assistant(Reasoning("Hm."), draft, "A fox", by="openai_chat")
    only = await sent(user("Draw"), reply, user("More"), media=media.bytes)
    assert only.json["messages"][1:] == [
        {"role": "assistant", "content": "A fox"},
        {"role": "user", "content": "More"},
    ]


async def test_reasoning_details_go_back_to_their_own_model_only() -> None:
    kept = Text("", Echo("openai_chat", {"reasoning_details": DETAILS}))
    own = assistant("A fox", kept, by="openai_chat")
    only = await sent(user("Draw"), own, user("More"))
    assert only.json["messages"][1]["reasoning_details"] == DETAILS
    other = assistant("A fox", kept, by="openai_chat", model="another")
    only = await sent(user("Draw"), other, user("More"))
    assert "reasoning_details" not in only.json["messages"][1]


async def test_a_reply_with_tools_is_told_in_rounds() -> None:
    media = Media()
    reply = assistant(
        "Let me look.",
        ToolCall("fc_1__thought__+/=", "get_weather", {"place": "Köln"}),
        ToolResult("fc_1__thought__+/=", "get_weather", (Text("Sunny"),)),
        ToolCall("fc_2", "draw", {}),
        ToolResult("fc_2", "draw", (media.image(BLUE, "tool"),)),
        ToolCall("fc_3", "draw", {}),
        ToolResult("fc_3", "draw", (Text("no ink"),), failed=True),
        by="openai_chat",
    )
    only = await sent(user("Weather?"), reply, tools=(WEATHER,), media=media.bytes)
    assert only.json["tools"][0]["function"]["name"] == "get_weather"
    _, first, sunny, second, drawn, shown, third, failed = only.json["messages"]
    assert first["content"] == "Let me look."
    assert first["tool_calls"] == [
        {
            "id": "fc_1__thought__+/=",
            "type": "function",
            "function": {"name": "get_weather", "arguments": '{"place": "Köln"}'},
        }
    ]
    assert sunny == {
        "role": "tool",
        "tool_call_id": "fc_1__thought__+/=",
        "content": "Sunny",
    }
    assert second["content"] is None
    assert drawn["content"] == "[The picture follows.]"
    assert shown == {"role": "user", "content": [CAPTION, picture(BLUE)]}
    assert third["tool_calls"][0]["id"] == "fc_3"
    assert failed["content"] == "Error: no ink"


async def test_an_empty_reply_leaves_no_empty_turn() -> None:
    only = await sent(user("Draw"), assistant(by="openai_chat"), user("Again"))
    assert [m["role"] for m in only.json["messages"]] == ["user", "user"]
