"""The body of an answer as plain tables: the events of a stream, or one whole interaction.

The SDK's types are passed by: its reader of streams looks at each byte by itself, and takes each
event to pieces and puts it together four times. Source: google-genai 3.6.1 (2026-11-29).
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

import httpx2

from chat.core.errors import BadReply
from chat.core.models import Endpoint
from chat.providers.shared.http.event_stream import data_in
from chat.providers.shared.http.incoming import is_stream, said_done
from chat.providers.shared.replies.long_json import loads_each
from chat.providers.shared.replies.reading import LONG, Told
from chat.providers.shared.replies.refusals import refused

_END = b"\n\n"


async def bodies(
    response: httpx2.Response, endpoint: Endpoint
) -> AsyncGenerator[Told[Mapping[str, Any]], None]:
    """What a response says, in order, be it a stream or in one piece, whatever was asked for.

    Raises:
        ProviderError: it leads elsewhere, or is no answer.
        ValueError: it is no JSON.
        RecursionError: it is JSON without end.
    """
    if not response.is_success:
        raise refused(endpoint, response.status_code)
    if not is_stream(response):
        answer = await response.aread()
        # A list of chunks has become events on its way, see ``google/encoded.py``.
        for data in data_in(answer) if answer.startswith(b"data: ") else [answer]:
            for told in await _told(data, endpoint):
                yield told
        return
    async with aclosing(_events(response)) as events:
        async for data in events:
            for told in await _told(data, endpoint):
                yield told
    if said_done(response):
        yield None


async def _events(response: httpx2.Response) -> AsyncGenerator[bytes, None]:
    """The data of each event, as soon as its end has come."""
    held: list[bytes] = []
    async for piece in response.aiter_bytes():
        ended, end, rest = piece.rpartition(_END)
        if not end:
            held.append(piece)
            continue
        for data in data_in(b"".join([*held, ended])):
            yield data
        held = [rest] if rest else []
    for data in data_in(b"".join(held)):
        yield data


async def _told(data: bytes, endpoint: Endpoint) -> list[tuple[Mapping[str, Any], int]]:
    """The tables in an event, or in a whole answer: one, or a list of them."""
    long = len(data) >= LONG
    found = await asyncio.to_thread(loads_each, data) if long else loads_each(data)
    return [
        (_table(each, endpoint), len(data))
        for value in found
        for each in (value if isinstance(value, list) else [value])
    ]


def _table(value: object, endpoint: Endpoint) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise BadReply(f"{endpoint.title} answered something that is not an answer.")
    return value
