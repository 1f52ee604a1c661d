"""Times that something took, in words."""

from chat.core.languages import say


def duration(seconds: float) -> str:
    """As people read it: to a tenth of a second, above a minute in minutes and seconds."""
    if seconds < 60:
        return say("{seconds} s", seconds=f"{seconds:.1f}")
    return say("{minutes} min {seconds} s", minutes=int(seconds // 60), seconds=int(seconds % 60))
