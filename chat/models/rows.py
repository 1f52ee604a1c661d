"""A row of a TOML file, read key by key; whatever is wrong in it is noted, and reading goes on.

Who reads a row says which keys there are, and asks for what is left over.
"""

import re
import sys
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from chat.core.suggestions import did_you_mean
from chat.models.mistakes import Mistake, Spot

_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*")


class Row:
    """One table. Every reader notes its key, so that :meth:`finish` can name the strangers.

    A reader whose value is of another type than it says notes a mistake and gives what it gives
    for a missing key.
    """

    def __init__(
        self,
        table: Mapping[str, Any],
        what: str,
        spot: Spot,
        mistakes: list[Mistake],
        spots: Mapping[str, Spot] | None = None,
    ) -> None:
        """Read a table that people know as ``what``, such as “model “x””.

        ``spots`` are those of keys that other files gave; the rest stands at ``spot``.
        """
        self._table = table
        self._what = what
        self._spot = spot
        self._mistakes = mistakes
        self._spots = spots or {}
        self._known: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self._table

    def wrong(self, sentence: str, key: str = "", inner: str | int = "") -> None:
        """Note a mistake in a key, in one inside its table, or in the row as a whole."""
        spot = self.spot(key) if key else self._spot
        spot = spot.below(inner) if inner != "" else spot
        said = f"{self._what}: {sentence}" if self._what else sentence
        self._mistakes.append(Mistake(spot.file.name, spot.line, said))

    def spot(self, key: str) -> Spot:
        """Where a key stands, in the file that gave it last."""
        return self._spots.get(key, self._spot.below(key))

    def _value(self, key: str) -> Any:
        self._known.add(key)
        return self._table.get(key)

    def required(self, key: str) -> str:
        """A text that must be there."""
        value = self.text(key)
        if not value and not (key in self._table and not isinstance(self._table[key], str)):
            self.wrong(f"“{key}” is missing.", key)
        return value

    def text(self, key: str, default: str = "") -> str:
        """A text."""
        value = self._value(key)
        if value is None:
            return default
        if not isinstance(value, str):
            self.wrong(f"“{key}” must be a text in quotes.", key)
            return default
        return value.strip()

    def texts(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A list of texts."""
        value = self._value(key)
        if value is None:
            return default
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.wrong(f"“{key}” must be a list of texts in quotes.", key)
            return default
        return tuple(item.strip() for item in value)

    def flag_or_texts(self, key: str) -> bool | tuple[str, ...] | None:
        """True, false or a list of texts; ``None`` where it is not given."""
        value = self._value(key)
        if value is None or isinstance(value, bool):
            return value
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.wrong(f"“{key}” must be true, false or a list of texts in quotes.", key)
            return None
        return tuple(item.strip() for item in value)

    def one_of(self, key: str, known: Sequence[str], default: str = "") -> str:
        """A text that is one of those known; another is noted, and ``default`` in its place."""
        word = self.text(key, default)
        return word if word == default or self.knows(key, word, known) else default

    def knows(self, key: str, word: str, known: Sequence[str]) -> bool:
        """Whether a word of a key is one of those known; another is noted."""
        if word in known:
            return True
        there, hint = ", ".join(known), did_you_mean(word, known)
        self.wrong(f"“{key}” must be one of {there}; not “{word}”.{hint}", key)
        return False

    def variables(self, key: str) -> tuple[str, ...]:
        """A list of names of environment variables."""
        return tuple(name for name in self.texts(key) if self._names_variable(name, key))

    def variable(self, key: str) -> str:
        """The name of an environment variable."""
        name = self.text(key)
        return name if not name or self._names_variable(name, key) else ""

    def _names_variable(self, name: str, key: str) -> bool:
        """Whether it may be a name; a key that was pasted here instead is not repeated."""
        if _VARIABLE.fullmatch(name):
            return True
        self.wrong(
            f"“{key}” must name environment variables in capitals, such as MY_KEY; "
            "their values do not belong into this file.",
            key,
        )
        return False

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self._value(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.wrong(f"“{key}” must be true or false.", key)
            return default
        return value

    def count(self, key: str, default: int, *, least: int = 0) -> int:
        """A whole number, ``least`` or more."""
        value = self._value(key)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            self.wrong(f"“{key}” must be a whole number, {least} or more.", key)
            return default
        return value

    def amount(self, key: str) -> float | None:
        """A number, 0 or more; ``None`` where it is not given."""
        value = self._value(key)
        if value is None:
            return None
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not 0 <= value <= sys.float_info.max:
            self.wrong(f"“{key}” must be a number, 0 or more.", key)
            return None
        return float(value)

    def day(self, key: str) -> date | None:
        """A date without a time."""
        value = self._value(key)
        if value is None:
            return None
        if not isinstance(value, date) or isinstance(value, datetime):
            self.wrong(f"“{key}” must be a date such as 2027-03-15, without quotes.", key)
            return None
        return value

    def table(self, key: str) -> "Row":
        """A table inside the row, empty where it is not given."""
        value = self._value(key)
        if value is not None and not isinstance(value, dict):
            self.wrong(f"“{key}” must be a table.", key)
            value = None
        return self._inner(value or {}, key, self.spot(key))

    def tables(self, key: str) -> list["Row"]:
        """A list of tables inside the row, empty where it is not given."""
        value = self._value(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.wrong(f"“{key}” must be a list of tables in braces.", key)
            return []
        spot = self.spot(key)
        return [
            self._inner(table, f"{key} number {place + 1}", spot.below(place))
            for place, table in enumerate(value)
        ]

    def _inner(self, table: Mapping[str, Any], name: str, spot: Spot) -> "Row":
        return Row(table, f"{self._what}, {name}" if self._what else name, spot, self._mistakes)

    def unread(self, *keys: str) -> None:
        """Take these keys as known though nobody reads them, since another mistake says why."""
        self._known |= set(keys)

    def all(self) -> dict[str, Any]:
        """Everything in the row, as it stands."""
        self._known |= set(self._table)
        return dict(self._table)

    def finish(
        self, known_as: str = "a key that Easel knows", below: Mapping[str, Collection[str]] = {}
    ) -> None:
        """Note keys that nobody asked for; a known key that looks like one is suggested.

        ``below`` has, for a table inside the row, the keys that belong there.
        """
        for key in self._table:
            if key not in self._known:
                hint = did_you_mean(key, self._known) or _belongs(key, below)
                self.wrong(f"“{key}” is not {known_as}.{hint}", key)


def _belongs(key: str, below: Mapping[str, Collection[str]]) -> str:
    for table, keys in below.items():
        if key in keys:
            return f" It belongs into its “{table}”."
        if hint := did_you_mean(key, keys):
            return f"{hint[:-1]}, which belongs into its “{table}”?"
    return ""
