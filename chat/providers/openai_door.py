"""What every door over OpenAI's SDK does alike: its client, its list of models, one call.

Knows no wire: a door says how to ask, and a reply reads what comes.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from typing import Any, Protocol, TypeVar

from chat.core.calling import Listed
from chat.core.events import ProviderEvent
from chat.core.models import Endpoint
from chat.providers.exchange import Exchange
from chat.providers.openai_answers import answers
from chat.providers.openai_client import open_client
from chat.providers.openai_listing import listed_models

Read = TypeVar("Read", covariant=True)


class Reply(Protocol[Read]):
    """Reads one reply."""

    def read(self, body: Mapping[str, Any]) -> Iterator[Read]:
        """What is found in a chunk, or in a whole answer: events, if it is not more."""
        ...

    def ended(self) -> Iterator[ProviderEvent]:
        """The last events, ``Finished`` among them.

        Raises:
            BadReply: the reply ended without saying so.
        """
        ...


class OpenAIDoor:
    """A client for an endpoint, and what can be done with it on every wire."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Open the door.

        Raises:
            ConfigError: the endpoint needs a usable key or an address and has none.
        """
        self._endpoint = endpoint
        self._client = open_client(endpoint)

    def _said(
        self, ask: Callable[[], Awaitable[Any]], reply: Reply[Read], *, streams: bool
    ) -> AsyncGenerator[Read | ProviderEvent, None]:
        """One call and what comes of it, in order, ending with ``Finished``."""
        exchange = Exchange(self._endpoint)
        bodies = answers(ask, self._endpoint, exchange, streams=streams)
        return exchange.settled(_read(bodies, reply))

    async def models(self) -> Sequence[Listed]:
        """What the endpoint lists."""
        return await listed_models(self._client, self._endpoint)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.close()


async def _read(
    bodies: AsyncGenerator[Mapping[str, Any], None], reply: Reply[Read]
) -> AsyncGenerator[Read | ProviderEvent, None]:
    async with aclosing(bodies):
        async for body in bodies:
            for found in reply.read(body):
                yield found
    for event in reply.ended():
        yield event
