"""A list of words, and of pictures, that are not wanted. Looks at letters, not at meaning."""

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from chat.guards.checks import Check, Example, Finding, WrongOption
from chat.guards.folding import Folded


@dataclass(frozen=True)
class DenyList(Check):
    """Finds words whatever their case, and pictures by the sha256 of their bytes."""

    example: ClassVar[Example] = Example('words = ["our secret project"]', "Our  Secret Project")
    words: tuple[str, ...] = ()
    """Words or phrases; blanks in a phrase stand for any white space."""
    inside_words: bool = False
    """Find them in the midst of longer words too."""
    pictures: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raises ``WrongOption`` for a list that can find nothing, or everything."""
        if not self.words and not self.pictures:
            raise WrongOption("words", "or “pictures” must name something to deny.")
        if not all(Folded(word).plain.strip() for word in self.words):
            raise WrongOption("words", "must not hold an empty word.")
        if not all(re.fullmatch(r"[0-9a-f]{64}", sha) for sha in self.pictures):
            raise WrongOption("pictures", "must hold sha256 of pictures, 64 hexadecimal digits.")

    @property
    def lookahead_chars(self) -> int:
        """The longest phrase, with room for white space and signs that nobody sees."""
        return 2 * max(map(len, self.words), default=0) + 20

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        # The longest first: of two that begin alike, the whole of the longer must go.
        phrases = sorted(self.words, key=len, reverse=True)
        plain = (Folded(phrase).plain.split() for phrase in phrases)
        listed = "|".join(r"\s+".join(map(re.escape, words)) for words in plain)
        edge = "" if self.inside_words else r"(?<!\w)", "" if self.inside_words else r"(?!\w)"
        return re.compile(f"{edge[0]}(?:{listed}){edge[1]}", re.IGNORECASE)

    async def check_text(self, text: str) -> list[Finding]:
        """Every denied word."""
        if not self.words:
            return []
        folded = Folded(text)
        found = self._pattern.finditer(folded.plain)
        return [Finding("a denied word", *folded.written(*match.span())) for match in found]

    async def check_image(self, data: bytes) -> list[Finding]:
        """Whether this very picture is denied."""
        if self.pictures and hashlib.sha256(data).hexdigest() in self.pictures:
            return [Finding("a denied picture")]
        return []
