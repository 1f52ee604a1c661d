"""What a guard looks at and what it says: the base of every check."""

from dataclasses import dataclass, replace
from typing import ClassVar, Literal, TypeAlias, get_args

from chat.core.errors import ConfigError

Side: TypeAlias = Literal["before", "after"]
"""``before``: what goes to a model. ``after``: what comes back."""

SIDES: tuple[Side, ...] = get_args(Side)


class WrongOption(ConfigError):
    """An option of a check makes no sense; it is named with its file and line."""

    def __init__(self, option: str, sentence: str) -> None:
        """``sentence`` is said of the option: “must be 1 or more.”."""
        super().__init__(f"“{option}” {sentence}")
        self.option = option


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a check objects to."""

    label: str
    """What it is, in a word or two, for people and the log: never the words that were found."""
    start: int | None = None
    """Where it stands in the text, in characters; ``None``: the text or picture as a whole."""
    end: int | None = None

    def moved(self, chars: int) -> "Finding":
        """The same in a text that has so many characters more before it."""
        if self.start is None:
            return self
        return replace(self, start=self.start + chars, end=self.end and self.end + chars)


@dataclass(frozen=True, slots=True)
class Example:
    """A row that works, and a text in which it finds something."""

    options: str
    """TOML of the row's options, without ``kind``."""
    caught: str


@dataclass(frozen=True)
class Check:
    """A way of looking; by itself it finds nothing.

    The fields of a subclass are the options of its rows: ``str``, ``int``, ``float``, ``bool``, a
    ``Literal``, a tuple of texts, or an ``Endpoint`` by its id. Options that make no sense together
    raise :class:`WrongOption` in ``__post_init__``.
    """

    sides: ClassVar[tuple[Side, ...]] = SIDES
    """Where it can stand."""
    reads: ClassVar[Literal["user", "anyone"]] = "anyone"
    """Of what goes to a model: the user's and the tools' words only, or the model's own too."""
    example: ClassVar[Example]

    @property
    def lookahead_chars(self) -> int | None:
        """How far apart the two ends of a finding may be; ``None``: it is given whole passages.

        A stream is held back by so much, or no finding that grows across a cut could be seen.
        """
        return None

    async def check_text(self, text: str) -> list[Finding]:
        """What is wrong with a text, in order and without overlaps.

        Raises:
            ProviderError: the check needs a server, and that did not answer.
        """
        del text
        return []

    async def check_image(self, data: bytes) -> list[Finding]:
        """What is wrong with a picture as a whole. Raises as ``check_text``."""
        del data
        return []

    async def aclose(self) -> None:
        """Let go of connections. Safe to call twice."""
