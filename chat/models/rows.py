"""A row of a TOML file, read key by key, with sentences for what is wrong in it.

Knows no models: who reads a row says which keys there are, and asks for what is left over.
"""

import difflib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from chat.core.errors import ConfigError


class Row:
    """One table. Every reader notes its key, so that :meth:`finish` can name the strangers.

    Every reader raises ``ConfigError`` where the value is of another type than it says.
    """

    def __init__(self, table: Mapping[str, Any], place: str) -> None:
        self._table = table
        self._place = place
        """Where the row is, for people: “models.toml, model “x””."""
        self._known: set[str] = set()

    def wrong(self, sentence: str) -> ConfigError:
        """An error that says which row it is about."""
        return ConfigError(f"{self._place}: {sentence}")

    def _value(self, key: str) -> Any:
        self._known.add(key)
        return self._table.get(key)

    def required(self, key: str) -> str:
        """A text that must be there."""
        value = self.text(key)
        if not value:
            raise self.wrong(f"“{key}” is missing.")
        return value

    def text(self, key: str, default: str = "") -> str:
        """A text."""
        value = self._value(key)
        if value is None:
            return default
        if not isinstance(value, str):
            raise self.wrong(f"“{key}” must be a text in quotes.")
        return value.strip()

    def texts(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A list of texts."""
        value = self._value(key)
        if value is None:
            return default
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.wrong(f"“{key}” must be a list of texts in quotes.")
        return tuple(item.strip() for item in value)

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self._value(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.wrong(f"“{key}” must be true or false.")
        return value

    def count(self, key: str, default: int) -> int:
        """A whole number, 0 or more."""
        value = self._value(key)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self.wrong(f"“{key}” must be a whole number, 0 or more.")
        return value

    def amount(self, key: str) -> float | None:
        """A number, 0 or more; ``None`` where it is not given."""
        value = self._value(key)
        if value is None:
            return None
        if not isinstance(value, int | float) or isinstance(value, bool) or not value >= 0:
            raise self.wrong(f"“{key}” must be a number, 0 or more.")
        return float(value)

    def day(self, key: str) -> date | None:
        """A date without a time."""
        value = self._value(key)
        if value is None:
            return None
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.wrong(f"“{key}” must be a date such as 2027-03-15, without quotes.")
        return value

    def table(self, key: str) -> "Row":
        """A table inside the row, empty where it is not given."""
        value = self._value(key)
        if value is None:
            value = {}
        if not isinstance(value, dict):
            raise self.wrong(f"“{key}” must be a table.")
        return Row(value, f"{self._place}, {key}")

    def all(self) -> dict[str, Any]:
        """Everything in the row, as it stands."""
        self._known |= set(self._table)
        return dict(self._table)

    def finish(self) -> None:
        """Refuse keys that nobody asked for.

        Raises:
            ConfigError: there is one; a known key that looks like it is suggested.
        """
        for key in self._table:
            if key not in self._known:
                like = difflib.get_close_matches(key, self._known, n=1)
                hint = f" Did you mean “{like[0]}”?" if like else ""
                raise self.wrong(f"“{key}” is not a key that Easel knows.{hint}")
