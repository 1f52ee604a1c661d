"""Times that something took, in words."""

from chat.core.languages import say
from chat.core.numbers import number


def duration(seconds: float) -> str:
    """As people read it: to a tenth of a second, above a minute in minutes and seconds."""
    if seconds < 60:
        return say("{seconds} s", seconds=number(seconds, 1))
    return say("{minutes} min {seconds} s", minutes=int(seconds // 60), seconds=int(seconds % 60))
