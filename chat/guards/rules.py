"""Rules: which check stands where, and what happens to what it finds. Read from TOML rows."""

import dataclasses
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, cast, get_args, get_origin, get_type_hints

from chat.core.models import Endpoint
from chat.core.suggestions import did_you_mean
from chat.guards.checks import SIDES, Check, Side, WrongOption
from chat.guards.registry import GUARDS, check_class
from chat.models.documents import entries
from chat.models.lines import TomlFile
from chat.models.mistakes import Mistake, refuse
from chat.models.rows import Row

log = logging.getLogger(__name__)

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
        ConfigError: rows are wrong; a line for each mistake names file, line, row and key.
    """
    mistakes: list[Mistake] = []
    rules = _rules(TomlFile(name, text, own=True), endpoints, mistakes)
    refuse(mistakes)
    return tuple(rules)


def _rules(
    file: TomlFile, endpoints: Mapping[str, Endpoint], mistakes: list[Mistake]
) -> list[Rule]:
    rows = entries(file, ("guard",), mistakes)["guard"]
    read = [_rule(entry.row(mistakes), endpoints) for entry in rows]
    return [rule for rule in read if rule is not None]


def _rule(row: Row, endpoints: Mapping[str, Endpoint]) -> Rule | None:
    """The rule of a row; where there is none, the row's mistakes say why."""
    kind = row.required("kind")
    when, mode = row.texts("when", ("before",)), row.one_of("mode", MODES, "block")
    title = row.text("title") or kind.replace("_", " ").capitalize()
    if kind and kind not in GUARDS:
        known, hint = ", ".join(sorted(GUARDS)), did_you_mean(kind, GUARDS)
        row.wrong(f"the kind “{kind}” is unknown; known are {known}.{hint}", "kind")
    if kind not in GUARDS:
        return None
    checks = check_class(kind)
    if not when or set(when) - set(SIDES):
        row.wrong(f"“when” must name one or both of {' and '.join(SIDES)}.", "when")
    elif set(when) - set(checks.sides):
        row.wrong(f"a guard of this kind stands {' or '.join(checks.sides)} only.", "when")
    check = _check(checks, kind, row, endpoints)
    row.finish()
    if check is None:
        return None
    return Rule(title, check, cast("tuple[Side, ...]", when), cast("Mode", mode))


def _check(
    checks: type[Check], kind: str, row: Row, endpoints: Mapping[str, Endpoint]
) -> Check | None:
    """The check with the options of its row: each field of the class is one, of its type."""
    hints = get_type_hints(checks)
    fields = [field for field in dataclasses.fields(checks) if field.init]
    for field in fields:
        if not takes(hints[field.name]):
            raise TypeError(
                f"“{field.name}” of the guard “{kind}” has a type that no row can give: take str, "
                "int, float, bool, a Literal, tuple[str, ...] or Endpoint."
            )
    options = {field.name: _option(row, field, hints[field.name], endpoints) for field in fields}
    if None in options.values():
        return None
    try:
        return checks(**options)
    except WrongOption as error:
        row.wrong(str(error), error.option)
    except Exception as error:
        # A check's own code: what it objects to in its options may come as any error.
        log.exception("the guard %s could not be made", kind)
        row.wrong(f"a guard of the kind “{kind}” cannot be made with these options: {error}.")
    return None


def _option(
    row: Row, field: "dataclasses.Field[Any]", type_: Any, endpoints: Mapping[str, Endpoint]
) -> Any:
    """The value of an option; ``None`` where it is missing or wrong, which is noted in the row."""
    name, default = field.name, _default(field)
    if type_ is Endpoint:
        wanted = row.required(name)
        if wanted and wanted not in endpoints:
            hint = did_you_mean(wanted, endpoints)
            row.wrong(f"there is no endpoint “{wanted}”.{hint}", name)
        return endpoints.get(wanted)
    if default is dataclasses.MISSING and name not in row:
        row.required(name)
        return None
    if get_origin(type_) is Literal:
        word = row.text(name, default)
        return word if row.knows(name, word, get_args(type_)) else None
    if type_ in _READERS:
        return _READERS[type_](row, name, default)
    words = row.texts(name, default)
    inner = get_args(type_)[0]
    if get_origin(inner) is Literal:
        allowed = get_args(inner)
        return words if all(row.knows(name, word, allowed) for word in words) else None
    return words


def _default(field: "dataclasses.Field[Any]") -> Any:
    made = field.default_factory
    return field.default if made is dataclasses.MISSING else made()


def _amount(row: Row, name: str, default: float) -> float:
    given = row.amount(name)
    return default if given is None else given


_READERS: Mapping[type, Callable[[Row, str, Any], Any]] = {
    bool: lambda row, name, default: row.flag(name, default=default),
    int: lambda row, name, default: row.count(name, default),
    float: _amount,
    str: lambda row, name, default: row.text(name, default),
}


def takes(type_: Any) -> bool:
    """Whether a row can give an option of this type."""
    words = get_origin(type_) is tuple and get_args(type_)[1:] == (...,)
    inner = get_args(type_)[0] if words else type_
    is_text = inner is str or get_origin(inner) is Literal
    return is_text or (not words and (type_ is Endpoint or type_ in _READERS))
