"""Markdown's elements as Easel's HTML: what the parser found, through templates.

The output is clean by construction, and whoever calls this sanitises it all the same. No
element loads anything: a picture in the text is a link that a person may follow.
"""

from collections.abc import Iterator, Sequence
from html import escape

from markdown_it.common.utils import unescapeAll
from markdown_it.token import Token

from chat.render.code import coloured, labelled
from chat.render.escaping import spoken
from chat.render.maths import mathml

MAX_FORMULAS = 400
"""Drawn in one text; further ones are shown as their source."""

MAX_COLOURED_CHARS = 60_000
"""Coloured in one text; further code is shown in one ink."""

_SCROLL = '<div class="scroll" tabindex="0">'

_FIXED = {
    "paragraph_open": '<p dir="auto">',
    "paragraph_close": "</p>\n",
    "blockquote_open": '<blockquote dir="auto">\n',
    "blockquote_close": "</blockquote>\n",
    "bullet_list_open": '<ul dir="auto">\n',
    "bullet_list_close": "</ul>\n",
    "ordered_list_close": "</ol>\n",
    "list_item_close": "</li>\n",
    "hr": "<hr>\n",
    "table_open": f'{_SCROLL}<table dir="auto">\n',
    "table_close": "</table></div>\n",
    "thead_open": "<thead>\n",
    "thead_close": "</thead>\n",
    "tbody_open": "<tbody>\n",
    "tbody_close": "</tbody>\n",
    "tr_open": "<tr>\n",
    "tr_close": "</tr>\n",
    "th_close": "</th>\n",
    "td_close": "</td>\n",
    "strong_open": "<strong>",
    "strong_close": "</strong>",
    "em_open": "<em>",
    "em_close": "</em>",
    "s_open": "<s>",
    "s_close": "</s>",
    "softbreak": "<br>\n",
    "hardbreak": "<br>\n",
    "footnote_reference_close": "</div></div>\n",
}

_LOWERED = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h6", "h5": "h6", "h6": "h6"}
"""A page has one h1, a message has a heading of its own; what is inside starts below."""


def follows(address: str) -> bool:
    """Whether an address may become a link: the web and mail, written out in full."""
    return address.lower().startswith(("https:", "http:", "mailto:"))


def html_of(tokens: Sequence[Token]) -> str:
    """The parser's tokens as HTML."""
    return "".join(_Writer().pieces(tokens))


def code_block(language: str, body: str) -> str:
    """Code that is HTML already, under a head with its language and a button that copies it."""
    return (
        '<div class="code"><div class="code-head"><span class="code-lang">'
        f"{escape(labelled(language))}</span>"
        f'<button type="button" class="copy" data-copy="">{spoken("Copy")}</button></div>'
        f'{_SCROLL}<pre dir="ltr"><code>{body}</code></pre></div></div>\n'
    )


def language_of(info: str) -> str:
    """The first word after an opening fence."""
    words = unescapeAll(info).split(maxsplit=1)
    return words[0] if words else ""


class _Writer:
    """One pass over the tokens of one text."""

    def __init__(self) -> None:
        self._formulas = 0
        self._coloured_chars = 0
        self._link_end = ""

    def pieces(self, tokens: Sequence[Token]) -> Iterator[str]:
        for token in tokens:
            if token.type == "text":
                yield escape(token.content, quote=False)
            elif token.type == "inline":
                yield from self.pieces(token.children or ())
            elif not token.hidden:
                fixed = _FIXED.get(token.type)
                yield self._varying(token) if fixed is None else fixed

    def _varying(self, token: Token) -> str:
        match token.type:
            case "code_inline":
                return f"<code>{escape(token.content, quote=False)}</code>"
            case "unread":
                return escape(token.content, quote=False).replace("\n", "<br>\n")
            case "fence" | "code_block":
                return self._code(token)
            case "heading_open" | "heading_close":
                return _heading(token)
            case "ordered_list_open" | "list_item_open":
                return _list(token)
            case "th_open" | "td_open":
                return _cell(token)
            case "link_open":
                return self._link(token)
            case "link_close":
                end, self._link_end = self._link_end, ""
                return end
            case "image":
                return self._picture(token)
            case "footnote_ref" | "footnote_reference_open":
                return _footnote(token)
            case "maths_inline" | "maths_display" | "maths_block":
                return self._formula(token)
        raise AssertionError(f"no template for {token.type}")

    def _code(self, token: Token) -> str:
        language = language_of(token.info)
        self._coloured_chars += len(token.content)
        spent = self._coloured_chars > MAX_COLOURED_CHARS
        return code_block(language, coloured(token.content, "" if spent else language))

    def _link(self, token: Token) -> str:
        """To an address that is not for following: its words alone."""
        address = str(token.attrs["href"])
        if not follows(address):
            return ""
        self._link_end = "</a>"
        title = token.attrs.get("title")
        titled = f' title="{escape(str(title))}"' if title else ""
        return f'<a href="{escape(address)}"{titled}>'

    def _picture(self, token: Token) -> str:
        """A picture as words, linked to where it lies on the web; never loaded."""
        alt = "".join(_words(token.children or ())).strip()
        words = escape(f"[picture: {alt}]" if alt else "[picture]", quote=False)
        address = str(token.attrs["src"])
        if self._link_end or not follows(address):
            return words
        return f'<a href="{escape(address)}">{words}</a>'

    def _formula(self, token: Token) -> str:
        self._formulas += 1
        if self._formulas > MAX_FORMULAS:
            return f'<code class="maths-source">{escape(token.content)}</code>'
        drawn = mathml(token.content, display=token.type != "maths_inline")
        if token.type != "maths_block":
            return drawn
        return f'<div class="scroll maths" tabindex="0">{drawn}</div>\n'


def _heading(token: Token) -> str:
    tag = _LOWERED[token.tag]
    return f'<{tag} dir="auto">' if token.nesting > 0 else f"</{tag}>\n"


def _footnote(token: Token) -> str:
    """The beginning of a note, or the sign in the text that there is one.

    Each is a button to the other: a script looks for it in the same message, by its label alone,
    so that nothing of a message needs an id, which would be the page's.
    """
    label = escape(token.meta["label"])
    if token.type == "footnote_ref":
        sign = (
            f'<button type="button" data-note="{label}" aria-label="Note {label}">{label}</button>'
        )
        return f'<sup class="footnote-ref">{sign}</sup>'
    back = f'data-noted="{label}" aria-label="Note {label}, back to the text"'
    return f'<div class="footnote"><sup><button type="button" {back}>{label}</button></sup><div>\n'


def _list(token: Token) -> str:
    """A numbered list, or an item; one of a task list begins with a box that nobody can tick."""
    if token.type == "ordered_list_open":
        start = token.attrs.get("start")
        return '<ol dir="auto">\n' if start is None else f'<ol dir="auto" start="{start}">\n'
    if "checked" not in token.meta:
        return '<li dir="auto">'
    checked = ' checked=""' if token.meta["checked"] else ""
    return f'<li class="task" dir="auto"><input type="checkbox" disabled=""{checked}> '


def _cell(token: Token) -> str:
    align = str(token.attrs.get("style", "")).removeprefix("text-align:")
    aligned = f' align="{align}"' if align else ""
    return f'<{token.tag} dir="auto"{aligned}>'


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "image":
            yield from _words(token.children or ())
        else:
            yield " " if token.type in ("softbreak", "hardbreak") else token.content
