"""What a guard looks at and what it says. Knows no rule, no stream and no model."""

from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol, TypeAlias, get_args

Side: TypeAlias = Literal["before", "after"]
"""``before``: what goes to a model. ``after``: what comes back."""

SIDES: tuple[Side, ...] = get_args(Side)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a check objects to."""

    label: str
    """What it is, in a word or two, for people and the log: never the words that were found."""
    start: int | None = None
    """Where it stands in the text, in characters; ``None``: the text or picture as a whole."""
    end: int | None = None


class Check(Protocol):
    """A way of looking. Its options are the fields of its class, so that a row can set them."""

    sides: ClassVar[tuple[Side, ...]]
    """Where it can stand."""
    reads: ClassVar[Literal["user", "anyone"]]
    """Of what goes to a model: the user's and the tools' words only, or the model's own too."""

    @property
    def reach_chars(self) -> int | None:
        """How far apart the two ends of a finding may be; ``None``: it looks at whole passages.

        A stream is held back by so much, or no finding that grows across a cut could be seen.
        """
        ...

    async def read(self, text: str) -> list[Finding]:
        """What is wrong with a text, in order and without overlaps.

        Raises:
            ProviderError: the check needs a server, and that did not answer.
        """
        ...

    async def look(self, picture: bytes) -> list[Finding]:
        """What is wrong with a picture as a whole. Raises as ``read``."""
        ...
