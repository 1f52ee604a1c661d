"""However a compatible server sends a picture, the user sees it: once, whole, in its place."""

import json
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import pytest

from chat.core.events import ImageBytes, ReasoningDelta, TextDelta
from chat.core.messages import Finish, Usage
from chat.core.parts import Echo, ToolCall
from chat.providers.openai_chat.adapter import OpenAIChat
from tests.loopback import Gate, Loopback, Reply, json_reply
from tests.wire.talk import WEATHER, card, endpoint, events_of, finished, generator, request
from tests.wire_shapes import data_url, openai_message, openai_stream, tiny_png

RED, BLUE = tiny_png(200), tiny_png(0, 0, 200)
URL = data_url(RED)
URL_SAFE = URL[:22] + URL[22:].replace("+", "-").replace("/", "_").rstrip("=")

SHAPES: dict[str, dict[str, Any]] = {
    "image_url.url": {"images": [{"type": "image_url", "index": 0, "image_url": {"url": URL}}]},
    "image_url": {"images": [{"image_url": URL}]},
    "url": {"images": [{"url": URL, "detail": "auto"}]},
    "string": {"images": [URL]},
    "image": {"image": {"url": URL, "detail": "auto"}},
    "content parts": {"content": [{"type": "image_url", "image_url": {"url": URL}}]},
    "markdown": {"content": f"![]({URL})"},
    "bare": {"content": URL},
    "twice": {"content": f"![]({URL})", "images": [URL]},
    "url-safe, unpadded": {"images": [URL_SAFE]},
}


async def events(reply: Reply, **card_changes: Any) -> list[Any]:
    with Loopback([reply]) as server:
        provider = OpenAIChat(endpoint("openai_chat", f"{server.url}/v1"))
        return list(await events_of(provider, request(card("openai_chat", **card_changes))))


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
async def test_a_streamed_picture_is_seen(shape: dict[str, Any]) -> None:
    said = await events(openai_stream([shape]))
    assert said[:-1] == [ImageBytes(RED)]
    assert finished(said).finish == Finish("stop", "stop")


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
async def test_a_picture_in_one_piece_is_seen(shape: dict[str, Any]) -> None:
    said = await events(json_reply(openai_message(shape)), stream=False)
    assert said[:-1] == [ImageBytes(RED)]
    assert finished(said).response_id == "gen-1"


async def test_words_and_pictures_keep_their_order() -> None:
    said = await events(openai_stream(["A fox 🦊: ", RED, "and ", "at night:", BLUE]))
    assert said[:-1] == [
        TextDelta("A fox 🦊: "),
        ImageBytes(RED),
        TextDelta("and at night:"),
        ImageBytes(BLUE),
    ]


@pytest.mark.parametrize("size", [1, 2, 7, 50])
async def test_markdown_split_anywhere_is_still_a_picture(size: int) -> None:
    whole = f"Look! [1] ![a fox]({URL}) and ![site](https://x.test/a.png) ! ![] done!"
    pieces = [whole[i : i + size] for i in range(0, len(whole), size)]
    said = await events(openai_stream(pieces))
    pictures = [event for event in said if isinstance(event, ImageBytes)]
    words = "".join(event.text for event in said if isinstance(event, TextDelta))
    assert pictures == [ImageBytes(RED, alt="a fox")]
    assert words == "Look! [1]  and ![site](https://x.test/a.png) ! ![] done!"


async def test_words_are_not_held_back_until_the_end() -> None:
    gate = Gate()
    with Loopback([openai_stream(["Hello", ", wor", "ld!", gate])]) as server:
        provider = OpenAIChat(endpoint("openai_chat", f"{server.url}/v1"))
        words = ""
        async with aclosing(generator(provider, request(card("openai_chat")))) as stream:
            async for event in stream:
                words += event.text if isinstance(event, TextDelta) else ""
                if words == "Hello, world":
                    gate.open()
        await provider.aclose()
    assert words == "Hello, world!"


