"""A reply while it grows: blocks that can no longer change, each rendered once, and the rest.

The cost of a piece of text must not depend on how much came before. Only the last block of a
growing text can still change, so only that is rendered again; and when it is large, not every
time. Knows Markdown, and nothing of turns or browsers.
"""

import re
from dataclasses import dataclass
from html import escape

from markdown_it.utils import EnvType

from chat.render.effort import too_dear
from chat.render.growing_code import GrowingCode
from chat.render.markdown import MAX_CHARS, plain, render
from chat.render.sanitiser import printable
from chat.render.settled import settled_chars

SMALL_CHARS, SMALL_LINES = 2_000, 60
"""An open block up to this size is rendered anew each time."""

_GROWTH = 5
"""A longer one is rendered anew when it has grown by this fraction."""

_BLANK_LINES = re.compile(r"(?:[ \t]*\n)+")

_WORDS_ONLY = re.compile(r"[^\W\d_][^\\`*_\[\]<&$~\n\x00-\x1f\x7f-\xa0]*")
"""The beginning of a paragraph in which nothing has a meaning."""

_NEXT_BEGINS = re.compile(
    r"\n(?:[ \t]*\n(?![ \t\n>]|[-+*][ \t\n]|\d{1,9}[.)][ \t\n])|#{1,6} |```|~~~)"
)
"""Signs in a long block that the next one has begun. To miss one costs time and nothing else."""

_HALF_UNDERLINE = re.compile(r"\n {0,3}(?:-+|=+) *\Z")
"""The beginning of a list, more likely than a line that makes a heading of the words above."""


@dataclass(frozen=True, slots=True)
class Update:
    """What changed since the last one."""

    closed: tuple[str, ...]
    """HTML to put after what is closed already; it never changes again."""
    open: str
    """HTML of the block that still grows, in place of the one before."""


class StreamingMarkdown:
    """Markdown that arrives in pieces.

    After :meth:`finish`, all that was closed is what ``to_html`` makes of the whole text, with
    one exception: a link whose address is defined further down has stayed text.
    """

    def __init__(self) -> None:
        self._tail = ""
        self._half_line_end = ""
        self._env: EnvType = {}
        self._closed: list[str] = []
        self._open: str | None = ""
        self._code: GrowingCode | None = None
        self._examined = 0
        self._dear = False
        self._drawn_chars = 0
        self._drawn = ""

    @property
    def open_chars(self) -> int:
        """How much text the open block has, which is what drawing it may cost."""
        return len(self._tail)

    def append(self, text: str) -> None:
        """Add what has arrived."""
        text = self._half_line_end + text
        self._half_line_end = "\r" if text.endswith("\r") else ""
        text = text.removesuffix("\r")
        self._tail += printable(text).replace("\r\n", "\n").replace("\r", "\n")
        self._open = None

    def take(self) -> Update:
        """What has been closed since the last call, and the open block as it is now.

        The open block is a preview: code without colours, the end of a long block as
        plain words.
        """
        if self._open is None:
            self._settle()
            self._open = self._preview()
        closed, self._closed = tuple(self._closed), []
        return Update(closed, self._open)

    def finish(self) -> Update:
        """Close everything. Nothing may be appended any more."""
        self._tail += self._half_line_end.replace("\r", "\n")
        self._settle()
        self._close(len(self._tail))
        self._open = ""
        return self.take()

    def _settle(self) -> None:
        """Move what is settled from the tail to the closed blocks."""
        while True:
            self._skip_blank_lines()
            if self._code is None:
                self._code = GrowingCode.begun_by(self._tail)
            settled = self._settled_code() if self._code else self._settled_blocks()
            if not settled:
                return
            self._close(settled)

    def _skip_blank_lines(self) -> None:
        blank = _BLANK_LINES.match(self._tail) if not self._examined else None
        if blank:
            self._tail = self._tail[blank.end() :]

    def _settled_code(self) -> int:
        assert self._code is not None
        return self._code.read(self._tail)

    def _settled_blocks(self) -> int:
        whole = self._tail.rfind("\n") + 1
        if self._dear or whole <= self._examined:
            return 0
        grown = whole >= self._examined + self._examined // _GROWTH
        if not (
            self._is_small() or grown or _NEXT_BEGINS.search(self._tail, max(0, self._examined - 2))
        ):
            return 0
        self._examined = whole
        # It only gets dearer: the whole rest of the text stays words.
        self._dear = len(self._tail) > MAX_CHARS or too_dear(self._tail)
        if self._dear:
            return 0
        return settled_chars(self._tail, self._env)

    def _close(self, chars: int) -> None:
        html = render(self._tail[:chars], self._env)
        if html:
            self._closed.append(html)
        self._tail = self._tail[chars:]
        self._code = None
        self._examined = self._drawn_chars = 0
        self._drawn = ""

    def _preview(self) -> str:
        if self._code:
            return self._code.html
        if _WORDS_ONLY.fullmatch(self._tail):
            return f'<p dir="auto">{escape(self._tail.rstrip(" "), quote=False)}</p>\n'
        if self._is_small():
            return self._rendered(_HALF_UNDERLINE.sub("", self._tail))
        if len(self._tail) >= self._drawn_chars + self._drawn_chars // _GROWTH:
            self._drawn_chars = _last_gap(self._tail)
            self._drawn = self._rendered(self._tail[: self._drawn_chars])
        rest = self._tail[self._drawn_chars :]
        return self._drawn + (plain(rest) if rest.strip() else "")

    def _is_small(self) -> bool:
        return len(self._tail) <= SMALL_CHARS and self._tail.count("\n") <= SMALL_LINES

    def _rendered(self, text: str) -> str:
        """The text as HTML, without making its definitions known."""
        return render(text, {"references": dict(self._env.get("references", {}))})


def _last_gap(text: str) -> int:
    """Where the last whole line ends, or, without one, the last whole word."""
    return text.rfind("\n") + 1 or text.rfind(" ") + 1 or len(text)
