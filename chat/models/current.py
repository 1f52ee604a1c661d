"""The catalogue that holds now, where the files may be read anew while the program runs.

Whoever begins something takes the one that holds once, by :meth:`Catalogues.of` on behalf of
somebody, and stays with it to the end: what is under way keeps the endpoints and keys that it began
with.
"""

from collections.abc import Mapping
from typing import Protocol

from chat.core.models import ModelCard
from chat.core.rights import Allowed
from chat.models.catalogue import Catalogue
from chat.models.role_rights import UNLIMITED, RoleRights


class Catalogues(Protocol):
    """Where the catalogue is found that holds now. One that never changes is its own."""

    @property
    def now(self) -> Catalogue:
        """All there is, for what Easel does by itself."""
        ...

    def of(self, owner: str) -> Catalogue:
        """The one to begin with on behalf of somebody: no other model is there for them."""
        ...


class CurrentCatalogue:
    """One catalogue at a time, put in place of the one before as a whole."""

    def __init__(self, catalogue: Catalogue, rights: RoleRights = UNLIMITED) -> None:
        """Begin with this one; ``rights`` say which of its models are whose."""
        self._now = catalogue
        self.rights = rights
        self._parts: dict[Allowed, tuple[Mapping[str, ModelCard], Catalogue]] = {}
        """With the cards they were made from: there are others whenever a list joins."""

    @property
    def now(self) -> Catalogue:
        """The one that holds."""
        return self._now

    def of(self, owner: str) -> Catalogue:
        """What of it somebody may use."""
        allowed, whole = self.rights.of(owner).models, self._now
        if allowed.everything:
            return whole
        cards = whole.cards
        held = self._parts.get(allowed)
        if held is None or held[0] is not cards:
            held = self._parts[allowed] = cards, whole.narrowed(allowed)
        return held[1]

    def replace(self, catalogue: Catalogue) -> None:
        """Have another hold from here on."""
        self._now = catalogue
        self._parts.clear()
