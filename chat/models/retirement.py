"""Models that are gone or will be: what is said of them."""

from dataclasses import dataclass
from datetime import date, timedelta

from chat.core.models import Deployment, ModelCard

NEAR = timedelta(days=60)
"""How long before its last day a model is said to be leaving."""


@dataclass(frozen=True, slots=True)
class Retired:
    """An id that conversations may still have, of a model that nobody serves any more."""

    id: str
    retired_on: date
    successor: str = ""
    """The id of the card, or of another retired model, that takes its place."""


def is_retired(card: ModelCard, today: date) -> bool:
    """Whether its last day is over."""
    return card.retires_on is not None and card.retires_on <= today


def is_leaving(card: ModelCard, today: date) -> bool:
    """Whether its last day is near, and not yet there."""
    return card.retires_on is not None and today < card.retires_on <= today + NEAR


def is_over(deployment: Deployment, today: date) -> bool:
    """Whether the model does not answer there any more."""
    return deployment.retires_on is not None and deployment.retires_on <= today


def parting(title: str, day: date, today: date) -> str:
    """That a model is gone, or will be, as a sentence without its stop."""
    when = f"{day.day} {day:%B %Y}"
    if day <= today:
        return f"“{title}” was retired on {when}"
    return f"“{title}” will be retired on {when}"
