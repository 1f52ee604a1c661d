"""Rules: which check stands where, and what happens to what it finds. Read from TOML rows."""

import dataclasses
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, cast, get_args, get_type_hints

from chat.core.errors import ChatError, ConfigError
from chat.core.models import Endpoint
from chat.guards.checks import SIDES, Check, Side
from chat.guards.registry import GUARDS, check_class
from chat.models.rows import Row

Mode: TypeAlias = Literal["block", "mask", "log"]

MODES: tuple[Mode, ...] = get_args(Mode)


@dataclass(frozen=True)
class Rule:
    """A check at its post."""

    title: str
    check: Check
    when: tuple[Side, ...]
    mode: Mode


def read_rules(name: str, text: str, endpoints: Mapping[str, Endpoint]) -> tuple[Rule, ...]:
    """The rules of a file, in its order.

    Args:
        name: of the file, for people.
        text: TOML with one ``[[guard]]`` a rule.
        endpoints: those that a rule may name, by id.

    Raises:
        ConfigError: a row is wrong; the sentence names file, row and key.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name} is not valid TOML: {error}.") from error
    rows = document.get("guard", [])
    tables = isinstance(rows, list) and all(isinstance(row, dict) for row in rows)
    if not tables or document.keys() - {"guard"}:
        raise ConfigError(f"{name} holds nothing but [[guard]] rows.")
    return tuple(
        _rule(Row(row, f"{name}, guard number {number}"), endpoints)
        for number, row in enumerate(rows, start=1)
    )


def _rule(row: Row, endpoints: Mapping[str, Endpoint]) -> Rule:
    kind = row.required("kind")
    if kind not in GUARDS:
        raise row.wrong(f"the kind “{kind}” is unknown; known are {', '.join(sorted(GUARDS))}.")
    when, mode = row.texts("when", ("before",)), row.text("mode", "block")
    if not when or set(when) - set(SIDES):
        raise row.wrong(f"“when” must name one or both of {' and '.join(SIDES)}.")
    if mode not in MODES:
        raise row.wrong(f"“mode” must be one of {', '.join(MODES)}.")
    title = row.text("title") or kind.replace("_", " ").capitalize()
    check = _check(kind, row, endpoints)
    if set(when) - set(check.sides):
        raise row.wrong(f"a guard of this kind stands {' or '.join(check.sides)} only.")
    row.finish()
    return Rule(title, check, cast("tuple[Side, ...]", when), mode)


def _check(kind: str, row: Row, endpoints: Mapping[str, Endpoint]) -> Check:
    """The check with the options of its row: each field of the class is one, of its type."""
    checks = check_class(kind)
    hints = get_type_hints(checks)
    options: dict[str, Any] = {}
    for field in dataclasses.fields(checks):
        if not field.init:
            continue
        default: Any = field.default
        match hints[field.name]:
            case kind_of if kind_of is Endpoint:
                wanted = row.required(field.name)
                if wanted not in endpoints:
                    raise row.wrong(f"there is no endpoint “{wanted}”.")
                options[field.name] = endpoints[wanted]
            case kind_of if kind_of is bool:
                options[field.name] = row.flag(field.name, default=default)
            case kind_of if kind_of is int:
                options[field.name] = row.count(field.name, default)
            case kind_of if kind_of is str:
                options[field.name] = row.text(field.name, default)
            case _:
                options[field.name] = row.texts(field.name, default)
    try:
        return cast("Check", checks(**options))
    except ChatError as error:
        raise row.wrong(str(error)) from error
