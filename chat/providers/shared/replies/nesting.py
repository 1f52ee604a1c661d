"""How deep JSON may be that a model wrote.

What reads it later, to mask, keep or show it, calls itself for every level. A tool's arguments
have a handful of levels; a thousand are an attack or an accident.
"""

from collections.abc import Iterable

MAX_LEVELS = 100


def is_too_deep(value: object) -> bool:
    """Whether a list or table has more levels than anybody needs; found without recursion."""
    level = [value]
    for _ in range(MAX_LEVELS):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return False
    return True


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
