"""How often something is tried: a few times with all other tests, very often when it is wanted."""

import os
import random
import sys

LONG = "TRIED_AT_LENGTH"
"""Set by ``make promises``: whoever wants it at length has the time."""
LASTS = "TRIED_FOR_S"
"""For how many seconds what goes on and on is tried, whatever else would hold."""


def rounds(few: int, many: int) -> int:
    """How many rounds there are in this run."""
    return many if at_length() else few


def lasts_s(short: float, long: float) -> float:
    """For how long something goes on in this run, in seconds."""
    return float(os.environ.get(LASTS) or (long if at_length() else short))


def at_length() -> bool:
    """Whether there is time enough for figures to mean something."""
    return LONG in os.environ or LASTS in os.environ


def tell(name: str, value: object) -> None:
    """A figure for whoever has the tests print (``-s``)."""
    sys.stdout.write(f"{name}: {value}\n")


def dice(name: str) -> random.Random:
    """Chance that falls alike in every run, so that what failed can be had again."""
    return random.Random(name)
