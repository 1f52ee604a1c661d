"""Options of an endpoint, as its kind has them: from its row, and from the environment."""

import sys
from collections.abc import Callable, Mapping
from typing import Any

from chat.core.provider_spec import OptionType, ProviderSpec
from chat.models.rows import Row
from chat.models.variables import first, wrong_with_address

_FLAGS = {"true": True, "1": True, "false": False, "0": False}


def read_options(row: Row, spec: ProviderSpec | None) -> dict[str, Any]:
    """The options of a table. What is wrong, or is no option of the kind, is noted there.

    Where the kind is unknown, which is a mistake of its own, everything is taken.
    """
    if spec is None:
        return row.all()
    found = {name: _read(row, name, spec.options[name].type) for name in spec.options}
    _finish(row, spec)
    return {name: value for name, value in found.items() if name in row and value is not None}


def read_options_env(row: Row, spec: ProviderSpec | None) -> dict[str, str]:
    """The variable that gives each option. What is wrong in the table is noted there."""
    names = row.all() if spec is None else spec.options
    found = {option: name for option in names if (name := row.variable(option))}
    if spec is not None:
        for option in found:
            if spec.options[option].type not in _READERS:
                row.wrong(f"“{option}” is a list or a table, which no variable can hold.", option)
        _finish(row, spec)
    return found


def options_from(
    options_env: Mapping[str, str], environ: Mapping[str, str], spec: ProviderSpec | None
) -> tuple[dict[str, Any], str]:
    """The options that variables give, and a sentence on the first that holds nonsense.

    A variable that holds nothing leaves the row's own value.
    """
    found: dict[str, Any] = {}
    wrong = ""
    for option, name in options_env.items():
        _, value = first(environ, (name,))
        known = spec.options.get(option) if spec else None
        if not value:
            continue
        given = _READERS[known.type](value) if known and known.type in _READERS else value
        if given is None:
            wrong = wrong or f"{name} must be {_MUST_BE[known.type]}." if known else wrong
        else:
            found[option] = given
    return found, wrong


def _read(row: Row, name: str, type_: OptionType) -> Any:
    if type_ == "flag":
        return row.flag(name, default=False)
    if type_ == "number":
        return row.amount(name)
    if type_ == "table":
        return row.table(name).all()
    if type_ == "text":
        return row.text(name)
    texts = row.texts(name)
    for text in texts if type_ == "addresses" else ():
        if wrong := wrong_with_address(text):
            row.wrong(f"“{name}”: an address {wrong}", name)
    return list(texts)


def _finish(row: Row, spec: ProviderSpec) -> None:
    row.finish(f"an option of the kind “{spec.kind}”")


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 <= number <= sys.float_info.max else None


_READERS: Mapping[OptionType, Callable[[str], Any]] = {
    "text": str,
    "number": _number,
    "flag": lambda text: _FLAGS.get(text.lower()),
}
"""What a variable holds, as a value; ``None``: it is none of the type."""

_MUST_BE = {"number": "a number, 0 or more", "flag": "true or false"}
