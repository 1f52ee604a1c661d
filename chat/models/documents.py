"""A TOML file of ours as a whole: which tables it has, each a list of rows."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chat.core.suggestions import did_you_mean
from chat.models.lines import TomlFile
from chat.models.mistakes import Mistake, Spot, not_toml
from chat.models.rows import Row


@dataclass(frozen=True, slots=True)
class Entry:
    """A row as it stands in the file."""

    kind: str
    """Of its table: ``[[kind]]``."""
    number: int
    """From 1, in its table."""
    table: Mapping[str, Any]
    spot: Spot

    def row(self, mistakes: list[Mistake], known_as: str = "") -> Row:
        """Read it. People know it as “kind “id””, or else by its number."""
        what = f"{self.kind} “{known_as}”" if known_as else f"{self.kind} number {self.number}"
        return Row(self.table, what, self.spot, mistakes)


def entries(
    file: TomlFile, kinds: Sequence[str], mistakes: list[Mistake]
) -> Mapping[str, Sequence[Entry]]:
    """The rows of a file by kind, in its order; none where it is no TOML or holds no rows there."""
    found: dict[str, Sequence[Entry]] = dict.fromkeys(kinds, ())
    try:
        document = tomllib.loads(file.text)
    except tomllib.TOMLDecodeError as error:
        mistakes.append(not_toml(file, error))
        return found
    top = Row(document, "", Spot(file), mistakes)
    for key, rows in document.items():
        if key not in kinds:
            there = f"there {'is' if len(kinds) == 1 else 'are'} {_and(kinds)}"
            hint = did_you_mean(key, kinds)
            top.wrong(f"“{key}” is not a table that Easel knows here; {there}.{hint}", key)
        elif not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            top.wrong(f"“{key}” must be written as [[{key}]].", key)
        else:
            spot = top.spot(key)
            found[key] = [
                Entry(key, place + 1, row, spot.below(place)) for place, row in enumerate(rows)
            ]
    return found


def identified(rows: Sequence[Entry], mistakes: list[Mistake]) -> Iterator[tuple[str, Entry]]:
    """Those of the rows that have an id of their own in this file, each with it."""
    seen: set[str] = set()
    for each in rows:
        row_id = each.row(mistakes).required("id")
        if row_id in seen:
            each.row(mistakes, row_id).wrong("the id is given twice.", "id")
        elif row_id:
            seen.add(row_id)
            yield row_id, each


def _and(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]
