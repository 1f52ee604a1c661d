"""A call of a model: what it is asked with, and the socket that every provider fits.

Providers are asynchronous, because they wait on a network.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from chat.core.events import ProviderEvent
from chat.core.messages import Message
from chat.core.models import Modality, ModelCard, Prices
from chat.core.parts import Json


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """What a model is told of a tool."""

    name: str
    description: str
    parameters: Mapping[str, Json]
    """A JSON Schema of type ``object``."""


ANY_TOOL = "*"
"""In place of a tool's name: one of them, whichever the model likes."""


@dataclass(frozen=True, slots=True)
class Speech:
    """What somebody said, to be written down by a model that ``transcribes``."""

    data: bytes = field(repr=False)
    """A WAV file of one channel with 16 bits a sample."""
    length_s: float


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """Everything a provider may know of a turn.

    ``messages`` end with the user's message, or with an assistant message that ends in
    tool results while a reply is under way. Each picture among them has its bytes in ``media``.
    """

    card: ModelCard
    messages: tuple[Message, ...]
    system: str = ""
    tools: tuple[ToolSpec, ...] = ()
    options: Mapping[str, Json] = field(default_factory=dict)
    media: Mapping[str, bytes] = field(default_factory=dict)
    """Picture bytes by sha256, exactly as stored."""
    notes: tuple[str, ...] = ()
    """What the user should know of how the request was altered on its way."""
    must_call: str = ""
    """The name of the tool that the model has to call, or :data:`ANY_TOOL`; empty: it decides."""
    speech: Speech | None = field(default=None, repr=False)
    """What is to be written down; then there are no messages, and the answer is its words."""
    version: int = 0
    """How many other replies to the same question there are already."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A model as its endpoint lists it; ``None`` and empty are what the list does not say."""

    wire_name: str
    title: str = ""
    input_modalities: tuple[Modality, ...] = ()
    output_modalities: tuple[Modality, ...] = ()
    tools: bool | None = None
    prices: Prices | None = None
    signatures: bool | None = None
    """Whether it is known to refuse its own words and pictures when they come back unsigned."""
    native_kind: str = ""
    """A kind of endpoint that loses less of it on the way, at the same server; empty: none."""
    native_url: str = ""
    """The address of that."""
    native_options: Mapping[str, Json] = field(default_factory=dict)
    """Options of an endpoint of that kind, there."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What else is known of it, by the names of :class:`~chat.core.models.ModelCard`."""


class Provider(Protocol):
    """A provider of models. It translates; it never runs tools, retries or saves.

    One provider serves many turns at once: state of a call lives in the call.
    """

    def stream(self, request: ModelRequest) -> AsyncGenerator[ProviderEvent, None]:
        """Ask the model and yield what it says, in order, ending with ``Finished``.

        Closing the generator closes the connection.

        Raises:
            ProviderError: the call failed; what was yielded before stays valid.
            CapabilityError: the request asks for what the wire cannot carry.
        """
        ...

    async def models(self) -> Sequence[Listed]:
        """What the endpoint says it serves, in its own order; costs nothing.

        Asking is also how a connection is tried. Empty where an endpoint lists none but lets
        us in.

        Raises:
            ProviderError: it could not be reached, or did not let us in.
        """
        ...

    async def aclose(self) -> None:
        """Let go of connections. Safe to call twice."""
        ...


class Moderator(Protocol):
    """A server's opinion of words and pictures."""

    async def text(self, text: str) -> tuple[str, ...]:
        """The categories that a text is flagged for, such as ``violence/graphic``.

        Raises:
            ProviderError: it did not answer as it should.
        """
        ...

    async def picture(self, data: bytes) -> tuple[str, ...]:
        """The categories that a picture is flagged for; bytes that are no picture have none.

        Raises as ``text``.
        """
        ...

    async def aclose(self) -> None:
        """Let go of connections. Safe to call twice."""
        ...


class Guardrails(Protocol):
    """What stands between the user and a model, in both directions.

    What is stored of the question is never altered; only what is sent, and what is shown.
    """

    async def admit(self, request: ModelRequest) -> ModelRequest:
        """The request as it may go out: itself, or with things masked.

        Raises:
            Blocked: it may not go out.
        """
        ...

    def screen(
        self, request: ModelRequest, events: AsyncGenerator[ProviderEvent, None]
    ) -> AsyncGenerator[ProviderEvent, None]:
        """The events as they may be shown. Closing it closes ``events``.

        Raises:
            Blocked: the rest may not be shown; what was yielded before may.
        """
        ...

    async def aclose(self) -> None:
        """Let go of connections. Safe to call twice."""
        ...


class NullGuardrails:
    """Lets everything pass, untouched: the guardrails of an Easel that has none configured."""

    async def admit(self, request: ModelRequest) -> ModelRequest:
        """The request itself."""
        return request

    def screen(
        self, request: ModelRequest, events: AsyncGenerator[ProviderEvent, None]
    ) -> AsyncGenerator[ProviderEvent, None]:
        """The events themselves."""
        del request
        return events

    async def aclose(self) -> None:
        """There is nothing to let go of."""
