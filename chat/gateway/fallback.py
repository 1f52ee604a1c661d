"""Who is asked, who is asked next after attempts that failed, and what is said of it.

It decides; it asks nobody itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chat.core.errors import (
    AuthFailed,
    BadReply,
    Blocked,
    ChatError,
    ModelNotFound,
    ProviderError,
    RateLimited,
    RequestTooLarge,
    Unavailable,
)
from chat.core.events import Finished
from chat.core.models import Cause, ModelCard
from chat.gateway.balancer import LoadBalancer
from chat.gateway.deployments import DeploymentResolver, ModelDeployment
from chat.gateway.limits import Budget

SHORT_WAIT_S = 5.0
"""Where nobody else can answer, a wait of up to this is borne, once."""

SAME_MODEL_HELPS: frozenset[Cause] = frozenset({"unavailable", "rate_limited", "model_not_found"})
"""Where another deployment of the same model may do better. One model's rules on content and
length are the same wherever it answers."""

_NOTES: dict[Cause, str] = {
    "unavailable": "{asked} gave no answer, so {answered} answered.",
    "rate_limited": "{asked} takes no more requests for now, so {answered} answered.",
    "content_policy": "{asked} declined this, so {answered} answered.",
    "model_not_found": "{place} has no {asked} any more, so {answered} answered.",
    "context_too_long": "This conversation is too long for {asked}, so {answered} answered.",
}
_RESTING = "{asked} failed a moment ago and was not asked again yet, so {answered} answered."


@dataclass(frozen=True, slots=True)
class FailedAttempt:
    """An attempt that came to nothing."""

    target: ModelDeployment
    error: ChatError
    finished: Finished | None = None
    """How the model declined, if it did so in good order."""
    asked: bool = True
    """Whether a request went out."""
    smaller: Budget | None = None
    """Where it was too large: how much of the conversation is sent instead."""


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
        case ModelNotFound():
            return "model_not_found"
    return None


class FallbackPolicy:
    """From the model that the user chose to those that may stand in for it."""

    def __init__(
        self, card: ModelCard, resolver: DeploymentResolver, balancer: LoadBalancer
    ) -> None:
        """Begin with this model."""
        self._card = card
        self.targets = resolver.of(card)
        """Where the model itself answers."""
        self._resolver = resolver
        self._balancer = balancer

    def first(self, failures: list[FailedAttempt]) -> ModelDeployment:
        """The deployment to begin with; where the whole model is paused, one in its stead.

        Why it was passed over is added to ``failures``.
        """
        target = self._best(self.targets)
        fault = self._balancer.fault(target.deployment)
        if fault is not None:
            paused = FailedAttempt(target, fault, asked=False)
            other = self._untried([paused], paused_too=False)
            if other is not None:
                failures.append(paused)
                return other
        return target

    def next(
        self, failures: Sequence[FailedAttempt], *, elsewhere: bool, extra: int
    ) -> ModelDeployment | None:
        """Who is asked after these, if anybody.

        A deployment that is awake before one that is paused, in the order of trust; then the
        same with less of the conversation, where it was too much; then the same once more, where
        it said that it will not be long.

        Args:
            failures: the attempts so far, at least one.
            elsewhere: whether another deployment may be asked.
            extra: how many more requests the turn may send.
        """
        if extra == 0 and any(failure.asked for failure in failures):
            return None
        other = None
        if elsewhere:
            other = self._untried(failures, paused_too=False)
            other = other or self._untried(failures, paused_too=True)
        return other or _once_more(failures)

    def note(self, failures: Sequence[FailedAttempt], answered: ModelDeployment) -> str:
        """What the user is told of a model that answered in another's stead, or nothing."""
        if answered.card.id == self._card.id:
            return ""
        for failure in failures:
            cause = cause_of(failure.error)
            if cause is not None:
                words = _NOTES[cause] if failure.asked else _RESTING
                return words.format(
                    asked=self._card.title,
                    answered=answered.card.title,
                    place=failure.target.endpoint.title,
                )
        return ""

    def _best(self, targets: Sequence[ModelDeployment]) -> ModelDeployment:
        if len(targets) == 1:
            return targets[0]
        return targets[self._balancer.best([target.deployment for target in targets])]

    def _untried(
        self, failures: Sequence[FailedAttempt], *, paused_too: bool
    ) -> ModelDeployment | None:
        tried = {(f.target.card.id, f.target.deployment) for f in failures}
        for group in self._groups(failures):
            left = [
                target
                for target in group
                if (target.card.id, target.deployment) not in tried
                and (paused_too or self._balancer.fault(target.deployment) is None)
            ]
            if left:
                return self._best(left)
        return None

    def _groups(self, failures: Sequence[FailedAttempt]) -> Iterator[tuple[ModelDeployment, ...]]:
        """The other deployments of the same model, then those of each model in its stead."""
        last = failures[-1]
        cause = cause_of(last.error)
        if cause in SAME_MODEL_HELPS or isinstance(last.error, AuthFailed):
            yield self._resolver.of(last.target.card)
        if cause == "model_not_found" and last.target.card.id != self._card.id:
            cause = None  # the successor of the model that was asked is no help here
        # A stand-in that cannot do it, either, makes room for the next one.
        cause = cause or next((c for f in failures[:-1] if (c := cause_of(f.error))), None)
        if cause is not None:
            yield from self._resolver.fallbacks(self._card, cause)


def _once_more(failures: Sequence[FailedAttempt]) -> ModelDeployment | None:
    once = [f for f in failures if sum(other.target == f.target for other in failures) == 1]
    for failure in once:
        if failure.smaller is not None:
            return failure.target
    for failure in once:
        error = failure.error
        wait_s = error.retry_after_s if isinstance(error, ProviderError) else None
        if failure.asked and wait_s is not None and wait_s <= SHORT_WAIT_S:
            return failure.target
    return None


def told_together(failures: Sequence[FailedAttempt]) -> str:
    """One sentence on the attempts after the first; empty where there were none."""
    first, *others = failures
    names = list(dict.fromkeys(_name(f.target, first.target) for f in others if f.asked))
    if not names:
        return ""
    if names == [""]:
        return "A second try did not help."
    *most, last = [name for name in names if name]
    listed = f"{', '.join(most)} and {last}" if most else last
    return f"{listed} could not answer, either."


def _name(target: ModelDeployment, first: ModelDeployment) -> str:
    """What the user would call a deployment, beside the first; nothing for the first itself."""
    if target.card.id != first.card.id:
        return target.card.title
    return "" if target.deployment == first.deployment else target.endpoint.title
