"""What goes out to Gemini: nothing twice, nothing unsigned, nothing the card does not have."""

import base64
from typing import Any

import pytest

from chat.core.events import TextDelta
from chat.core.messages import Message
from chat.core.parts import Echo, Reasoning, Text, ToolCall, ToolResult
from chat.providers.gemini.adapter import Gemini
from tests.loopback import Loopback, Request, json_reply
from tests.wire.talk import KEY, WEATHER, Media, assistant, card, endpoint, events_of, request, user
from tests.wire_shapes import gemini_stream, tiny_png

RED, BLUE = tiny_png(200), tiny_png(0, 0, 200)
SIGNATURE = b"\xfb\xff\xbesigned"
SIGNED = Echo("gemini", {"thought_signature": base64.b64encode(SIGNATURE).decode()})
BYPASS = b"skip_thought_signature_validator"


async def sent(*messages: Message, **more: Any) -> Request:
    """What the server received."""
    options = more.pop("endpoint_options", {})
    model = more.pop("model", card("gemini"))
    with Loopback([gemini_stream(["ok"])]) as server:
        provider = Gemini(endpoint("gemini", server.url, **options))
        await events_of(provider, request(model, *messages, **more))
    (only,) = server.requests
    return only


def told(request: Request) -> list[list[Any]]:
    """The contents in short: role, then text, picture bytes or call, a pair where signed."""
    return [
        [content["role"], *(_short(part) for part in content["parts"])]
        for content in request.json["contents"]
    ]


def _short(part: dict[str, Any]) -> Any:
    if "inlineData" in part:
        short: Any = base64.urlsafe_b64decode(part["inlineData"]["data"])
    else:
        short = part.get("text", part.get("functionCall", part.get("functionResponse")))
    signature = part.get("thoughtSignature")
    return short if signature is None else (short, base64.urlsafe_b64decode(signature))


async def test_a_plain_request_asks_for_what_the_card_offers_and_nothing_else() -> None:
    only = await sent(user("Draw a fox 🦊"), system="Be brief.")
    assert only.path == "/v1beta/models/gemini-3.1-flash-image:streamGenerateContent?alt=sse"
    assert only.headers["x-goog-api-key"] == KEY
    assert only.json["contents"] == [{"role": "user", "parts": [{"text": "Draw a fox 🦊"}]}]
    assert only.json["generationConfig"] == {"responseModalities": ["TEXT", "IMAGE"]}
    assert only.json["systemInstruction"]["parts"] == [{"text": "Be brief."}]
    assert not only.json.get("tools")


async def test_picture_options_go_out_only_where_the_card_has_them() -> None:
    options = {"aspect_ratio": "16:9", "image_size": "4K"}
    only = await sent(options=options)
    assert only.json["generationConfig"]["imageConfig"] == {"aspectRatio": "16:9"}
    plain = card("gemini", output_modalities=("text",))
    only = await sent(options=options, model=plain)
    assert not only.json.get("generationConfig")


async def test_the_api_version_and_thoughts_are_the_endpoints_choice() -> None:
    only = await sent(endpoint_options={"api_version": "v1", "include_thoughts": True})
    assert only.path.startswith("/v1/models/")
    assert only.json["generationConfig"]["thinkingConfig"] == {"include_thoughts": True}


async def test_an_upload_goes_out_byte_for_byte() -> None:
    media = Media()
    only = await sent(user("Edit this", media.image(RED)), media=media.bytes)
    assert told(only) == [["user", "Edit this", RED]]


async def test_its_own_reply_comes_back_as_it_was_said() -> None:
    media = Media()
    picture = media.image(RED, "model", echo=SIGNED)
    reply = assistant(Text("A ", SIGNED), "fox: ", picture, Text("", SIGNED), by="gemini")
    only = await sent(user("Draw"), reply, user("Blue, please"), media=media.bytes)
    assert told(only) == [
        ["user", "Draw"],
        ["model", ("A ", SIGNATURE), "fox: ", (RED, SIGNATURE), ("", SIGNATURE)],
        ["user", "Blue, please"],
    ]


async def test_a_picture_already_in_the_reply_is_not_sent_again_by_the_user() -> None:
    media = Media()
    reply = assistant(media.image(RED, "model", echo=SIGNED), by="gemini")
    last = user("Edit it", media.image(RED), media.image(BLUE))
    only = await sent(user("Draw"), reply, last, media=media.bytes)
    assert told(only)[1:] == [["model", (RED, SIGNATURE)], ["user", "Edit it", BLUE]]


