"""Server-sent events as the standard says, from any spelling to one that both SDKs read alike.

The SDKs read the usual spelling well. Of the others one stops at a keep-alive that has an id, one
at data without a space after the colon, and neither knows where the reply ended. What is passed
on here is ``data: <data>``, an empty line, and nothing else.

Source: https://html.spec.whatwg.org/multipage/server-sent-events.html (2026-11-29), but for what
real servers send. An event that the end of the body cuts off behind its data is one. JSON that
begins a line without a field name is data, and so is a field whose name is indented, in capitals,
behind a byte order mark or written twice. A whole object or list, before one that begins another,
is an event of its own, on one line or on two. ``[DONE]``, however it is quoted, is the end, and a
keep-alive's word nothing.
"""

import codecs
import re
from collections.abc import Iterator

from chat.core.errors import BadReply

DONE = b"[DONE]"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_FIELDS = (b"data:", b"event:", b"id:", b"retry:", b":")
_FIELD = b"data:"
_WORD_BYTES = 24
_QUOTED = rb"[\"'\[<(]{0,3}(?:%s)[\"'\]>)]{0,3}[ \t]*"
_SAYS_DONE = re.compile(_QUOTED % rb"done|eof|end|close|closed", re.IGNORECASE)
_SAYS_NOTHING = re.compile(
    rb"\d+|\"\"|''|"
    + _QUOTED % rb"ping|pong|heart[-_ ]?beat|keep[-_ ]?alive|null|none|true|false|ok",
    re.IGNORECASE,
)
"""What a line of data may be alone, behind an optional colon."""
_LIST = re.compile(rb"\[\s*\{")
_LF, _CR = b"\n\r"
_BLANKS = b" \t\x1e"
"""May stand before a field; the last begins a record of JSON text sequences."""
_CLOSED = frozenset(b"}]")
_COMMA = 0x2C
_SEAM = re.compile(
    rb"""([}\]])[ \t]{0,4}(?:data:[ \t]{0,4})?
    ((?:[\[{][ \t]{0,4}){1,2}"[A-Za-z_$@]|\[DONE\][ \t]{0,4}(?=[\r\n]))""",
    re.VERBOSE,
)
"""Where one object or list ends and the next begins, without a comma: no JSON holds this, not even
in a text, where a quote has a backslash before it."""
_ALIKE = bytes.maketrans(b"{}", b"[]")
_USUAL = b"data: {"
_MOST_CUT = 4096
"""Of an event in the usual spelling that a piece breaks off in, so many bytes wait for the next."""
_SEAM_CUT = re.compile(
    rb"""[}\]][ \t]{0,4}(?:d|da|dat|data|data:[ \t]{0,4})?
    (?:(?:[\[{][ \t]{0,4}){0,2}"? | \[D|\[DO|\[DON|\[DONE|\[DONE\][ \t]{0,4})\Z""",
    re.VERBOSE,
)
_SEAM_BYTES = 32
_IN_SEAM = frozenset(b'}] \tdat:[{"DONE')
_UTF8 = codecs.getincrementaldecoder("utf-8")
_UTF8_WITH_MARK = codecs.getincrementaldecoder("utf-8-sig")


class TooLong(BadReply):
    """An event, or what stands between two, is longer than it may be."""


class Marks:
    """Counts what makes JSON costly to read, see ``MAX_MARKS`` of ``chat.core.bounds``."""

    _KINDS = (b'"', b",", b"[", b"{")

    def __init__(self, most: int) -> None:
        """Allow so many of each kind."""
        self._most = most
        self._counts = [0] * len(self._KINDS)

    def allow(self, piece: bytes) -> bool:
        """Whether these bytes are within what is allowed, with those before them."""
        for at, kind in enumerate(self._KINDS):
            if kind in piece:  # told ten times as fast as they are counted, and pictures have none
                self._counts[at] += piece.count(kind)
        return max(self._counts) <= self._most

    def reset(self) -> None:
        """Begin anew."""
        self._counts = [0] * len(self._KINDS)


