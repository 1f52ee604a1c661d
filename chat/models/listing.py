"""The catalogue in lines of text, for a terminal."""

from collections.abc import Iterator
from datetime import date

from chat.models.catalogue import Catalogue


def menu_lines(catalogue: Catalogue, today: date) -> Iterator[str]:
    """Every endpoint with its models in menu order; what cannot be used says what it waits for."""
    shelves = catalogue.shelf(today)
    width = max((len(card.id) for shelf in shelves for card in shelf.cards), default=0)
    for shelf in shelves:
        yield f"{shelf.endpoint.title} ({shelf.endpoint.id})  {shelf.reason}".rstrip()
        for card in shelf.cards:
            sentence = catalogue.retiring(card, today)
            yield f"  {card.id:<{width}}  {card.title}  {sentence}".rstrip()
        if not shelf.cards and shelf.endpoint.discover:
            yield "  Easel asks for its models when it starts."


def summary(catalogue: Catalogue, today: date) -> str:
    """How much there is of everything, and how much of it can be used now."""
    usable = len(catalogue.usable(today))
    endpoints, models = len(catalogue.endpoints), len(catalogue.cards)
    return f"{endpoints} endpoints, {models} models; {usable} can be used as things are set now."
