"""CSV and its siblings: cells between commas, semicolons, tabs or bars."""

import csv
import io
import re
from itertools import islice
from typing import Literal

from chat.core.errors import ToolFailed
from chat.files.grids import Grid
from chat.files.letters import letters
from chat.files.limits import MAX_CELLS, MAX_FILE_BYTES

_DELIMITERS = ",;\t|"
_LOOKED_AT = 50
_ESCAPED_QUOTE = re.compile(r'\\"[^,;\t|\r\n"]')
"""A quotation mark that a backslash keeps from ending its cell, as databases write it."""
_END = "\x1f"
"""Put behind the last row: where it is not read as one, a quotation was never closed."""

UNCLOSED = "A quotation mark is never closed: all of them were read as they stand."


def delimited_grid(data: bytes) -> Grid:
    """The one table of such a file. Raises ``ToolFailed``."""
    text, guessed = letters(data)
    # Spreadsheets write it above the table, for each other.
    mark = text[:6].lower()
    stated = text[4] if mark.startswith("sep=") and len(text) > 4 else ""
    text = text.partition("\n")[2] if stated else text
    text = text.replace("\0", "")
    delimiter = stated or _delimiter(text)
    rows = _rows(text, delimiter, csv.QUOTE_MINIMAL)
    notes = [f"Its letters were read as {guessed}."] if guessed else []
    if not rows or rows[-1] != [_END]:
        # Or all that follows would be one cell.
        rows = _rows(text, delimiter, csv.QUOTE_NONE)
        notes.append(UNCLOSED)
    rows.pop()
    while rows and not any(rows[-1]):
        rows.pop()
    if not rows:
        raise ToolFailed("The table is empty.")
    return Grid("", rows, note=" ".join(notes), decimal_comma=delimiter == ";")


def _rows(text: str, delimiter: str, quoting: Literal[0, 3]) -> list[list[str]]:
    """The cells of each row, and of the end. Raises ``ToolFailed``."""
    csv.field_size_limit(MAX_FILE_BYTES)
    escaped = quoting == csv.QUOTE_MINIMAL and _ESCAPED_QUOTE.search(text) is not None
    reader = csv.reader(
        io.StringIO(f"{text}\n{_END}\n", newline=""),
        delimiter=delimiter,
        quoting=quoting,
        doublequote=not escaped,
        escapechar="\\" if escaped else None,
    )
    rows: list[list[str]] = []
    cells = 0
    try:
        for row in reader:
            cells += len(row) + 1
            if cells > MAX_CELLS:
                raise ToolFailed(f"The table has more than {MAX_CELLS:,} cells.")
            rows.append(row)
    except csv.Error as error:
        raise ToolFailed(f"Line {len(rows) + 1} is no row of a table: {error}.") from error
    return rows


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
