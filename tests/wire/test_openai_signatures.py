"""A server that hands on Gemini's thought signatures gets them back; no other ever sees one.

LiteLLM's chat route: signatures come in ``provider_specific_fields`` of a message or a delta, and
the first of those that go back becomes the signature of the message's words.
"""

import base64
from collections.abc import Sequence
from typing import Any

import pytest

from chat.core.errors import Rejected
from chat.core.events import Finished, ImageBytes, ProviderEvent, ReasoningDelta, TextDelta
from chat.core.messages import Message
from chat.core.models import ModelCard
from chat.core.parts import Echo, Part, Reasoning, Text, ToolCall, ToolResult
from chat.providers.openai_chat.adapter import OpenAIChat
from tests.loopback import Loopback, Reply, json_reply
from tests.wire.talk import (
    WEATHER,
    Media,
    assistant,
    card,
    endpoint,
    events_of,
    finished,
    heard,
    request,
    user,
)
from tests.wire_shapes import data_url, openai_message, openai_stream, tiny_png

RED, BLUE = tiny_png(200), tiny_png(0, 0, 200)
BYPASS = base64.b64encode(b"skip_thought_signature_validator").decode()
SIGNED = Echo("openai_chat", {"thought_signature": "c2lnbmVk"})
SIGNING, PLAIN = card("openai_chat", signatures=True), card("openai_chat")


def fields(*signatures: str) -> dict[str, Any]:
    return {"provider_specific_fields": {"thought_signatures": list(signatures)}}


def drawn(picture: bytes) -> dict[str, Any]:
    return {"image_url": {"url": data_url(picture), "detail": "auto"}, "index": 0}


async def read(reply: Reply, *, stream: bool = True) -> list[ProviderEvent]:
    with Loopback([reply]) as server:
        provider = OpenAIChat(endpoint("openai_chat", f"{server.url}/v1"))
        asked = card("openai_chat", signatures=True, stream=stream)
        return await events_of(provider, request(asked))


async def test_the_signature_of_streamed_words_stays_with_them() -> None:
    parts: list[Any] = [
        {"reasoning_content": "Hm.", **fields("dGhvdWdodA==")},
        {"content": "Here ", **fields("d29yZHM=")},
        "is a fox.",
        {"images": [drawn(RED)]},
        "And the sea.",
        {"content": "", **fields("ZW5k")},
    ]
    events = await read(openai_stream(parts))
    assert events[:-1] == [
        ReasoningDelta("Hm."),
        TextDelta("Here ", Echo("openai_chat", {"thought_signature": "d29yZHM="})),
        TextDelta("is a fox."),
        ImageBytes(RED),
        TextDelta("And the sea."),
        TextDelta("", Echo("openai_chat", {"thought_signature": "ZW5k"})),
    ]


CALL = {
    "id": "c1__thought__Y2FsbA==",
    "type": "function",
    "index": 0,
    "function": {"name": "get_weather", "arguments": "{}"},
    "provider_specific_fields": {"thought_signature": "Y2FsbA=="},
}


@pytest.mark.parametrize(
    ("message", "signature"),
    [
        pytest.param({"content": "A fox", **fields("d29yZHM=")}, "d29yZHM=", id="words"),
        pytest.param(
            {
                "content": "A fox",
                "reasoning_content": "Hm.",
                "thinking_blocks": [{"type": "thinking", "thinking": "Hm.", "signature": "dA=="}],
                "images": [drawn(RED)],
                "tool_calls": [CALL],
                **fields("dA==", "d29yZHM=", "cGlj", "Y2FsbA=="),
            },
            "d29yZHM=",
            id="words among all that may be signed",
        ),
        pytest.param(
            {"content": "A fox", "images": [drawn(RED)], **fields("cGlj")}, "", id="picture's own"
        ),
        pytest.param(
            {"content": None, "images": [drawn(RED)], **fields("cGlj")}, "", id="no words"
        ),
        pytest.param(
            {"content": "A fox", "tool_calls": [CALL], **fields("Y2FsbA==")}, "", id="call's"
        ),
        pytest.param({"content": "A fox", **fields()}, "", id="empty list"),
        pytest.param(
            {"content": "A fox", "provider_specific_fields": {"thought_signatures": "nonsense"}},
            "",
            id="no list",
        ),
        pytest.param({"content": "A fox", "provider_specific_fields": None}, "", id="nothing"),
    ],
)
async def test_of_a_whole_reply_the_words_keep_their_own_signature(
    message: dict[str, Any], signature: str
) -> None:
    events = await read(json_reply(openai_message(message)), stream=False)
    echoes = [event.echo for event in events if isinstance(event, TextDelta)]
    kept = [echo.data["thought_signature"] for echo in echoes if echo is not None]
    assert kept == [signature] * bool(signature)


async def test_a_signature_alone_is_no_answer() -> None:
    events = await read(openai_stream([fields("ZW5k")]))
    assert finished(events).finish.kind == "error"


async def sent(card_asked: ModelCard, *messages: Message, **more: Any) -> list[dict[str, Any]]:
    """The messages that the server received."""
    with Loopback([openai_stream(["ok"])]) as server:
        provider = OpenAIChat(endpoint("openai_chat", f"{server.url}/v1"))
        await events_of(provider, request(card_asked, *messages, **more))
    (only,) = server.requests
    messages_sent: list[dict[str, Any]] = only.json["messages"]
    return messages_sent


