"""What Gemini sends is what the user sees, and what it must hear again is kept."""

import base64
from typing import Any

import pytest

from chat.core.errors import BadReply
from chat.core.events import Finished, ImageBytes, ReasoningDelta, TextDelta
from chat.core.messages import Finish, Usage
from chat.core.parts import Echo, ToolCall
from chat.providers.gemini.adapter import Gemini
from tests.loopback import Loopback, Reply, json_reply, sse
from tests.wire.talk import card, endpoint, events_of, finished, heard, request
from tests.wire_shapes import gemini_chunk, gemini_picture, gemini_stream, tiny_png

RED, BLUE = tiny_png(200), tiny_png(0, 0, 200)
SIGNATURE = b"\xfb\xff\xbesigned"
SIGNED = Echo("gemini", {"thought_signature": base64.b64encode(SIGNATURE).decode()})
CALL = {"functionCall": {"id": "fc_1", "name": "get_weather", "args": {"place": "Köln"}}}


async def events(reply: Reply, **card_changes: Any) -> list[Any]:
    with Loopback([reply]) as server:
        provider = Gemini(endpoint("gemini", server.url))
        return list(await events_of(provider, request(card("gemini", **card_changes))))


async def test_words_and_pictures_keep_their_order_bytes_and_signatures() -> None:
    said = await events(gemini_stream(["A fox 🦊: ", RED, "and ", "at night:", BLUE]))
    assert said[:-1] == [
        TextDelta("A fox 🦊: "),
        ImageBytes(RED, echo=SIGNED),
        TextDelta("and at night:"),
        ImageBytes(BLUE, echo=SIGNED),
    ]
    assert finished(said).finish == Finish("stop", "STOP")
    assert finished(said).response_id == "resp_1"


async def test_usage_is_told_by_modality() -> None:
    said = await events(gemini_stream(["Hello"]))
    assert finished(said).usage == Usage(
        input_text_tokens=10,
        input_image_tokens=258,
        output_text_tokens=9,
        output_image_tokens=1290,
        reasoning_tokens=120,
    )


@pytest.mark.parametrize("tokens", [10**400, 10**12 + 1, -1])
async def test_a_count_that_cannot_be_is_unknown_and_spoils_no_reply(tokens: int) -> None:
    counts = {
        "promptTokenCount": tokens,
        "toolUsePromptTokenCount": tokens,
        "candidatesTokenCount": tokens,
        "candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": tokens}],
        "thoughtsTokenCount": tokens,
        "cachedContentTokenCount": tokens,
    }
    last = {**gemini_chunk([{"text": "Hello"}], finishReason="STOP"), "usageMetadata": counts}
    end = finished(await events(sse(last)))
    assert end.finish.kind == "stop"
    assert end.usage == Usage(output_image_tokens=0)


async def test_a_signature_on_empty_text_is_not_lost() -> None:
    last = {"text": "", "thoughtSignature": base64.b64encode(SIGNATURE).decode()}
    said = await events(gemini_stream(["Done.", last]))
    assert said[1] == TextDelta("", SIGNED)


async def test_thoughts_are_reasoning_and_their_pictures_drafts() -> None:
    thought = {"text": "**Planning** the light.", "thought": True}
    draft = {**gemini_picture(RED, None), "thought": True}
    said = await events(gemini_stream([thought, draft, BLUE]))
    assert said[:-1] == [
        ReasoningDelta("**Planning** the light."),
        ImageBytes(RED, draft=True),
        ImageBytes(BLUE, echo=SIGNED),
    ]


async def test_calls_finish_as_tool_calls() -> None:
    signed = {**CALL, "thoughtSignature": base64.b64encode(SIGNATURE).decode()}
    said = await events(gemini_stream(["Let me look. ", signed]))
    assert said[1] == ToolCall("fc_1", "get_weather", {"place": "Köln"}, SIGNED)
    assert finished(said).finish == Finish("tool_calls", "STOP")


async def test_arguments_deeper_than_anybody_reads_reach_the_tool_as_none() -> None:
    args: dict[str, Any] = {}
    for _ in range(200):
        args = {"more": args}
    call, _ = await events(
        gemini_stream([{"functionCall": {**CALL["functionCall"], "args": args}}])
    )
    assert (call.name, call.arguments) == ("get_weather", {})


async def test_calls_without_an_id_get_one_each() -> None:
    nameless = {"functionCall": {"name": "get_weather", "args": {}}}
    first, second, _ = await events(gemini_stream([nameless, nameless]))
    assert first.call_id
    assert first.call_id != second.call_id
    assert first.echo == Echo("gemini", {"unnamed_call": True})


@pytest.mark.parametrize(
    ("native", "kind"),
    [
        ("MAX_TOKENS", "length"),
        ("SAFETY", "blocked"),
        ("IMAGE_SAFETY", "blocked"),
        ("IMAGE_PROHIBITED_CONTENT", "blocked"),
        ("RECITATION", "blocked"),
        ("NO_IMAGE", "no_image"),
        ("IMAGE_OTHER", "no_image"),
        ("MALFORMED_FUNCTION_CALL", "error"),
        ("MISSING_THOUGHT_SIGNATURE", "error"),
    ],
)
async def test_an_unusual_end_keeps_what_came_and_says_why(native: str, kind: str) -> None:
    said = await events(gemini_stream(["Here it ", RED], finish=native))
    assert said[:2] == [TextDelta("Here it "), ImageBytes(RED, echo=SIGNED)]
    finish = finished(said).finish
    assert (finish.kind, finish.native) == (kind, native)
    assert finish.message.endswith(".")


