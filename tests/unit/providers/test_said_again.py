"""What a server says more than once is kept once, at each door; thoughts hold no base64."""

import base64
from collections.abc import Iterable
from typing import Any

import pytest
from google.genai import types

from chat.core.events import Finished, ImageBytes, ProviderEvent, ReasoningDelta, TextDelta
from chat.core.models import Endpoint
from chat.core.parts import ToolCall
from chat.providers.gemini.reply import Reply as GeminiReply
from chat.providers.openai_chat.reply import Reply as ChatReply
from chat.providers.openai_responses.reply import Reply as ResponsesReply
from chat.providers.shared.replies.picture_links import Link, PictureLinks
from tests.wire_shapes import data_url, tiny_png

ENDPOINT = Endpoint("e", "openai_chat", "Test")
LINKS = PictureLinks(ENDPOINT, "")
RED = tiny_png(200)
URL, B64 = data_url(RED), base64.b64encode(RED).decode()
WORDS = "Here is the fox that you wanted."
DETAIL = {"type": "reasoning.encrypted", "data": "sealed"}


def told(events: Iterable[ProviderEvent | Link]) -> list[object]:
    """Words, thoughts, pictures and calls in their order, what is alike and adjacent as one."""
    found: list[Any] = []
    for event in events:
        match event:
            case TextDelta(text=text) | ReasoningDelta(text=text) if text:
                kind = "words" if isinstance(event, TextDelta) else "thought"
                if found and found[-1][0] == kind:
                    text = found.pop()[1] + text
                found.append((kind, text))
            case ImageBytes(draft=draft):
                found.append(("draft" if draft else "picture", event.data == RED))
            case ToolCall(name=name, arguments=arguments):
                found.append(("call", name, dict(arguments)))
    return found


def chat(*choices: dict[str, Any]) -> list[ProviderEvent | Link]:
    reply = ChatReply("Test", LINKS)
    events = [event for choice in choices for event in reply.read([{"choices": [choice]}])]
    return events + list(reply.ended(said_done=True))


def delta(content: str = "", **more: Any) -> dict[str, Any]:
    finish = {"finish_reason": more.pop("end")} if "end" in more else {}
    return {"delta": {"content": content, **more}, **finish}


def message(content: str, **more: Any) -> dict[str, Any]:
    return {"message": {"content": content, **more}, "finish_reason": "stop"}


def a_call(**more: Any) -> dict[str, Any]:
    return {
        "tool_calls": [{"index": 0, "function": {"name": "f", "arguments": '{"x": 1}'}, **more}]
    }


CHATS: dict[str, tuple[list[dict[str, Any]], list[object]]] = {
    "words that were held back, in a last message": (
        [delta("[A fox"), message("[A fox] and more")],
        [("words", "[A fox] and more")],
    ),
    "all words in one piece, then once more": (
        [delta(WORDS), delta(WORDS, end="stop")],
        [("words", WORDS)],
    ),
    "the last piece three times": (
        [delta(WORDS[:9]), delta(WORDS[9:]), *[delta(WORDS, end="stop")] * 2, message(WORDS)],
        [("words", WORDS)],
    ),
    "a last piece with a line end more": (
        [delta(WORDS[:9]), delta(WORDS[9:]), delta(f"{WORDS}\n", end="stop")],
        [("words", f"{WORDS}\n")],
    ),
    "thoughts alone, then a message with both": (
        [
            delta(reasoning_content="I think "),
            delta(reasoning_content="hard."),
            message(WORDS, reasoning_content="I think hard."),
        ],
        [("thought", "I think hard."), ("words", WORDS)],
    ),
    "a call without an id": (
        [delta(**a_call()), delta(**a_call(), end="tool_calls")],
        [("call", "f", {"x": 1})],
    ),
    "two calls without an id": (
        [
            delta(**a_call()),
            delta(**a_call(function={"name": "f", "arguments": '{"x": 2}'}), end="tool_calls"),
        ],
        [("call", "f", {"x": 1}), ("call", "f", {"x": 2})],
    ),
    "a picture among thoughts": (
        [
            delta(reasoning_content=f"I see ![it]({URL[:40]}"),
            delta(reasoning_content=f"{URL[40:]}) now"),
            delta(WORDS, end="stop"),
        ],
        [("thought", "I see "), ("draft", True), ("thought", " now"), ("words", WORDS)],
    ),
}


