"""How long things are kept: the rules, and how the environment says them."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from chat.core.errors import ConfigError
from chat.core.parts import Json

MOST_DAYS = 36_500
FOREVER = "forever"


@dataclass(frozen=True, slots=True)
class RetentionRules:
    """In days; ``None``: for ever."""

    untouched_days: int | None = None
    """So long after its last use a conversation goes to the bin; pinned ones do not."""
    bin_days: int | None = 30
    """So long it lies there before it is removed for good."""
    audit_days: int | None = 365
    """So long entries of the audit log are kept."""
    usage_days: int | None = None
    """So long the sums of what was used and spent are kept."""


@dataclass(frozen=True, slots=True)
class RetentionField:
    """What there is to say of a rule."""

    title: str
    variable: str
    """By which the environment says it; then it cannot be changed while Easel runs."""
    least: int = 1
    ends: bool = False
    """It cannot be kept for ever."""


FIELDS: Mapping[str, RetentionField] = {
    "untouched_days": RetentionField(
        "Conversations that nobody opened again or wrote in go to the bin after",
        "EASEL_KEEP_CONVERSATIONS_DAYS",
    ),
    "bin_days": RetentionField(
        "What is in the bin is removed for good after", "EASEL_KEEP_BIN_DAYS", ends=True
    ),
    "audit_days": RetentionField("Entries of the audit log are kept for", "EASEL_KEEP_AUDIT_DAYS"),
    # A month and the one before are asked for at every call.
    "usage_days": RetentionField(
        "Sums of what was used and spent are kept for", "EASEL_KEEP_USAGE_DAYS", least=62
    ),
}
NAMES = frozenset(each.variable for each in FIELDS.values())


def read_days(name: str, written: str) -> int | None:
    """How many days somebody wrote; ``None``: for ever. Raises ``ValueError``, to be shown."""
    field, word = FIELDS[name], written.strip().lower()
    if word in ("", FOREVER) and not field.ends:
        return None
    if not word.isascii() or not word.isdigit() or not field.least <= int(word) <= MOST_DAYS:
        more = "" if field.ends else ", or empty for ever"
        raise ValueError(
            f"“{field.title}” is a whole number of days from {field.least} to {MOST_DAYS:,}{more}."
        )
    return int(word)


def read_retention(environ: Mapping[str, str]) -> Mapping[str, int | None]:
    """The rules that the environment says, by name. Raises ``ConfigError``."""
    said: dict[str, int | None] = {}
    for name, field in FIELDS.items():
        written = environ.get(field.variable, "").strip()
        if not written:
            continue
        try:
            said[name] = read_days(name, written)
        except ValueError as wrong:
            forever = "" if field.ends else f", or “{FOREVER}”"
            raise ConfigError(
                f"{field.variable} is a whole number of days from {field.least} to "
                f"{MOST_DAYS:,}{forever}."
            ) from wrong
    return said


def rules_of(kept: Json, said: Mapping[str, int | None]) -> RetentionRules:
    """The rules that hold: what the environment says, else what was kept, else the usual."""
    found: dict[str, int | None] = {}
    for name, value in kept.items() if isinstance(kept, dict) else ():
        whole = isinstance(value, int) and not isinstance(value, bool)
        if name in FIELDS and (whole or (value is None and not FIELDS[name].ends)):
            found[name] = value if isinstance(value, int) else None
    return replace(RetentionRules(), **{**found, **said})


def kept_form(rules: RetentionRules) -> Json:
    """As :func:`rules_of` reads them again."""
    return {each.name: getattr(rules, each.name) for each in fields(rules)}
