"""What the providers of Google's two talking wires have in common: a client, and how to ask it."""

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Sequence
from typing import ClassVar, Generic, TypeVar

from chat.core.calling import Listed, ModelRequest
from chat.core.events import ProviderEvent
from chat.core.models import Endpoint
from chat.providers.shared.google.client import GoogleCall, open_client
from chat.providers.shared.google.listing import listed_models
from chat.providers.shared.http.exchange import Exchange
from chat.providers.shared.replies.picture_links import LinksOfReply, PictureLinks
from chat.providers.shared.replies.reading import Reply, Told, events_of
from chat.providers.shared.requests.masks import refuse_mask
from chat.providers.shared.requests.thought_signatures import Signing

Piece = TypeVar("Piece")


class GoogleProvider(ABC, Generic[Piece]):
    """A provider of models that converse, whose answers come in such pieces."""

    actions: ClassVar[Sequence[str]]
    """How a list calls what can be asked here: its models are those that have one of these."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Open the provider.

        Raises:
            ConfigError: the endpoint has no key, or lacks what its mode needs, or a site of its
                option ``picture_sites`` is not a web address.
        """
        self._endpoint = endpoint
        limits = endpoint.timeouts
        # Between two reads; how long a whole call may take is for the turn to say.
        read_s = max(limits.first_event_s, limits.idle_s)
        self._google = open_client(endpoint, read_s)
        self._signing = Signing()
        self._links = PictureLinks(endpoint, endpoint.base_url)

    def stream(self, request: ModelRequest) -> AsyncGenerator[ProviderEvent, None]:
        """Ask, and yield what comes.

        Raises:
            CapabilityError: a mask, for which these wires have no place.
        """
        return self._signing.asked(request, self._asked)

    def _asked(self, request: ModelRequest) -> AsyncGenerator[ProviderEvent, None]:
        refuse_mask(request)
        exchange = Exchange(self._endpoint)
        told = self._told(request, GoogleCall(exchange))
        links = LinksOfReply(self._links)
        return exchange.settled(events_of(told, self._reply(), links))

    @abstractmethod
    def _reply(self) -> Reply[Piece]:
        """What reads the next reply."""

    @abstractmethod
    def _told(self, request: ModelRequest, call: GoogleCall) -> AsyncGenerator[Told[Piece], None]:
        """Ask, and pass on what is told, piece by piece."""

    async def models(self) -> Sequence[Listed]:
        """What the endpoint lists for this wire."""
        return await listed_models(self._google, self._endpoint, self.actions, "gemini")

    async def aclose(self) -> None:
        """Close the connections."""
        await self._google.aclose()
