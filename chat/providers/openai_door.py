"""What every door over OpenAI's SDK does alike: its client, its list of models, one call.

An adapter says how to ask, and a reply reads what comes.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from typing import Any, Protocol

from chat.core.calling import Listed
from chat.core.events import ProviderEvent
from chat.core.models import Endpoint
from chat.providers.exchange import Exchange
from chat.providers.openai_answers import answers
from chat.providers.openai_client import open_client
from chat.providers.openai_listing import listed_models
from chat.providers.picture_links import Link, Opener, PictureLinks


class Reply(Opener, Protocol):
    """Reads one reply."""

    def read(self, body: Mapping[str, Any]) -> Iterator[ProviderEvent | Link]:
        """What is found in a chunk, or in a whole answer."""
        ...

    def ended(self, *, said_done: bool) -> Iterator[ProviderEvent | Link]:
        """The last events, ``Finished`` among them.

        Args:
            said_done: whether the server said that nothing more would come, with ``[DONE]``.

        Raises:
            BadReply: the reply ended without saying so.
        """
        ...


class OpenAIDoor:
    """A client for an endpoint, and what can be done with it on every wire."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Open the door.

        Raises:
            ConfigError: the endpoint needs a usable key or an address and has none, or a site of
                its option ``picture_sites`` is not a web address.
        """
        self._endpoint = endpoint
        self._client = open_client(endpoint)
        self._links = PictureLinks(endpoint, str(self._client.base_url))

    def _said(
        self, ask: Callable[[], Awaitable[Any]], reply: Reply, *, streams: bool
    ) -> AsyncGenerator[ProviderEvent, None]:
        """One call and what comes of it, in order, ending with ``Finished``."""
        exchange = Exchange(self._endpoint)
        bodies = answers(ask, self._endpoint, exchange, streams=streams)
        return exchange.settled(self._read(bodies, reply))

    async def _read(
        self, bodies: AsyncGenerator[Mapping[str, Any] | None, None], reply: Reply
    ) -> AsyncGenerator[ProviderEvent, None]:
        said_done, links = False, self._links.of_one_reply()
        async with aclosing(bodies):
            async for body in bodies:
                said_done = body is None
                if body is None:
                    continue
                for said in reply.read(body):
                    if not isinstance(said, Link):
                        yield said
                        continue
                    async with aclosing(links.opened([said], reply)) as events:
                        async for event in events:
                            yield event
        last = links.opened(reply.ended(said_done=said_done), reply)
        async with aclosing(last) as events:
            async for event in events:
                yield event

    async def models(self) -> Sequence[Listed]:
        """What the endpoint lists."""
        return await listed_models(self._client, self._endpoint)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.close()
