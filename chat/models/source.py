"""Where the catalogue is read from, so that it can be read again while the program runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from chat.core.provider_spec import ProviderSpec
from chat.models.added_rows import NAME
from chat.models.catalogue import Catalogue
from chat.models.reading import read_catalogue, read_tables
from chat.models.setups import Tables


@dataclass(frozen=True, slots=True)
class CatalogueSource:
    """The files as they were at the start, given as name and text, and the environment."""

    shipped: Sequence[tuple[str, str]]
    own: Sequence[tuple[str, str]]
    """The user's, which come later."""
    environ: Mapping[str, str] = field(repr=False)
    kinds: Mapping[str, ProviderSpec]

    def catalogue(self, added: str, kept: Mapping[str, str]) -> Catalogue:
        """The catalogue with rows that were made by forms, and with keys that were typed in.

        Raises:
            ConfigError: a row is wrong.
        """
        own = [*self.own, (f"{NAME} in the data folder", added)] if added else self.own
        return read_catalogue(self.shipped, self.environ, own=own, kinds=self.kinds, kept=kept)

    def tables(self) -> Tables:
        """The rows of the files, without those that were made by forms."""
        return read_tables(self.shipped, self.own)
