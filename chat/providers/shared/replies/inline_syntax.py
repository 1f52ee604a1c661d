"""The signs among which pictures stand in words: Markdown's, HTML's, and those of data URLs.

Each pattern is linear, and a piece of text may end anywhere, so that several have a twin for what
may still become a match.
"""

import html
import re
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["bare", "angle", "address", "tag", "definition"]
"""What a data URL stands in."""

_BEFORE_RAW = r"(?<![A-Za-z0-9+/=_%-])"
_FTYP = r"AAAA[A-Za-z0-9+/_-]{2}Z0eXB"
_BITMAP = r"Qk[0-3][A-Za-z0-9+/_-]{5}AAAAA"
_RAW = (
    rf"iVBORw0KGgo|[/_]9j[/_]|R0lGOD[dl]h|UklGR|{_FTYP}|PHN2Z[yz]|PD94bWwg"
    rf"|{_BITMAP}|SUkqA|TU0AK|AAAADGpQIC|AAABAA"
)
"""How base64 begins of PNG, JPEG, GIF, WebP, AVIF and HEIC, SVG; BMP, TIFF, JPEG 2000, ICO."""
_TOKENS = (
    r"(?P<escaped>\\[\[\]!`\\])"
    r"|(?P<open>!?\[)"
    r"|(?P<close>\])"
    r"|(?P<tag><(?i:img|image|a|source|object|embed|input|link|video)(?=[\s/>]))"
    r"|(?P<fence>`{1,12}|~{3,12})"
    r"|(?P<line>\n[ \t\r]*\n?)"
    r"|(?P<data>(?i:data)(?::|%3[aA]))"
    rf"|(?P<raw>{_BEFORE_RAW}(?:{_RAW}))"
)
TOKEN = re.compile(_TOKENS)
TOKEN_IN_TAG = re.compile(rf"{_TOKENS}|(?P<tag_end>>)|(?P<quote>[\"'])")
RAW = re.compile(_RAW)
_MAY_HOLD = re.compile(rf"(?i:data)(?::|%3[aA])|{_RAW}")
_DATA = ("data:", "data%3a")
_DIGITS = (
    "iVBORw0KGgo", "9j/", "9j_", "R0lGOD", "UklGR", "AAAA", "PHN2Z", "PD94bWwg", "SUkqA", "TU0AK",
    "AAABAA",
)  # fmt: skip
"""Of these something stands in whatever the pattern finds, and in few other texts."""
CUT = re.compile(  # the beginning of one of these at the end of what has come so far
    r"(?:\\|!|<[A-Za-z]{0,6}|`{1,11}|~{1,11}|(?i:d|da|dat|data|data%|data%3)|\n[ \t\r]*"
    rf"|{_BEFORE_RAW}"
    r"(?:i|iV|iVB|iVBO|iVBOR|iVBORw|iVBORw0|iVBORw0K|iVBORw0KG|iVBORw0KGg"
    r"|[/_]|[/_]9|[/_]9j|R|R0|R0l|R0lG|R0lGO|R0lGOD|R0lGOD[dl]|U|Uk|Ukl|UklG"
    r"|Q|Qk|Qk[0-3][A-Za-z0-9+/_-]{0,5}|Qk[0-3][A-Za-z0-9+/_-]{5}A{1,4}"
    r"|S|SU|SUk|SUkq|T|TU|TU0|TU0A|AAAADG|AAAADGp|AAAADGpQ|AAAADGpQI|AAAADGpQIC?|AAAB|AAABA"
    r"|A|AA|AAA|AAAA[A-Za-z0-9+/_-]{0,2}|AAAA[A-Za-z0-9+/_-]{2}(?:Z|Z0|Z0e|Z0eX)"
    r"|P|PH|PHN|PHN2|PHN2Z|PD|PD9|PD94|PD94b|PD94bW|PD94bWw))\Z"
)
CUT_CHARS = 16
_SLASH = r"(?:\\?/|%2f|\\u002f|&(?:#47|#x2f|sol);)"
_PLUS = r"(?:%2b|\\u002b|&(?:#43|#x2b|plus);)"
HEAD = re.compile(
    r"data(?::|%3a)(?P<space>\s?)"
    rf"(?P<mime>[a-z0-9.+*_-]{{0,60}}(?:{_SLASH}(?:[a-z0-9.+*_-]|{_PLUS}){{1,60}})?)"
    r"(?P<parameters>(?:(?:;|%3b)\s?(?:[a-z0-9_.=\"'*+-]|%[0-9a-f]{2}){0,80}?){0,4})"
    r"\s?(?:,|%2c)",
    re.IGNORECASE,
)
HEAD_CUT = re.compile(
    r"data(?::|%3a)\s?[a-z0-9.+*_/\\;=\"'%&#-]*(?:;\s[a-z0-9_.=-]*)?\s?\Z", re.IGNORECASE
)
DIGIT = re.compile(r"[A-Za-z0-9+/=_%-]")
_SLASH_SIGN = re.compile(_SLASH, re.IGNORECASE)
_PLUS_SIGN = re.compile(_PLUS, re.IGNORECASE)
SVG_BEGINS = re.compile(r"\s*(?:<|%3c)(?:\?xml|%3fxml|!--|!doctype|svg)", re.IGNORECASE)
SVG_BEGINS_CHARS = 12
FENCE_LINE = re.compile(r"(?:`{3,12}|~{3,12})[^\n`]{0,60}(?P<end>\n)?")
OPENS_ADDRESS = re.compile("\\]\\([\\s\u200b\ufeff]{0,40}(?P<angle><?)[\\s\u200b\ufeff]{0,3}")
OPENS_DEFINITION = re.compile(r"\]:\s{0,40}(?P<angle><?)")
OPENS_REFERENCE = re.compile(r"\]\[(?P<label>[^\[\]\n]{0,300})(?P<end>\])?")
ADDRESS = re.compile(
    r"(?P<address>(?:https?://|/)[^\s<>()\"'`]{1,2000})>?"
    r"(?P<rest>\s{0,3}(?:\"[^\"\n]{0,300}\"|'[^'\n]{0,300}')?\s{0,3}\))?"
)
_CLOSES_ADDRESS = re.compile(
    r"\s{0,80}(?:>\s{0,80})?(?:=\d{0,5}(?:x\d{0,5})?\s{0,3})?"
    r"(?:\"[^\"]{0,1000}\"\s{0,80}|'[^']{0,1000}'\s{0,80}|\([^()]{0,1000}\)\s{0,80})?\)"
)
ADDRESS_MAY_CLOSE = re.compile(  # the same, cut anywhere
    r"\s{0,80}(?:>\s{0,80})?(?:=\d{0,5}(?:x\d{0,5})?\s{0,3})?"
    r"(?:\"[^\"]{0,1000}(?:\"\s{0,80})?|'[^']{0,1000}(?:'\s{0,80})?"
    r"|\([^()]{0,1000}(?:\)\s{0,80})?)?\Z"
)
_CLOSES_TAG = re.compile(r"(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
_CLOSES_DOUBLE = re.compile(r"[^\"<>]*\"(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
_CLOSES_SINGLE = re.compile(r"[^'<>]*'(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
"""By the quote that the address stands in."""
_CLOSES_DEFINITION = re.compile(
    r"[ \t]*(?:>[ \t]*)?"
    r"(?:(?:\"[^\"\n]{0,1000}\"|'[^'\n]{0,1000}'|\([^()\n]{0,1000}\))[ \t]*)?(?=\n)"
)
_ALT = re.compile(r"\balt\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_QUOTE = re.compile(r"=\s*([\"'])[^\"'=>]*(?:data(?::|%3a)[^\"'<>]*)?\Z", re.IGNORECASE)
SOURCE = re.compile(r"\bsrc\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([\[\]!`<>()\\*_])")
ELLIPSIS = re.compile(r" ?(?:\[?\.{2,3}|…|&hellip;)")
ELLIPSIS_CUT = re.compile(r" ?\[\.?| ?\.| |&[a-z]{0,6}")


def may_hold(text: str) -> bool:
    """Whether a picture may begin in a text. Of every request the whole history is asked so."""
    lowered = text.lower()
    if not any(sign in lowered for sign in _DATA) and not any(sign in text for sign in _DIGITS):
        return False  # four times as fast as the pattern
    return _MAY_HOLD.search(text) is not None


def stated_type(head: re.Match[str]) -> str:
    """The type that the head of a data URL states, without its escapes."""
    return _PLUS_SIGN.sub("+", _SLASH_SIGN.sub("/", head["mime"])).lower()


def label_name(label: str) -> str:
    """How a label is found again: as in Markdown, in any case and spacing."""
    return " ".join(label.split()).casefold()


def plain(label: str) -> str:
    """A label as the words it says."""
    return " ".join(_ESCAPED.sub(r"\1", label).split())


def alt_of(tag: str) -> str:
    """What a tag says of its picture."""
    found = _ALT.search(tag)
    return " ".join(html.unescape(first(found)).split()) if found else ""


def closing_of(kind: Kind, words: str, text: str) -> re.Match[str] | None:
    """What closes a data URL behind these words, if it stands at the beginning of a text."""
    if kind == "address":
        return _CLOSES_ADDRESS.match(text)
    if kind == "definition":
        return _CLOSES_DEFINITION.match(text)
    match _quote_of(words):
        case '"':
            return _CLOSES_DOUBLE.match(text)
        case "'":
            return _CLOSES_SINGLE.match(text)
    return _CLOSES_TAG.match(text)


def _quote_of(tag: str) -> str:
    """The quote that the last attribute of an open tag stands in."""
    quote = _QUOTE.search(tag)
    return quote[1] if quote else ""


def first(found: re.Match[str]) -> str:
    """The group that matched."""
    return next((group for group in found.groups() if group), "")
