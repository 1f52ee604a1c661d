"""Places and offsets as people write them, read as time zones."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from difflib import get_close_matches
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from chat.core.errors import ToolFailed

MAX_CHARS = 60

_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-])(\d{1,2})(?::?([0-5]\d))?", re.IGNORECASE | re.ASCII)
_MAX_OFFSET = timedelta(hours=14)


def zone_title(moment: datetime) -> str:
    """What to call the zone of a moment: its name and its offset then."""
    offset = f"{moment:%z}"
    name = str(moment.tzinfo)
    shown = f"UTC{offset[:3]}:{offset[3:5]}"
    return name if name in (shown, "UTC") else f"{name}, {shown}"


def zone_named(wanted: str) -> tzinfo:
    """The zone of a name, a large city, or an offset such as ``+05:30``; UTC for an empty one.

    Raises:
        ToolFailed: there is none of that name; the sentence says which are near it.
    """
    text = wanted.strip()
    if len(text) > MAX_CHARS:
        raise ToolFailed("That is too long for the name of a time zone.")
    if text.upper() in ("", "UTC", "GMT", "Z"):
        return UTC
    offset = _OFFSET.fullmatch(text)
    if offset:
        return _offset(offset)
    names = _names()
    key = "_".join(text.lower().split())
    if key in names:
        return ZoneInfo(names[key])
    near = dict.fromkeys(names[match] for match in get_close_matches(key, names, n=4, cutoff=0.6))
    hint = f" Near it are {', '.join(near)}." if near else " Name one such as Europe/Berlin."
    raise ToolFailed(f"There is no time zone called {text!r}.{hint}")


def _offset(found: re.Match[str]) -> tzinfo:
    size = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    if size > _MAX_OFFSET:
        raise ToolFailed("Clocks are at most 14 hours away from UTC.")
    return timezone(size if found[1] == "+" else -size)


@cache
def _names() -> dict[str, str]:
    """Zones by their whole name and by their city, in lower case."""
    zones = sorted(zone for zone in available_timezones() if not zone.startswith("posix"))
    cities = {zone.rpartition("/")[2].lower(): zone for zone in zones if "/" in zone}
    return cities | {zone.lower(): zone for zone in zones}
