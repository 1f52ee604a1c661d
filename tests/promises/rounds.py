"""How often something is tried: a few times with all other tests, very often when it is wanted."""

import os
import random

LONG = "TRIED_AT_LENGTH"
"""Set by ``make promises``: whoever wants it at length has the time."""


def rounds(few: int, many: int) -> int:
    """How many rounds there are in this run."""
    return many if os.environ.get(LONG) else few


def dice(name: str) -> random.Random:
    """Chance that falls alike in every run, so that what failed can be had again."""
    return random.Random(name)
