"""How the tools of a conversation run with a model: by itself, by a relay, or not at all.

A model that draws and cannot call functions is helped by a text model: that one is asked, runs the
tools of the conversation, and calls the picture model by two tools of its own. Which text model it
is says the card (``tool_relay``). Where it names none that can be used, the first text model takes
its place that calls tools and sees pictures as the picture model does, of the same endpoint or else
of another wire of the same server: the conversation goes to nobody whom it would not have gone to
anyway. Where there is none, there is no relay, and the switch says why.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from chat.core.models import Endpoint, ModelCard
from chat.models.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class ToolRelay:
    """A text model that runs the tools of a model that draws."""

    text: ModelCard
    pictures: ModelCard

    @property
    def note(self) -> str:
        """What is said under a reply that came so."""
        return f"Tools run on {self.text.title}; pictures by {self.pictures.title}."


@dataclass(frozen=True, slots=True)
class ToolRoute:
    """How tools run with a model."""

    able: bool
    """Whether they can be switched on."""
    sentence: str = ""
    """What the switch says before anything is sent; empty: the model calls them itself."""
    relay: ToolRelay | None = None

    @property
    def why_not(self) -> str:
        """Why they cannot be switched on; empty: they can."""
        return "" if self.able else self.sentence

    @property
    def how(self) -> str:
        """How they will run where the model does not call them itself; empty: it does, or none."""
        return self.sentence if self.able else ""


def how_tools_run(card: ModelCard, catalogue: Catalogue) -> ToolRoute:
    """How the tools of a conversation run with this model, in a sentence for the switch."""
    if card.tools:
        return ToolRoute(True)
    if not _draws(card):
        return ToolRoute(
            False, f"{card.title} cannot call tools. Choose another model to use them."
        )
    text = _text_model(card, catalogue)
    if text is None:
        blind = next(_blind(card, catalogue), None)
        if blind is not None:
            return ToolRoute(
                False,
                f"{card.title} cannot call tools. {blind.title} can, and sees no pictures, so it "
                "cannot run them for it.",
            )
        place = catalogue.endpoint_of(card).title
        return ToolRoute(
            False,
            f"{card.title} cannot call tools, and {place} has no text model here that could run "
            "them for it.",
        )
    sentence = f"{card.title} cannot call tools: {text.title} runs them and has it draw."
    return ToolRoute(True, sentence, ToolRelay(text, card))


def _draws(card: ModelCard) -> bool:
    return "image" in card.output_modalities


def _text_model(card: ModelCard, catalogue: Catalogue) -> ModelCard | None:
    """The one that the card names, or the first of its endpoint; as a model of words alone."""
    ready = chain(_named(card, catalogue), _beside(card, catalogue))
    return next((as_writer(other) for other in ready if _can_relay(other, card, catalogue)), None)


def _named(card: ModelCard, catalogue: Catalogue) -> Iterator[ModelCard]:
    """The card of that id, or those of a row that makes several."""
    if card.tool_relay:
        if (found := catalogue.find(card.tool_relay)) is not None:
            yield found
        made = f"{card.tool_relay}:"
        yield from (other for other in catalogue.cards.values() if other.id.startswith(made))


def _beside(card: ModelCard, catalogue: Catalogue) -> Iterator[ModelCard]:
    """The text models of the same endpoint, then of its server, each in the order of the menu."""
    texts = [other for other in catalogue.cards.values() if not _draws(other)]
    yield from (other for other in texts if other.endpoint == card.endpoint)
    here = catalogue.endpoint_of(card)
    yield from (other for other in texts if _same_server(catalogue.endpoint_of(other), here))


def _same_server(one: Endpoint, other: Endpoint) -> bool:
    """Whether two endpoints are wires to one server, under one key.

    An address that is left out is that of who gives out the key, which its variables name.
    """
    if (one.beside or one.id) == (other.beside or other.id):
        return one.id != other.id
    return (
        one.id != other.id
        and one.base_url == other.base_url
        and one.api_key == other.api_key
        and bool(one.base_url or one.api_key)
        and one.key_env == other.key_env
    )


def _blind(card: ModelCard, catalogue: Catalogue) -> Iterator[ModelCard]:
    """Those that would run tools for it if they saw its pictures."""
    beside = chain(_named(card, catalogue), _beside(card, catalogue))
    return (other for other in beside if other.tools and not catalogue.reason(other))


def _can_relay(text: ModelCard, card: ModelCard, catalogue: Catalogue) -> bool:
    sees = "image" in text.input_modalities or "image" not in card.input_modalities
    return text.tools and sees and text.id != card.id and not catalogue.reason(text)


def as_writer(card: ModelCard) -> ModelCard:
    """The model without the drawing of its own, so that it has the other one draw."""
    return replace(card, output_modalities=("text",), grounding=False)
