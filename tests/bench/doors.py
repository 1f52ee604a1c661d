"""What a provider's door costs beside the SDK under it, both reading the same stream.

The server answers from a thread of its own, and only the thread that reads is timed.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from statistics import median
from typing import Any

import openai
from google import genai

from chat.core.calling import ModelRequest, Provider
from chat.core.events import TextDelta
from chat.core.messages import Message
from chat.core.models import Endpoint, ModelCard
from chat.core.parts import Text, ToolCall
from chat.providers.gemini.adapter import Gemini
from chat.providers.openai_chat.adapter import OpenAIChat
from tests.bench.figures import Figure
from tests.bench.orders import PIECE_CHARACTERS, prose
from tests.bench.rig import Rig
from tests.loopback import Loopback, Reply, sse

PIECES = 1_000
MODEL = "bench"
KEY = "none"

Reader = Callable[[], Awaitable[int]]
"""Asks once and reads to the end; how many characters came. A door may join pieces."""

Close = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Wire:
    """An SDK, the door made of it, and a stream that both understand."""

    name: str
    kind: str
    door: Callable[[Endpoint], Provider]
    bare: Callable[[str], tuple[Reader, Close]]
    """A reader of the SDK's own stream, from the address of a server, and its end."""
    reply: Callable[[int], Reply]
    """A stream of so many pieces."""


def measure(rig: Rig) -> list[Figure]:
    """Each round reads the stream both ways, one after the other."""
    return [_compared(wire, rig.rounds(9)) for wire in (*WIRES, GROWING_CALL)]


def _compared(wire: Wire, rounds: int) -> Figure:
    reply = wire.reply(PIECES)
    ours, theirs = [], []
    with Loopback(lambda _: reply) as server, asyncio.Runner() as runner:
        endpoint = Endpoint("bench", wire.kind, "Bench", server.url, KEY)
        door = wire.door(endpoint)

        async def through_the_door() -> int:
            return await _read(door)

        bare, close = wire.bare(server.url)
        for number in range(rounds + 1):
            pair = runner.run(cpu_s(through_the_door)), runner.run(cpu_s(bare))
            if number:  # the first round only loads code
                ours.append(pair[0])
                theirs.append(pair[1])
        runner.run(_closed(door.aclose, close))
    ratio = median(one / other for one, other in zip(ours, theirs, strict=True))
    each_us = 1e6 * median(theirs) / PIECES
    return Figure(f"a chunk, CPU, {wire.name} door / SDK", ratio, "x", 1.6, f"SDK {each_us:.0f} us")


async def cpu_s(read: Reader) -> float:
    """CPU seconds that this thread spends on it."""
    began_s = time.thread_time()
    characters = await read()
    spent_s = time.thread_time() - began_s
    if characters < PIECES * PIECE_CHARACTERS:
        raise RuntimeError(f"only {characters} characters came")
    return spent_s


async def _read(door: Provider) -> int:
    question = Message("q", "c", None, "user", (Text("Say much."),))
    request = ModelRequest(ModelCard(MODEL, "bench", MODEL, "Bench"), (question,))
    characters = 0
    async with aclosing(door.stream(request)) as events:
        async for event in events:
            if isinstance(event, TextDelta):
                characters += len(event.text)
            elif isinstance(event, ToolCall):
                characters += len(json.dumps(event.arguments))
    return characters


async def _closed(*closes: Close) -> None:
    for close in closes:
        await close()


def _bare_openai(url: str) -> tuple[Reader, Close]:
    client = openai.AsyncOpenAI(api_key=KEY, base_url=url, max_retries=0)

    async def read() -> int:
        characters = 0
        asked: Any = {"model": MODEL, "messages": [{"role": "user", "content": "Say much."}]}
        async for chunk in await client.chat.completions.create(stream=True, **asked):
            delta = chunk.choices[0].delta
            characters += len(delta.content or "")
            for call in delta.tool_calls or ():
                characters += len((call.function and call.function.arguments) or "")
        return characters

    return read, client.close


def _bare_gemini(url: str) -> tuple[Reader, Close]:
    client = genai.Client(api_key=KEY, http_options=genai.types.HttpOptions(base_url=url))

    async def read() -> int:
        characters = 0
        asked: Any = {"model": MODEL, "contents": "Say much."}
        async for chunk in await client.aio.models.generate_content_stream(**asked):
            characters += len(chunk.text or "")
        return characters

    return read, client.aio.aclose


def _texts(pieces: int) -> list[str]:
    text = prose(pieces * PIECE_CHARACTERS)
    return [text[at : at + PIECE_CHARACTERS] for at in range(0, len(text), PIECE_CHARACTERS)]


def _openai_reply(pieces: int) -> Reply:
    said = [{"role": "assistant", "content": text} for text in _texts(pieces)]
    return _openai_stream(said, "stop")


def _openai_call(pieces: int) -> Reply:
    """A call whose one argument comes in so many pieces."""

    def piece(arguments: str) -> dict[str, object]:
        return {"tool_calls": [{"index": 0, "function": {"arguments": arguments}}]}

    head = {"name": "write", "arguments": '{"text": "'}
    begun = {"tool_calls": [{"index": 0, "id": "c", "type": "function", "function": head}]}
    said = [piece(json.dumps(text)[1:-1]) for text in _texts(pieces)]
    return _openai_stream([begun, *said, piece('"}')], "tool_calls")


def _openai_stream(deltas: Sequence[Mapping[str, object]], reason: str) -> Reply:
    def chunk(delta: Mapping[str, object], reason: str | None = None) -> dict[str, object]:
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        head = {"id": "r", "object": "chat.completion.chunk", "created": 1, "model": MODEL}
        return {**head, "choices": [choice]}

    return sse(*map(chunk, deltas), chunk({}, reason), "[DONE]")


def _gemini_reply(pieces: int) -> Reply:
    def chunk(text: str, reason: str | None = None) -> dict[str, object]:
        candidate: dict[str, object] = {"content": {"role": "model", "parts": [{"text": text}]}}
        if reason:
            candidate["finishReason"] = reason
        usage = {"promptTokenCount": 3, "candidatesTokenCount": 6, "totalTokenCount": 9}
        head = {"responseId": "r", "modelVersion": MODEL, "usageMetadata": usage}
        return {"candidates": [candidate], **head}

    return sse(*[chunk(text) for text in _texts(pieces)], chunk("", "STOP"))


WIRES = (
    Wire("chat completions", "openai_chat", OpenAIChat, _bare_openai, _openai_reply),
    Wire("Gemini", "gemini", Gemini, _bare_gemini, _gemini_reply),
)

GROWING_CALL = Wire(
    "chat completions, a call that grows", "openai_chat", OpenAIChat, _bare_openai, _openai_call
)
