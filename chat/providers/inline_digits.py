"""What stands behind the head of a data URL in words: base64, or an SVG as text.

Each reader is given text as it streams, takes what belongs to it, and says where it ended.
"""

import base64
import re
from urllib.parse import unquote_to_bytes

from chat.core.errors import MediaRejected
from chat.images.formats import sniff_made
from chat.providers.decoded import MAX_PICTURE_BYTES

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
_LONG_LINE = 40
_LONG_RUN = 200
_SHORT_LINE = 16

_RUN = re.compile(r"[A-Za-z0-9+/_-]+")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}|\\[/nrt]")
_ESCAPE_CUT = re.compile(r"(?:%[0-9A-Fa-f]?|\\)\Z")
_WRAP = re.compile(r"[ \t]*\r?\n[ \t]*")
_WRAP_CUT = re.compile(r"[ \t]*\r?\Z")
_NEXT_LINE = re.compile(r"[A-Za-z0-9+/_%\\-]{1,200}={0,2}")
_AFTER_LINE = frozenset("\r\n)>\"'`]}")
_TO_STANDARD = bytes.maketrans(b"-_", b"+/")


class Base64Digits:
    """Base64, decoded while it comes: only the bytes are held."""

    def __init__(self, mime: str, *, bare: bool = False) -> None:
        """Read digits whose head states this type; ``bare``: there was no head."""
        self._mime = mime
        self._bare = bare
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
        ends = _ends(data[:16], data[-16:], len(data))
        if example and not ends and short and len(data) < _EXAMPLE_BYTES:
            return ""
        if self._bare:
            return data if ends or len(data) >= _LEAST_BARE_BYTES else ""
        if _is_picture(data):
            broken = not whole and not ends and len(data) < _CUT_BYTES
            return UNREADABLE if broken else data
        if self.kept is not None and len(self.kept) < _LEAST_CHARS and whole:
            return ""
        if self._mime.startswith("image/"):
            return data or UNREADABLE  # who stores it says what it is instead
        if short:
            return ""
        size = f"{-(-self._size_bytes // 1000):,} kB"
        return NO_PICTURE.format(kind=self._mime[:60], size=size)

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
        plain = escape[0][1:].encode() if escape[0][0] == "\\" else unquote_to_bytes(escape[0])
        if plain == b"=":
            self._padded = True
        elif _RUN.match(plain.decode("latin-1")) and not self._padded:
            self._add(plain)
        elif plain.strip():
            self.ended = True
            return escape.start()
        return escape.end()

    def _line(self, text: str, used: int, *, final: bool) -> int:
        """At something else: the digits end here, or go on in the next line."""
        wrap = _WRAP.match(text, used)
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
        alone = ends or text[run.end()] in _AFTER_LINE or size >= _LONG_RUN
        if not alone or not self._goes_on(run[0]):
            self.ended = True
            return used
        return wrap.end()

    def _goes_on(self, line: str) -> bool:
        """Whether a line of nothing but digits continues what came before it."""
        if len(line) >= _LONG_LINE or line.endswith("="):
            return True
        ends = self._ends()
        return not ends if ends is not None else len(line) >= _SHORT_LINE

    def _ends(self) -> bool | None:
        """Whether the bytes so far are a whole picture; ``None`` where its kind does not tell."""
        rest = _decoded(self._rest)
        tail = bytes(self._data[-16:]) + rest
        return _ends(bytes(self._data[:16]) or rest, tail, self._size_bytes + len(rest))

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


def _is_picture(data: bytes) -> bool:
    try:
        sniff_made(data)
    except MediaRejected:
        return False
    return True


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
