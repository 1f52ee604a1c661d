"""Where the scan of words for pictures stands: what is open, and the data URL being read."""

from dataclasses import dataclass, field

from chat.providers.shared.replies import inline_syntax as syntax
from chat.providers.shared.replies.inline_digits import Base64Digits, SvgText


@dataclass(slots=True)
class Opener:
    """A bracket or tag that is open."""

    start: int
    picture: bool
    """``![``, not ``[``; of a tag: ``<img``."""


@dataclass(slots=True)
class Outer:
    """A code fence or backticks, as long as nothing but a picture stands after them."""

    start: int
    inner: int
    """Where the first thing inside begins."""
    mark: str


@dataclass(slots=True)
class OpenPicture:
    """A data URL that is being read."""

    kind: syntax.Kind
    words: str
    """What stood before its digits and belongs to it."""
    digits: Base64Digits | SvgText
    label: str = ""
    outer: str = ""
    """The words and the mark of a fence around it."""
    mark: str = ""
    ended: bool = False


@dataclass(slots=True)
class Seen:
    """Where the scan of words stands, in positions of the buffer."""

    at: int = 0
    brackets: list[Opener] = field(default_factory=list)
    tag: Opener | None = None
    quote: str = ""
    outer: Outer | None = None
    line: int = 0
    """Where the last line begins."""

    def move(self, by: int) -> None:
        """Count from elsewhere."""
        self.at = max(0, self.at + by)
        self.line += by
        for opener in (*self.brackets, *([self.tag] if self.tag is not None else [])):
            opener.start += by
        if self.outer is not None:
            self.outer.start += by
            self.outer.inner += by
