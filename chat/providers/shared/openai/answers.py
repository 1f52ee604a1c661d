"""Answers of the SDK as plain mappings, streamed or in one piece.

Its types are passed by: servers say more, and other, than they foresee, and to find a type for
what is unforeseen costs the SDK a second before it gives up. So is its reader of streams: what
comes here is in the one spelling of ``event_stream`` already. Source: openai 3.52.0 (2026-11-26).
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import aclosing
from typing import Any, TypeAlias

import httpx2

from chat.core.errors import BadReply
from chat.core.models import Endpoint
from chat.providers.shared.http.event_stream import data_in
from chat.providers.shared.http.exchange import Exchange
from chat.providers.shared.http.incoming import is_stream, said_done, whole_events
from chat.providers.shared.openai.faults import SDK_FAULTS, said_instead, translated
from chat.providers.shared.replies.long_json import loads_each
from chat.providers.shared.replies.reading import Told

Bodies: TypeAlias = Iterable[Mapping[str, Any]]
"""What came together, read one by one. Raises ``ChatError`` where one is a fault, or no answer."""


async def answers(
    ask: Callable[[], Awaitable[httpx2.Response]],
    endpoint: Endpoint,
    exchange: Exchange,
    *,
    streams: bool,
) -> AsyncGenerator[Told[Bodies], None]:
    """The chunks of a stream, or the one body of a plain answer; then ``None``, where that is all.

    A stream says so with ``[DONE]``; one that just ends may have been cut.

    Args:
        ask: makes the call.
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
                async with aclosing(_streamed(response, endpoint)) as told:
                    async for each in told:
                        yield each
            else:
                content = response.content
                events = data_in(content) if is_stream(response) else [content]
                yield _bodies(events, endpoint), len(content)
                yield None
        finally:
            await response.aclose()
    except SDK_FAULTS as error:
        raise translated(error, endpoint) from error


async def _streamed(
    response: httpx2.Response, endpoint: Endpoint
) -> AsyncGenerator[Told[Bodies], None]:
    if not is_stream(response):  # a server that knows no streams, or an error under status 200
        content = await response.aread()
        yield _bodies([content], endpoint), len(content)
        yield None
        return
    async with aclosing(whole_events(response)) as ended:
        async for pieces in ended:
            size = sum(map(len, pieces))
            yield _bodies(_events(pieces), endpoint), size
    if said_done(response):
        yield None


def _events(pieces: list[bytes]) -> Iterator[bytes]:
    """The data of each event, put together by who reads it: the loop has no part in it."""
    whole = pieces[0] if len(pieces) == 1 else b"".join(pieces)
    pieces.clear()
    yield from data_in(whole)


def _bodies(events: Iterable[bytes], endpoint: Endpoint) -> Iterator[Mapping[str, Any]]:
    for event in events:
        try:
            found = loads_each(event)
        except (ValueError, RecursionError) as error:
            raise translated(error, endpoint) from error
        # Some send many chunks as one.
        for each in (one for body in found for one in (body if type(body) is list else [body])):
            if type(each) is not dict:
                raise BadReply(f"{endpoint.title} answered something that is not an answer.")
            if each.get("error"):
                raise said_instead(each["error"], endpoint)
            yield each
