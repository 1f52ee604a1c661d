"""The tables of several files under names that SQL takes without quotes."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial

from chat.core.errors import ToolFailed
from chat.files.grids import Grid
from chat.files.kinds import readable_kind
from chat.files.sheets import sheets_of

MAX_TABLES = 200
_NAME_CHARS = 60


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a file, not read yet."""

    name: str
    source: str
    """Its file, and its sheet where there are several."""
    grid: Callable[[], Grid]
    """Raises ``ToolFailed``."""


def tables_of(
    files: Sequence[tuple[str, bytes]], reserved: Collection[str]
) -> tuple[list[Table], list[str]]:
    """The tables of files, in order; and for each file that has none, a sentence.

    A table of a database keeps its name; others are called after their file and their sheet.

    Args:
        files: names and bytes.
        reserved: words that mean something else to SQL.
    """
    tables: list[Table] = []
    problems: list[str] = []
    taken = {word.casefold() for word in reserved}
    for name, data in files:
        try:
            kind = readable_kind(data, name)
            sheets = sheets_of(data, kind)
        except ToolFailed as error:
            problems.append(f"{name[:80]}: {error}")
            continue
        stem = name.rpartition(".")[0] or name
        for sheet in sheets.names:
            if len(tables) >= MAX_TABLES:
                problems.append(f"Only the first {MAX_TABLES} tables are here.")
                return tables, problems
            several = len(sheets.names) > 1
            called = f"{stem}_{sheet}" if several else stem
            if kind.form == "database" and _plain(sheet) not in taken:
                called = sheet
            source = f"{name}, “{sheet}”" if several else name
            tables.append(Table(_free(_plain(called), taken), source, partial(sheets.grid, sheet)))
    return tables, problems


def _plain(name: str) -> str:
    plain = re.sub(r"\W+", "_", name).strip("_").casefold()[:_NAME_CHARS] or "table"
    return plain if not plain[0].isdecimal() else f"t_{plain}"


def _free(name: str, taken: set[str]) -> str:
    """The name, with a number behind it where it is taken."""
    free, number = name, 2
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    taken.add(free)
    return free
