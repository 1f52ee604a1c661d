"""Who is asked next after attempts that came to nothing. Asks nobody itself."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from chat.core.errors import AuthFailed, ChatError, ProviderError
from chat.core.events import Finished
from chat.core.models import ModelCard
from chat.turns.limits import Budget
from chat.turns.places import SAME_MODEL_HELPS, Place, Places, cause_of

SHORT_WAIT_S = 5.0
"""Where nobody else can answer, a wait of up to this is borne, once."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An attempt that came to nothing."""

    place: Place
    error: ChatError
    finished: Finished | None = None
    """How the model declined, if it did so in good order."""
    asked: bool = True
    """Whether a request went out."""
    smaller: Budget | None = None
    """Where it was too large: how much of the conversation is sent instead."""


class Route:
    """From the model that the user chose to those that may stand in for it."""

    def __init__(self, card: ModelCard, places: Places) -> None:
        """Begin with this model."""
        self._card = card
        self._places = places

    def first(self, failures: list[Failure]) -> Place:
        """The place to begin with; where the whole model is paused, one that stands in for it.

        Why it was passed over is added to ``failures``.
        """
        place = self._places.best(self._places.of(self._card))
        fault = self._places.balance.fault(place.deployment)
        if fault is not None:
            paused = Failure(place, fault, asked=False)
            other = self._untried([paused], paused_too=False)
            if other is not None:
                failures.append(paused)
                return other
        return place

    def other(self, failures: Sequence[Failure]) -> Place | None:
        """Another place: one that is awake, else one that is paused, in the order of trust."""
        return self._untried(failures, paused_too=False) or self._untried(failures, paused_too=True)

    def again(self, failures: Sequence[Failure]) -> Place | None:
        """The same place once more, where it said that it will not be long."""
        for failure in failures:
            error = failure.error
            wait_s = error.retry_after_s if isinstance(error, ProviderError) else None
            times = sum(f.place == failure.place for f in failures)
            if failure.asked and times == 1 and wait_s is not None and wait_s <= SHORT_WAIT_S:
                return failure.place
        return None

    def smaller(self, failures: Sequence[Failure]) -> Place | None:
        """A place that took no request of that size, once more with less of the conversation."""
        for failure in failures:
            if failure.smaller is not None and sum(f.place == failure.place for f in failures) == 1:
                return failure.place
        return None

    def _untried(self, failures: Sequence[Failure], *, paused_too: bool) -> Place | None:
        balance = self._places.balance
        tried = {(f.place.card.id, f.place.deployment) for f in failures}
        for group in self._groups(failures):
            left = tuple(
                place
                for place in group
                if (place.card.id, place.deployment) not in tried
                and (paused_too or balance.fault(place.deployment) is None)
            )
            if left:
                return self._places.best(left)
        return None

    def _groups(self, failures: Sequence[Failure]) -> Iterator[tuple[Place, ...]]:
        """The other places of the same model, then those of each model in its stead."""
        last = failures[-1]
        cause = cause_of(last.error)
        if cause in SAME_MODEL_HELPS or isinstance(last.error, AuthFailed):
            yield self._places.of(last.place.card)
        # A stand-in that cannot do it, either, makes room for the next one.
        cause = cause or next((c for f in failures[:-1] if (c := cause_of(f.error))), None)
        if cause is not None:
            yield from self._places.in_stead(self._card, cause)


def told_together(failures: Sequence[Failure]) -> str:
    """One sentence on the attempts after the first; empty where there were none."""
    first, *others = failures
    names = _distinct(_name(f.place, first.place) for f in others if f.asked)
    if not names:
        return ""
    if names == [""]:
        return "A second try did not help."
    *most, last = [name for name in names if name]
    listed = f"{', '.join(most)} and {last}" if most else last
    return f"{listed} could not answer, either."


def _name(place: Place, first: Place) -> str:
    """What the user would call a place, beside the first; nothing for the first itself."""
    if place.card.id != first.card.id:
        return place.card.title
    return "" if place.deployment == first.deployment else place.endpoint.title


def _distinct(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
