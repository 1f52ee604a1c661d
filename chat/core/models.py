"""What is known of a model before it is called, and what a reply of it costs."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, TypeAlias

from chat.core.messages import Usage
from chat.core.network import Network
from chat.core.parts import Json
from chat.core.picture_tokens import PictureTokens
from chat.core.provider_spec import UNKNOWN, ProviderSpec, Service
from chat.core.shapes import SizeLimits

Modality: TypeAlias = Literal["text", "image"]

Transcribes: TypeAlias = Literal["", "server", "all"]
"""For whom a model writes down what is said; empty: for nobody."""

Cause: TypeAlias = Literal[
    "unavailable", "rate_limited", "content_policy", "context_too_long", "model_not_found"
]
"""Why another model may have to answer."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long a call may take, in seconds."""

    connect_s: float = 10.0
    first_event_s: float = 60.0
    idle_s: float = 60.0
    """Between two events."""
    total_s: float = 600.0


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address with a key. ``kind`` names the wire that is spoken there."""

    id: str
    kind: str
    title: str
    base_url: str = ""
    """Empty: the address the SDK knows."""
    api_key: str = field(default="", repr=False)
    key_env: tuple[str, ...] = ()
    """Names of environment variables that may hold the key; empty: none is needed."""
    timeouts: Timeouts = Timeouts()
    options: Mapping[str, Json] = field(default_factory=dict)
    """What only this kind of provider understands; its spec says which there are."""
    discover: bool = False
    """Models that the endpoint itself lists join the menu."""
    beside: str = ""
    """The id of another endpoint: this one is the same server over another wire."""
    key_optional: bool = False
    """It may be asked without a key; it may still answer that it wants one."""
    key_on_page: bool = field(default=False, compare=False)
    """Its key is entered on the page “Models and keys”, and is in no variable."""
    spec: ProviderSpec = field(default=UNKNOWN, repr=False, compare=False)
    """What is known of its kind."""
    network: Network = field(default=Network(), repr=False, compare=False)
    """How it is reached: proxies and authorities, as the environment names them."""

    @property
    def service(self) -> Service:
        """Who answers there."""
        return self.spec.service_for(self.options)


@dataclass(frozen=True, slots=True)
class Prices:
    """USD for a million tokens; ``None`` is unknown."""

    input_text_usd: float | None = None
    input_image_usd: float | None = None
    output_text_usd: float | None = None
    output_image_usd: float | None = None
    cached_input_usd: float | None = None
    """For input that the endpoint had in its cache; where unknown it counts as other input."""
    per_image_usd: float | None = None
    """USD for one picture made, where a system charges by the picture and not by tokens."""
    input_audio_usd: float | None = None
    """Of speech that is written down."""
    per_minute_usd: float | None = None
    """USD for a minute of speech, where a system charges by the clock and not by tokens."""
    source: str = ""
    """Where the figures are from, for people."""

    @property
    def free(self) -> bool:
        """Whether each figure is known to be nought: then nothing need be counted."""
        tokens = (
            self.input_text_usd,
            self.input_image_usd,
            self.output_text_usd,
            self.output_image_usd,
        )
        others = (self.per_image_usd, self.input_audio_usd, self.per_minute_usd)
        return all(figure == 0 for figure in tokens) and not any(others)


@dataclass(frozen=True, slots=True)
class Deployment:
    """One of several places where a model answers."""

    endpoint: str
    """The id of its endpoint."""
    wire_name: str
    """What that endpoint calls the model."""
    weight: int = 1
    """Share of the calls, against the others."""
    retires_on: date | None = None
    """From this day on the model does not answer there."""

    @property
    def label(self) -> str:
        """What people and the log call it: ``endpoint/wire name``."""
        return f"{self.endpoint}/{self.wire_name}"


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A model behind an endpoint, with what it can do."""

    id: str
    endpoint: str
    """The id of its endpoint."""
    wire_name: str
    """What the endpoint calls it."""
    title: str
    note: str = ""
    """A sentence for the model menu."""
    input_modalities: tuple[Modality, ...] = ("text", "image")
    output_modalities: tuple[Modality, ...] = ("text", "image")
    tools: bool = False
    tool_relay: str = ""
    """Of a model that draws and cannot call tools: the id of a text model that runs them for it."""
    stream: bool = True
    aspect_ratios: tuple[str, ...] = ()
    """Such as ``16:9``; empty: the model takes none."""
    image_sizes: tuple[str, ...] = ()
    """Such as ``1K``; empty: the model takes none."""
    qualities: tuple[str, ...] = ()
    """Such as ``high``; empty: the model takes none."""
    backgrounds: tuple[str, ...] = ()
    """Such as ``transparent``; empty: the model takes none."""
    styles: tuple[str, ...] = ()
    """Such as ``vivid``; empty: the model takes none."""
    complexities: tuple[str, ...] = ()
    """How much a picture is planned before it is drawn, such as ``high``; empty: it takes none."""
    output_formats: tuple[str, ...] = ()
    """Of pictures, such as ``svg``; empty: there is no choice."""
    person_generations: tuple[str, ...] = ()
    """Which people may be drawn, such as ``allow_adult``; empty: there is no choice."""
    negative_prompt: bool = False
    """The model can be told in words what shall not be in the picture."""
    n_max: int = 1
    """How many pictures one request may ask for."""
    sizes: tuple[str, ...] = ()
    """On an images wire the ``size`` that may be asked for, such as ``1536x1024``."""
    images_parameters: tuple[str, ...] = ()
    """On an images wire what the model takes beside words and pictures, such as ``size``."""
    edit_parameters: tuple[str, ...] | None = None
    """The same for changing a picture; ``None``: those of drawing one."""
    size_limits: SizeLimits | None = None
    """On an images wire: any size goes that keeps to them; ``None``: only ``sizes`` do."""
    max_input_images: int = 10
    max_request_bytes: int = 18_000_000
    """Budget for the pictures of one request, before base64."""
    picture_tokens: PictureTokens = field(default=PictureTokens())
    """How it counts the pictures that it is shown."""
    signatures: bool = False
    """The model refuses its own earlier pictures when they come back unsigned."""
    mask: bool = False
    """The model can be told by a second picture where to change the first."""
    markup: bool = False
    """The model takes brush strokes over the first picture, in place of a mask."""
    grounding: bool = False
    """Its provider can search the web while it answers."""
    transcribes: Transcribes = ""
    """It writes down what is said, and does nothing else: for the models of its own server, or for
    all that have nobody at theirs."""
    history: bool = True
    """The model sees what was said before; false: only a prompt and the pictures with it."""
    prices: Prices = Prices()
    aliases: tuple[str, ...] = ()
    """Other ids under which conversations may know it."""
    retires_on: date | None = None
    successor: str = ""
    """The id of the card that takes its place."""
    deployments: tuple[Deployment, ...] = ()
    """Where it answers, if in more places than its endpoint; empty: there alone."""
    fallbacks: Mapping[Cause, tuple[str, ...]] = field(default_factory=dict, hash=False)
    """Ids of cards to ask in its stead, in order, by what went wrong."""