class EventStream:
    """Reads the bytes of one stream. The work grows with the bytes, however they are cut."""

    def __init__(self, max_event_bytes: int, max_idle_bytes: int, max_marks: int) -> None:
        """Begin a stream.

        Args:
            max_event_bytes: of the data of one event.
            max_idle_bytes: of what stands between two events: comments, other fields, empty lines.
            max_marks: of each kind of mark in an event.
        """
        self.said_done = False
        """Whether the server said that nothing more would come."""
        self.fault: TooLong | None = None
        """Why it ended, where something was still to be passed on before that."""
        self._max_event_bytes = max_event_bytes
        self._small = min(max_event_bytes, max_marks)
        """An event of so many bytes is within both limits, whatever is in it."""
        self._marks = Marks(max_marks)
        self._max_idle_bytes = self._left_idle_bytes = max_idle_bytes
        self._decoder: codecs.IncrementalDecoder = _UTF8_WITH_MARK("replace")
        self._first = True
        self._after_cr = False
        self._seam = b""
        """The end of a piece, where it may be the end of an object that another follows."""
        self._at_rest = True
        """Whether the next byte begins an event."""
        self._cut = b""
        """The beginning of one in the usual spelling, which waits for the next piece."""
        # Of the line that is being read:
        self._head = b""
        """Its first bytes, as long as they do not tell what it is."""
        self._is_data: bool | None = None
        self._written = False
        """Whether any of its data was passed on."""
        self._empty = True
        # Of the event that is being read:
        self._open = False
        """Whether any of its data was passed on."""
        self._bare = False
        """Whether it is JSON without field names."""
        self._lead = b""
        """The first bytes of a line of data that may be a word: of the end, or of a keep-alive."""
        self._last = 0
        """The last byte of its data that is no space."""
        self._event_bytes = 0

    def feed(self, chunk: bytes) -> bytes:
        """What the next bytes of the stream bring to pass on, which may be nothing.

        Raises:
            TooLong: one of the limits is passed. Where these bytes brought something before that,
                it is passed on, and ``fault`` has the error.
        """
        cut, self._cut = self._cut, b""
        # One that comes in crumbs is not held for long: all of it is looked at with each of them.
        may_wait = len(cut) <= 8 * len(chunk)
        chunk = cut + chunk if cut else chunk
        if not self._at_rest or _may_hold_seam(chunk):
            return self._respelled(chunk)
        at = self._usual_end(chunk, 0)
        usual = chunk[:at]
        if not (usual.isascii() or _is_utf8(usual)):
            return self._respelled(chunk)
        if at == len(chunk):
            return chunk
        if (at or may_wait) and _may_be_usual(chunk, at):
            self._cut = chunk[at:]
            return usual
        return self._respelled(chunk[at:], usual)

    def _usual_end(self, chunk: bytes, at: int) -> int:
        """Where the events end that begin here and are to be passed on as they are."""
        start = at
        while chunk.startswith(_USUAL, at):
            end = chunk.find(b"\n", at) + 2
            if not chunk.startswith(b"\n\n", end - 2) or chunk.find(b"\r", at, end) >= 0:
                break
            if end - at > self._small:
                break
            at = end
        if at > start:
            self._left_idle_bytes = self._max_idle_bytes
        return at

    def _respelled(self, chunk: bytes, before: bytes = b"") -> bytes:
        """What a piece brings, line by line, behind what it brought before."""
        chunk = self._apart(chunk)
        out = [before] if before else []
        try:
            self._pass_on(self._as_utf8(chunk), out)
        except TooLong as fault:
            if not out:
                raise
            self.fault = fault
        passed_on = b"".join(out)
        self._at_rest = not (
            self.said_done
            or self._first
            or self._after_cr
            or self._open
            or self._decoder.getstate()[0]
            or not self._empty
            or self._seam
        )
        return passed_on

    def _apart(self, chunk: bytes) -> bytes:
        """Begin a line of data wherever an object or list begins behind another one."""
        if self._seam:
            chunk, self._seam = self._seam + chunk, b""
        if b"}" not in chunk and b"]" not in chunk:
            return chunk
        if _may_hold_seam(chunk):
            chunk = _SEAM.sub(rb"\1\ndata: \2", chunk)
        if chunk[-1] in _IN_SEAM:
            cut = _SEAM_CUT.search(chunk, max(0, len(chunk) - _SEAM_BYTES))
            if cut is not None:
                chunk, self._seam = chunk[: cut.start()], cut[0]
        return chunk

    def _pass_on(self, chunk: bytes, out: list[bytes]) -> None:
        at, end = 0, len(chunk)
        line_feed = -1
        """The first at or behind ``at``, once it was looked for; ``end``: there is none."""
        if self._after_cr and end:
            self._after_cr = False
            at = int(chunk[0] == _LF)
        while at < end and not self.said_done:
            if self._empty and not self._open and (usual := self._usual_end(chunk, at)) > at:
                out.append(chunk[at:usual])
                at = usual
                continue
            # A pattern of both would take ten times as long over the digits of a picture.
            if line_feed < at and (line_feed := chunk.find(b"\n", at)) < 0:
                line_feed = end
            stop = chunk.find(b"\r", at, line_feed)
            stop = line_feed if stop < 0 else stop
            self._read(chunk[at:stop], out)
            if stop == end:
                break
            at = stop + 1
            self._end_line(out)
            if chunk[at - 1] == _CR:
                self._after_cr = at == end
                at += int(at < end and chunk[at] == _LF)
        if self.said_done and self._open:
            self._end_event(out)

    def end(self) -> bytes:
        """What the end of the body brings: the end of an event that was whole but for that."""
        cut, self._cut = self._cut, b""
        out = [self._respelled(cut)] if cut else []
        if self._seam:
            seam, self._seam = self._seam, b""
            self._pass_on(self._as_utf8(seam), out)
        if self._lead:
            lead, self._lead = self._lead, b""
            self._end_word(lead, out)
        if self._open and (self._last in _CLOSED or (self._bare and self._last == _COMMA)):
            self._open = False
            out.append(b"\n\n")
        return b"".join(out)

    def _as_utf8(self, chunk: bytes) -> bytes:
        """Without a byte order mark, and with replacement characters for what is no UTF-8."""
        if self._first and chunk:
            self._first = False
            if chunk[0] != _BYTE_ORDER_MARK[0]:
                self._decoder = _UTF8("replace")
        if chunk.isascii() and not self._decoder.getstate()[0]:
            return chunk
        return self._decoder.decode(chunk).encode()

    def _read(self, piece: bytes, out: list[bytes]) -> None:
        """Take in a piece of a line, the end of the line not included."""
        if not piece:
            return
        self._empty = False
        if self._is_data is None:
            piece = (self._head + piece).lstrip(_BLANKS).removeprefix(_BYTE_ORDER_MARK)
            self._is_data = _is_data(piece, bare=self._bare)
            if self._is_data is None:
                self._head = piece
                return
            self._head = b""
            if self._is_data and piece[: len(_FIELD)].lower() != _FIELD:
                self._bare = True
            elif self._is_data:
                piece = piece[len(_FIELD) :]
        if self._is_data:
            self._data(piece, out)
        else:
            self._spend(len(piece))

    def _data(self, value: bytes, out: list[bytes]) -> None:
        if not self._written:
            value = (self._lead + value if self._lead else value).lstrip(b" \t")
            if value.startswith(_FIELD):  # who wrote it wrote an event into another
                value = value[len(_FIELD) :].lstrip(b" \t")
            may_be_new = not self._open or self._last in _CLOSED
            if may_be_new and value.startswith(DONE):
                self.said_done, self._lead = True, b""
                return
            if may_be_new and _may_be_word(value):
                self._lead = value  # nothing of it yet, or not enough to tell
                return
            self._lead = b""
            if value:
                self._begin(value, out)
        self._event_bytes += len(value)
        if self._event_bytes > self._max_event_bytes or not self._marks.allow(value):
            raise TooLong("an event is too long, or has too many parts")
        if value:
            out.append(value)
            self._last = (value.rstrip()[-1:] or bytes((self._last,)))[0]

    def _begin(self, value: bytes, out: list[bytes]) -> None:
        """Begin a line of data."""
        if self._open and self._last in _CLOSED and value.startswith((b"{", b"[")):
            self._end_event(out)
        out.append(b"\ndata: " if self._open else b"data: ")
        self._open = self._written = True

    def _end_line(self, out: list[bytes]) -> None:
        if self._empty:
            if self._open:
                self._end_event(out)
            self._bare = False
        elif self._lead:
            lead, self._lead = self._lead, b""
            self._end_word(lead, out)
        elif self._head.rstrip() == b"[":  # the first line of a list over many lines
            self._bare = True
            self._begin(b"[", out)
            self._data(b"[", out)
        self._spend(1)
        self._head, self._is_data = b"", None
        self._written, self._empty = False, True

    def _end_word(self, word: bytes, out: list[bytes]) -> None:
        """A line of data that is short and no object."""
        plain = b"" if self._open else word.lstrip(b": ")
        if _SAYS_DONE.fullmatch(plain):
            self.said_done = True
        elif _SAYS_NOTHING.fullmatch(plain):
            self._spend(len(word))
        else:
            self._begin(word, out)
            out.append(word)
            self._last = word[-1]

    def _end_event(self, out: list[bytes]) -> None:
        out.append(b"\n\n")
        self._open = False
        self._event_bytes = 0
        self._marks.reset()
        self._left_idle_bytes = self._max_idle_bytes

    def _spend(self, count: int) -> None:
        self._left_idle_bytes -= count
        if self._left_idle_bytes < 0:
            raise TooLong("too much stands between the events")


