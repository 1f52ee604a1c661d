"""The tables of a file, whatever it is: sheets, tables of a database, lists of JSON, or the one."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from chat.core.errors import ToolFailed
from chat.core.file_kinds import FileKind
from chat.files.database import WRITE_AHEAD, Database
from chat.files.delimited import delimited_grid
from chat.files.grids import Grid
from chat.files.records import record_grids
from chat.files.workbook import Workbook

NO_TABLE_YET = (
    "There is no table in it yet: a program may still keep them in a “-wal” file beside it. Close "
    "that program, and add the database again."
)
_NAMED = 40


@dataclass(frozen=True, slots=True)
class Sheets:
    """Tables by name, each read when it is asked for."""

    names: list[str]
    """In the order of the file; one empty name where the file is one table."""
    grid: Callable[[str], Grid]
    """Raises ``ToolFailed``."""
    hidden: frozenset[str] = frozenset()
    """Names of those that programs do not show."""


def sheets_of(data: bytes, kind: FileKind) -> Sheets:
    """The tables of a file. Raises ``ToolFailed`` where it has none, or cannot be opened."""
    match kind.form:
        case "workbook":
            book = Workbook(data)
            found = Sheets(book.names, book.grid, book.hidden)
        case "database":
            database = Database(data)
            found = Sheets(database.names, database.grid)
        case "json":
            grids = {grid.name: grid for grid in record_grids(data)}
            found = Sheets(list(grids), lambda name: grids[name])
        case "table":
            grid = delimited_grid(data)
            found = Sheets([""], lambda _: grid)
        case _:
            raise ToolFailed(f"There is no table in a file of this kind ({kind.title}).")
    if not found.names:
        in_use = kind.form == "database" and data[18:20] == WRITE_AHEAD
        raise ToolFailed(NO_TABLE_YET if in_use else "There is no table in it.")
    return found


def chosen(names: list[str], asked: str) -> str:
    """The sheet that is asked for by its name, or by its number from 1; the first where none is.

    Raises:
        ToolFailed: there is none; the sentence says which there are.
    """
    wanted = asked.strip()
    if not wanted:
        return names[0]
    for name in names:
        if name.casefold() == wanted.casefold():
            return name
    if wanted.isascii() and wanted.isdecimal() and 0 < int(wanted[:9]) <= len(names):
        return names[int(wanted[:9]) - 1]
    raise ToolFailed(f"There is no sheet {wanted[:80]!r}. There are: {listed(names)}.")


def listed(names: list[str], hidden: Collection[str] = ()) -> str:
    """Names in a row, not more than can be read."""
    shown = ", ".join(
        f"“{name[:80]}”{' (hidden)' if name in hidden else ''}" for name in names[:_NAMED]
    )
    return f"{shown} and {len(names) - _NAMED} more" if len(names) > _NAMED else shown
