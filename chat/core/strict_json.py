"""JSON as every reader takes it: no browser reads the ``NaN`` that Python would write."""

import json
from typing import Any, TypeGuard

LARGEST = 1e300
"""Of a number that every reader keeps."""


def strict_json(value: Any, *, indent: int | None = None) -> str:
    """A value as JSON; a number in it that is none, such as one that came in a file, is null.

    Objects are written by their fields.
    """
    separators = (",", ":") if indent is None else None
    try:
        return _packed(value, indent, separators)
    except ValueError:
        loose = json.dumps(value, default=vars)
        return _packed(json.loads(loose, parse_constant=lambda _: None), indent, separators)


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether a value is a number that every reader takes; Python reads ``NaN``, too."""
    # Nothing compares with what is no number, and an integer of any length does.
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST


def is_strict(value: Any) -> bool:
    """Whether every reader takes a value as it is: no ``NaN`` in it, and no half of a letter."""
    try:
        _packed(value, None, None).encode()
    except ValueError:
        return False
    return True


def _packed(value: Any, indent: int | None, separators: tuple[str, str] | None) -> str:
    return json.dumps(
        value,
        default=vars,
        ensure_ascii=False,
        allow_nan=False,
        indent=indent,
        separators=separators,
    )
