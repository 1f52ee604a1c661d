"""What somebody may use of an Easel, as its host has it: models, tools, uploads, sharing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from chat.core.errors import CapabilityError

EXCEPT = "!"
"""Before a name: all that it names is left out."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """Which of some named things may be used; the last of the names that fits decides."""

    names: tuple[str, ...] | None = None
    """With ``*`` for any letters, and ``!`` before one that is left out; ``None``: everything.
    Where the first is left out, all the others may be used."""

    @property
    def everything(self) -> bool:
        """Whether nothing is left out."""
        return self.names is None

    def __contains__(self, called: str | Sequence[str]) -> bool:
        """Whether something may be used that is called so, or by any of these."""
        if self.names is None:
            return True
        known = (called,) if isinstance(called, str) else called
        may = bool(self.names) and self.names[0].startswith(EXCEPT)
        for name in self.names:
            left_out = name.startswith(EXCEPT)
            pattern = _pattern(name.removeprefix(EXCEPT))
            if may is left_out and any(pattern.fullmatch(each) for each in known):
                may = not left_out
        return may


@lru_cache(maxsize=1024)
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, name.split("*"))), re.DOTALL)


EVERYTHING, NOTHING = Allowed(), Allowed(())


PROVIDER_SEARCH = "provider_search"
"""What the search of a provider, while its model answers, is called among tools and settings."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What somebody may use."""

    models: Allowed = field(default=EVERYTHING)
    """By their ids, their aliases and the ids of their endpoints."""
    tools: Allowed = field(default=EVERYTHING)
    """By their names, and the ids of their servers; the search of providers is one of them."""
    uploads: bool = True
    """They may add pictures and files of their own."""
    sharing: bool = True
    """They may show others what is theirs."""

    def must_upload(self) -> None:
        """Raises ``CapabilityError`` where they may add nothing of their own."""
        if not self.uploads:
            raise CapabilityError(NO_UPLOADS)

    def must_share(self) -> None:
        """Raises ``CapabilityError`` where they may show nothing to others."""
        if not self.sharing:
            raise CapabilityError(NO_SHARING)


ALL_RIGHTS = Rights()

NO_UPLOADS = "Adding pictures and files of your own is switched off for you in this Easel."
NO_SHARING = "Sharing is switched off for you in this Easel."
