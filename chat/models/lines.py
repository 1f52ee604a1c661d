"""Where in a TOML file a key stands: for sentences on what is wrong in it.

The text must have been read by ``tomllib`` before: what is no TOML has no
lines here.
"""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""Keys from the top down, and places in lists: ``("model", 2, "prices", "input_text_usd")``."""


class TomlFile:
    """A file's name and text. ``own`` says that the user wrote it, and not we."""

    def __init__(self, name: str, text: str, *, own: bool) -> None:
        self.name = name
        self.text = text
        self.own = own

    def line(self, path: Path) -> int:
        """The line on which a key stands, from 1; of what is missing, that of the row around it."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    @cached_property
    def _lines(self) -> Mapping[Path, int]:
        lines: dict[Path, int] = {}
        table: Path = ()
        for number, statement, parsed in _statements(self.text):
            if statement.startswith("["):
                table = _opened(parsed, lines, repeated=statement.startswith("[["))
                lines.setdefault(table, number)
            else:
                for path in _paths(parsed, table):
                    lines.setdefault(path, number)
        return lines


def _statements(text: str) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Each header and each assignment with its first line, by itself a small TOML document.

    A value of several lines is not TOML before its last one; so lines are gathered until it is.
    """
    gathered, start = "", 1
    for number, line in enumerate(text.split("\n"), start=1):
        gathered += line.removesuffix("\r") + "\n"
        try:
            parsed = tomllib.loads(gathered)
        except tomllib.TOMLDecodeError:
            continue
        if parsed:
            yield start, gathered.lstrip(), parsed
        gathered, start = "", number + 1


def _opened(header: Mapping[str, Any], known: Mapping[Path, int], *, repeated: bool) -> Path:
    """The path of the table that a header opens, with places where it is one of a list."""
    path: Path = ()
    table: Any = header
    while table and isinstance(table, Mapping):
        ((key, table),) = table.items()
        path = (*path, key)
        count = _count(path, known)
        if repeated and isinstance(table, list):
            return (*path, count)
        if count:  # a table inside the last of a list
            path = (*path, count - 1)
    return path


def _count(path: Path, known: Mapping[Path, int]) -> int:
    count = 0
    while (*path, count) in known:
        count += 1
    return count


def _paths(value: object, path: Path) -> Iterator[Path]:
    """The paths of everything inside a value."""
    if isinstance(value, Mapping):
        items: list[tuple[str | int, object]] = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    else:
        return
    for key, inner in items:
        yield (*path, key)
        yield from _paths(inner, (*path, key))
