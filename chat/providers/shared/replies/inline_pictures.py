"""Pictures that stand in words: data URLs in any spelling, found while the words stream.

    ![alt](data:image/png;base64,...)   with any alt, a title, angle brackets; also as a link
    ![alt][1] ... [1]: data:...         the picture stands where it is referred to; a link alike
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
from collections.abc import Callable, Iterator

from chat.providers.shared.replies import inline_syntax as syntax
from chat.providers.shared.replies.inline_digits import Base64Digits, SvgText
from chat.providers.shared.replies.inline_pieces import (
    Defined,
    Found,
    InlineLink,
    InlinePicture,
    Piece,
    Reference,
    References,
    joined,
    whole,
)
from chat.providers.shared.replies.inline_place import Opener, OpenPicture, Outer, Seen

MAX_ALT_CHARS = 16_000
"""Of the description of a picture; where it is longer, it is passed on as words."""
MAX_LABEL_CHARS = 300
"""Of a link's words, or of a reference."""
MAX_TAG_CHARS = 4_000
MAX_HEAD_CHARS = 300
MAX_ADDRESS_CHARS = 2_000
MAX_PIECE_CHARS = 50_000
"""Of text that is looked through in one go, in which no other thread gets a turn."""

_MAX_OPEN = 30
_CLOSING_CHARS = 4_000


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
        self._seen = Seen()
        self._open: OpenPicture | None = None
        self._references = References()
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
        if len(text) > MAX_PIECE_CHARS:
            return whole(self._in_pieces(text))
        if text and not self.holds and self._is_plain(text):
            seen = self._seen
            self._before = text[-1]
            self._blank = text.isspace() and (seen.line >= 0 or self._blank)
            seen.line -= len(text)
            return [text]
        self._text += text
        found: list[Found] = []
        while self._step(found):
            pass
        if len(found) == 1 and not self._references.holds:
            words = found[0]
            if isinstance(words, str):
                return [words]
        return self._references.through(joined(found))

    def _in_pieces(self, text: str) -> Iterator[Piece]:
        for at in range(0, len(text), MAX_PIECE_CHARS):
            yield from self.feed(text[at : at + MAX_PIECE_CHARS])

    def flush(self) -> list[Piece]:
        """What is left at the end of the text."""
        if not self.holds:
            self._seen = Seen()
            return []
        self._final = True
        found: list[Found] = []
        while self._step(found):
            pass
        if self._text:
            found.append(self._text)
        self._text, self._seen, self._final = "", Seen(), False
        return self._references.through(joined(found)) + self._references.flush()

    def _is_plain(self, text: str) -> bool:
        """Whether there is nothing in a text that a picture could begin with, as in most."""
        return (
            self._seen.tag is None
            and not self._seen.brackets
            and self._seen.outer is None
            and syntax.TOKEN.search(text) is None
            and syntax.CUT.search(text, max(0, len(text) - syntax.CUT_CHARS)) is None
        )

    def _step(self, found: list[Found]) -> bool:
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

    def _words(self, found: list[Found]) -> bool:
        """Scan words; true where a data URL has opened."""
        waits: int | None = None
        left = self._cut_chars(syntax.CUT_CHARS)
        while waits is None:
            seen, text = self._seen, self._text
            token = (syntax.TOKEN if seen.tag is None else syntax.TOKEN_IN_TAG).search(
                text, seen.at
            )
            if len(text) - left < seen.at:
                left = self._cut_chars(left)
            if token is None or (left and len(text) - left <= token.start()):
                seen.at = waits = len(text) - left
                break
            opened = self._token(token, found)
            if opened is True:
                return True
            if opened is False:
                waits = token.start()
        self._pass_on(waits, found)
        return False

    def _cut_chars(self, most: int) -> int:
        """How many characters at the end may be the beginning of a token; 0 for none."""
        if self._final:
            return 0
        text = self._text
        cut = syntax.CUT.search(text, max(self._seen.at, len(text) - most))
        return 0 if cut is None else len(text) - cut.start()

    def _token(self, token: re.Match[str], found: list[Found]) -> bool | None:
        """Take one token; true: a data URL opens; false: it cannot be told yet; ``None``: go on."""
        seen, at = self._seen, token.start()
        match token.lastgroup:
            case "open":
                del seen.brackets[:-_MAX_OPEN]
                seen.brackets.append(Opener(at, token[0] == "!["))
            case "close" if seen.brackets:
                return self._label(at, found)
            case "tag":
                seen.tag, seen.quote = Opener(at, token[0].lower().startswith("<im")), ""
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

    def _label(self, at: int, found: list[Found]) -> bool | None:
        """A bracket closes: before an address, a definition, a reference, or nothing of these."""
        seen, text = self._seen, self._text
        opener = seen.brackets[-1]
        if at + 1 == len(text) and not self._final:
            return False
        label = text[opener.start + 1 + opener.picture : at]
        told: bool | None = None
        if address := syntax.OPENS_ADDRESS.match(text, at):
            told = self._head(address.end(), opener.start, "address", found, label)
            if told is None and opener.picture and self._follows is not None:
                told = self._address(address.end(), opener, label, found)
        elif (line := syntax.OPENS_DEFINITION.match(text, at)) and self._begins_line(opener.start):
            told = self._head(line.end(), opener.start, "definition", found, label)
        elif (reference := syntax.OPENS_REFERENCE.match(text, at)) and not self._is_index(opener):
            told = self._reference(reference, opener, label, found)
        elif opener.picture and label.strip() and not label.strip().isdecimal():
            told = self._reference_alone(opener, at, label, found)
        if told is None and self._seen.brackets and self._seen.brackets[-1] is opener:
            seen.brackets.pop()
            seen.at = at + 1
        return told

    def _reference_alone(
        self, opener: Opener, at: int, label: str, found: list[Found]
    ) -> bool | None:
        """``![fox]``, whose picture may be defined further below by these words."""
        words = self._text[opener.start : at + 1]
        self._cut_out(opener.start, at + 1, found)
        found.append(Reference(syntax.label_name(label), syntax.plain(label), words, link=True))
        return None

    def _is_index(self, opener: Opener) -> bool:
        """Whether a bracket stands behind a name, and is an index of a program's list."""
        at = opener.start
        before = self._text[at - 1] if at else self._before
        return not opener.picture and (before.isalnum() or before in {"_", ")", "]"})

    def _begins_line(self, at: int) -> bool:
        line = self._seen.line
        return not self._text[max(0, line) : at].strip() and (line >= 0 or self._blank)

    def _reference(
        self, reference: re.Match[str], opener: Opener, alt: str, found: list[Found]
    ) -> bool | None:
        if not reference["end"]:
            return None if self._final or reference.end() < len(self._text) else False
        label = reference["label"] or alt
        if not label.strip():
            return None
        words = self._text[opener.start : reference.end()]
        self._cut_out(opener.start, reference.end(), found)
        found.append(
            Reference(syntax.label_name(label), syntax.plain(alt), words, not opener.picture)
        )
        return None

    def _address(self, at: int, opener: Opener, alt: str, found: list[Found]) -> bool | None:
        """A picture by a web address, where it may be opened."""
        address = syntax.ADDRESS.match(self._text, at)
        if address is None:
            return False if len(self._text) - at < 8 and not self._final else None
        if address["rest"] is None:
            cut = len(self._text) - at < MAX_ADDRESS_CHARS and ")" not in self._text[at:]
            return False if cut and not self._final else None
        if self._follows is None or not self._follows(address["address"]):
            return None
        words = self._text[opener.start : address.end()]
        self._cut_out(opener.start, address.end(), found)
        found.append(InlineLink(address["address"], syntax.plain(alt), words))
        return None

    def _tag_end(self, token: re.Match[str], found: list[Found]) -> bool | None:
        seen = self._seen
        tag, seen.tag, seen.at = seen.tag, None, token.end()
        if tag is None or not tag.picture or self._follows is None:
            return None
        words = self._text[tag.start : token.end()]
        source = syntax.SOURCE.search(words)
        address = html.unescape(syntax.first(source)) if source else ""
        if address and self._follows(address):
            self._cut_out(tag.start, token.end(), found)
            found.append(InlineLink(address, syntax.alt_of(words), words))
        return None

    def _fence(self, token: re.Match[str]) -> bool | None:
        seen, text = self._seen, self._text
        inner = token.end()
        if len(token[0]) >= 3:
            line = syntax.FENCE_LINE.match(text, token.start())
            if line is None or not line["end"]:
                whole = line is None or line.end() < len(text) or self._final
                seen.at = inner
                return None if whole else self._again(token)
            inner = line.end()
        while inner < len(text) and text[inner].isspace():
            inner += 1
        seen.outer = Outer(token.start(), inner, token[0])
        if inner == len(text) and not self._final and inner - token.end() < MAX_LABEL_CHARS:
            return self._again(token)
        seen.at = max(token.end(), inner)
        seen.line = seen.at
        return None

    def _again(self, token: re.Match[str]) -> bool:
        """Look at a token once more when more has come."""
        self._seen.at = token.start()
        return False

    def _data(self, at: int, found: list[Found]) -> bool | None:
        seen = self._seen
        if seen.tag is not None:
            return self._head(at, seen.tag.start, "tag", found)
        angle = at > 0 and self._text[at - 1] == "<"
        told = self._head(at, at - angle, "angle" if angle else "bare", found)
        if told is None:
            seen.at = at + 5
        return told

    def _raw(self, at: int, found: list[Found]) -> bool | None:
        """Base64 that begins like a picture, and is long enough to be one."""
        if at == 0 and self._before and syntax.DIGIT.match(self._before):
            self._seen.at = 1
            return None
        tag = self._seen.tag
        self._begin(
            at, at if tag is None else tag.start, "bare", found, Base64Digits("", bare=True)
        )
        return True

    def _head(
        self, at: int, start: int, kind: syntax.Kind, found: list[Found], label: str = ""
    ) -> bool | None:
        """Open a data URL whose head is here; true, false and ``None`` as for a token."""
        text = self._text
        head = syntax.HEAD.match(text, at)
        if head is None:
            if kind in {"address", "definition"} and syntax.RAW.match(text, at):
                self._begin(
                    at, start, kind, found, Base64Digits("", bare=True, bounded=True), label
                )
                return True
            short = len(text) - at < MAX_HEAD_CHARS and not self._final
            begun = syntax.HEAD_CUT.match(text, at) or (
                kind in {"address", "definition"} and syntax.CUT.fullmatch(text, at)
            )
            opening = kind in {"address", "definition"} and at == len(text)
            if short and (begun or opening):
                return False
            if kind == "tag":
                self._seen.at = at + 5
            return None
        digits = _digits_of(head, text, bounded=kind in {"address", "tag"})
        if digits is None:
            rest = text[head.end() :].lstrip()
            if (
                not self._final
                and len(rest) < syntax.SVG_BEGINS_CHARS
                and rest[:1] in {"", "<", "%"}
            ):
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
        kind: syntax.Kind,
        found: list[Found],
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
        self._open = OpenPicture(kind, words, digits, label, around, mark)
        self._text, self._seen = self._text[at:], Seen(line=-1)
        self._before, self._blank = "", False

    def _cut_out(self, start: int, end: int, found: list[Found]) -> None:
        """Pass on the words before something, and go on after it."""
        if start:
            found.append(self._text[:start])
        self._text, self._seen = self._text[end:], Seen(line=-1)
        self._before, self._blank = "", False

    def _pass_on(self, waits: int, found: list[Found]) -> None:
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

    def _closing(self, found: list[Found]) -> bool:
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

    def _closed_at(self, opened: OpenPicture, text: str) -> int | None:
        """Where the closer of a data URL ends; ``None`` where it has not come yet."""
        if opened.kind in {"bare", "angle"}:
            if not self._final and (not text or syntax.ELLIPSIS_CUT.fullmatch(text)):
                return None  # if one follows, it was an example
            return int(opened.kind == "angle" and text.startswith(">"))
        closing = syntax.closing_of(opened.kind, opened.words, text)
        if closing is not None:
            return closing.end()
        waits = not self._final and len(text) < _CLOSING_CHARS and self._may_close(text)
        return None if waits else 0

    def _may_close(self, text: str) -> bool:
        assert self._open is not None
        match self._open.kind:
            case "address":
                return syntax.ADDRESS_MAY_CLOSE.match(text) is not None
            case "definition":
                return "\n" not in text
        return "<" not in text

    def _close(self, found: list[Found], closer: str, *, fenced: bool) -> None:
        """The picture that was read, or the words that it turned out to be."""
        opened, self._open = self._open, None
        assert opened is not None
        cut = self._final and not self._text
        example = bool(syntax.ELLIPSIS.match(self._text))
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
            found.append(Defined(syntax.label_name(opened.label), InlinePicture(result)))
        elif opened.kind == "tag":
            found.append(InlinePicture(result, syntax.alt_of(opened.words + closer)))
        else:
            found.append(InlinePicture(result, syntax.plain(opened.label)))


def _digits_of(head: re.Match[str], text: str, *, bounded: bool) -> Base64Digits | SvgText | None:
    """What reads the rest of a data URL with this head; ``None``: it is none of ours."""
    mime = syntax.stated_type(head)
    encoded = "base64" in head["parameters"].lower()
    if head["space"] and not (encoded and "/" in mime):
        return None
    if encoded:
        return Base64Digits(mime, bounded=bounded)
    if "svg" in mime and syntax.SVG_BEGINS.match(text, head.end()):
        return SvgText()
    return None
