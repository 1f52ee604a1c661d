"""Pictures that stand in words: data URLs in any spelling, found while the words stream.

    ![alt](data:image/png;base64,...)   with any alt, a title, angle brackets; also as a link
    ![alt][1] ... [1]: data:...         the picture stands where it is referred to
    <img src="data:...">                any quoting, any attributes beside it
    ``` data:... ```                    alone in a code fence or between backticks
    data:image/svg+xml,<svg ...>        text instead of base64
    data:...                            bare, after or between words
    iVBORw0KGgo...                      base64 alone, where it begins like a picture

Digits may be wrapped, escaped, without padding, of the URL-safe alphabet; the stated type is not
believed, the bytes are looked at. What is no picture and short stays as the words it is.

Text streams in pieces that may end anywhere. What can no longer become a picture is passed on at
once; what still may is held back, within the bounds below. A character is looked at a fixed
number of times, however the text is cut into pieces.
"""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal, TypeAlias

from chat.providers.inline_digits import Base64Digits, SvgText

MAX_ALT_CHARS = 16_000
"""Of the description of a picture; where it is longer, it is passed on as words."""
MAX_LABEL_CHARS = 300
"""Of a link's words, or of a reference."""
MAX_TAG_CHARS = 4_000
MAX_HEAD_CHARS = 300
MAX_ADDRESS_CHARS = 2_000
MAX_HELD_CHARS = 16_000
"""Of words between a reference and its definition."""
MAX_HELD_PICTURES = 4

STOOD_HERE = "[A picture stood here.]"


@dataclass(frozen=True, slots=True)
class InlinePicture:
    """A picture found in words."""

    data: bytes
    alt: str = ""


@dataclass(frozen=True, slots=True)
class InlineLink:
    """A picture whose address may be opened; ``words`` is what stood there."""

    address: str
    alt: str
    words: str


Piece: TypeAlias = str | InlinePicture | InlineLink


@dataclass(frozen=True, slots=True)
class _Reference:
    """``![alt][label]``, whose picture may be defined further below."""

    label: str
    alt: str
    words: str


@dataclass(frozen=True, slots=True)
class _Defined:
    """The picture that a label stands for."""

    label: str
    picture: InlinePicture


_Found: TypeAlias = Piece | _Reference | _Defined

