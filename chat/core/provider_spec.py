"""What is known of a kind of provider before one is opened: options, traits, help text.

A kind has one :class:`ProviderSpec`, beside its adapter. Whatever depends on the kind of an
endpoint asks that endpoint's ``spec``; no other module names a kind.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from chat.core.messages import Billed
from chat.core.parts import Json

OptionType: TypeAlias = Literal["text", "texts", "number", "flag", "table", "addresses"]
"""``texts`` is a list of them, ``addresses`` one of web addresses, ``table`` anything in braces."""


@dataclass(frozen=True, slots=True)
class Option:
    """One entry that ``options`` of an endpoint's row may hold."""

    type: OptionType
    about: str
    """What it does, in one sentence."""


CA_FILE: Mapping[str, Option] = {
    "ca_file": Option("text", "A PEM file of authorities to trust beside the usual ones."),
}
"""An option of every kind that speaks over the network."""


@dataclass(frozen=True, slots=True)
class Service:
    """Who answers on a wire, as far as it changes what is said, counted and billed."""

    telemetry_name: str = ""
    """``gen_ai.provider.name`` of OpenTelemetry; empty: ``easel.`` and the kind."""
    base_url: str = ""
    """Where the SDK goes if the endpoint names no address."""
    version_path: str = ""
    """What the address of a compatible server usually ends with, such as ``/v1``: a hint where
    one that has no version in it answers with a web page."""
    refusal_billed: Billed = "unknown"
    """Whether a question is charged that content rules refuse under an error status."""


ProxyUse: TypeAlias = Literal["talk", "pictures", "native"]
"""What a proxy is asked for over a wire: to converse, for pictures alone, or Google's own route."""


@dataclass(frozen=True, slots=True)
class ProxyRoute:
    """The endpoint that a LiteLLM proxy gets on a wire where its configuration is read in."""

    use: ProxyUse
    """Each use has one wire."""
    endpoint: str
    """The id of its row."""
    title: str


@dataclass(frozen=True, slots=True)
class OwnServer:
    """A sort of server that people run or rent themselves and that speaks a wire."""

    title: str
    """What people call such a server."""
    about: str
    """For people: which ones there are."""
    address: str
    """Where one usually listens, as an example."""
    key_optional: bool = True
    """Whether one may do without a key."""


@dataclass(frozen=True, slots=True)
class ProviderSpec:
    """Everything about a kind that is no code."""

    kind: str
    adapter: str
    """``module:Class`` of its :class:`~chat.core.calling.Provider`; called with the endpoint."""
    about: str
    """For people: what the wire is and who speaks it."""
    example: str
    """TOML of an endpoint and a model that may stand in a file of one's own."""
    test_server: str
    """``module:function`` of the tests: a server that speaks the wire, for the contract suite."""
    options: Mapping[str, Option] = field(default_factory=dict)
    """What ``options`` of an endpoint's row may hold; anything else is a mistake in that row."""
    service: Service = Service()
    variants: Mapping[str, Service] = field(default_factory=dict)
    """By the name of an option that, where it is set, makes the endpoint another service."""
    operation: str = "chat"
    """``gen_ai.operation.name`` of OpenTelemetry."""
    stateless: bool = False
    """A model there sees a prompt and the pictures with it, and nothing that was said before."""
    offline: bool = False
    """Nobody is asked."""
    watermark: str = ""
    """The name of an invisible mark that the maker says is in each picture of its models."""
    price_id: str = ""
    """The provider's id in the price list, whoever passes the call on."""
    priced_by_address: bool = False
    """The price list knows the provider by the endpoint's address."""
    moderation: str = ""
    """``module:Class`` that asks the same server's moderation; empty: it has none."""
    own_servers: tuple[OwnServer, ...] = ()
    """Sorts of servers with an address of their own that speak it, the most usual first."""
    transcribes: bool = False
    """Its models may be given speech to write down; the rows of those that can, say so."""
    litellm: ProxyRoute | None = None
    """What a LiteLLM proxy is asked for over this wire; ``None``: nothing."""

    def service_for(self, options: Mapping[str, Json]) -> Service:
        """Who answers where these options are set."""
        found = (variant for name, variant in self.variants.items() if options.get(name))
        return next(found, self.service)


UNKNOWN = ProviderSpec("", "", "", "", "")
"""Of an endpoint that nobody gave a spec: no traits at all."""
