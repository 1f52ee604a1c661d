"""What an endpoint looks up in the environment, told by name: for people who set it up.

Knows whether a variable holds anything; what it holds is never kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable."""

    name: str
    filled: bool
    """Whether it holds anything but blanks."""


@dataclass(frozen=True, slots=True)
class Wants:
    """The variables of an endpoint's row, by what they are for."""

    key: tuple[Variable, ...] = ()
    """Any one of these holds the key."""
    needed: tuple[Variable, ...] = ()
    """All of these must be set as well."""
    address: tuple[Variable, ...] = ()
    options: tuple[Variable, ...] = ()
    excluding: tuple[Variable, ...] = ()
    """None of these may be set."""


NOTHING = Wants()


def looked_up(environ: Mapping[str, str], names: Sequence[str]) -> tuple[Variable, ...]:
    """These variables, as the environment has them; an empty name is none."""
    return tuple(Variable(name, bool(environ.get(name, "").strip())) for name in names if name)
