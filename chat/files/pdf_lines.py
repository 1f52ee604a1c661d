"""What stands on a page of a PDF, put into lines, and lines into tables.

A page knows no tables: it has pieces of text at places. Where lines are drawn around them, those
say what is a cell. Elsewhere pieces side by side are one line, and lines that follow each other and
have their pieces above each other are a table. Pieces come in the order in which they were written,
so that columns of a newspaper stay one after the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from chat.files.markdown import table
from chat.files.pdf_rules import Grid

_OVERLAP = 0.5
"""Of the lower of two pieces: so much of it is beside the other where they are on one line."""
_GAP = 0.6
"""Of the height of a line: more than this parts cells, less parts words."""
_CLOSE = 1.0
"""Of the height of a line: what is closer below a cell goes on with it."""
_BACK = 3
"""Lines that a cell may have before the cell beside it is written."""
_TABLE_ROWS = 2
"""The fewest that are a table, the names of its columns among them."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words at a place, in points from the lower left corner."""

    left: float
    bottom: float
    right: float
    top: float
    text: str

    @property
    def height(self) -> float:
        """From the foot of its letters to their head."""
        return self.top - self.bottom

    @property
    def is_high(self) -> bool:
        """Whether it is higher than wide, as several letters are that are written sideways."""
        return len(self.text) > 1 and self.height > self.right - self.left


Line = list[Piece]
Row = list[Line]
"""A line, and those below it that go on with its cells."""


def markdown(pieces: Sequence[Piece], drawn: Sequence[Grid] = ()) -> str:
    """The lines of a page, tables among them as Markdown.

    Args:
        pieces: what is written, in the order in which it was.
        drawn: where lines part the page into cells.
    """
    blocks: list[str] = []
    outside: list[Piece] = []
    told: set[Grid] = set()
    for piece in pieces:
        grid = next((grid for grid in drawn if _place(grid, piece)), None)
        if grid is None:
            outside.append(piece)
        elif grid not in told:
            told.add(grid)
            blocks += _blocks(outside) + _cells(grid, pieces)
            outside = []
    return "\n".join(blocks + _blocks(outside))


def _place(grid: Grid, piece: Piece) -> tuple[int, int] | None:
    """The cell that a piece begins in."""
    return grid.cell(piece.left + 0.5, (piece.bottom + piece.top) / 2)


def _cells(grid: Grid, pieces: Sequence[Piece]) -> list[str]:
    """A table that is drawn, with what is written into it; rows without a word are left out."""
    rows = [[""] * (len(grid.columns) - 1) for _ in grid.rows[1:]]
    for piece in pieces:
        if place := _place(grid, piece):
            row, column = place
            rows[row][column] = f"{rows[row][column]} {piece.text}".strip()
    return ["", table([row for row in rows if any(row)]), ""]


def _blocks(pieces: Sequence[Piece]) -> list[str]:
    """Lines, and tables that are not drawn."""
    blocks: list[str] = []
    run: list[Row] = []
    for line in _lines(pieces):
        if run and _wraps(run, line):
            run[-1].append(line)
            continue
        if run and not _continues(run, line):
            blocks += _block(run)
            run = []
        run.append([line])
    return blocks + _block(run)


def _lines(pieces: Sequence[Piece]) -> list[Line]:
    lines: list[Line] = []
    for piece in pieces:
        # Of a table, a cell may be written with all of its lines before the cell beside it.
        beside = next((line for line in lines[: -_BACK - 1 : -1] if _beside(line[-1], piece)), None)
        if beside is None:
            lines.append([piece])
        elif piece.left - beside[-1].right < _GAP * max(piece.height, beside[-1].height):
            beside[-1] = _joined(beside[-1], piece)
        else:
            beside.append(piece)
    return lines


def _beside(last: Piece, piece: Piece) -> bool:
    shared = min(last.top, piece.top) - max(last.bottom, piece.bottom)
    return shared > _OVERLAP * min(last.height, piece.height) and piece.left > last.left


def _joined(last: Piece, piece: Piece) -> Piece:
    apart = " " if piece.left - last.right > 0.05 * last.height else ""
    return Piece(
        last.left,
        min(last.bottom, piece.bottom),
        max(last.right, piece.right),
        max(last.top, piece.top),
        last.text + apart + piece.text,
    )


def _wraps(run: Sequence[Row], line: Line) -> bool:
    """Whether a line goes on with cells of the row above it: it is close below, and has fewer."""
    first, above = run[-1][0], run[-1][-1]
    apart = min(piece.bottom for piece in above) - max(piece.top for piece in line)
    close = -_OVERLAP * line[0].height < apart < _CLOSE * line[0].height
    return close and len(line) < len(first) and _fits(run, line)


def _continues(run: Sequence[Row], line: Line) -> bool:
    """Whether a line is one more row of what may be a table."""
    first, above = run[-1][0], run[-1][-1]
    if len(first) < 2 or len(line) < 2 or not _below(above, line):
        return False
    return len(line) > max(len(row[0]) for row in run) // 2 and _fits(run, line)


def _fits(run: Sequence[Row], line: Line) -> bool:
    """Whether each piece stands under one column."""
    columns = _columns(run)
    return all(_column_of(piece, columns) is not None for piece in line)


def _below(above: Line, line: Line) -> bool:
    """Whether it is the next line down, not too far away."""
    apart = above[0].bottom - line[0].top
    return -above[0].height < apart < 3 * max(above[0].height, line[0].height)


def _columns(run: Sequence[Row]) -> list[tuple[float, float]]:
    """From where to where each column of the widest row goes, as far as the lines say."""
    lines = [line for row in run for line in row]
    spans = [(piece.left, piece.right) for piece in max(lines, key=len)]
    for piece in (piece for line in lines for piece in line):
        at = _column_of(piece, spans)
        if at is not None:
            spans[at] = min(spans[at][0], piece.left), max(spans[at][1], piece.right)
    return spans


def _column_of(piece: Piece, columns: Sequence[tuple[float, float]]) -> int | None:
    """The one column that it stands over or under; ``None``: it is none, or are several."""
    touched = [
        at for at, (left, right) in enumerate(columns) if piece.left < right and piece.right > left
    ]
    return touched[0] if len(touched) == 1 else None


def _block(run: Sequence[Row]) -> list[str]:
    """The rows of a run as they are told."""
    lines = [line for row in run for line in row]
    columns = _columns(run) if run else []
    places = [[_column_of(piece, columns) for piece in line] for line in lines]
    if len(run) < _TABLE_ROWS or len(columns) < 2 or any(None in line for line in places):
        return [_told(line) for line in lines]
    rows: list[list[str]] = []
    for row in run:
        cells = [""] * len(columns)
        for piece in (piece for line in row for piece in line):
            at = _column_of(piece, columns) or 0
            cells[at] = f"{cells[at]} {piece.text}".strip()
        rows.append(cells)
    return ["", table(rows), ""]


def _told(line: Line) -> str:
    """Words of one line; a wide gap stays one that can be seen."""
    told = line[0].text
    for last, piece in pairwise(line):
        told += ("   " if piece.left - last.right > 2 * last.height else " ") + piece.text
    return told
