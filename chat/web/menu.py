"""The catalogue as the model menu shows it: groups, badges, prices and dates in words.

Pure: from cards and a date to plain JSON. The page puts every word in as text.
"""

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

from chat.core.errors import ChatError
from chat.core.models import Endpoint, ModelCard
from chat.models import Catalogue

OFFLINE_KINDS = frozenset({"sketch"})
"""Wires on which nobody is asked."""


def menu(catalogue: Catalogue, today: date) -> dict[str, Any]:
    """Every endpoint with its models; the first model that can be used is the usual one."""
    shelves = catalogue.shelf(today)
    titles = Counter(card.title for shelf in shelves for card in shelf.cards)
    usable = catalogue.usable(today)
    return {
        "default": usable[0].id if usable else "",
        "groups": [
            {
                "id": shelf.endpoint.id,
                "title": shelf.endpoint.title,
                "reason": shelf.reason,
                "models": [
                    _row(catalogue, card, shelf.endpoint, today, alone=titles[card.title] == 1)
                    for card in shelf.cards
                ],
            }
            for shelf in shelves
        ],
    }


def missing(catalogue: Catalogue, card_id: str, today: date) -> dict[str, str]:
    """What to say of a model that is not in the menu, and who may take its place."""
    try:
        resolved = catalogue.resolve(card_id, today)
    except ChatError as error:
        return {"title": "", "notice": str(error), "successor": ""}
    card = resolved.card
    successor = "" if card.id == card_id else card.id
    return {"title": card.title, "notice": resolved.notice, "successor": successor}


def _row(
    catalogue: Catalogue, card: ModelCard, endpoint: Endpoint, today: date, *, alone: bool
) -> dict[str, Any]:
    return {
        "id": card.id,
        "title": card.title,
        "label": card.title if alone else f"{card.title} · {endpoint.title}",
        "note": card.note,
        "badges": badges(card),
        "price": price_hint(card, endpoint),
        "source": card.prices.source,
        "reason": catalogue.reason(card, today),
        "ends": _ending(card),
        "notice": catalogue.retiring(card, today),
        "successor": card.successor,
        "aliases": list(card.aliases),
    }


def badges(card: ModelCard) -> list[str]:
    """What a model can do, a word each."""
    draws = "image" in card.output_modalities
    words = {
        "text": "text" in card.output_modalities,
        "picture": draws,
        "edit": draws and "image" in card.input_modalities,
        "mask": card.mask,
        "tools": card.tools,
    }
    return [word for word, able in words.items() if able]


def _ending(card: ModelCard) -> str:
    """The model's last day, such as “ends 1 Dec 2026”; empty where none is known."""
    day = card.retires_on
    return f"ends {day.day} {day:%b} {day.year}" if day else ""


def price_hint(card: ModelCard, endpoint: Endpoint) -> str:
    """What using the model costs, in a few words; never a guess."""
    prices = card.prices
    draws, writes = "image" in card.output_modalities, "text" in card.output_modalities
    if prices.free:
        return "free, offline" if endpoint.kind in OFFLINE_KINDS else "free"
    if draws and prices.per_image_usd is not None:
        return f"about {_usd(prices.per_image_usd)} a picture"
    told = [(prices.input_text_usd, "in")]
    told += [(prices.output_text_usd, "out")] if writes else []
    told += [(prices.output_image_usd, "pictures")] if draws else []
    if any(usd is None for usd, _ in told):
        return "price unknown"
    known = ", ".join(f"{_usd(usd)} {what}" for usd, what in told if usd is not None)
    return f"{known} per million tokens"


def _usd(amount: float) -> str:
    """Dollars: whole ones without cents, cents with both digits, less than that as it is."""
    if amount == int(amount):
        return f"${amount:,.0f}"
    if round(amount, 2) == amount:
        return f"${amount:,.2f}"
    return f"${Decimal(repr(amount)).normalize():f}"
