"""Tables as programs hold them: rows of cells, the names of the columns in the first."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from chat.files.limits import CELL_CHARS, OTHERS_CHARS, TOLD_COLUMNS
from chat.files.markdown import table_row, table_rule

Cell: TypeAlias = str | int | float | bool | date | time | timedelta | bytes | None

_YEAR = re.compile(r"(19|20)\d\d")
_NUMBER = re.compile(r"[-+]?[.,\s]*\d[\d.,\s]*%?")


@dataclass(frozen=True, slots=True)
class Grid:
    """One table."""

    name: str
    """Of its sheet, or of its table in a database; empty: its file has but one."""
    rows: Sequence[Sequence[Cell]]
    """Those with names of columns included."""
    first: int = 1
    """The number of the first row, as programs show it."""
    note: str = ""
    """What is to be known of it: a sentence."""
    decimal_comma: bool = False
    """Numbers in its texts may be written as 1.234,5."""
    named: bool = False
    """The first row is known to name the columns; else it is looked at."""

    @property
    def has_header(self) -> bool:
        """Whether the first row names the columns.

        There are words in it, and no numbers, but for years above what are none.
        """
        if self.named or not self.rows:
            return self.named
        cells = {at: cell for at, cell in enumerate(self.rows[0]) if cell not in (None, "")}
        years = {at for at, cell in cells.items() if _YEAR.fullmatch(cell_text(cell))}
        words = [at for at in cells if at not in years]
        return bool(words) and all(
            isinstance(cells[at], str) and not _NUMBER.fullmatch(str(cells[at]).strip())
            for at in words
        ) and not any(self._holds_years(at) for at in years)  # fmt: skip

    def _holds_years(self, column: int) -> bool:
        below = [cell_text(row[column]) for row in self.rows[1:20] if column < len(row)]
        return all(_YEAR.fullmatch(text) for text in below if text)

    @property
    def columns(self) -> list[str]:
        """The names of the columns, each once and none empty, as wide as the widest row."""
        width = max((len(row) for row in self.rows), default=0)
        head = list(self.rows[0]) if self.has_header else []
        names: list[str] = []
        taken: set[str] = set()
        for at in range(width):
            given = " ".join(str(head[at]).split()) if at < len(head) and head[at] else ""
            name = plain = given[:120] or f"column{at + 1}"
            number = 2
            while name.casefold() in taken:
                name, number = f"{plain}_{number}", number + 1
            taken.add(name.casefold())
            names.append(name)
        return names

    @property
    def body(self) -> Sequence[Sequence[Cell]]:
        """The rows under the names."""
        return self.rows[1:] if self.has_header else self.rows


class Rows:
    """A table by its rows, as Markdown; implements ``Units``."""

    unit = "row"

    def __init__(self, grid: Grid) -> None:
        self._body = grid.body
        self.first = grid.first + (1 if grid.has_header else 0)
        columns = grid.columns
        shown = columns[:TOLD_COLUMNS]
        self._more = len(columns) > len(shown)
        self.heading = "\n".join(
            (table_row(["row", *shown, *(["…"] if self._more else [])]),
             table_rule(len(shown) + 1 + self._more))
        )  # fmt: skip
        if self._more:
            others = ", ".join(columns[TOLD_COLUMNS:])[:OTHERS_CHARS]
            left_out = f"Of {len(columns)} columns {TOLD_COLUMNS} are shown; others: {others}."
            self.heading = f"{left_out}\n\n{self.heading}"
        self._width = len(shown)

    @property
    def last(self) -> int:
        """The number of the last."""
        return self.first + len(self._body) - 1

    def text(self, number: int) -> str:
        """A row of the table, its number first."""
        cells = [cell_text(cell) for cell in self._row(number)[: self._width]]
        cells += [""] * (self._width - len(cells)) + (["…"] if self._more else [])
        return table_row([str(number), *cells])

    def words(self, number: int) -> str:
        """All of its cells."""
        return " ".join(cell_text(cell) for cell in self._row(number))

    def passage(self, number: int, found: str) -> str:
        """The whole row."""
        del found
        return self.text(number)

    def _row(self, number: int) -> Sequence[Cell]:
        return self._body[number - self.first]


def _duration(span: timedelta) -> str:
    """Hours, minutes and seconds, as a spreadsheet writes them: ``30:00:00``."""
    seconds, parts = divmod(abs(span), timedelta(seconds=1))
    minutes, seconds = divmod(seconds, 60)
    told = f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    fraction = f".{parts.microseconds:06}".rstrip("0") if parts else ""
    return f"{'-' if span < timedelta() else ''}{told}{fraction}"


def cell_text(cell: Cell) -> str:
    """A cell as people write it, on one line."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case float():
            return f"{cell:.15g}"
        case datetime():
            plain = cell.time() == time() and cell.tzinfo is None
            return cell.date().isoformat() if plain else cell.isoformat(sep=" ")
        case timedelta():
            return _duration(cell)
        case bytes():
            return f"({len(cell)} bytes)"
    text = " ".join(str(cell).split())
    return text if len(text) <= CELL_CHARS else text[:CELL_CHARS] + "…"
