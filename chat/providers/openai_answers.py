"""Answers of the SDK as plain mappings, streamed or in one piece.

Its types are passed by: servers say more, and other, than they foresee, and to find a type for
what is unforeseen costs the SDK a second before it gives up. So is its reader of streams: what
comes here is in the one spelling of ``event_stream`` already. Source: openai 3.52.0 (2026-11-26).
"""

import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import Any

import httpx2

from chat.core.errors import BadReply
from chat.core.models import Endpoint
from chat.providers.event_stream import data_in
from chat.providers.exchange import Exchange
from chat.providers.incoming import is_stream, said_done
from chat.providers.openai_faults import SDK_FAULTS, said_instead, translated

_decode = json.JSONDecoder().decode


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
                streamed = _streamed(response.http_response, endpoint)
                async with aclosing(streamed) as bodies:
                    async for body in bodies:
                        yield body
            elif is_stream(response.http_response):  # though none was asked for
                for data in data_in(response.content):
                    yield _body(json.loads(data), endpoint)
                yield None
            else:
                yield _body(response.parse(to=object), endpoint)
                yield None
        finally:
            await response.http_response.aclose()
    except SDK_FAULTS as error:
        raise translated(error, endpoint) from error


async def _streamed(
    response: httpx2.Response, endpoint: Endpoint
) -> AsyncGenerator[Mapping[str, Any] | None, None]:
    mime = response.headers.get("content-type", "")
    if "json" in mime:  # a server that knows no streams, or an error under status 200
        yield _body(json.loads(await response.aread()), endpoint)
        yield None
        return
    held: list[bytes] = []
    raw: Any = response.aiter_raw()
    # What is left at the end is half an event, which says nothing.
    try:
        async with aclosing(raw) as pieces:
            async for piece in pieces:
                if b"\n\n" not in piece and not (held and held[-1][-1:] == b"\n" == piece[:1]):
                    held.append(piece)
                    continue
                whole, _, rest = b"".join((*held, piece)).rpartition(b"\n\n")
                held = [rest] if rest else []
                for data in data_in(whole):
                    yield _body(_decode(data.decode()), endpoint)
    finally:
        held.clear()  # an error's traceback would hold tens of megabytes with it
    if said_done(response):
        yield None


def _body(body: object, endpoint: Endpoint) -> Mapping[str, Any]:
    if type(body) is not dict:
        raise BadReply(f"{endpoint.title} answered something that is not an answer.")
    if body.get("error"):
        raise said_instead(body["error"], endpoint)
    return body
