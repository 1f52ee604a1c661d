"""What is answered to a recording."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Dictated:
    """What was said, to be put where the caret is; it is kept nowhere."""

    text: str
