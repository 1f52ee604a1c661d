"""What is wrong in a model file, and where.

A sentence may go to a screen or a log: it never holds what an environment variable holds.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass

from chat.core.errors import ConfigError
from chat.models.lines import Path, TomlFile

MOST_LINES = 20

_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a file."""

    file: TomlFile
    path: Path = ()

    def below(self, key: str | int) -> "Spot":
        """The place of a key, or of a row of a list, inside this one."""
        return Spot(self.file, (*self.path, key))

    @property
    def line(self) -> int:
        """From 1."""
        return self.file.line(self.path)


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing to put right."""

    file: str
    line: int
    sentence: str
    """With the row that it is about: “model “x”: “tool” is not a key ...”."""


def refuse(mistakes: Sequence[Mistake], remedy: str = "") -> None:
    """Stop the program from starting where there are mistakes.

    Raises:
        ConfigError: the first of them, and how many more there are; ``remedy`` says after that
            how to see them all. Without one each has a line, up to ``MOST_LINES``.
    """
    found = list(dict.fromkeys(mistakes))
    if not found:
        return
    shown = found[: 1 if remedy else MOST_LINES]
    more = len(found) - len(shown)
    lines = [f"{each.file}, line {each.line}: {each.sentence}" for each in shown]
    told = f" There {'is' if more == 1 else 'are'} {more} more{remedy}." if more else ""
    raise ConfigError("\n".join(lines) + told)


def not_toml(file: TomlFile, error: tomllib.TOMLDecodeError) -> Mistake:
    """The mistake of a file that is no TOML at all; Python 3.11 tells the line in words only."""
    said = str(error)
    found = _PLACE.search(said)
    line = found[1] if found else None
    return Mistake(
        file.name,
        int(line) if line else file.text.count("\n") + 1,
        f"this is not valid TOML: {_PLACE.sub('', said)}.",
    )