_TOKEN = re.compile(
    r"(?P<escaped>\\[\[\]!`\\])"
    r"|(?P<open>!?\[)"
    r"|(?P<close>\])"
    r"|(?P<tag><(?i:img|image|a|source|object|embed|input|link|video)(?=[\s/>]))"
    r"|(?P<tag_end>>)"
    r"|(?P<quote>[\"'])"
    r"|(?P<fence>`{1,12}|~{3,12})"
    r"|(?P<line>\n[ \t\r]*\n?)"
    r"|(?P<data>(?i:data)(?::|%3[aA]))"
    r"|(?P<raw>(?<![A-Za-z0-9+/=_%-])(?:iVBORw0KGgo|/9j/|R0lGOD[dl]h|UklGR))"
)
_MAY_HOLD = re.compile(r"(?i:data)(?::|%3[aA])|iVBORw0KGgo|/9j/|R0lGOD[dl]h|UklGR")
_CUT = re.compile(  # the beginning of one of these at the end of what has come so far
    r"(?:\\|!|<[A-Za-z]{0,6}|`{1,11}|~{1,11}|(?i:d|da|dat|data|data%|data%3)|\n[ \t\r]*"
    r"|(?<![A-Za-z0-9+/=_%-])"
    r"(?:i|iV|iVB|iVBO|iVBOR|iVBORw|iVBORw0|iVBORw0K|iVBORw0KG|iVBORw0KGg"
    r"|/|/9|/9j|R|R0|R0l|R0lG|R0lGO|R0lGOD|R0lGOD[dl]|U|Uk|Ukl|UklG))\Z"
)
_CUT_CHARS = 16
_HEAD = re.compile(
    r"data(?::|%3a)(?P<space>\s?)"
    r"(?P<mime>[a-z0-9.+*_-]{0,60}(?:(?:\\?/|%2f)[a-z0-9.+*_-]{1,60})?)"
    r"(?P<parameters>(?:(?:;|%3b)\s?(?:[a-z0-9_.=\"'*+-]|%[0-9a-f]{2}){0,80}?){0,4})"
    r"\s?(?:,|%2c)",
    re.IGNORECASE,
)
_HEAD_CUT = re.compile(
    r"data(?::|%3a)\s?[a-z0-9.+*_/\\;=\"'%-]*(?:;\s[a-z0-9_.=-]*)?\s?\Z", re.IGNORECASE
)
_DIGIT = re.compile(r"[A-Za-z0-9+/=_%-]")
_SVG_BEGINS = re.compile(r"\s*(?:<|%3c)(?:\?xml|%3fxml|!--|!doctype|svg)", re.IGNORECASE)
_SVG_BEGINS_CHARS = 12
_FENCE_LINE = re.compile(r"(?:`{3,12}|~{3,12})[^\n`]{0,60}(?P<end>\n)?")
_OPENS_ADDRESS = re.compile(r"\]\(\s{0,40}(?P<angle><?)\s{0,3}")
_OPENS_DEFINITION = re.compile(r"\]:\s{0,40}(?P<angle><?)")
_OPENS_REFERENCE = re.compile(r"\]\[(?P<label>[^\[\]\n]{0,300})(?P<end>\])?")
_ADDRESS = re.compile(
    r"(?P<address>(?:https?://|/)[^\s<>()\"'`]{1,2000})>?"
    r"(?P<rest>\s{0,3}(?:\"[^\"\n]{0,300}\"|'[^'\n]{0,300}')?\s{0,3}\))?"
)
_CLOSES_ADDRESS = re.compile(
    r"\s{0,80}(?:>\s{0,80})?(?:=\d{0,5}(?:x\d{0,5})?\s{0,3})?"
    r"(?:\"[^\"]{0,1000}\"\s{0,80}|'[^']{0,1000}'\s{0,80}|\([^()]{0,1000}\)\s{0,80})?\)"
)
_ADDRESS_MAY_CLOSE = re.compile(  # the same, cut anywhere
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
_SOURCE = re.compile(r"\bsrc\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([\[\]!`<>()\\*_])")
_ELLIPSIS = re.compile(r" ?(?:\[?\.{2,3}|…|&hellip;)")
_ELLIPSIS_CUT = re.compile(r" ?\[\.?| ?\.| |&[a-z]{0,6}")
_MAX_OPEN = 30
_CLOSING_CHARS = 4_000

_Kind: TypeAlias = Literal["bare", "angle", "address", "tag", "definition"]


@dataclass(slots=True)
class _Opener:
    """A bracket or tag that is open."""

    start: int
    picture: bool
    """``![``, not ``[``; of a tag: ``<img``."""


@dataclass(slots=True)
class _Outer:
    """A code fence or backticks, as long as nothing but a picture stands after them."""

    start: int
    inner: int
    """Where the first thing inside begins."""
    mark: str


@dataclass(slots=True)
class _Open:
    """A data URL that is being read."""

    kind: _Kind
    words: str
    """What stood before its digits and belongs to it."""
    digits: Base64Digits | SvgText
    label: str = ""
    outer: str = ""
    """The words and the mark of a fence around it."""
    mark: str = ""
    ended: bool = False


@dataclass(slots=True)
class _Seen:
    """Where the scan of words stands, in positions of the buffer."""

    at: int = 0
    brackets: list[_Opener] = field(default_factory=list)
    tag: _Opener | None = None
    quote: str = ""
    outer: _Outer | None = None
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


class PictureScanner:
    """Splits streamed text into words and pictures."""

    def __init__(self, follows: Callable[[str], bool] | None = None) -> None:
        """Read text.

        Args:
            follows: whether a web address that a picture is shown by may be opened; such a one
                comes as ``InlineLink``, all others stay words.
        """
        self._follows = follows
        self._text = ""
        self._seen = _Seen()
        self._open: _Open | None = None
        self._references = _References()
        self._final = False
        self._before = ""
        """The last character that was passed on."""
        self._blank = True
        """Whether the line at hand was blank as far as it was passed on."""

    @property
    def holds(self) -> bool:
        """Whether something is held back."""
        return bool(self._text) or self._open is not None or self._references.holds

    def feed(self, text: str) -> list[Piece]:
        """What the next piece of text completes."""
        self._text += text
        found: list[_Found] = []
        while self._step(found):
            pass
        if len(found) == 1 and not self._references.holds:
            words = found[0]
            if isinstance(words, str):
                return [words]
        return self._references.through(_joined(found))

    def flush(self) -> list[Piece]:
        """What is left at the end of the text."""
        self._final = True
        found: list[_Found] = []
        while self._step(found):
            pass
        if self._text:
            found.append(self._text)
        self._text, self._seen, self._final = "", _Seen(), False
        return self._references.through(_joined(found)) + self._references.flush()

    def _step(self, found: list[_Found]) -> bool:
        """Go on as far as what has come allows; whether there may be more to do."""
        if self._open is None:
            return self._words(found)
        if not self._open.ended:
            used = self._open.digits.take(self._text, final=self._final)
            self._text = self._text[used:]
            if not self._open.digits.ended:
                return False
            self._open.ended = True
        return self._closing(found)

    # Words.

    def _words(self, found: list[_Found]) -> bool:
        """Scan words; true where a data URL has opened."""
        waits: int | None = None
        while waits is None:
            seen, text = self._seen, self._text
            token = _TOKEN.search(text, seen.at)
            cut = None if self._final else _CUT.search(text, max(seen.at, len(text) - _CUT_CHARS))
            if token is None or (cut is not None and cut.start() <= token.start()):
                seen.at = waits = len(text) if cut is None else cut.start()
                break
            opened = self._token(token, found)
            if opened is True:
                return True
            if opened is False:
                waits = token.start()
        self._pass_on(waits, found)
        return False

    def _token(self, token: re.Match[str], found: list[_Found]) -> bool | None:
        """Take one token; true: a data URL opens; false: it cannot be told yet; ``None``: go on."""
        seen, at = self._seen, token.start()
        match token.lastgroup:
            case "open":
                seen.brackets = seen.brackets[-_MAX_OPEN:]
                seen.brackets.append(_Opener(at, token[0] == "!["))
            case "close" if seen.brackets:
                return self._label(at, found)
            case "tag":
                seen.tag, seen.quote = _Opener(at, token[0].lower().startswith("<im")), ""
            case "quote" if seen.tag is not None:
                seen.quote = "" if seen.quote == token[0] else seen.quote or token[0]
            case "tag_end" if seen.tag is not None and not seen.quote:
                return self._tag_end(token, found)
            case "fence":
                return self._fence(token)
            case "line":
                blank = token[0].count("\n") > 1
                seen.brackets = [b for b in seen.brackets if b.picture and not blank]
                seen.line = token.end()
            case "data":
                return self._data(at, found)
            case "raw":
                return self._raw(at, found)
        seen.at = token.end()
        return None

    def _label(self, at: int, found: list[_Found]) -> bool | None:
        """A bracket closes: before an address, a definition, a reference, or nothing of these."""
        seen, text = self._seen, self._text
        opener = seen.brackets[-1]
        if at + 1 == len(text) and not self._final:
            return False
        label = text[opener.start + 1 + opener.picture : at]
        told: bool | None = None
        if address := _OPENS_ADDRESS.match(text, at):
            told = self._head(address.end(), opener.start, "address", found, label)
            if told is None and opener.picture and self._follows is not None:
                told = self._address(address.end(), opener, label, found)
        elif (line := _OPENS_DEFINITION.match(text, at)) and self._begins_line(opener.start):
            told = self._head(line.end(), opener.start, "definition", found, label)
        elif opener.picture and (reference := _OPENS_REFERENCE.match(text, at)):
            told = self._reference(reference, opener, label, found)
        if told is None and self._seen.brackets and self._seen.brackets[-1] is opener:
            seen.brackets.pop()
            seen.at = at + 1
        return told

    def _begins_line(self, at: int) -> bool:
        line = self._seen.line
        return not self._text[max(0, line) : at].strip() and (line >= 0 or self._blank)

    def _reference(
        self, reference: re.Match[str], opener: _Opener, alt: str, found: list[_Found]
    ) -> bool | None:
        if not reference["end"]:
            return None if self._final or reference.end() < len(self._text) else False
        label = reference["label"] or alt
        words = self._text[opener.start : reference.end()]
        self._cut_out(opener.start, reference.end(), found)
        found.append(_Reference(_name(label), _plain(alt), words))
        return None

    def _address(self, at: int, opener: _Opener, alt: str, found: list[_Found]) -> bool | None:
        """A picture by a web address, where it may be opened."""
        address = _ADDRESS.match(self._text, at)
        if address is None:
            return False if len(self._text) - at < 8 and not self._final else None
        if address["rest"] is None:
            cut = len(self._text) - at < MAX_ADDRESS_CHARS and ")" not in self._text[at:]
            return False if cut and not self._final else None
        if self._follows is None or not self._follows(address["address"]):
            return None
        words = self._text[opener.start : address.end()]
        self._cut_out(opener.start, address.end(), found)
        found.append(InlineLink(address["address"], _plain(alt), words))
        return None

    def _tag_end(self, token: re.Match[str], found: list[_Found]) -> bool | None:
        seen = self._seen
        tag, seen.tag, seen.at = seen.tag, None, token.end()
        if tag is None or not tag.picture or self._follows is None:
            return None
        words = self._text[tag.start : token.end()]
        source = _SOURCE.search(words)
        address = html.unescape(_first(source)) if source else ""
        if address and self._follows(address):
            self._cut_out(tag.start, token.end(), found)
            found.append(InlineLink(address, _alt_of(words), words))
        return None

    def _fence(self, token: re.Match[str]) -> bool | None:
        seen, text = self._seen, self._text
        inner = token.end()
        if len(token[0]) >= 3:
            line = _FENCE_LINE.match(text, token.start())
            if line is None or not line["end"]:
                whole = line is None or line.end() < len(text) or self._final
                seen.at = inner
                return None if whole else self._again(token)
            inner = line.end()
        while inner < len(text) and text[inner].isspace():
            inner += 1
        seen.outer = _Outer(token.start(), inner, token[0])
        if inner == len(text) and not self._final and inner - token.end() < MAX_LABEL_CHARS:
            return self._again(token)
        seen.at = max(token.end(), inner)
        seen.line = seen.at
        return None

    def _again(self, token: re.Match[str]) -> bool:
        """Look at a token once more when more has come."""
        self._seen.at = token.start()
        return False

    def _data(self, at: int, found: list[_Found]) -> bool | None:
        seen = self._seen
        if seen.tag is not None:
            return self._head(at, seen.tag.start, "tag", found)
        angle = at > 0 and self._text[at - 1] == "<"
        told = self._head(at, at - angle, "angle" if angle else "bare", found)
        if told is None:
            seen.at = at + 5
        return told

    def _raw(self, at: int, found: list[_Found]) -> bool | None:
        """Base64 that begins like a picture, and is long enough to be one."""
        if at == 0 and self._before and _DIGIT.match(self._before):
            self._seen.at = 1
            return None
        tag = self._seen.tag
        self._begin(
            at, at if tag is None else tag.start, "bare", found, Base64Digits("", bare=True)
        )
        return True

    def _head(
        self, at: int, start: int, kind: _Kind, found: list[_Found], label: str = ""
    ) -> bool | None:
        """Open a data URL whose head is here; true, false and ``None`` as for a token."""
        text = self._text
        head = _HEAD.match(text, at)
        if head is None:
            if kind in {"address", "definition"} and text.startswith(
                ("iVBORw0KGgo", "/9j/4", "R0lGOD", "UklGR"), at
            ):
                self._begin(at, start, kind, found, Base64Digits("", bare=True), label)
                return True
            short = len(text) - at < MAX_HEAD_CHARS and not self._final
            begun = _HEAD_CUT.match(text, at) or (
                kind in {"address", "definition"} and _CUT.fullmatch(text, at)
            )
            opening = kind in {"address", "definition"} and at == len(text)
            if short and (begun or opening):
                return False
            if kind == "tag":
                self._seen.at = at + 5
            return None
        digits = _digits_of(head, text)
        if digits is None:
            rest = text[head.end() :].lstrip()
            if not self._final and len(rest) < _SVG_BEGINS_CHARS and rest[:1] in {"", "<", "%"}:
                return False
            if kind == "tag":
                self._seen.at = at + 5
            return None
        self._begin(head.end(), start, kind, found, digits, label)
        return True

    def _begin(
        self,
        at: int,
        start: int,
        kind: _Kind,
        found: list[_Found],
        digits: Base64Digits | SvgText,
        label: str = "",
    ) -> None:
        """Pass on the words before a data URL, and read its digits from here."""
        outer = self._seen.outer
        around = mark = ""
        words = self._text[start:at]
        if outer is not None and outer.inner == start:
            around, mark = self._text[outer.start : start], outer.mark
            start = outer.start
        if start:
            found.append(self._text[:start])
        self._open = _Open(kind, words, digits, label, around, mark)
        self._text, self._seen = self._text[at:], _Seen(line=-1)
        self._before, self._blank = "", False

    def _cut_out(self, start: int, end: int, found: list[_Found]) -> None:
        """Pass on the words before something, and go on after it."""
        if start:
            found.append(self._text[:start])
        self._text, self._seen = self._text[end:], _Seen(line=-1)
        self._before, self._blank = "", False

    def _pass_on(self, waits: int, found: list[_Found]) -> None:
        """Pass on words up to the first thing that may still become part of a picture."""
        seen, text = self._seen, self._text
        keep = min(waits - text.startswith("<", waits - 1), self._first_open())
        if seen.outer is not None:
            if seen.outer.inner in {keep, len(text)}:
                keep = min(keep, seen.outer.start)
            elif seen.outer.start < keep:
                seen.outer = None
        if keep <= 0:
            return
        found.append(text[:keep])
        self._before = text[keep - 1]
        if seen.line < keep:
            self._blank = self._begins_line(keep)
        self._text = text[keep:]
        seen.move(-keep)

    def _first_open(self) -> int:
        """Where the first bracket or tag opens that may still belong to a picture."""
        seen, end = self._seen, len(self._text)
        if not seen.brackets and seen.tag is None:
            return end
        seen.brackets = [
            bracket
            for bracket in seen.brackets
            if end - bracket.start <= (MAX_ALT_CHARS if bracket.picture else MAX_LABEL_CHARS)
        ]
        if seen.tag is not None and end - seen.tag.start > MAX_TAG_CHARS:
            seen.tag = None
        opened = [*seen.brackets[:1], *([seen.tag] if seen.tag is not None else [])]
        return min((opener.start for opener in opened), default=end)

    # After the digits.

    def _closing(self, found: list[_Found]) -> bool:
        """Take what closes a data URL; false where it has not come yet."""
        opened, text = self._open, self._text
        assert opened is not None
        end = self._closed_at(opened, text)
        if end is None:
            return False
        fenced = False
        if opened.mark:
            inner = len(text) - len(text[end:].lstrip())
            fenced = text.startswith(opened.mark, inner) or (self._final and inner == len(text))
            begun = inner - end < MAX_LABEL_CHARS and opened.mark.startswith(text[inner:])
            if not fenced and begun and not self._final:
                return False
            end = inner + len(opened.mark) if fenced else end
        self._close(found, text[:end], fenced=fenced)
        self._text = self._text[end:]
        return True

    def _closed_at(self, opened: _Open, text: str) -> int | None:
        """Where the closer of a data URL ends; ``None`` where it has not come yet."""
        if opened.kind in {"bare", "angle"}:
            if not self._final and (not text or _ELLIPSIS_CUT.fullmatch(text)):
                return None  # if one follows, it was an example
            return int(opened.kind == "angle" and text.startswith(">"))
        closing = _closing_of(opened, text)
        if closing is not None:
            return closing.end()
        waits = not self._final and len(text) < _CLOSING_CHARS and self._may_close(text)
        return None if waits else 0

    def _may_close(self, text: str) -> bool:
        assert self._open is not None
        match self._open.kind:
            case "address":
                return _ADDRESS_MAY_CLOSE.match(text) is not None
            case "definition":
                return "\n" not in text
        return "<" not in text

    def _close(self, found: list[_Found], closer: str, *, fenced: bool) -> None:
        """The picture that was read, or the words that it turned out to be."""
        opened, self._open = self._open, None
        assert opened is not None
        cut = self._final and not self._text
        example = bool(_ELLIPSIS.match(self._text))
        result = opened.digits.result(whole=bool(closer) or not cut, example=example)
        if result == "":
            found.append(opened.outer + opened.words + (opened.digits.kept or "") + closer)
            return
        if not fenced:
            found.append(opened.outer)
        if isinstance(result, str):
            found.append(result)
            return
        if opened.kind == "definition":
            found.append(_Defined(_name(opened.label), InlinePicture(result)))
        elif opened.kind == "tag":
            found.append(InlinePicture(result, _alt_of(opened.words + closer)))
        else:
            found.append(InlinePicture(result, _plain(opened.label)))


@lru_cache(maxsize=16)
def without_pictures(text: str) -> str:
    """The words of a text, a remark for each picture in it; the text itself where there is none."""
    if _MAY_HOLD.search(text) is None:
        return text
    scanner = PictureScanner()
    pieces = scanner.feed(text) + scanner.flush()
    words = "".join(piece if isinstance(piece, str) else STOOD_HERE for piece in pieces)
    return text if words == text else words


def _digits_of(head: re.Match[str], text: str) -> Base64Digits | SvgText | None:
    """What reads the rest of a data URL with this head; ``None``: it is none of ours."""
    mime = head["mime"].lower().replace("\\", "").replace("%2f", "/")
    encoded = "base64" in head["parameters"].lower()
    if head["space"] and not (encoded and "/" in mime):
        return None
    if encoded:
        return Base64Digits(mime)
    if "svg" in mime and _SVG_BEGINS.match(text, head.end()):
        return SvgText()
    return None


class _References:
    """Puts pictures that are defined further below where they are referred to."""

    def __init__(self) -> None:
        self._held: list[_Found] = []

    @property
    def holds(self) -> bool:
        return bool(self._held)

    def through(self, found: list[_Found]) -> list[Piece]:
        """What can be passed on."""
        pieces: list[Piece] = []
        for item in found:
            if isinstance(item, _Defined):
                self._define(item, pieces)
            elif isinstance(item, _Reference) or self._held:
                self._held.append(item)
            else:
                pieces.append(item)
            if self._held and self._in_vain():
                pieces += self.flush()
        return pieces

    def flush(self) -> list[Piece]:
        """Everything that is held, references as the words they are."""
        held, self._held = self._held, []
        return [_as_piece(item) for item in held]

    def _define(self, defined: _Defined, pieces: list[Piece]) -> None:
        named = [
            at
            for at, item in enumerate(self._held)
            if isinstance(item, _Reference) and item.label == defined.label
        ]
        if not named:
            (self._held or pieces).append(defined.picture)
        for at in named:
            reference = self._held[at]
            assert isinstance(reference, _Reference)
            self._held[at] = replace(defined.picture, alt=reference.alt)
        if not any(isinstance(item, _Reference) for item in self._held):
            pieces += self.flush()

    def _in_vain(self) -> bool:
        """Whether too much has come since, or a definition that is no picture."""
        words = [item for item in self._held if isinstance(item, str)]
        pictures = len(self._held) - len(words)
        if sum(map(len, words)) > MAX_HELD_CHARS or pictures > MAX_HELD_PICTURES:
            return True
        labels = [item.label for item in self._held if isinstance(item, _Reference)]
        last = words[-1].casefold() if words else ""
        return any(f"[{label}]:" in last for label in labels)


def _as_piece(item: _Found) -> Piece:
    if isinstance(item, _Reference):
        return item.words
    return item.picture if isinstance(item, _Defined) else item


def _joined(found: list[_Found]) -> list[_Found]:
    """Neighbouring words as one piece, empty ones left out."""
    joined: list[_Found] = []
    for item in found:
        if item == "":
            continue
        if isinstance(item, str) and joined and isinstance(joined[-1], str):
            joined[-1] += item
        else:
            joined.append(item)
    return joined


def _name(label: str) -> str:
    return " ".join(label.split()).casefold()


def _plain(label: str) -> str:
    """A label as the words it says."""
    return " ".join(_ESCAPED.sub(r"\1", label).split())


def _alt_of(tag: str) -> str:
    found = _ALT.search(tag)
    return " ".join(html.unescape(_first(found)).split()) if found else ""


def _closing_of(opened: _Open, text: str) -> re.Match[str] | None:
    """What closes a data URL, if it stands at the beginning of a text."""
    if opened.kind == "address":
        return _CLOSES_ADDRESS.match(text)
    if opened.kind == "definition":
        return _CLOSES_DEFINITION.match(text)
    match _quote_of(opened.words):
        case '"':
            return _CLOSES_DOUBLE.match(text)
        case "'":
            return _CLOSES_SINGLE.match(text)
    return _CLOSES_TAG.match(text)


def _quote_of(tag: str) -> str:
    """The quote that the last attribute of an open tag stands in."""
    quote = _QUOTE.search(tag)
    return quote[1] if quote else ""


def _first(found: re.Match[str]) -> str:
    return next((group for group in found.groups() if group), "")