def _may_hold_seam(chunk: bytes) -> bool:
    """Whether one object or list may end and another begin in it: much faster than the pattern."""
    alike = chunk.translate(_ALIKE, b" \t")
    return b"][" in alike or b"]data:" in alike


def _may_be_usual(chunk: bytes, at: int) -> bool:
    """Whether what begins here may become an event that is to be passed on as it is."""
    if len(chunk) - at > _MOST_CUT or b"\r" in chunk[at:]:
        return False
    line_end = chunk.find(b"\n", at)
    return _USUAL.startswith(chunk[at : at + len(_USUAL)]) and line_end in (-1, len(chunk) - 1)


def _is_utf8(chunk: bytes) -> bool:
    try:
        chunk.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_data(line: bytes, *, bare: bool) -> bool | None:
    """Whether a line is one of data, by its first bytes; ``None`` as long as they do not tell."""
    if bare or line[:1] == b"{":
        return True
    if line[:1] == b"[":  # a list of chunks, and no line of a log
        return line[1:].lstrip(b" \t")[:1] == b"{" if line[1:].strip(b" \t") else None
    start = line[: len(_FIELD)].lower()
    if len(start) < len(_FIELD) and _FIELD.startswith(start):
        return None
    return start == _FIELD


def _may_be_word(value: bytes) -> bool:
    """Whether a line of data may be a word, as far as it has come."""
    if value.startswith(b"{") or len(value) > _WORD_BYTES:
        return False
    return not (value.startswith(b"[") and _LIST.match(value))


def data_in(usual: bytes) -> Iterator[bytes]:
    """The data of each event of a stream that is over, in its usual spelling."""
    first = usual.find(b"\n\n")
    # One alone may be of megabytes, which splitting copies twice.
    events = usual.split(b"\n\n") if 0 <= first < len(usual) - 2 else [usual.rstrip(b"\n")]
    for event in filter(None, events):
        if b"\n" not in event:
            yield event.removeprefix(b"data: ")
            continue
        yield b"\n".join(line.removeprefix(b"data: ") for line in event.split(b"\n"))


def without_lead(start: bytes) -> bytes:
    """The first bytes of a body without what says nothing: a byte order mark, empty space.

    Whoever looks for more bytes keeps these alone, so the work does not grow with the space.
    """
    return start.removeprefix(_BYTE_ORDER_MARK).lstrip()


def looks_like_events(start: bytes) -> bool | None:
    """Whether a body is a stream of events, by its first bytes; ``None`` for too few of them."""
    start = without_lead(start)
    if any(map(start.startswith, _FIELDS)):
        return True
    if any(field.startswith(start) for field in (_BYTE_ORDER_MARK, *_FIELDS)):
        return None
    return False
