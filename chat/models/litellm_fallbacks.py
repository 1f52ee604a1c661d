"""Who answers in whose stead, as a LiteLLM proxy's configuration says it.

Each setting is a list of tables from one name to others, under either of two sections.
Source: LiteLLM 1.106.2 (2026-11-26).
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chat.core.models import Cause

_SECTIONS = ("router_settings", "litellm_settings")
_CAUSES: dict[str, tuple[Cause, ...]] = {
    "fallbacks": ("unavailable", "rate_limited"),
    "content_policy_fallbacks": ("content_policy",),
    "context_window_fallbacks": ("context_too_long",),
}


@dataclass(frozen=True, slots=True)
class Fallbacks:
    """By name, who is asked in a model's stead, and when."""

    by_name: Mapping[str, Mapping[Cause, tuple[str, ...]]]
    left_out: tuple[str, ...]
    """What could not be taken over, in words."""


def read_fallbacks(config: Mapping[str, Any], known: Collection[str]) -> Fallbacks:
    """The fallbacks between models that are known by these names; the others are told."""
    found: dict[str, dict[Cause, tuple[str, ...]]] = {}
    left_out: list[str] = []
    for setting, name, others in _settings(config):
        kept = tuple(dict.fromkeys(other for other in others if other in known and other != name))
        lost = [other for other in others if other not in known]
        if name not in known:
            left_out.append(f"{setting} of {name!r}")
            continue
        left_out += [f"{setting} of {name!r} to {other!r}" for other in lost]
        for cause in _CAUSES[setting] if kept else ():
            earlier = found.setdefault(name, {}).get(cause, ())
            found[name][cause] = tuple(dict.fromkeys((*earlier, *kept)))
    left_out += [
        f"default_fallbacks to {name!r}"
        for section in _SECTIONS
        for name in _names(_table(config.get(section)).get("default_fallbacks"))
    ]
    return Fallbacks(found, tuple(dict.fromkeys(left_out)))


def _settings(config: Mapping[str, Any]) -> Iterator[tuple[str, str, list[str]]]:
    """Each setting with a name and the names of those that stand in for it."""
    for section in _SECTIONS:
        for setting in _CAUSES:
            tables = _table(config.get(section)).get(setting)
            for table in tables if isinstance(tables, list) else ():
                for name, others in _table(table).items():
                    yield setting, str(name), _names(others)


def _names(value: object) -> list[str]:
    """Names in a list; a proxy also takes a table with a name and other settings in it."""
    found = value if isinstance(value, list) else [value]
    return [
        name
        for each in found
        if isinstance(name := each.get("model") if isinstance(each, dict) else each, str)
    ]


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
