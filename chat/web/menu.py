"""The catalogue as the model menu shows it: groups, badges, prices and dates in words.

The page puts every word in as text.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from threading import Lock

from chat.core.errors import ChatError
from chat.core.estimate import picture_usd
from chat.core.languages import later, say
from chat.core.models import Endpoint, ModelCard
from chat.core.rights import Allowed
from chat.models import Catalogue, Catalogues
from chat.render.costs import expected_words, listed_words
from chat.web.api.models import ModelGroup, ModelMenu, ModelMissing, ModelRow


@dataclass(frozen=True, slots=True)
class _Built:
    """A menu, and what it was built from."""

    cards: Mapping[str, ModelCard]
    day: date
    menu: ModelMenu


class Menu:
    """The menu of what somebody may use, built anew where the cards or the day have changed.

    Thousands of models take a while, so whoever has an event loop asks from a thread.
    """

    def __init__(self, catalogues: Catalogues) -> None:
        self._catalogues = catalogues
        self._built: dict[Allowed, _Built] = {}
        self._building = Lock()

    def on(self, owner: str, today: date) -> ModelMenu:
        """The menu of a day; the same object for as long as nothing changes. From any thread."""
        with self._building:
            catalogue = self._catalogues.of(owner)
            cards = catalogue.cards  # another mapping whenever an endpoint's list joins
            built = self._built.get(catalogue.allowed)
            if built is None or built.cards is not cards or built.day != today:
                built = _Built(cards, today, menu(catalogue, today))
                self._built[catalogue.allowed] = built
            return built.menu


def menu(catalogue: Catalogue, today: date) -> ModelMenu:
    """Every endpoint with its models; the first model that can be used is the usual one."""
    shelves = catalogue.shelf(today)
    titles = Counter(card.title for shelf in shelves for card in shelf.cards)
    shorts = Counter(_short(card) for shelf in shelves for card in shelf.cards)
    usable = catalogue.usable(today)
    return ModelMenu(
        default=usable[0].id if usable else "",
        groups=[
            ModelGroup(
                id=shelf.endpoint.id,
                title=shelf.endpoint.title,
                reason=shelf.reason,
                offline=shelf.endpoint.spec.offline,
                models=[
                    _row(catalogue, card, shelf.endpoint, today, titles, shorts)
                    for card in shelf.cards
                ],
            )
            for shelf in shelves
        ],
    )


def missing(catalogue: Catalogue, card_id: str, today: date) -> ModelMissing:
    """What to say of a model that is not in the menu, and who may take its place."""
    try:
        resolved = catalogue.resolve(card_id, today)
    except ChatError as error:
        return ModelMissing(title="", notice=str(error), successor="")
    card = resolved.card
    successor = "" if card.id == card_id else card.id
    return ModelMissing(title=card.title, notice=resolved.notice, successor=successor)


def _short(card: ModelCard) -> str:
    """The title up to its first comma: what follows explains it."""
    return card.title.partition(",")[0].strip() or card.title


def _row(
    catalogue: Catalogue,
    card: ModelCard,
    endpoint: Endpoint,
    today: date,
    titles: Counter[str],
    shorts: Counter[str],
) -> ModelRow:
    """A model, with a label that tells it from all others and a short one for the button."""
    label = card.title if titles[card.title] == 1 else f"{card.title} · {endpoint.title}"
    short = _short(card)
    return ModelRow(
        id=card.id,
        title=card.title,
        label=label,
        short=short if shorts[short] == 1 else label,
        note=card.note,
        badges=badges(card),
        price=price_hint(card, endpoint),
        source=price_source(card),
        reason=catalogue.reason(card, today),
        ends=_ending(card),
        notice=catalogue.retiring(card, today),
        successor=card.successor,
        aliases=list(card.aliases),
    )


def badges(card: ModelCard) -> list[str]:
    """What a model can do, a word each."""
    draws = "image" in card.output_modalities
    words = {
        later("text"): "text" in card.output_modalities,
        later("picture"): draws,
        later("edit"): draws and "image" in card.input_modalities,
        later("mask"): card.mask,
        later("tools"): card.tools,
    }
    return [word for word, able in words.items() if able]


def _ending(card: ModelCard) -> str:
    """The model's last day, such as “ends 1 Dec 2026”; empty where none is known."""
    day = card.retires_on
    return later(f"ends {day.day} {day:%b} {day.year}") if day else ""


def price_hint(card: ModelCard, endpoint: Endpoint) -> str:
    """What using the model costs, in a few words; unknown where a price of it is.

    Where pictures are paid for by their tokens, that of one is an estimate.
    """
    prices = card.prices
    draws = "image" in card.output_modalities
    if prices.free:
        return later("free, offline") if endpoint.spec.offline else later("free")
    if draws and prices.per_image_usd is not None:
        return later(f"about {listed_words(prices.per_image_usd)} a picture")
    known = _by_token(card)
    if not known:
        return later("price unknown")
    usd = picture_usd(card) if draws else None
    return say("{price} a picture", price=expected_words(usd)) if usd else known


def price_source(card: ModelCard) -> str:
    """What stands behind the few words: the prices by token, and where they are from."""
    known = "" if card.prices.free or card.prices.per_image_usd is not None else _by_token(card)
    return ". ".join(words for words in (known, card.prices.source) if words)


def _by_token(card: ModelCard) -> str:
    """The prices of words and pictures; empty where one of them is unknown."""
    prices = card.prices
    told = [(prices.input_text_usd, say("in"))]
    told += [(prices.output_text_usd, say("out"))] if "text" in card.output_modalities else []
    told += (
        [(prices.output_image_usd, say("for pictures"))]
        if "image" in card.output_modalities
        else []
    )
    if any(usd is None for usd, _ in told):
        return ""
    known = ", ".join(f"{listed_words(usd)} {what}" for usd, what in told if usd is not None)
    return say("{prices} per million tokens", prices=known)