@pytest.mark.parametrize("named", CHATS)
def test_a_chat_reply_says_everything_once(named: str) -> None:
    choices, expected = CHATS[named]
    assert told(chat(*choices)) == expected


@pytest.mark.parametrize("last", [message(WORDS, reasoning_details=[DETAIL])])
def test_reasoning_details_go_back_as_they_were(last: dict[str, Any]) -> None:
    """OpenRouter refuses details that were altered, and twice is altered."""
    events = chat(delta(WORDS[:9], reasoning_details=[DETAIL]), delta(WORDS[9:]), last)
    echoes = [event.echo.data for event in events if isinstance(event, TextDelta) and event.echo]
    assert echoes == [{"reasoning_details": [DETAIL]}]


def gemini(*chunks: list[dict[str, Any]]) -> list[ProviderEvent | Link]:
    reply = GeminiReply("Test", LINKS)
    events: list[ProviderEvent | Link] = []
    for number, parts in enumerate(chunks, 1):
        candidate: dict[str, Any] = {"content": {"role": "model", "parts": parts}}
        if number == len(chunks):
            candidate["finishReason"] = "STOP"
        chunk = types.GenerateContentResponse.model_validate({"candidates": [candidate]})
        events += reply.read(chunk)
    return events + list(reply.ended(said_done=False))


PICTURE = {"inlineData": {"mimeType": "image/png", "data": B64}}
CALL = {"functionCall": {"name": "f", "args": {"x": 1}}}

GEMINIS: dict[str, tuple[list[list[dict[str, Any]]], list[object]]] = {
    "words and picture": (
        [[{"text": WORDS[:9]}], [{"text": WORDS[9:]}], [PICTURE], [{"text": WORDS}, PICTURE]],
        [("words", WORDS), ("picture", True)],
    ),
    "a picture alone": (
        [[{"text": WORDS}], [PICTURE], [PICTURE]],
        [("words", WORDS), ("picture", True)],
    ),
    "a draft that becomes the picture": (
        [[{**PICTURE, "thought": True}], [PICTURE]],
        [("draft", True), ("picture", True)],
    ),
    "a call without an id": ([[CALL], [CALL]], [("call", "f", {"x": 1})]),
    "two alike at once": ([[CALL, CALL]], [("call", "f", {"x": 1}), ("call", "f", {"x": 1})]),
    "a picture among thoughts": (
        [
            [{"text": f"I see ![it]({URL[:40]}", "thought": True}],
            [{"text": f"{URL[40:]}) now", "thought": True}],
            [{"text": WORDS}],
        ],
        [("thought", "I see "), ("draft", True), ("thought", " now"), ("words", WORDS)],
    ),
}


@pytest.mark.parametrize("named", GEMINIS)
def test_a_gemini_reply_says_everything_once(named: str) -> None:
    chunks, expected = GEMINIS[named]
    assert told(gemini(*chunks)) == expected


def test_a_responses_reply_says_everything_once() -> None:
    call = {"type": "function_call", "name": "f", "arguments": '{"x": 1}'}
    thought = {
        "type": "reasoning",
        "id": "r",
        "encrypted_content": "sealed",
        "summary": [{"type": "summary_text", "text": f"I see {URL} now"}],
    }
    reply = ResponsesReply(ENDPOINT, LINKS)
    bodies = [
        {"type": "response.output_item.done", "item": thought},
        {"type": "response.output_item.done", "item": call},
        {
            "type": "response.completed",
            "response": {"status": "completed", "output": [thought, call]},
        },
    ]
    events = list(reply.read(bodies))
    events += reply.ended(said_done=True)
    shown = [("thought", "I see "), ("draft", True), ("thought", " now"), ("call", "f", {"x": 1})]
    assert told(events) == shown
    assert [e.echo is not None for e in events if isinstance(e, ReasoningDelta)][-1]
    assert isinstance(events[-1], Finished)
