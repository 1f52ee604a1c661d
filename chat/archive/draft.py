"""What a reader made of a file: conversations that are not kept yet."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from chat.archive.sources import Source
from chat.core.ports import StoredForm, WholeConversation


@dataclass(frozen=True, slots=True)
class DraftPicture:
    """A picture that messages of a draft name, before anybody has looked at its bytes."""

    read: Callable[[], bytes]
    """Its bytes. Raises ``NotTaken`` or ``MediaRejected``."""
    sha256: str = ""
    """What its bytes must be; empty: nobody has said."""
    crc32: int | None = None
    """What ``read`` makes sure that their CRC-32 is; ``None``: it does not."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Conversations of a file, with what could not be read of it, counted."""

    wholes: Sequence[WholeConversation]
    pictures: Mapping[str, DraftPicture]
    """By the ``sha256`` that the parts name; readers of other clients make up a name."""
    exact: bool = False
    """Whether every picture must be there and whole; else one that is not is left out."""
    left_out: Counter[str] = field(default_factory=Counter)
    """How many messages had something of a kind that was left out, by the kind in the plural."""
    pictures_lost: int = 0
    """Pictures that the file names and does not hold."""


class Reader(Protocol):
    """Reads the files of one program."""

    title: str
    """What people call the program."""

    def fits(self, source: Source) -> bool:
        """Whether a source is of this program, by the names in it and a look at one file.

        Raises ``NotTaken`` where a file is damaged.
        """
        ...

    def read(self, source: Source, form: StoredForm) -> Draft:
        """The conversations in it.

        Raises ``NotTaken`` where nothing can be made of it; what is missing or unknown in a
        message is counted and never stops the rest.
        """
        ...
