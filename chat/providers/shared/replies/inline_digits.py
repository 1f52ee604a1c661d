"""What stands behind the head of a data URL in words: base64, or an SVG as text.

Each reader is given text as it streams, takes what belongs to it, and says where it ended.
"""

import base64
import html
import re
from urllib.parse import unquote_to_bytes

from chat.providers.shared.replies.decoded import MAX_PICTURE_BYTES, is_picture

UNREADABLE = "\n\n[A picture came that could not be read.]\n\n"
TOO_LARGE = "\n\n[A picture came that is larger than Easel takes.]\n\n"
NO_PICTURE = "\n\n[A file came as text, which Easel does not show: {kind}, {size}.]\n\n"

MAX_WORDS_CHARS = 2_000
"""Of base64 that is no picture: as much of it may stand as the words it is."""
MAX_SVG_CHARS = 8_000_000

_EXAMPLE_BYTES = 200
"""Digits with an ellipsis after them are an example, if they are no more than this."""
_LEAST_CHARS = 32
_LEAST_BARE_BYTES = 100
_CUT_BYTES = 1_000
"""Of a picture that broke off so early there is nothing to see."""
_HEAD_BYTES = 16
"""Before so much has come, it cannot be told what a picture is."""
_LONG_LINE = 40
_LONG_RUN = 200
_SHORT_LINE = 16

_RUN = re.compile(r"[A-Za-z0-9+/_-]+")
_ESCAPE = re.compile(
    r"%[0-9a-f]{2}|\\(?:u00[0-9a-f]{2}|[/nrt+=_-])|&(?:#\d{2}|#x[0-9a-f]{2}|plus|sol|equals);",
    re.IGNORECASE,
)
_ESCAPE_CUT = re.compile(
    r"(?:%[0-9a-f]?|\\(?:u0{0,2}[0-9a-f]?)?|&(?:#?x?[0-9a-f]{0,2}|[a-z]{1,6}))\Z", re.IGNORECASE
)
_UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]{1,80}")
"""What programs put where a line may be broken, and nobody sees."""
_WRAP = re.compile(r"[ \t]{0,80}(?:<br ?/?>|\\?[\r\n])[ \t\r\n>]{0,80}", re.IGNORECASE)
"""The end of a line, blank ones after it, and the signs of a quotation before the next."""
_WRAP_CUT = re.compile(r"[ \t]{0,80}(?:<(?:br? ?/?)?)?\Z", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\xa0]{1,80}")
_NEXT_LINE = re.compile(r"[A-Za-z0-9+/_%\\-]{1,200}={0,2}")
_AFTER_LINE = frozenset("\r\n)>\"'`]}")
_AFTER_RUN = _AFTER_LINE | frozenset(" \t\xa0&<")
_TO_STANDARD = bytes.maketrans(b"-_", b"+/")


class Base64Digits:
    """Base64, decoded while it comes: only the bytes are held."""

    def __init__(self, mime: str, *, bare: bool = False, bounded: bool = False) -> None:
        """Read digits.

        Args:
            mime: the type that their head states.
            bare: there was no head.
            bounded: a bracket or a quote closes them, and spaces among them are no end.
        """
        self._mime = mime
        self._bare = bare
        self._bounded = bounded
        self._data = bytearray()
        self._rest = b""
        """Fewer than four digits."""
        self._padded = False
        self._size_bytes = 0
        self.ended = False
        self.kept: str | None = ""
        """What was taken, as long as it is short."""

    def take(self, text: str, *, final: bool) -> int:
        """How many characters of the text belong to it; ``final``: no more will come."""
        used = 0
        while not self.ended:
            before = used
            used = self._more(text, used, final=final)
            self._keep(text[before:used])
            if used == before and not self.ended:
                break
        return used

    def result(self, *, whole: bool, example: bool) -> bytes | str:
        """The picture, or a remark; an empty one where it is to stay the words it is.

        Args:
            whole: false where the text ended inside it.
            example: an ellipsis stands behind it.
        """
        self._data += _decoded(self._rest)
        data, short = bytes(self._data), self.kept is not None
        self._data, self._rest = bytearray(), b""
        if self._size_bytes > MAX_PICTURE_BYTES:
            return TOO_LARGE
        ends = _ends(data[:_HEAD_BYTES], data[-_HEAD_BYTES:], len(data))
        if example and not ends and short and len(data) < _EXAMPLE_BYTES:
            return ""
        if self._bare and not ends and len(data) < _LEAST_BARE_BYTES:
            return ""
        if is_picture(data):
            broken = not (whole or ends or self._bare) and len(data) < _CUT_BYTES
            return UNREADABLE if broken else data
        if self.kept is not None and len(self.kept) < _LEAST_CHARS and whole:
            return ""
        if self._mime.startswith("image/"):
            return data or UNREADABLE  # who stores it says what it is instead
        if short:
            return ""
        size = f"{-(-self._size_bytes // 1000):,} kB"
        return NO_PICTURE.format(kind=self._mime[:60] or "base64", size=size)

    def _more(self, text: str, used: int, *, final: bool) -> int:
        if run := None if self._padded else _RUN.match(text, used):
            self._add(run[0].encode("ascii"))
            return run.end()
        if used == len(text):
            self.ended = final
            return used
        if text[used].isspace() and not (self._size_bytes or self._rest):
            return used + 1
        if text[used] == "=":
            self._padded = True
            return used + 1
        if unseen := _UNSEEN.match(text, used):
            return unseen.end()
        if escape := _ESCAPE.match(text, used):
            return self._escape(escape)
        if _ESCAPE_CUT.match(text, used) and not final:
            return used
        return self._line(text, used, final=final)

    def _escape(self, escape: re.Match[str]) -> int:
        if escape[0] in {"\\n", "\\r", "\\t"}:
            if self._padded or self._ends():
                self.ended = True
                return escape.start()
            return escape.end()
        plain = _unescaped(escape[0])
        if plain == "=":
            self._padded = True
        elif _RUN.fullmatch(plain) and not self._padded:
            self._add(plain.encode("ascii"))
        elif plain.strip():
            self.ended = True
            return escape.start()
        return escape.end()

    def _line(self, text: str, used: int, *, final: bool) -> int:
        """At something else: the digits end here, or go on in the next line."""
        wrap = _WRAP.match(text, used)
        after = _AFTER_RUN if self._bounded else _AFTER_LINE
        if wrap is None and (spaces := _SPACES.match(text, used)):
            wrap = spaces if self._bounded else None
        if wrap is None:
            self.ended = final or not _WRAP_CUT.match(text, used)
            return used
        if self._padded:
            self.ended = True
            return used
        if wrap.end() == len(text) and not final:
            return used
        run = _NEXT_LINE.match(text, wrap.end())
        if run is None:
            self.ended = True
            return used
        ends = run.end() == len(text)
        if ends and len(run[0]) < _LONG_RUN and not final:
            return used
        size = len(run[0])
        alone = ends or text[run.end()] in after or size >= _LONG_RUN
        if not alone or not self._goes_on(run[0]):
            self.ended = True
            return used
        return wrap.end()

    def _goes_on(self, line: str) -> bool:
        """Whether a line of nothing but digits continues what came before it."""
        if len(line) >= _LONG_LINE or line.endswith("="):
            return True
        if self._bounded and self._size_bytes < _HEAD_BYTES:
            return True
        ends = self._ends()
        return not ends if ends is not None else len(line) >= _SHORT_LINE

    def _ends(self) -> bool | None:
        """Whether the bytes so far are a whole picture; ``None`` where its kind does not tell."""
        rest = _decoded(self._rest)
        tail = bytes(self._data[-_HEAD_BYTES:]) + rest
        return _ends(bytes(self._data[:_HEAD_BYTES]) or rest, tail, self._size_bytes + len(rest))

    def _add(self, digits: bytes) -> None:
        joined = self._rest + digits.translate(_TO_STANDARD)
        whole = len(joined) - len(joined) % 4
        decoded = base64.b64decode(joined[:whole])
        self._rest = joined[whole:]
        self._size_bytes += len(decoded)
        if self._size_bytes <= MAX_PICTURE_BYTES:
            self._data += decoded
        else:
            self._data.clear()

    def _keep(self, taken: str) -> None:
        if self.kept is not None:
            self.kept = (
                self.kept + taken if len(self.kept) + len(taken) <= MAX_WORDS_CHARS else None
            )


