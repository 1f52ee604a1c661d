"""The body of an answer as plain tables: the events of a stream, or one whole interaction.

The SDK's types are passed by: its reader of streams looks at each byte by itself, and takes each
event to pieces and puts it together four times. Source: google-genai 3.6.1 (2026-11-29).
"""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from typing import Any

import httpx2

from chat.core.errors import BadReply
from chat.core.models import Endpoint
from chat.providers.refusals import refused

_DONE = b"[DONE]"
_FIELD = b"data:"


async def bodies(
    response: httpx2.Response, endpoint: Endpoint, *, streams: bool
) -> AsyncGenerator[Mapping[str, Any], None]:
    """What a response says, in order.

    Args:
        response: an answer whose head has come.
        endpoint: who answers.
        streams: whether a stream was asked for. A server that knows none answers in one piece.

    Raises:
        ProviderError: it leads elsewhere, or is no answer.
        ValueError: it is no JSON.
        RecursionError: it is JSON without end.
    """
    if not response.is_success:
        raise refused(endpoint, response.status_code)
    mime = response.headers.get("content-type", "")
    if "event-stream" not in mime and (not streams or "json" in mime):
        yield _table(json.loads(await response.aread()), endpoint)
        return
    async with aclosing(_data(response.aiter_bytes())) as events:
        async for data in events:
            if data == _DONE:
                return
            yield _table(json.loads(data), endpoint)


async def _data(chunks: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    """The data of each event; one that the end of the body cuts off behind its data is one, too."""
    line: list[bytes] = []
    data: list[bytes] = []
    async for chunk in chunks:
        *ended, rest = chunk.split(b"\n")
        for end in ended:
            whole = b"".join([*line, end]).rstrip(b"\r")
            line = []
            if whole.startswith(_FIELD):
                data.append(whole[len(_FIELD) :].strip())
            elif not whole and data:
                yield b"\n".join(data)
                data = []
        if rest:
            line.append(rest)
    last = b"".join(line)
    if last.startswith(_FIELD):
        data.append(last[len(_FIELD) :].strip())
    if data:
        yield b"\n".join(data)


def _table(value: object, endpoint: Endpoint) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise BadReply(f"{endpoint.title} answered something that is not an answer.")
    return value
