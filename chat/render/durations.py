"""Times that something took, in words."""


def duration(seconds: float) -> str:
    """As people read it: to a tenth of a second, above a minute in minutes and seconds."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60)} s"
