"""Rules: which check stands where, and what happens to what it finds. Read from TOML rows."""

import dataclasses
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, cast, get_args, get_type_hints

from chat.core.errors import ChatError
from chat.core.models import Endpoint
from chat.guards.checks import SIDES, Check, Side
from chat.guards.registry import GUARDS, check_class
from chat.models.lines import TomlFile
from chat.models.mistakes import Mistake, Spot, not_toml, refuse
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
        ConfigError: a row is wrong; the sentence names file, line, row and key of the first
            mistake, and how many more there are.
    """
    mistakes: list[Mistake] = []
    rules = _rules(TomlFile(name, text, own=True), endpoints, mistakes)
    refuse(mistakes)
    return tuple(rules)


def _rules(
    file: TomlFile, endpoints: Mapping[str, Endpoint], mistakes: list[Mistake]
) -> list[Rule]:
    try:
        document = tomllib.loads(file.text)
    except tomllib.TOMLDecodeError as error:
        mistakes.append(not_toml(file, error))
        return []
    top = Row(document, "", Spot(file), mistakes)
    rows = document.get("guard", [])
    tables = isinstance(rows, list) and all(isinstance(row, dict) for row in rows)
    if not tables or document.keys() - {"guard"}:
        top.wrong("a file of guards holds nothing but [[guard]] rows.")
        return []
    spot = top.spot("guard")
    read = [
        _rule(Row(row, f"guard number {place + 1}", spot.below(place), mistakes), endpoints)
        for place, row in enumerate(rows)
    ]
    return [rule for rule in read if rule is not None]


def _rule(row: Row, endpoints: Mapping[str, Endpoint]) -> Rule | None:
    """The rule of a row; where there is none, the row's mistakes say why."""
    kind = row.required("kind")
    when, mode = row.texts("when", ("before",)), row.text("mode", "block")
    title = row.text("title") or kind.replace("_", " ").capitalize()
    if kind and kind not in GUARDS:
        known = ", ".join(sorted(GUARDS))
        row.wrong(f"the kind “{kind}” is unknown; known are {known}.", "kind")
    if kind not in GUARDS:
        return None
    checks = check_class(kind)
    if not when or set(when) - set(SIDES):
        row.wrong(f"“when” must name one or both of {' and '.join(SIDES)}.", "when")
    elif set(when) - set(checks.sides):
        row.wrong(f"a guard of this kind stands {' or '.join(checks.sides)} only.", "when")
    if mode not in MODES:
        row.wrong(f"“mode” must be one of {', '.join(MODES)}.", "mode")
    check = _check(checks, row, endpoints)
    row.finish()
    return (
        None
        if check is None
        else Rule(title, check, cast("tuple[Side, ...]", when), cast("Mode", mode))
    )


def _check(checks: Any, row: Row, endpoints: Mapping[str, Endpoint]) -> Check | None:
    """The check with the options of its row: each field of the class is one, of its type."""
    hints = get_type_hints(checks)
    options: dict[str, Any] = {}
    for field in dataclasses.fields(checks):
        if not field.init:
            continue
        name, default = field.name, cast("Any", field.default)
        if hints[name] is Endpoint:
            wanted = row.required(name)
            options[name] = endpoints.get(wanted)
            if wanted and wanted not in endpoints:
                row.wrong(f"there is no endpoint “{wanted}”.", name)
        elif hints[name] is bool:
            options[name] = row.flag(name, default=default)
        elif hints[name] is int:
            options[name] = row.count(name, default)
        elif hints[name] is str:
            options[name] = row.text(name, default)
        else:
            options[name] = row.texts(name, default)
    if None in options.values():
        return None
    try:
        return cast("Check", checks(**options))
    except ChatError as error:
        row.wrong(str(error))
        return None