async def test_a_foreign_picture_moves_to_the_next_user_turn() -> None:
    media = Media()
    reply = assistant("A fox", media.image(RED, "model"), by="openai_chat")
    only = await sent(user("Draw"), reply, user("Blue, please"), media=media.bytes)
    assert told(only) == [
        ["user", "Draw"],
        ["model", ("A fox", BYPASS)],
        ["user", "A picture from the reply above:", RED, "Blue, please"],
    ]


async def test_a_foreign_picture_that_the_user_attached_anyway_goes_once() -> None:
    media = Media()
    reply = assistant("A fox", media.image(RED, "model"), by="sketch", model="sketch")
    last = user(media.image(RED), "Blue, please")
    only = await sent(user("Draw"), reply, last, media=media.bytes)
    assert told(only)[2] == ["user", RED, "Blue, please"]


async def test_signatures_are_not_shown_to_another_model() -> None:
    media = Media()
    reply = assistant(
        Text("A fox", SIGNED), media.image(RED, "model", echo=SIGNED), by="gemini", model="other"
    )
    only = await sent(user("Draw"), reply, user("Blue"), media=media.bytes)
    assert told(only)[1] == ["model", ("A fox", BYPASS)]
    assert told(only)[2][2] == RED


async def test_a_preview_of_the_same_model_is_the_same_model() -> None:
    media = Media()
    reply = assistant(
        media.image(RED, "model", echo=SIGNED), by="gemini", model="gemini-3.1-flash-image-preview"
    )
    only = await sent(user("Draw"), reply, user("Blue"), media=media.bytes)
    assert told(only)[1] == ["model", (RED, SIGNATURE)]


async def test_a_model_without_signatures_gets_its_pictures_as_its_own() -> None:
    media = Media()
    old = card("gemini", id="gemini-2.5-flash-image", signatures=False)
    reply = assistant("A fox", media.image(RED, "model"), by="gemini", model=old.id)
    only = await sent(user("Draw"), reply, user("Blue"), media=media.bytes, model=old)
    assert told(only)[1] == ["model", "A fox", RED]


@pytest.mark.parametrize("echo", [None, SIGNED], ids=["unsigned", "signed"])
async def test_thoughts_stay_home_unless_signed_and_drafts_always(echo: Echo | None) -> None:
    """A draft that went along would push a result out of the request."""
    media = Media()
    draft = media.image(BLUE, "model", draft=True, echo=echo)
    reply = assistant(Reasoning("Hm."), Reasoning("Ah.", SIGNED), draft, Text("A fox"), by="gemini")
    only = await sent(user("Draw"), reply, user("More"), media=media.bytes)
    model = only.json["contents"][1]["parts"]
    assert [part["text"] for part in model] == ["Ah.", "A fox"]
    assert model[0]["thought"] is True


async def test_tools_are_declared_and_never_run_by_the_sdk() -> None:
    only = await sent(user("Weather?"), tools=(WEATHER,))
    (tool,) = only.json["tools"]
    (declared,) = tool["functionDeclarations"]
    assert declared["name"] == "get_weather"
    assert declared["parameters_json_schema"] == dict(WEATHER.parameters)


async def test_a_reply_with_tools_is_told_in_rounds() -> None:
    media = Media()
    reply = assistant(
        "Let me look.",
        ToolCall("fc_1", "get_weather", {"place": "Köln"}, SIGNED),
        ToolResult("fc_1", "get_weather", (Text("Sunny"), media.image(BLUE, "tool"))),
        by="gemini",
    )
    only = await sent(user("Weather?"), reply, tools=(WEATHER,), media=media.bytes)
    _, model, answer = only.json["contents"]
    assert model["parts"][1] == {
        "functionCall": {"id": "fc_1", "name": "get_weather", "args": {"place": "Köln"}},
        "thoughtSignature": base64.urlsafe_b64encode(SIGNATURE).decode(),
    }
    response = answer["parts"][0]["functionResponse"]
    assert response["response"] == {"output": "Sunny"}
    assert response["id"] == "fc_1"
    (picture,) = response["parts"]
    (blob,) = picture.values()
    assert base64.urlsafe_b64decode(blob["data"]) == BLUE