def price(
    usage: Usage | None, prices: Prices, pictures: int = 0, speech_s: float = 0.0
) -> float | None:
    """What a reply with this many pictures cost in USD, or ``None`` where that is not known.

    ``speech_s`` is how many seconds of speech were written down, for who charges by the clock.

    A price that the endpoint stated wins. Reasoning is billed as text output. What charges by
    the picture charges for those tokens alone that have a price.

    Where pictures came and no tokens are told apart as theirs, those of the output are of words and
    pictures together: such a reply costs what its pictures do one by one, or it is unknown. Billed
    as words it would be far too cheap: tokens of a picture cost up to twenty times as much.
    """
    if usage is not None and usage.reported_cost_usd is not None:
        return usage.reported_cost_usd
    if prices.free:
        return 0.0
    if speech_s and prices.per_minute_usd is not None:
        return speech_s / 60 * prices.per_minute_usd
    by_picture = prices.per_image_usd is not None
    total_usd = pictures * (prices.per_image_usd or 0.0)
    told = usage or Usage()
    if pictures and not told.output_image_tokens:
        if not by_picture:
            return None
        told = replace(told, output_text_tokens=None if told.output_text_tokens is None else 0)
    billed = _billed(told, prices)
    if all(tokens is None for tokens, _ in billed):
        knows_all = by_picture and pictures and not any(usd for _, usd in billed)
        return total_usd if knows_all else None
    for tokens, per_million_usd in billed:
        if not tokens or (per_million_usd is None and by_picture):
            continue
        if per_million_usd is None:
            return None
        total_usd += tokens * per_million_usd / 1_000_000
    return total_usd


def _billed(usage: Usage, prices: Prices) -> list[tuple[int | None, float | None]]:
    """Tokens, each kind with its price; pictures are left out that are paid for one by one."""
    text, images = usage.input_text_tokens, usage.input_image_tokens
    billed: list[tuple[int | None, float | None]] = []
    if prices.cached_input_usd is not None and usage.cached_tokens and (text or images):
        # What comes first is cached first, and that is words: a system prompt, old messages.
        cached_text = min(usage.cached_tokens, text or 0)
        cached_images = min(usage.cached_tokens - cached_text, images or 0)
        text = None if text is None else text - cached_text
        images = None if images is None else images - cached_images
        billed.append((cached_text + cached_images, prices.cached_input_usd))
    billed += [
        (text, prices.input_text_usd),
        (images, prices.input_image_usd),
        (usage.input_audio_tokens, prices.input_audio_usd),
        (usage.output_text_tokens, prices.output_text_usd),
        (usage.reasoning_tokens, prices.output_text_usd),
    ]
    if prices.per_image_usd is None:
        billed.append((usage.output_image_tokens, prices.output_image_usd))
    return billed
