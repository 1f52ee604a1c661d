"""CSV and its siblings: cells between commas, semicolons, tabs or bars."""

import csv
import io
from itertools import islice

from chat.core.errors import ToolFailed
from chat.files.grids import Grid
from chat.files.letters import letters
from chat.files.limits import MAX_CELLS

_DELIMITERS = ",;\t|"
_LOOKED_AT = 50
_CELL_CHARS = 1_000_000


def delimited_grid(data: bytes) -> Grid:
    """The one table of such a file. Raises ``ToolFailed``."""
    text, guessed = letters(data)
    # Spreadsheets write it above the table, for each other.
    mark = text[:6].lower()
    stated = text[4] if mark.startswith("sep=") and len(text) > 4 else ""
    text = text.partition("\n")[2] if stated else text
    text = text.replace("\0", "")
    delimiter = stated or _delimiter(text)
    csv.field_size_limit(_CELL_CHARS)
    rows: list[list[str]] = []
    cells = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            cells += len(row) + 1
            if cells > MAX_CELLS:
                raise ToolFailed(f"The table has more than {MAX_CELLS:,} cells.")
            rows.append(row)
    except csv.Error as error:
        raise ToolFailed(f"Line {len(rows) + 1} is no row of a table: {error}.") from error
    while rows and not any(rows[-1]):
        rows.pop()
    if not rows:
        raise ToolFailed("The table is empty.")
    note = f"Its letters were read as {guessed}." if guessed else ""
    return Grid("", rows, note=note, decimal_comma=delimiter == ";")


def _delimiter(text: str) -> str:
    """The one that parts the first rows into the same number of cells, and into the most."""
    best, score = ",", (0, 0)
    for delimiter in _DELIMITERS:
        reader = csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=delimiter)
        try:
            widths = [len(row) for row in islice(reader, _LOOKED_AT) if row]
        except csv.Error:
            continue
        if not widths or max(widths) < 2:
            continue
        usual = max(set(widths), key=widths.count)
        found = (100 * widths.count(usual) // len(widths) if usual > 1 else 0, usual)
        if found > score:
            best, score = delimiter, found
    return best
