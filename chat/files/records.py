"""JSON as a table: a list of objects, an object that holds one, or an object on each line."""

import json
from collections.abc import Sequence
from typing import Any

from chat.core.errors import ToolFailed
from chat.core.text import clean_text
from chat.files.grids import Cell, Grid
from chat.files.letters import letters
from chat.files.limits import MAX_CELLS, MAX_COLUMNS

_MAX_DIGITS = 1_000


def parsed_json(text: str) -> Any:
    """The value of a JSON text, or the list of those on its lines. Raises ``ToolFailed``."""
    try:
        return _loaded(text)
    except RecursionError as error:
        raise ToolFailed("The JSON is nested too deep to be read.") from error
    except ValueError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        try:
            if len(lines) > 1:
                return [_loaded(line) for line in lines]
        except (ValueError, RecursionError):
            pass
        raise ToolFailed(f"The file is no JSON: {error}.") from error


def _loaded(text: str) -> Any:
    return json.loads(text, parse_int=_whole)


def _whole(digits: str) -> int | str:
    """A whole number; one that is longer than any program counts with stays as it is written."""
    return int(digits) if len(digits) <= _MAX_DIGITS else digits


def record_grids(data: bytes) -> list[Grid]:
    """The tables that JSON holds: itself, or the lists of objects right inside it.

    Raises:
        ToolFailed: there is none.
    """
    value = parsed_json(letters(data)[0])
    if isinstance(value, dict):
        inside = {name: found for name, found in value.items() if _is_table(found)}
        if inside:
            return [_grid(str(name), rows) for name, rows in inside.items()]
        return [_grid("", [value])]
    if _is_table(value):
        return [_grid("", value)]
    raise ToolFailed("The JSON holds no list of objects, and so no table.")


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def _grid(name: str, records: Sequence[dict[str, Any]]) -> Grid:
    # A text in JSON may hold half a letter, which no database takes.
    columns: dict[str, None] = {}
    for record in records:
        columns.update(dict.fromkeys(record))
        if len(columns) > MAX_COLUMNS:
            raise ToolFailed(f"The objects have more than {MAX_COLUMNS:,} names between them.")
    if len(columns) * len(records) > MAX_CELLS:
        raise ToolFailed(f"The table has more than {MAX_CELLS:,} cells.")
    rows = [[_cell(record.get(column)) for column in columns] for record in records]
    return Grid(name, [[clean_text(column) for column in columns], *rows], first=0, named=True)


def _cell(value: Any) -> Cell:
    if value is None or isinstance(value, bool | int | float):
        return value
    return clean_text(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