async def test_a_picture_cut_off_in_markdown_is_mentioned_not_shown_as_digits() -> None:
    said = await events(openai_stream([f"![]({URL[:60]}"], finish="length"))
    assert "could not be read" in said[0].text
    assert finished(said).finish.kind == "length"


@pytest.mark.parametrize("address", ["data:image/png;base64,****", "data:image/png,"])
async def test_a_garbled_picture_is_mentioned_and_the_rest_kept(address: str) -> None:
    said = await events(openai_stream(["One. ", {"images": [address]}, "Two."]))
    words = "".join(event.text for event in said[:-1])
    assert words.startswith("One. ")
    assert words.endswith("Two.")
    assert finished(said).finish.kind == "stop"


async def test_a_linked_picture_is_told_but_never_fetched() -> None:
    with Loopback([]) as elsewhere:
        said = await events(openai_stream([{"images": [f"{elsewhere.url}/a.png"]}]))
    assert elsewhere.requests == []
    assert f"`{elsewhere.url}/a.png`" in said[0].text


async def test_thinking_is_reasoning() -> None:
    said = await events(
        openai_stream([{"reasoning_content": "Hm. "}, {"reasoning": "Ah."}, "A fox."])
    )
    assert said[:3] == [ReasoningDelta("Hm. "), ReasoningDelta("Ah."), TextDelta("A fox.")]


async def test_reasoning_details_are_kept_as_they_came() -> None:
    first = {"type": "reasoning.encrypted", "data": "+//+", "id": "rs_1", "index": 0}
    second = {"type": "reasoning.text", "text": "Hm", "unknown": [None, 1]}
    said = await events(
        openai_stream(
            [
                {"content": "", "reasoning_details": [first]},
                {"content": "A fox", "reasoning_details": [second]},
            ]
        )
    )
    assert said[-2] == TextDelta("", Echo("openai_chat", {"reasoning_details": [first, second]}))


async def test_fragments_of_calls_become_calls() -> None:
    said = await events(
        openai_stream(
            [
                "Let me look.",
                {"tool_calls": [{"index": 0, "id": "a__thought__+/=", "function": {"name": "w"}}]},
                {"tool_calls": [{"index": 1, "id": "b", "function": {"name": "t"}}]},
                {"tool_calls": [{"index": 0, "function": {"arguments": '{"place": "K'}}]},
                {"tool_calls": [{"index": 0, "function": {"arguments": 'öln"}'}}]},
            ],
            finish="tool_calls",
        )
    )
    assert said[1:3] == [
        ToolCall("a__thought__+/=", "w", {"place": "Köln"}),
        ToolCall("b", "t", {}),
    ]
    assert finished(said).finish.kind == "tool_calls"


async def test_sound_leaves_one_remark() -> None:
    sound = {"audio": {"data": "AAAA"}}
    said = await events(openai_stream(["Well. ", sound, sound]))
    words = "".join(event.text for event in said if isinstance(event, TextDelta))
    assert words == "Well. \n\n[Something came that Easel cannot show: audio.]\n\n"


async def test_arguments_that_are_encoded_twice_are_read() -> None:
    call = {"name": "get_weather", "arguments": json.dumps('{"place": "Bonn"}')}
    said = await called_by([{"index": 0, "id": "a", "function": call}], "get_weather")
    assert said == [ToolCall("a", "get_weather", {"place": "Bonn"})]


async def test_a_head_that_is_written_twice_costs_no_picture() -> None:
    twice = URL.partition(",")[0] + "," + URL
    said = await events(openai_stream([{"images": [{"image_url": {"url": twice}}]}]))
    assert said[0] == ImageBytes(RED)


NAME_IN_PIECES = [
    [("get_", ""), ("weather", "{}")],
    [("get_", ""), ("get_weather", "{}")],
    [("get_", ""), ("wea", ""), ("ther", ""), ("", "{}")],
]


