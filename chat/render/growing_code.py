"""A code block that has no end yet, kept so that a further piece costs a piece.

It is shown without colours; the colours come with its last line, when it is rendered whole.
"""

import re
from html import escape

from chat.render.elements import code_block, language_of
from chat.render.sanitiser import sanitised
from chat.render.settled import closing

# Nothing is given back, or a line of nothing but signs would be read once for each of them.
_OPENING = re.compile(r"(`{3,}+)([^`\n]*+)\n|(~{3,}+)([^\n]*+)\n")

_BODY = "\ufffc"


class GrowingCode:
    """The code block that a text begins with."""

    def __init__(self, markup: str, info: str, begin: int) -> None:
        frame = sanitised(code_block(language_of(info), _BODY))
        self._before, _, self._after = frame.rpartition(_BODY)
        self._closing = closing(markup)
        self._read = begin
        self._lines = ""
        self.html = self._before + self._after
        """The block as it is now."""

    @classmethod
    def begun_by(cls, text: str) -> "GrowingCode | None":
        """The code block whose opening line the text begins with, if it does."""
        opening = _OPENING.match(text) if text.startswith(("```", "~~~")) else None
        if not opening:
            return None
        markup, info = opening[1] or opening[3], opening[2] or opening[4] or ""
        return cls(markup, info, opening.end())

    def read(self, text: str) -> int:
        """Go on reading the text, which has grown at its end; where the block ends, or 0."""
        whole = text.rfind("\n") + 1
        end = self._closing.search(text, self._read, whole)
        if end:
            return end.end() + 1
        self._lines += escape(text[self._read : whole], quote=False)
        self._read = max(self._read, whole)
        last = _without_half_closing(text[self._read :])
        self.html = self._before + self._lines + escape(last, quote=False) + self._after
        return 0


def _without_half_closing(line: str) -> str:
    """A last line that is not whole; nothing where it may become the end of the block."""
    signs = line.strip(" \t")
    return line if signs.strip("`") and signs.strip("~") else ""
