"""Tables in Markdown."""

from collections.abc import Sequence


def table_row(cells: Sequence[str]) -> str:
    """A row; what would end a cell is written so that it does not."""
    return f"| {' | '.join(_cell(cell) for cell in cells)} |"


def table_rule(columns: int) -> str:
    """What stands between the names of the columns and the rows."""
    return f"|{' --- |' * columns}"


def table(rows: Sequence[Sequence[str]]) -> str:
    """A whole table, its first row the names of the columns, short rows filled up."""
    width = max((len(row) for row in rows), default=0)
    filled = [[*row, *[""] * (width - len(row))] for row in rows]
    lines = [table_row(row) for row in filled]
    return "\n".join([*lines[:1], table_rule(width), *lines[1:]]) if width else ""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|")
