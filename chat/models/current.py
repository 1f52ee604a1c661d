"""The catalogue that holds now, where the files may be read anew while the program runs.

Whoever begins something takes :attr:`Catalogues.now` once and stays with it to the end: what is
under way keeps the endpoints and keys that it began with.
"""

from typing import Protocol

from chat.models.catalogue import Catalogue


class Catalogues(Protocol):
    """Where the catalogue is found that holds now. One that never changes is its own."""

    @property
    def now(self) -> Catalogue:
        """The one to begin with."""
        ...


class CurrentCatalogue:
    """One catalogue at a time, put in place of the one before as a whole."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Begin with this one."""
        self._now = catalogue

    @property
    def now(self) -> Catalogue:
        """The one that holds."""
        return self._now

    def replace(self, catalogue: Catalogue) -> None:
        """Have another hold from here on."""
        self._now = catalogue