async def test_older_models_see_a_tools_picture_beside_its_answer() -> None:
    media = Media()
    old = card("gemini", id="gemini-2.5-flash", signatures=False)
    reply = assistant(
        ToolCall("made-up", "draw", {}, Echo("gemini", {"unnamed_call": True})),
        ToolResult("made-up", "draw", (media.image(BLUE, "tool"),), failed=True),
        by="gemini",
        model=old.id,
    )
    only = await sent(user("Draw"), reply, media=media.bytes, model=old)
    assert told(only)[1:] == [
        ["model", {"name": "draw", "args": {}}],
        ["user", {"name": "draw", "response": {"error": ""}}, BLUE],
    ]


async def test_a_foreign_call_is_excused_from_signing() -> None:
    reply = assistant(
        ToolCall("call_1", "get_weather", {"place": "Köln"}),
        ToolResult("call_1", "get_weather", (Text("Sunny"),)),
        by="openai_chat",
    )
    only = await sent(user("Weather?"), reply, user("And now?"), tools=(WEATHER,))
    assert told(only)[1][1][1] == BYPASS


CALL = ToolCall("c1", "get_weather", {"place": "Köln"})
ANSWER = ToolResult("c1", "get_weather", (Text("Sunny"),))


@pytest.mark.parametrize(
    ("parts", "turns"),
    [
        pytest.param([Text("A fo")], [["model", ("A fo", BYPASS)]], id="stopped"),
        pytest.param(
            [Text("A [mail] fox"), Text(" sits", SIGNED)],
            [["model", ("A [mail] fox", BYPASS), (" sits", SIGNATURE)]],
            id="masked",
        ),
        pytest.param(
            [Text("A fox"), Text("", SIGNED)],
            [["model", ("A fox", BYPASS), ("", SIGNATURE)]],
            id="signed at its end",
        ),
        pytest.param(
            [Reasoning("Hm.", SIGNED), Text("A fox")],
            [["model", ("Hm.", SIGNATURE), ("A fox", BYPASS)]],
            id="only its thought is signed",
        ),
        pytest.param(
            ["Let me look.", CALL, ANSWER, "Sunny."],
            [
                ["model", ("Let me look.", BYPASS), ({"id": "c1"}, BYPASS)],
                ["user", {"id": "c1"}],
                ["model", ("Sunny.", BYPASS)],
            ],
            id="every round of tools",
        ),
    ],
)
async def test_its_own_words_are_never_refused_because_they_lost_their_signature(
    parts: list[Text | str], turns: list[Any]
) -> None:
    only = await sent(user("Draw"), assistant(*parts, by="gemini"), user("Go on"), tools=(WEATHER,))
    assert named(told(only)[1:-1]) == turns


async def test_its_own_unsigned_picture_is_shown_by_the_user_and_its_words_are_excused() -> None:
    """A guard or a broken line took the signature; the picture was paid for all the same."""
    media = Media()
    reply = assistant("A fox", media.image(RED, "model"), by="gemini")
    only = await sent(user("Draw"), reply, user("Blue"), media=media.bytes)
    assert told(only)[1] == ["model", ("A fox", BYPASS)]
    assert told(only)[2][2] == RED


def named(turns: list[list[Any]]) -> list[list[Any]]:
    """The turns with calls and answers as their ids alone."""

    def short(item: Any) -> Any:
        if isinstance(item, tuple):
            return (short(item[0]), item[1])
        return {"id": item["id"]} if isinstance(item, dict) else item

    return [[short(item) for item in turn] for turn in turns]


MISSING = {
    "code": 400,
    "message": "Text part is missing a thought_signature in content position 2, part position 1.",
    "status": "INVALID_ARGUMENT",
}


async def test_a_card_that_is_silent_on_signatures_learns_of_them_from_the_refusal() -> None:
    """Asked again within the turn; after that the model is asked rightly at once."""
    replies = [json_reply({"error": MISSING}, 400), gemini_stream(["ok"]), gemini_stream(["ok"])]
    silent = card("gemini", signatures=False)
    history = (user("Draw"), assistant("A fox", by="sketch", model="sketch"), user("Blue"))
    with Loopback(replies) as server:
        provider = Gemini(endpoint("gemini", server.url))
        for _ in range(2):
            events = [event async for event in provider.stream(request(silent, *history))]
            assert events[0] == TextDelta("ok")
        await provider.aclose()
    assert [told(asked)[1][1] for asked in server.requests] == [
        "A fox",
        ("A fox", BYPASS),
        ("A fox", BYPASS),
    ]
