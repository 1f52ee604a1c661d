"""A chat's answer as server-sent events, while it comes.

A word costs a few microseconds: what stands before and after it in each event is written once, and
all that came while the last events were sent goes out with one write.
"""

import asyncio
import json
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from json.encoder import encode_basestring
from typing import Any

from fastapi import Response
from starlette.types import Receive, Scope, Send

from chat.core.events import ReasoningDelta, TextDelta
from chat.core.parts import ToolCall
from chat.turns.direct import AnsweredBy, DirectEnd, DirectEvent, PictureShown
from chat.web.api_door import ENDING, ENDING_CODE
from chat.web.error_body import openai_error
from chat.web.openai_api.attended import left
from chat.web.openai_api.chat_reply import call_json, together
from chat.web.openai_api.encoded_picture import image_json
from chat.web.openai_api.errors import told
from chat.web.openai_api.finishes import reason_of, refusal_of

KEEP_ALIVE_S = 10.0
"""After so much silence a comment is sent: proxies take a silent line for a dead one."""

CLIENT_PATIENCE_S = 60.0
"""How long a client may take no more of what it is sent."""

ALIVE = b": waiting\n\n"
DONE = "data: [DONE]\n\n"
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]

Picture = tuple[int, PictureShown, int, int]
"""Of which answer, the picture, its place among its pictures, and the characters before it."""


class _Choice:
    """One of the answers: what stands around each of its words."""

    def __init__(self, frame: Callable[[int, str], tuple[str, str]], index: int) -> None:
        self.before, self.after = frame(index, "content")
        self.reasoning = frame(index, "reasoning_content")
        self.characters = self.pictures = self.calls = 0
        self.begun = False


