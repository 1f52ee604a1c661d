"""The time of day somewhere. Where "now" comes from is handed in."""

from collections.abc import Callable
from datetime import datetime

from chat.core.messages import now
from chat.tools.time_zones import zone_named, zone_title


def clock(source: Callable[[], datetime]) -> Callable[[str], str]:
    """A clock tool that reads the present moment from ``source``, which is aware of its zone."""

    def time_in(zone: str = "UTC") -> str:
        """Tell the date and the time of day in a place.

        Args:
            zone: a time zone such as "Europe/Berlin", a large city such as "Tokyo",
                or an offset such as "+05:30".
        """
        moment = source().astimezone(zone_named(zone))
        return f"{moment:%A, %Y-%m-%d, %H:%M:%S} ({zone_title(moment)})"

    return time_in


time_in = clock(now)
