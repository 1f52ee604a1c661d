"""A file that somebody wants taken in: a zip or a single document, read without trust.

Nothing is unpacked to the disk. A zip is looked through before any entry is opened: what could
escape, deceive or swell is refused there. What is read is counted as it comes.
"""

import io
import json
import math
import re
import stat
import unicodedata
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from typing import IO, Final, Protocol
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from chat.archive.document import NotTaken
from chat.core.parts import Json
from chat.core.text import clean_text
from chat.core.zips import BoundedReads, reading_zip

MAX_ENTRIES: Final = 20_000
MAX_DIRECTORY_BYTES: Final = 4_000_000
"""Of the list of entries in a zip, which is read whole before anything can be said of it."""
MAX_UNPACKED_BYTES: Final = 6_000_000_000
MAX_RATIO: Final = 200
"""How often an entry may be larger than what it is packed in; text of ours stays below 30."""
SMALL_BYTES: Final = 1_000_000
"""An entry up to this size may be packed as tightly as it likes."""
MAX_TEXT_BYTES: Final = 64_000_000
"""Of one document of text, or of one conversation in a long list of them."""
MAX_LIST_BYTES: Final = 800_000_000
"""Of a document that is a list of conversations, which is read one at a time."""
MAX_MARKS: Final = 4_000_000
"""Of commas and opening brackets in one document: each may become a value in memory."""
PIECE_BYTES: Final = 1_000_000
LOCAL_HEADER_BYTES: Final = 30  # and the name

DAMAGED = "The zip is damaged: it does not hold what it says."
NO_ZIP = "This is not a zip file that can be opened, or only a part of one arrived."
TOO_MANY = "The zip has more entries than Easel takes in."
ESCAPES = "The zip has an entry whose path leads out of it. It is not taken."
ENCRYPTED = "The zip is encrypted. Unpack it with its password and pack it again without one."
SWELLS = "The zip unpacks to far more than it holds. It is not taken."
LINK = "The zip has an entry that is a link and not a file. It is not taken."
TWICE = "The zip has two entries of the same name. It is not taken."
METHOD = "The zip is packed in a way that Easel does not read. Pack it as an ordinary zip."
TOO_LARGE = "A document in it is larger than Easel takes in."
NO_JSON = "A document in it is damaged: it is not JSON."

_DRIVE = re.compile(r"[A-Za-z]:")


class Source(Protocol):
    """What was sent, by the names of its files."""

    @property
    def names(self) -> list[str]:
        """The path of every file in it, with ``/`` between folders, in the order it has."""
        ...

    def size_bytes(self, name: str) -> int:
        """How large a file is, unpacked."""
        ...

    def open(self, name: str) -> IO[bytes]:
        """A file, to be read once. Reading raises ``NotTaken`` where it is damaged."""
        ...

    def whole(self, name: str) -> bytes:
        """All of a file, of a size that was looked at. Raises ``NotTaken`` as reading does."""
        ...

    def crc32(self, name: str) -> int | None:
        """What the CRC-32 of a file is wherever ``whole`` gives it; ``None``: it may be any."""
        ...


