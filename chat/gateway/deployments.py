"""Where a model may answer, and which models may answer in its stead."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace

from chat.core.errors import ConfigError
from chat.core.models import Cause, Deployment, Endpoint, ModelCard
from chat.models import Catalogue, Catalogues

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ModelDeployment:
    """A model at one of the places where it answers."""

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


class DeploymentResolver:
    """The deployments of every model in the catalogue that holds."""

    def __init__(self, catalogues: Catalogues) -> None:
        """Look models up here."""
        self._catalogues = catalogues

    @property
    def catalogue(self) -> Catalogue:
        """The models there are."""
        return self._catalogues.now

    @property
    def _catalogue(self) -> Catalogue:
        return self._catalogues.now

    def as_of_now(self, owner: str) -> "DeploymentResolver":
        """One for what begins now for somebody, and stays with what it begins with."""
        return DeploymentResolver(self._catalogues.of(owner))

    def of(self, card: ModelCard) -> tuple[ModelDeployment, ...]:
        """Those of a model that are set up; if none is, its first, which will say so.

        Raises:
            ConfigError: its endpoint has been removed meanwhile.
        """
        listed = self._listed(card)
        if not listed:
            raise ConfigError(f"Where “{card.title}” answered was removed. Choose another model.")
        ready = [one for one in listed if not self._catalogue.lacks(one.endpoint)] or listed[:1]
        return tuple(
            ModelDeployment(
                replace(card, endpoint=one.endpoint, wire_name=one.wire_name),
                self._catalogue.endpoints[one.endpoint],
                one,
                choice=len(ready) > 1,
            )
            for one in ready
        )

    def fallbacks(self, card: ModelCard, cause: Cause) -> Iterator[tuple[ModelDeployment, ...]]:
        """Those of each model that may answer for this one, model by model, in order."""
        for card_id in card.fallbacks.get(cause, ()):
            other = self._catalogue.find(card_id)
            if other is not None and not self._catalogue.reason(other):
                yield self.of(other)
        if cause == "model_not_found":
            successor = self._catalogue.successor(card)
            if successor is not None:
                yield self.of(successor)

    def unserved(self, target: ModelDeployment) -> None:
        """Ask a deployment no more that does not know its model, where another can be asked."""
        log.warning("%s does not know its model", target.deployment.label)
        self._catalogue.mark_unserved(target.card.id, target.deployment)

    def _listed(self, card: ModelCard) -> tuple[Deployment, ...]:
        listed = self._catalogue.places(card)
        return tuple(one for one in listed if one.endpoint in self._catalogue.endpoints)
