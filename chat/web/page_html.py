"""The words in the HTML that Easel serves: found for the catalogue, and put in another language.

HTML here is our own and plain, so that pieces between tags are enough to know. What stands between
two tags is one message, and so is each attribute that people read. An element that has
``data-words`` is one message with the tags in it, numbered: ``<1>Enter</1> sends it.``
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from html import escape, unescape

from chat.core.languages import language, say, speaking

_TAG = re.compile(r"(<!--(?:(?!<!--).)*?-->|<[^<>]*>)", re.DOTALL)
_ATTRIBUTE = re.compile(r'(\s(?:aria-label|title|placeholder|alt|label)=")([^"]*)(")')
_LETTERS = re.compile(r"[^\W\d_]{2}")
_WHOLE = re.compile(
    r"(<(\w+)\b[^<>]*\sdata-words[^<>]*>)((?:(?!\sdata-words).)*?)(</\2>)", re.DOTALL
)
_KEPT = re.compile(r"<(?:kbd|code|svg|style|script)\b|<option[^>]*\slang=")
"""Tags before what is no word of a language, or stands in its own."""
_NUMBERED = re.compile(r"<(/?)(\d+)>")

KEPT_PAGES = 200


def messages_of(html: str) -> Iterator[str]:
    """Every message, in its order."""
    seen: list[str] = []

    def note(text: str) -> str:
        seen.append(text)
        return text

    _through(html, note)
    yield from seen


def in_language(html: str, to: str) -> str:
    """The same HTML in a language."""
    return html if to == "en" else _kept(html, to)


@lru_cache(KEPT_PAGES)
def _kept(html: str, to: str) -> str:
    with speaking(to):
        return _through(html, say)


def spoken_html(html: str) -> str:
    """The same HTML in the language that is spoken now."""
    return in_language(html, language())


def _through(html: str, said: Callable[[str], str]) -> str:
    """The HTML with each message given through ``said``."""
    out: list[str] = []
    at = 0
    for whole in _WHOLE.finditer(html):
        out.append(_pieces(html[at : whole.start()], said))
        out.append(_attributes(whole[1], said))
        out.append(_as_one(whole[3], said))
        out.append(whole[4])
        at = whole.end()
    out.append(_pieces(html[at:], said))
    return "".join(out)


def _pieces(html: str, said: Callable[[str], str]) -> str:
    out: list[str] = []
    inside = ""
    for piece in _TAG.split(html):
        if piece.startswith("<"):
            inside = piece
            out.append(_attributes(piece, said))
        elif _LETTERS.search(piece) and not _KEPT.match(inside):
            words = piece.strip()
            before, after = piece.split(words, 1) if words in piece else ("", "")
            out.append(f"{before}{escape(said(unescape(words)), quote=False)}{after}")
        else:
            out.append(piece)
    return "".join(out)


def _attributes(tag: str, said: Callable[[str], str]) -> str:
    def put(found: re.Match[str]) -> str:
        if not _LETTERS.search(found[2]):
            return found[0]
        return f"{found[1]}{escape(said(unescape(found[2])))}{found[3]}"

    return _ATTRIBUTE.sub(put, tag)


def _as_one(html: str, said: Callable[[str], str]) -> str:
    tags: dict[str, str] = {}
    open_: list[str] = []

    def numbered(found: re.Match[str]) -> str:
        if found[0].startswith("</"):
            number = open_.pop()
            tags[f"/{number}"] = found[0]
            return f"</{number}>"
        number = str(len([each for each in tags if not each.startswith("/")]) + 1)
        open_.append(number)
        tags[number] = _attributes(found[0], said)
        return f"<{number}>"

    bare = " ".join(unescape(_TAG.sub(numbered, html)).split())
    out: list[str] = []
    at = 0
    words = said(bare)
    for found in _NUMBERED.finditer(words):
        out.append(escape(words[at : found.start()], quote=False))
        out.append(tags.get(f"{found[1]}{found[2]}", ""))
        at = found.end()
    return "".join([*out, escape(words[at:], quote=False)])
