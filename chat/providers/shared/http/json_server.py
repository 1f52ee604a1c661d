"""A server that is asked in JSON and answers in JSON, whole or as events: for kinds without an SDK.

What an SDK does for others is done here: the way out, the bounds of what comes in, errors with a
sentence, the end of a connection. A kind says what is asked, and what each object means.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import aclosing
from typing import Any

import httpx2

from chat.core.errors import BadReply, MediaRejected, ProviderError
from chat.core.events import Finished, ProviderEvent
from chat.core.models import Endpoint
from chat.core.parts import Json
from chat.http.transport import RoutedTransport
from chat.providers.shared.http.event_stream import data_in
from chat.providers.shared.http.exchange import Exchange
from chat.providers.shared.http.incoming import incoming, is_stream, whole_events
from chat.providers.shared.http.lost import CONNECTION_FAULTS, connection_lost
from chat.providers.shared.listing import bounded
from chat.providers.shared.replies.endings import broke_off
from chat.providers.shared.replies.long_json import LONG_BYTES, loads_each
from chat.providers.shared.replies.refusals import refused, retry_after_s

_WORDS = ("message", "detail", "error")
"""Where servers put what they say of an error."""


class JsonServer:
    """The server of an endpoint, over one HTTP client."""

    def __init__(self, endpoint: Endpoint, headers: Mapping[str, str]) -> None:
        """Send these headers with each question, the key among them.

        Raises:
            ConfigError: the ``ca_file`` of the endpoint is of no use.
        """
        self._endpoint = endpoint
        times = endpoint.timeouts
        self._http = httpx2.AsyncClient(
            base_url=endpoint.base_url,
            headers=dict(headers),
            timeout=httpx2.Timeout(times.total_s, connect=times.connect_s),
            event_hooks={"response": [bounded, incoming(endpoint.title)]},
            transport=RoutedTransport(endpoint),
        )

    async def asked(self, method: str, path: str, body: Json = None) -> dict[str, Any]:
        """The object that answers one question.

        Raises:
            ProviderError: it was refused, did not come, or is no JSON object.
        """
        exchange = Exchange(self._endpoint)
        try:
            response = await self._http.request(method, path, json=body)
        except CONNECTION_FAULTS as error:
            raise connection_lost(error, self._endpoint) from error
        exchange.heard(response.status_code, response.headers)
        if not response.is_success:
            raise await self._refusal(response, response.content)
        return await self._object(response.content)

    def reply(
        self,
        path: str,
        body: Json,
        read: Callable[[dict[str, Any]], Iterable[ProviderEvent]],
    ) -> AsyncGenerator[ProviderEvent, None]:
        """A reply, from a stream of events or from an answer in one piece.

        Args:
            path: where to post the question.
            body: the question.
            read: what an object of the answer means. Its ``Finished`` is the end; what comes after
                it is not read, and an answer without one has broken off.

        Raises:
            ProviderError: it was refused, broke off, or holds something other than JSON objects,
                or than pictures where ``read`` found some.
        """
        exchange = Exchange(self._endpoint)
        return exchange.settled(self._said(path, body, read, exchange))

    async def _said(
        self,
        path: str,
        body: Json,
        read: Callable[[dict[str, Any]], Iterable[ProviderEvent]],
        exchange: Exchange,
    ) -> AsyncGenerator[ProviderEvent, None]:
        try:
            async with self._http.stream("POST", path, json=body) as response:
                exchange.heard(response.status_code, response.headers)
                if not response.is_success:
                    raise await self._refusal(response, await response.aread())
                async with aclosing(_objects(response)) as found:
                    async for data in found:
                        for told in await self._told(data):
                            for event in read(told):
                                yield event
                                if isinstance(event, Finished):
                                    return
        except CONNECTION_FAULTS as error:
            raise connection_lost(error, self._endpoint) from error
        except MediaRejected as error:
            raise BadReply(str(error)) from error
        raise broke_off(self._endpoint.title)

    async def aclose(self) -> None:
        """Close the connections. Safe to call twice."""
        await self._http.aclose()

    async def _object(self, data: bytes) -> dict[str, Any]:
        found = await self._told(data)
        if len(found) != 1:
            raise self._nonsense()
        return found[0]

    async def _told(self, data: bytes) -> list[dict[str, Any]]:
        """The objects in an event, or in a whole answer; some write several as one."""
        try:
            values = await _loaded(data)
        except (ValueError, RecursionError) as error:
            raise self._nonsense() from error
        found = [each for one in values for each in (one if isinstance(one, list) else [one])]
        if not all(isinstance(each, dict) for each in found):
            raise self._nonsense()
        return found

    def _nonsense(self) -> BadReply:
        return BadReply(
            f"{self._endpoint.title} answered something that is not an answer. Try again."
        )

    async def _refusal(self, response: httpx2.Response, body: bytes) -> ProviderError:
        try:
            found = (await _loaded(body))[0]
        except (ValueError, RecursionError, IndexError):
            found = body.decode("utf-8", "replace")
        inner = found.get("error") if isinstance(found, dict) else None
        told = inner if isinstance(inner, dict) else found
        codes = (told.get("code"), told.get("type")) if isinstance(told, dict) else ()
        wait_s = retry_after_s(response.headers)
        return refused(self._endpoint, response.status_code, _words(told), wait_s, codes)


async def _objects(response: httpx2.Response) -> AsyncGenerator[bytes, None]:
    """The data of each event, or the whole body."""
    if not is_stream(response):
        yield await response.aread()
        return
    async with aclosing(whole_events(response)) as ended:
        async for pieces in ended:
            for data in data_in(b"".join(pieces)):
                yield data


async def _loaded(data: bytes) -> list[Any]:
    """JSON; in a thread where it is long."""
    long = len(data) >= LONG_BYTES
    return await asyncio.to_thread(loads_each, data) if long else loads_each(data)


def _words(told: object) -> str:
    """What a server says of an error, wherever it put it."""
    if isinstance(told, dict):
        return next((told[key] for key in _WORDS if isinstance(told.get(key), str)), "")
    return told if isinstance(told, str) else ""