@pytest.mark.parametrize("pieces", NAME_IN_PIECES)
async def test_a_name_in_pieces_is_one_call(pieces: list[tuple[str, str]]) -> None:
    fragments: list[dict[str, Any]] = [
        {"index": 0, "function": {"name": name, "arguments": arguments}}
        for name, arguments in pieces
    ]
    fragments[0]["id"] = "a"
    said = await called_by(fragments, "get_weather")
    assert said == [ToolCall("a", "get_weather", {})]
    # A name that is a tool's goes on to no other: the next one begins a call.
    assert [call.name for call in await called_by(fragments[:2], "get_", pieces[1][0])] == [
        *("get_", pieces[1][0])
    ]


async def called_by(fragments: list[dict[str, Any]], *tools: str) -> list[Any]:
    reply = openai_stream([{"tool_calls": [piece]} for piece in fragments], "tool_calls")
    offered = tuple(replace(WEATHER, name=name) for name in tools)
    with Loopback([reply]) as server:
        provider = OpenAIChat(endpoint("openai_chat", f"{server.url}/v1"))
        asked = request(card("openai_chat", tools=True), tools=offered)
        return [e for e in await events_of(provider, asked) if isinstance(e, ToolCall)]


async def test_content_that_is_marked_as_a_thought_is_one() -> None:
    marked = {"extra_content": {"google": {"thought": True}}}
    said = await events(
        openai_stream(
            [
                {"content": "<thought>A fox ", **marked},
                {"content": "is red.</thought>", **marked},
                {"content": "Here.", "extra_content": {"google": {"thought_signature": "aGk="}}},
            ]
        )
    )
    assert said[:2] == [ReasoningDelta("A fox "), ReasoningDelta("is red.")]
    assert [event.text for event in said if isinstance(event, TextDelta)] == ["Here."]


DEEP = f'{{"place": {200 * "["}{200 * "]"}}}'


@pytest.mark.parametrize(
    "arguments", ['{"place": "K', "[1]", "Köln", 50_000 * "[", DEEP, f'{{"place": 1{5_000 * "0"}}}']
)
async def test_malformed_arguments_reach_the_tool_as_none(arguments: str) -> None:
    call = {"id": "a", "type": "function", "function": {"name": "w", "arguments": arguments}}
    said = await events(json_reply(openai_message({"tool_calls": [call]})), stream=False)
    assert said[0] == ToolCall("a", "w", {})
    assert finished(said).finish.kind == "tool_calls"


async def test_usage_is_told_by_modality_and_unknown_stays_unknown() -> None:
    said = await events(openai_stream(["Hello"]))
    assert finished(said).usage == Usage(
        input_text_tokens=10,
        output_text_tokens=19,
        output_image_tokens=1290,
        reasoning_tokens=120,
    )
    said = await events(openai_stream(["Hello"], usage={"prompt_tokens": 3, "cost": 0.07}))
    assert finished(said).usage == Usage(input_text_tokens=3, reported_cost_usd=0.07)
    said = await events(openai_stream(["Hello"], usage=None))
    assert finished(said).usage is None


async def test_a_server_that_knows_no_streams_is_understood() -> None:
    said = await events(json_reply(openai_message({"content": "A fox", "images": [URL]})))
    assert said[:-1] == [TextDelta("A fox"), ImageBytes(RED)]


@pytest.mark.parametrize(
    ("finish", "kind"),
    [("length", "length"), ("content_filter", "blocked"), ("new_reason", "stop")],
)
async def test_an_unusual_end_keeps_what_came_and_says_why(finish: str, kind: str) -> None:
    said = await events(openai_stream(["Here it ", RED], finish=finish))
    assert said[:2] == [TextDelta("Here it "), ImageBytes(RED)]
    assert (finished(said).finish.kind, finished(said).finish.native) == (kind, finish)
    assert finished(said).finish.message.endswith(".")


async def test_no_picture_is_not_called_a_refusal() -> None:
    body = openai_message({"content": None, "images": []}, finish="content_filter")
    body["choices"][0]["provider_specific_fields"] = {"native_finish_reason": "NO_IMAGE"}
    (last,) = await events(json_reply(body), stream=False)
    assert (last.finish.kind, last.finish.native) == ("no_image", "NO_IMAGE")


async def test_an_empty_answer_is_not_a_success() -> None:
    (last,) = await events(openai_stream([]))
    assert last.finish.kind == "error"