class ZipSource:
    """The files of a zip."""

    def __init__(self, file: IO[bytes]) -> None:
        """Look the whole zip through.

        Raises:
            NotTaken: it is none, or one that is not opened.
        """
        # The list of entries is read in one piece, however long a zip says that it is.
        bounded = BoundedReads(file, MAX_DIRECTORY_BYTES, NotTaken(TOO_MANY))
        with reading_zip(NotTaken, NO_ZIP, ENCRYPTED), bounded:
            self._zip = ZipFile(bounded)
        entries = self._zip.infolist()
        if len(entries) > MAX_ENTRIES:
            raise NotTaken(TOO_MANY)
        self._entries: dict[str, ZipInfo] = {}
        folded: set[str] = set()
        for entry in entries:
            name = _checked_path(entry.orig_filename)
            if entry.is_dir():
                continue
            _must_be_plain(entry)
            same = unicodedata.normalize("NFC", name).casefold()
            if same in folded:
                raise NotTaken(TWICE)
            folded.add(same)
            self._entries[name] = entry
        _must_lie_apart(entries)
        if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
            raise NotTaken(SWELLS)

    @property
    def names(self) -> list[str]:
        """Every file in the zip."""
        return list(self._entries)

    def size_bytes(self, name: str) -> int:
        """What the zip says; more is never read."""
        return self._entries[name].file_size

    def open(self, name: str) -> IO[bytes]:
        """An entry."""
        with reading_zip(NotTaken, DAMAGED, ENCRYPTED):
            return io.BufferedReader(_Entry(self._zip.open(self._entries[name])))

    def whole(self, name: str) -> bytes:
        """An entry in one piece: large pictures are not copied from hand to hand."""
        with (
            reading_zip(NotTaken, DAMAGED, ENCRYPTED),
            self._zip.open(self._entries[name]) as entry,
        ):
            return entry.read(self._entries[name].file_size + 1)

    def crc32(self, name: str) -> int | None:
        """What the zip says, and what ``zipfile`` compares with all that was read."""
        return self._entries[name].CRC


class LoneSource:
    """A single document that came without a zip."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._file = file
        self._name = name

    @property
    def names(self) -> list[str]:
        """The one there is."""
        return [self._name]

    def size_bytes(self, name: str) -> int:
        """All of it."""
        del name
        return self._file.seek(0, io.SEEK_END)

    def open(self, name: str) -> IO[bytes]:
        """From its beginning."""
        del name
        self._file.seek(0)
        return io.BufferedReader(_Entry(self._file, keep_open=True))

    def whole(self, name: str) -> bytes:
        """All of it."""
        with self.open(name) as file:
            return file.read()

    def crc32(self, name: str) -> None:
        """Nobody has summed it up."""
        del name


def open_source(file: IO[bytes]) -> Source:
    """What was sent, as files, whatever it is called.

    Raises:
        NotTaken: it is nothing that could be taken in.
    """
    file.seek(0)
    head = file.read(512)
    file.seek(0)
    if head[:2] == b"PK":
        return ZipSource(file)
    begins = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if begins in (b"{", b"["):
        return LoneSource(file, "conversations.json")
    if begins == b"<":
        return LoneSource(file, "MyActivity.html")
    if not head:
        raise NotTaken("The file is empty.")
    raise NotTaken("This is neither a zip nor a JSON or HTML file of conversations.")


def read_bytes(source: Source, name: str, most_bytes: int, sentence: str = TOO_LARGE) -> bytes:
    """A file of a source, of which no more is read than may be.

    Raises:
        NotTaken: it is larger, or damaged.
    """
    if source.size_bytes(name) > most_bytes:
        raise NotTaken(sentence)
    data = source.whole(name)
    if len(data) > most_bytes:
        raise NotTaken(sentence)
    return data


def read_json(source: Source, name: str) -> Json:
    """A document of JSON. Raises: NotTaken."""
    return parsed(read_bytes(source, name, MAX_TEXT_BYTES))


def parsed(data: bytes) -> Json:
    """JSON that is not so dense that its values would fill the memory, made sound.

    No text has a NUL or half a letter, which no store keeps, and every number is one.

    Raises:
        NotTaken: it is no JSON, or too much.
    """
    if sum(map(data.count, (b",", b"[", b"{"))) > MAX_MARKS:
        raise NotTaken(TOO_LARGE)
    try:
        value = json.loads(
            data.removeprefix(b"\xef\xbb\xbf"), parse_constant=_nothing, parse_float=_finite
        )
        # Seldom, for it is a walk through all of it: most documents write letters as they are.
        return _sound(value) if _UNSOUND.search(data) else value
    except (ValueError, RecursionError) as error:
        raise NotTaken(NO_JSON) from error


def json_items(source: Source, name: str) -> Generator[Json, None, None]:
    """The items of a list, one in memory at a time; a document that is no list is one item.

    Raises:
        NotTaken: it is no JSON, or an item or the whole is larger than is taken.
    """
    if source.size_bytes(name) > MAX_LIST_BYTES:
        raise NotTaken(TOO_LARGE)
    with source.open(name) as file:
        first = file.read(PIECE_BYTES).removeprefix(b"\xef\xbb\xbf").lstrip()
        if first[:1] != b"[":
            yield parsed(first + file.read(MAX_TEXT_BYTES))
            return
        for item in _items(first[1:], file):
            yield parsed(item)


def first_item(source: Source, name: str) -> Json:
    """The first item of a list, or the document; ``None`` where the list is empty."""
    with closing(json_items(source, name)) as items:
        return next(items, None)


_UNSOUND = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])|\x00|\xed[\xa0-\xbf]")
"""What a text may hold that is not sound; a whole pair of surrogates is found, too."""


def _nothing(_: str) -> None:
    """``NaN`` and ``Infinity``, which some write and no browser reads."""


def _finite(text: str) -> float | None:
    number = float(text)
    return number if math.isfinite(number) else None


def _sound(value: Json) -> Json:
    """The value with every text in it made sound."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [_sound(each) for each in value]
    if isinstance(value, dict):
        return {clean_text(key): _sound(each) for key, each in value.items()}
    return value