def signatures(messages: Sequence[dict[str, Any]]) -> list[list[str] | None]:
    """What each message of the model has for its signatures."""
    spoken = [message for message in messages if message["role"] == "assistant"]
    extras = [message.get("provider_specific_fields") for message in spoken]
    return [None if extra is None else extra["thought_signatures"] for extra in extras]


MEDIA = Media()
PICTURE = MEDIA.image(RED, "model")
ASKED = ToolCall("c1", "get_weather", {})
TOLD = ToolResult("c1", "get_weather", (Text("Sunny"),))
OWN = "openai_chat"

REPLIES = [
    pytest.param([Text("A fox", SIGNED), PICTURE], OWN, ["c2lnbmVk"], id="signed"),
    pytest.param([Text("A ", SIGNED), "fox"], OWN, ["c2lnbmVk"], id="signed in pieces"),
    pytest.param(["A fox", Text("", SIGNED), PICTURE], OWN, ["c2lnbmVk"], id="signed at its end"),
    pytest.param(
        [Reasoning("Hm."), Text("A fox", SIGNED)], OWN, ["c2lnbmVk"], id="after a thought"
    ),
    pytest.param(["A fox", PICTURE, Text("", SIGNED)], OWN, [BYPASS], id="signed elsewhere"),
    pytest.param(["A fo"], OWN, [BYPASS], id="stopped or masked"),
    pytest.param([PICTURE], OWN, [BYPASS], id="pictures only"),
    pytest.param([Text("A fox", SIGNED), PICTURE], "sketch", [BYPASS], id="of another model"),
    pytest.param([PICTURE], "gemini", [BYPASS], id="pictures only, of another model"),
    pytest.param(
        [Text("I look.", SIGNED), ASKED, TOLD, "Sunny."], OWN, ["c2lnbmVk", BYPASS], id="rounds"
    ),
    pytest.param([ASKED, TOLD, "Sunny."], OWN, [None, BYPASS], id="a call without words"),
    pytest.param([ASKED, TOLD, "Sunny."], "gemini", [None, BYPASS], id="another model's rounds"),
]


@pytest.mark.parametrize(("parts", "by", "expected"), REPLIES)
async def test_every_reply_goes_back_signed_or_excused(
    parts: list[Part | str], by: str, expected: list[Any]
) -> None:
    reply = assistant(*parts, by=by)
    told = await sent(
        SIGNING, user("Draw"), reply, user("Blue"), media=MEDIA.bytes, tools=(WEATHER,)
    )
    assert signatures(told) == [one if one is None else [one] for one in expected]


@pytest.mark.parametrize(("parts", "by", "_"), REPLIES)
async def test_a_plain_server_never_sees_a_signature_of_another_model(
    parts: list[Part | str], by: str, _: Any
) -> None:
    reply = assistant(*parts, by=by, model="another")
    told = await sent(PLAIN, user("Draw"), reply, user("Blue"), media=MEDIA.bytes, tools=(WEATHER,))
    assert "provider_specific_fields" not in str(told)
    assert "c2lnbmVk" not in str(told)


async def test_a_call_goes_back_under_the_id_that_signs_it_and_to_others_without() -> None:
    call = ToolCall("c1__thought__Y2FsbA==", "get_weather", {})
    reply: list[Part | str] = [call, ToolResult(call.call_id, "get_weather", (Text("Sunny"),))]
    for by, call_id in ((OWN, call.call_id), ("gemini", "c1")):
        said = assistant(*reply, by=by)
        told = await sent(SIGNING, user("Warm?"), said, user("And now?"), tools=(WEATHER,))
        assert told[1]["tool_calls"][0]["id"] == told[2]["tool_call_id"] == call_id


async def test_a_server_that_has_signed_before_gets_all_that_is_owed_whatever_its_card_says() -> (
    None
):
    own, foreign = assistant(Text("A fox", SIGNED), by=OWN), assistant("Hello", by="sketch")
    told = await sent(PLAIN, user("Hi"), foreign, user("Draw"), own, user("Blue"))
    assert signatures(told) == [[BYPASS], ["c2lnbmVk"]]


REFUSAL = json_reply(
    {
        "error": {
            "message": "litellm.BadRequestError: GeminiException BadRequestError - {\n"
            '  "error": {\n    "code": 400,\n    "message": "Text part is missing a '
            'thought_signature in content position 2, part position 1."\n  }\n}',
            "type": None,
            "param": None,
            "code": "400",
        }
    },
    400,
)


async def test_a_card_that_is_silent_on_signatures_learns_of_them_from_the_refusal() -> None:
    history = (user("Hi"), assistant("Hello", by="sketch"), user("Draw"))
    replies = [REFUSAL, openai_stream(["ok"]), openai_stream(["ok"])]
    with Loopback(replies) as server:
        provider = OpenAIChat(endpoint("openai_chat", f"{server.url}/v1"))
        for _ in range(2):
            events = [event async for event in provider.stream(request(PLAIN, *history))]
            assert isinstance(events[-1], Finished)
        await provider.aclose()
    sent_each = [signatures(asked.json["messages"]) for asked in server.requests]
    assert sent_each == [[None], [[BYPASS]], [[BYPASS]]]


async def test_a_model_that_refuses_even_so_is_not_asked_a_third_time() -> None:
    with Loopback([REFUSAL, REFUSAL]) as server:
        provider = OpenAIChat(endpoint("openai_chat", f"{server.url}/v1"))
        said, error = await heard(provider, request(PLAIN, user("Hi")))
    assert said == []
    assert isinstance(error, Rejected)
    assert len(server.requests) == 2