class ChatStream(Response):
    """The answer of a route: starts the work, and sends what comes of it."""

    def __init__(
        self, reply_id: str, created_s: int, model: str, count: int, headers: dict[str, str]
    ) -> None:
        """Of so many answers of this model; ``headers`` are added to those of a stream."""
        self.status_code = 200
        self.background = None
        self.raw_headers = [
            *HEADERS,
            *((name.lower().encode(), value.encode()) for name, value in headers.items()),
        ]
        self._id = reply_id
        self._created_s = created_s
        self._model = model
        self._choices = [_Choice(self._frame, index) for index in range(count)]
        self._waiting: list[str | Picture] = []
        self._news = asyncio.Event()
        self._work: asyncio.Task[Sequence[DirectEnd]] | None = None
        self._ends: dict[int, DirectEnd] = {}
        self.counts = False
        """Whether the last event tells what was used."""

    def hear(self, index: int, event: DirectEvent) -> None:
        """Take in a piece of an answer."""
        choice = self._choices[index]
        if isinstance(event, AnsweredBy):
            self._answered_by(event.model)
            return
        if not choice.begun:
            choice.begun = True
            self._waiting.append(self._event(index, {"role": "assistant", "content": ""}))
        if isinstance(event, TextDelta):
            choice.characters += len(event.text)
            self._waiting.append(choice.before + encode_basestring(event.text) + choice.after)
        elif isinstance(event, ReasoningDelta):
            before, after = choice.reasoning
            self._waiting.append(before + encode_basestring(event.text) + after)
        elif isinstance(event, PictureShown):
            self._waiting.append((index, event, choice.pictures, choice.characters))
            choice.pictures += 1
        elif isinstance(event, ToolCall):
            call = {"index": choice.calls, **call_json(event)}
            choice.calls += 1
            self._waiting.append(self._event(index, {"tool_calls": [call]}))
        self._news.set()

    def ended(self, index: int, end: DirectEnd) -> None:
        """One of the answers is over. Raises ``BadReply`` where it is none."""
        reason = reason_of(end.finish, calls=bool(self._choices[index].calls))
        if refusal := refusal_of(end.finish):
            self._waiting.append(self._event(index, {"refusal": refusal}))
        self._waiting.append(self._event(index, {}, reason))
        self._ends[index] = end
        self._news.set()

    async def begun(self, work: Coroutine[Any, Any, Sequence[DirectEnd]]) -> None:
        """Start the work, and return once something of an answer is there, or after a while.

        Raises:
            Exception: what the work raised before anything came: it still has a status.
        """
        self._work = asyncio.ensure_future(work)
        self._work.add_done_callback(lambda _: self._news.set())
        try:
            async with asyncio.timeout(KEEP_ALIVE_S):
                await self._news.wait()
        except TimeoutError:
            return
        except asyncio.CancelledError:
            await self._give_up()
            raise
        if self._work.done() and not self._waiting:
            self._work.result()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what comes until it is over, or until the client leaves."""
        del scope
        sending = asyncio.ensure_future(self._sent(send))
        leaving = asyncio.ensure_future(left(receive))
        try:
            await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if sending.done():
                sending.result()
        except asyncio.CancelledError:
            # The server's alone: it ends, and takes requests with it that do not end by themselves.
            sending.cancel()
            await asyncio.wait({sending})
            last = f"data: {json.dumps(openai_error(503, ENDING, code=ENDING_CODE))}\n\n".encode()
            await send({"type": "http.response.body", "body": last, "more_body": False})
        finally:
            for task in (leaving, sending):
                task.cancel()
            # A server that ends may not wait for this, and says so by the same.
            with suppress(asyncio.CancelledError):
                await self._give_up()
                await asyncio.wait({leaving, sending})

    async def _give_up(self) -> None:
        work = self._work
        if work is not None and not work.done():
            work.cancel()
            await asyncio.wait({work})

    async def _sent(self, send: Send) -> None:
        assert self._work is not None, "it is begun"
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        await send(start)
        while True:
            over = self._work.done()
            self._news.clear()
            waiting, self._waiting = self._waiting, []
            if over:
                waiting.append(self._last(self._work))
            await self._write(waiting, send)
            if over:
                await send({"type": "http.response.body", "body": b"", "more_body": False})
                return
            try:
                async with asyncio.timeout(KEEP_ALIVE_S):
                    await self._news.wait()
            except TimeoutError:
                await _send(send, ALIVE)

    async def _write(self, waiting: Sequence[str | Picture], send: Send) -> None:
        words: list[str] = []
        for item in waiting:
            if isinstance(item, str):
                words.append(item)
                continue
            index, shown, number, offset = item
            before, after = self._frame(index, "images")
            pieces = await image_json(shown.ref, shown.data, number, offset)
            await _send(send, f"{''.join(words)}{before}[".encode())
            words.clear()
            for piece in pieces:
                await _send(send, piece)
            words.append(f"]{after}")
        if words:
            await _send(send, "".join(words).encode())

    def _last(self, work: "asyncio.Task[Sequence[DirectEnd]]") -> str:
        """What ends the stream: the usage, or the error that broke it off."""
        if work.cancelled():
            return ""
        error = work.exception()
        if error is not None:
            if not isinstance(error, Exception):
                raise error
            _, body = told(error)
            return f"data: {json.dumps(body)}\n\n"
        if not self.counts:
            return DONE
        ends = [self._ends[index] for index in sorted(self._ends)]
        usage = self._chunk({"choices": [], "usage": together(ends)})
        return f"{usage}{DONE}"

    def _answered_by(self, model: str) -> None:
        if model != self._model:
            self._model = model
            for index, choice in enumerate(self._choices):
                choice.before, choice.after = self._frame(index, "content")
                choice.reasoning = self._frame(index, "reasoning_content")

    def _frame(self, index: int, name: str) -> tuple[str, str]:
        """What stands before and after a value of the delta of a chunk."""
        mark = "\0"
        whole = self._event(index, {name: mark})
        before, _, after = whole.partition(json.dumps(mark))
        return before, after

    def _event(self, index: int, delta: dict[str, Any], reason: str | None = None) -> str:
        choice = {"index": index, "delta": delta, "finish_reason": reason, "logprobs": None}
        return self._chunk({"choices": [choice]})

    def _chunk(self, more: dict[str, Any]) -> str:
        chunk = {
            "id": self._id,
            "object": "chat.completion.chunk",
            "created": self._created_s,
            "model": self._model,
            **more,
        }
        return f"data: {json.dumps(chunk, ensure_ascii=False, separators=(',', ':'))}\n\n"


async def _send(send: Send, body: bytes) -> None:
    async with asyncio.timeout(CLIENT_PATIENCE_S):
        await send({"type": "http.response.body", "body": body, "more_body": True})