_MARKS = re.compile(rb'"(?:[^"\\]|\\.)*+("?)|[\[{]|[\]}]', re.DOTALL)
"""A string, whose group is empty where its end has not come yet, or a bracket."""


def _items(held: bytes, file: IO[bytes]) -> Iterator[bytes]:
    """The text of each object of a list, by counting brackets outside of strings."""
    data, at, depth = bytearray(held), 0, 0
    start: int | None = None
    while True:
        match = _MARKS.search(data, at)
        if match is None or match.group(1) == b"":
            resume = len(data) if match is None else match.start()
            done = resume if start is None else start
            del data[:done]
            at, start = resume - done, None if start is None else 0
            if len(data) > MAX_TEXT_BYTES:
                raise NotTaken(TOO_LARGE)
            piece = file.read(max(PIECE_BYTES, len(data)))
            if not piece:
                raise NotTaken(NO_JSON)
            data += piece
            continue
        at = match.end()
        if match.group() in b"[{":
            start = match.start() if depth == 0 else start
            depth += 1
        elif match.group() in b"]}":
            depth -= 1
            if depth < 0:
                return
            if depth == 0 and start is not None:
                yield bytes(data[start:at])
                start = None


def _checked_path(name: str) -> str:
    """The path of an entry. Raises: NotTaken where it leads elsewhere, or is no path."""
    folders = name.replace("\\", "/").split("/")
    odd = any(ord(letter) < 32 or ord(letter) == 127 for letter in name)
    if odd or not name or name[0] in "/\\" or ".." in folders or _DRIVE.match(name):
        raise NotTaken(ESCAPES)
    return name


def _must_be_plain(entry: ZipInfo) -> None:
    """Raises: NotTaken where an entry is a link, locked, packed oddly, or swells."""
    mode = entry.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise NotTaken(LINK)
    if entry.flag_bits & 0x1:
        raise NotTaken(ENCRYPTED)
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise NotTaken(METHOD)
    if entry.file_size > max(SMALL_BYTES, MAX_RATIO * entry.compress_size):
        raise NotTaken(SWELLS)


def _must_lie_apart(entries: Sequence[ZipInfo]) -> None:
    """Raises: NotTaken where two entries share bytes, so that little becomes much."""
    end = 0
    for entry in sorted(entries, key=lambda each: each.header_offset):
        if entry.header_offset < end:
            raise NotTaken(SWELLS)
        end = entry.header_offset + LOCAL_HEADER_BYTES + entry.compress_size


class _Entry(io.RawIOBase):
    """A file of a source; that it is damaged may show only while it is read."""

    def __init__(self, entry: IO[bytes], *, keep_open: bool = False) -> None:
        self._entry = entry
        self._keep_open = keep_open

    def readable(self) -> bool:
        """Nothing else can be done with it."""
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]
        """The next bytes."""
        with reading_zip(NotTaken, DAMAGED, ENCRYPTED):
            data = self._entry.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Let go of it."""
        if not self._keep_open:
            self._entry.close()
        super().close()
