"""Which fields of an answer hold words of Easel: they leave in the language of who asked.

What people or models wrote stays as it is.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Annotated, Any, TypeAlias, get_args, get_origin, get_type_hints

from chat.core.languages import SOURCE, language, resaid

Words: TypeAlias = Annotated[str, "words"]
"""Words of Easel: a label, a sentence, or nothing."""


def in_words(value: Any) -> Any:
    """An answer with its words in the language that is spoken now."""
    return value if language() == SOURCE else _said(value)


def _said(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return type(value)(_said(each) for each in value)
    if isinstance(value, Mapping):
        return {name: _said(each) for name, each in value.items()}
    if not is_dataclass(value) or isinstance(value, type):
        return value
    worded = _worded(type(value))
    changed: dict[str, Any] = {}
    for each in fields(value):
        held = getattr(value, each.name)
        told = _words(held) if each.name in worded else _said(held)
        if told is not held:
            changed[each.name] = told
    return replace(value, **changed) if changed else value


def _words(value: Any) -> Any:
    if isinstance(value, str):
        return resaid(value)
    if isinstance(value, Mapping):
        return {resaid(str(name)): each for name, each in value.items()}
    return type(value)(map(resaid, value)) if isinstance(value, list | tuple) else value


@cache
def _worded(kind: type) -> frozenset[str]:
    """The fields of words, alone, in a row, or as the names of a mapping."""
    hints = get_type_hints(kind, include_extras=True)
    return frozenset(name for name, hint in hints.items() if _is_words(hint))


def _is_words(hint: Any) -> bool:
    if get_origin(hint) is Annotated:
        return "words" in get_args(hint)[1:]
    return any(_is_words(each) for each in get_args(hint))