DIGITS = base64.b64encode(RED).decode()
ODD_BASE64 = {
    "wrapped": "\n".join(DIGITS[at : at + 20] for at in range(0, len(DIGITS), 20)),
    "wrapped as on Windows": "\r\n".join(DIGITS[at : at + 20] for at in range(0, len(DIGITS), 20)),
    "a data URL": f"data:image/png;base64,{DIGITS}",
    "a data URL in capitals": f"DATA:image/png;BASE64,{DIGITS.rstrip('=')}",
    "a blank before": f" {DIGITS}",
    "two alphabets": DIGITS.replace("+", "-"),
    "with escapes": DIGITS.replace("/", "%2F").replace("+", "%2B").replace("=", "%3D"),
    "without padding": DIGITS.rstrip("="),
}


@pytest.mark.parametrize("digits", ODD_BASE64.values(), ids=ODD_BASE64)
@pytest.mark.parametrize("key", ["inlineData", "inline_data"])
async def test_base64_in_any_spelling_is_the_picture(digits: str, key: str) -> None:
    part = {key: {"mimeType": "image/png", "data": digits}}
    args = {"data": "data:image/png;base64,", "thoughtSignature": "no base64"}
    call = {"functionCall": {"id": "fc_1", "name": "get_weather", "args": args}}
    said = await events(gemini_stream(["One ", part, '"data": "data:"', CALL, {"text": " two"}]))
    assert ImageBytes(RED) in said
    assert finished(said).finish.kind == "tool_calls"
    said = await events(gemini_stream([part, {"text": 'x {"inlineData":{"data":"a b"}}'}, call]))
    assert said[0] == ImageBytes(RED)
    assert said[1] == TextDelta('x {"inlineData":{"data":"a b"}}')
    assert said[2].arguments["data"] == "data:image/png;base64,"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"displayName": "a {fox}"}, {}),
        ({}, {"displayName": 'a "}" of {foxes'}),
        ({"meta": {"size": {"data": "no base64!"}, "tags": [{}]}}, {}),
        ({}, {"meta": {"more": {"a": "}"}}}),
    ],
    ids=["braces in a name", "half a pair", "tables before", "tables behind"],
)
async def test_a_picture_is_read_whatever_stands_beside_its_data(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    odd = {"mimeType": "image/png", **before, "data": DIGITS[:40] + "\n" + DIGITS[40:], **after}
    said = await events(gemini_stream([{"inlineData": odd}, {"inlineData": odd}, "Then {}."]))
    assert [event.data for event in said if isinstance(event, ImageBytes)] == [RED]
    assert "".join(event.text for event in said if isinstance(event, TextDelta)) == "Then {}."


async def test_chunks_in_a_list_are_those_of_a_stream() -> None:
    last = gemini_chunk([gemini_picture(RED)], finishReason="STOP")
    said = await events(json_reply([gemini_chunk([{"text": "Here: "}]), last]))
    assert said[:2] == [TextDelta("Here: "), ImageBytes(RED, echo=SIGNED)]
    assert finished(said).finish.kind == "stop"


async def test_digits_that_are_no_base64_cost_no_answer() -> None:
    part = {"inlineData": {"mimeType": "image/png", "data": "no base64!"}}
    signed = {"text": "Well. ", "thoughtSignature": "no base64!"}
    said = await events(gemini_stream([signed, part, "Then."]))
    words = "".join(event.text for event in said if isinstance(event, TextDelta))
    assert words == "Well. Then."
    assert [event.data for event in said if isinstance(event, ImageBytes)] == [b"\0"]


@pytest.mark.filterwarnings("ignore:NEW_REASON is not a valid FinishReason:UserWarning")
@pytest.mark.parametrize(("parts", "kind"), [(["Well"], "stop"), ([], "error")])
async def test_a_reason_invented_tomorrow_is_named_and_costs_no_answer(
    parts: list[str], kind: str
) -> None:
    said = await events(gemini_stream(parts, finish="NEW_REASON"))
    assert finished(said).finish.kind == kind
    assert "NEW_REASON" in finished(said).finish.message


@pytest.mark.parametrize("reason", ["PROHIBITED_CONTENT", "OTHER", "JAILBREAK"])
async def test_a_refused_prompt_is_blocked_not_silent(reason: str) -> None:
    refused = {"promptFeedback": {"blockReason": reason}, "usageMetadata": {"promptTokenCount": 9}}
    (last,) = await events(sse(refused))
    assert isinstance(last, Finished)
    assert (last.finish.kind, last.finish.native) == ("blocked", reason)
    assert last.finish.message
    assert last.usage == Usage(input_text_tokens=9)


async def test_an_empty_answer_is_not_a_success() -> None:
    (last,) = await events(gemini_stream([]))
    assert last.finish.kind == "error"


@pytest.mark.parametrize("parts", [["Here is half", RED], []])
async def test_a_stream_without_an_end_broke_off(parts: list[str | bytes]) -> None:
    with Loopback([gemini_stream(parts, finish=None)]) as server:
        said, error = await heard(Gemini(endpoint("gemini", server.url)), request(card("gemini")))
    assert len(said) == len(parts)
    assert isinstance(error, BadReply)
    assert "broke off" in str(error)


async def test_pictures_without_a_token_split_are_still_counted_as_pictures() -> None:
    chunk = {
        **gemini_chunk([gemini_picture(RED)], finishReason="STOP"),
        "usageMetadata": {"promptTokenCount": 5, "candidatesTokenCount": 1290},
    }
    (_, last) = await events(sse(chunk))
    assert last.usage == Usage(input_text_tokens=5, output_text_tokens=0, output_image_tokens=1290)
