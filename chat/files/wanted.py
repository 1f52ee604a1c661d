"""What is asked of a file, and what is told of it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be told of a file."""

    part: str = ""
    """Pages, lines or rows: ``3``, ``2-5``, ``10-``; empty: from the beginning."""
    sheet: str = ""
    """Of a workbook or a database: its name or its number."""
    search: str = ""
    """Words: only what holds them all is told."""
    as_pictures: bool = False
    """Pages of a PDF as pictures, and no text."""


@dataclass(frozen=True, slots=True)
class Extract:
    """What was found in a file."""

    kind: str
    about: str
    """What it is, in a line: how many pages, which sheets."""
    text: str
    note: str
    """What of the whole this is, and how to read on."""
    pictures: list[tuple[int, bytes]] = field(default_factory=list)
    """The numbers of pages, and what they look like."""
