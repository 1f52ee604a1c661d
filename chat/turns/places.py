"""Where a model may answer, and who is asked in its stead. Knows no request and no wire."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from chat.core.errors import BadReply, Blocked, ChatError, RateLimited, RequestTooLarge, Unavailable
from chat.core.models import Cause, Deployment, Endpoint, ModelCard
from chat.models import Catalogue
from chat.turns.balance import Balance

SAME_MODEL_HELPS: frozenset[Cause] = frozenset({"unavailable", "rate_limited"})
"""Where another deployment of the same model may do better. One model's rules on content and
length are the same wherever it answers."""

_NOTES: dict[Cause, str] = {
    "unavailable": "{asked} gave no answer, so {answered} answered.",
    "rate_limited": "{asked} takes no more requests for now, so {answered} answered.",
    "content_policy": "{asked} declined this, so {answered} answered.",
    "context_too_long": "This conversation is too long for {asked}, so {answered} answered.",
}


@dataclass(frozen=True, slots=True)
class Place:
    """One deployment of a model."""

    card: ModelCard
    """With the endpoint and the wire name of the deployment."""
    endpoint: Endpoint
    deployment: Deployment
    choice: bool = False
    """Whether the model answers in other places, too."""

    @property
    def label(self) -> str:
        """What to call it where there was a choice; empty where there was none."""
        return self.deployment.label if self.choice else ""


def cause_of(error: ChatError) -> Cause | None:
    """Why another model may have to answer; ``None`` where none would do better."""
    match error:
        case RateLimited():
            return "rate_limited"
        case Unavailable() | BadReply():
            return "unavailable"
        case Blocked():
            return "content_policy"
        case RequestTooLarge():
            return "context_too_long"
    return None


_RESTING = "{asked} failed a moment ago and was not asked again yet, so {answered} answered."


def note(fault: ChatError, wanted: ModelCard, answered: ModelCard, *, asked: bool) -> str:
    """What the user is told of a model that answered in another's stead.

    ``fault`` has a cause; ``asked`` says whether the other was asked at all.
    """
    cause = cause_of(fault)
    words = _RESTING if not asked else _NOTES[cause] if cause else ""
    return words.format(asked=wanted.title, answered=answered.title)


class Places:
    """The places of every model in a catalogue, with what is known of how busy they are."""

    def __init__(self, catalogue: Catalogue, balance: Balance) -> None:
        """Look models up here."""
        self._catalogue = catalogue
        self.balance = balance

    def of(self, card: ModelCard) -> tuple[Place, ...]:
        """The places of a model that are set up; if none is, its first, which will say so."""
        listed = self._listed(card)
        ready = [one for one in listed if not self._catalogue.lacks(one.endpoint)] or listed[:1]
        return tuple(
            Place(
                replace(card, endpoint=one.endpoint, wire_name=one.wire_name),
                self._catalogue.endpoints[one.endpoint],
                one,
                choice=len(ready) > 1,
            )
            for one in ready
        )

    def in_stead(self, card: ModelCard, cause: Cause) -> Iterator[tuple[Place, ...]]:
        """The places of each model that may answer for this one, model by model, in order."""
        for card_id in card.fallbacks.get(cause, ()):
            other = self._catalogue.find(card_id)
            if other is not None and not self._catalogue.reason(other):
                yield self.of(other)

    def best(self, places: tuple[Place, ...]) -> Place:
        """The least busy of these."""
        return places[self.balance.best([place.deployment for place in places])]

    def _listed(self, card: ModelCard) -> tuple[Deployment, ...]:
        listed = card.deployments or (Deployment(card.endpoint, card.wire_name),)
        return tuple(one for one in listed if one.endpoint in self._catalogue.endpoints)
