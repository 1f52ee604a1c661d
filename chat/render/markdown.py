"""Markdown, as models write it, to HTML that is safe to put into a page.

CommonMark with tables, strikethrough, task lists, footnotes and formulas; a line break is a line
break. HTML in the text is text. This room parses and hands on: the templates are in ``elements``,
the allow-list in ``sanitiser``.
"""

from functools import cache
from html import escape

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.utils import EnvType

from chat.render.effort import too_dear
from chat.render.elements import follows, html_of
from chat.render.emphasis import emphasis_plugin
from chat.render.footnotes import footnotes_plugin
from chat.render.maths_syntax import maths_plugin
from chat.render.sanitiser import printable, sanitised

MAX_CHARS = 100_000
"""What follows in a longer text is shown as it is: parsing must not hold up others."""

MAX_DEPTH = 40
"""How deep quotes, lists and emphasis may nest together."""

MAX_BRACKETS = 5_000
"""Each ``[`` outside code may begin a link, which is dear to find out."""


def to_html(text: str) -> str:
    """The text as safe HTML. Takes any string, and never raises."""
    text = normalised(text)
    if len(text) <= MAX_CHARS:
        return render(text, {})
    end = _gap_before(text, MAX_CHARS)
    return render(text[:end], {}) + plain(text[end:])


def render(text: str, env: EnvType) -> str:
    """Normalised text as safe HTML; link definitions are read from and kept in ``env``."""
    if len(text) > MAX_CHARS or too_dear(text):
        return plain(text)
    tokens = parser().parse(text, env)
    if any(token.level >= MAX_DEPTH - 2 for token in tokens):
        # The parser drops what lies deeper, and a reader should lose nothing.
        return plain(text)
    return sanitised(html_of(tokens))


def _gap_before(text: str, limit: int) -> int:
    """Where to part a text: between blocks if it can be, else between lines or words."""
    for gap in ("\n\n", "\n", " "):
        at = text.rfind(gap, limit // 2, limit)
        if at > 0:
            return at + len(gap)
    return limit


def plain(text: str) -> str:
    """The text as one paragraph in which nothing means anything."""
    lines = escape(text, quote=False).strip("\n").replace("\n", "<br>\n")
    return sanitised(f'<p dir="auto">{lines}</p>\n')


def normalised(text: str) -> str:
    """The text with line ends as one newline and without what a page cannot carry."""
    return printable(text).replace("\r\n", "\n").replace("\r", "\n")


class _Parser(MarkdownIt):
    """markdown-it with Easel's opinion of addresses."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - markdown-it's name
        """Whether this may be a link or picture at all; else it stays as it was typed.

        A data URL is recognised only to keep it from being spelled out on the page.
        """
        return follows(url) or url.lower().startswith("data:image/")


@cache
def parser() -> MarkdownIt:
    """The one parser. It keeps nothing between calls, so threads may share it."""
    md = _Parser("commonmark", {"html": False, "maxNesting": MAX_DEPTH})
    md.enable(["table", "strikethrough"])
    md.options["tasklists"] = True
    md.use(maths_plugin)
    md.use(footnotes_plugin)
    md.use(emphasis_plugin)
    md.core.ruler.before("inline", "dense", _spare_dense)
    return md


def _spare_dense(state: StateCore) -> None:
    """Leave words as they are once there have been too many brackets in the text."""
    brackets = 0
    for token in state.tokens:
        if token.type == "inline":
            brackets += token.content.count("[")
            if brackets > MAX_BRACKETS:
                token.type = "unread"
