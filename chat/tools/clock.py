"""The time of day somewhere. Where "now" comes from is handed in."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from difflib import get_close_matches
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from chat.core.errors import ToolFailed
from chat.core.messages import now

MAX_CHARS = 60

_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-])(\d{1,2})(?::?([0-5]\d))?", re.IGNORECASE | re.ASCII)
_MAX_OFFSET = timedelta(hours=14)


def clock(source: Callable[[], datetime]) -> Callable[[str], str]:
    """A clock tool that reads the present moment from ``source``, which is aware of its zone."""

    def time_in(zone: str = "UTC") -> str:
        """Tell the date and the time of day in a place.

        Args:
            zone: a time zone such as "Europe/Berlin", a large city such as "Tokyo",
                or an offset such as "+05:30".
        """
        moment = source().astimezone(_zone(zone))
        return f"{moment:%A, %Y-%m-%d, %H:%M:%S} ({_title(moment)})"

    return time_in


time_in = clock(now)


def _title(moment: datetime) -> str:
    offset = f"{moment:%z}"
    name = str(moment.tzinfo)
    shown = f"UTC{offset[:3]}:{offset[3:5]}"
    return name if name in (shown, "UTC") else f"{name}, {shown}"


def _zone(wanted: str) -> tzinfo:
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