class SvgText:
    """An SVG as text, plain or percent-encoded, from its first tag to its last."""

    def __init__(self) -> None:
        """Read an SVG."""
        self._raw: list[str] = []
        self._chars = 0
        self._depth = 0
        self._scanned = ""
        """The end of what was looked at, where a tag may be cut."""
        self._whole = False
        self.ended = False

    @property
    def kept(self) -> str | None:
        """What was taken."""
        return "".join(self._raw)

    def take(self, text: str, *, final: bool) -> int:
        """How many characters of the text belong to it; ``final``: no more will come."""
        looked, before = self._scanned + text, len(self._scanned)
        at = 0
        for tag in _SVG_TAG.finditer(looked):
            at = tag.end()
            self._depth += 1 if tag["opens"] else -1
            if self._depth <= 0:
                self.ended = self._whole = True
                return self._took(text[: at - before])
        self._scanned = looked[max(at, len(looked) - _SVG_TAG_CHARS) :]
        self.ended = final or self._chars + len(text) > MAX_SVG_CHARS
        return self._took(text)

    def result(self, *, whole: bool, example: bool) -> bytes | str:
        """The drawing; empty where it never ended, and is to stay the words it is."""
        if not (self._whole and whole) or example:
            return ""
        return unquote_to_bytes("".join(self._raw))

    def _took(self, text: str) -> int:
        self._raw.append(text)
        self._chars += len(text)
        return len(text)


_SVG_TAG = re.compile(
    r"(?P<opens>(?:<|%3c)svg(?=[\s>%]))|(?:<|%3c)(?:/|%2f)svg(?:\s|%20){0,8}(?:>|%3e)",
    re.IGNORECASE,
)
_SVG_TAG_CHARS = 40


def _unescaped(escape: str) -> str:
    """The one character that an escape of an address, JSON, Markdown or HTML stands for."""
    if escape[0] == "%":
        return unquote_to_bytes(escape).decode("latin-1")
    if escape[0] == "&":
        return html.unescape(escape)
    return bytes.fromhex(escape[2:]).decode("utf-16-be") if len(escape) > 2 else escape[1]


def _decoded(rest: bytes) -> bytes:
    """What fewer than four digits say; one alone says nothing."""
    return base64.b64decode(rest + b"=" * (-len(rest) % 4)) if len(rest) > 1 else b""


def _ends(head: bytes, tail: bytes, size_bytes: int) -> bool | None:
    """Whether a picture is whole, by its first and last bytes; ``None``: its kind does not tell."""
    if head.startswith(b"\x89PNG"):
        return b"IEND\xaeB`\x82" in tail
    if head.startswith(b"\xff\xd8\xff"):
        return tail.endswith(b"\xff\xd9")
    if head.startswith(b"GIF8"):
        return tail.endswith(b";")
    if head.startswith(b"RIFF"):
        return size_bytes >= 8 + int.from_bytes(head[4:8], "little")
    return None
