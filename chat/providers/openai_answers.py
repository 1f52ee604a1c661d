"""Answers of the SDK as plain mappings, streamed or in one piece.

Its types are passed by: servers say more, and other, than they foresee, and to find a type for
what is unforeseen costs the SDK a second before it gives up. Source: openai 3.52.0 (2026-11-26).
"""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import openai

from chat.core.errors import BadReply
from chat.core.models import Endpoint
from chat.providers.exchange import Exchange
from chat.providers.openai_faults import SDK_FAULTS, said_instead, translated


class _Stream(openai.AsyncStream[object]):
    """A stream that remembers whether the server said that it was over.

    The SDK takes a body that just ends for one that ended with ``[DONE]``, and tells neither.
    """

    said_done = False

    async def _iter_events(self) -> AsyncIterator[Any]:
        async for event in super()._iter_events():
            if event.data.startswith("[DONE]"):
                self.said_done = True
            yield event


async def answers(
    ask: Callable[[], Awaitable[Any]], endpoint: Endpoint, exchange: Exchange, *, streams: bool
) -> AsyncGenerator[Mapping[str, Any] | None, None]:
    """The chunks of a stream, or the one body of a plain answer; then ``None``, where that is all.

    A stream says so with ``[DONE]``; one that just ends may have been cut.

    Args:
        ask: makes the call and gives the SDK's raw response.
        endpoint: who is asked.
        exchange: is told what the head of the response says.
        streams: whether a stream was asked for.

    Raises:
        ChatError: what went wrong, said under an error status, under 200 or in mid-stream.
    """
    try:
        response = await ask()
        try:
            exchange.heard(response.status_code, response.headers)
            if streams:
                stream = response.parse(to=_Stream)
                async for body in _streamed(stream, endpoint):
                    yield body
            else:
                yield _body(response.parse(to=object), endpoint)
                yield None
        finally:
            await response.http_response.aclose()
    except SDK_FAULTS as error:
        raise translated(error, endpoint) from error


async def _streamed(
    stream: Any, endpoint: Endpoint
) -> AsyncGenerator[Mapping[str, Any] | None, None]:
    mime = stream.response.headers.get("content-type", "")
    if "json" in mime:  # a server that knows no streams, or an error under status 200
        yield _body(json.loads(await stream.response.aread()), endpoint)
        yield None
        return
    async for chunk in stream:
        yield _body(chunk, endpoint)
    if stream.said_done:
        yield None


def _body(body: object, endpoint: Endpoint) -> Mapping[str, Any]:
    if not isinstance(body, Mapping):
        raise BadReply(f"{endpoint.title} answered something that is not an answer.")
    if body.get("error"):
        raise said_instead(body["error"], endpoint)
    return body
