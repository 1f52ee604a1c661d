"""What a file is that is no picture, by its bytes first and by its name where they do not say.

A name is what somebody called it: a PDF that is called ``notes.txt`` is a PDF, and a picture that
is called ``data.csv`` is no table. What is taken is what can be read: whoever takes a file in and
whoever reads it ask here. Nothing is unpacked but a few bytes that name a kind.
"""

import re
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from chat.core.errors import MediaRejected
from chat.core.file_kinds import (
    CSV,
    DOCX,
    JSON,
    ODS,
    PDF,
    PICTURE_ENDINGS,
    SQLITE,
    TAKEN,
    TEXT,
    XLS,
    XLSB,
    XLSX,
    FileKind,
    ending_of,
    kind_by_name,
)
from chat.core.zips import BoundedReads, reading_zip

NOT_TAKEN = f"This is no file that Easel takes. It takes pictures, and {TAKEN}."
EMPTY = "The file is empty."
NO_WORDS = (
    "It is called {ending}, and its bytes are no text: it is damaged, or another kind of file."
)
LOCKED = "The file is locked with a password. Save it without one."
DAMAGED = "The file is damaged: it cannot be unpacked."
ARCHIVE = "This is an archive. Unpack it, and add the files that are in it."
EMPTY_ARCHIVE = "This is an archive with nothing in it."
PRESENTATION = "Presentations are not taken. Export it as PDF."
OPEN_DOCUMENT = "OpenDocument texts and slides are not taken. Save it as DOCX or PDF."
BOOK = "Books (EPUB) are not taken. Save it as PDF."
RICH_TEXT = "RTF is not taken. Save it as DOCX or PDF."
OLD_OFFICE = "This is a file of an older Office. Save it as DOCX, XLSX or PDF."
PICTURE = "This is a picture, or called one: it is no file that can be read."
PARQUET = "Parquet files are not taken. Save it as CSV."

MAIN_PART = re.compile(r"word/document\d*\.xml")
"""Of a Word document; some programs number it."""

MAX_UNPACKED_BYTES = 300_000_000
"""Of all that is packed in one file, as it says itself; what lies about it meets the memory of the
process that reads."""

_MAX_DIRECTORY_BYTES = 1_000_000
"""Of the list of what is packed in a document: some ten thousand parts."""
_LOOKED_AT_BYTES = 65_536
_BLANK = b"\xef\xbb\xbf \t\r\n"
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a]")
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
"""How a text in UTF-16 or UTF-32 begins."""

_OLE = b"\xd0\xcf\x11\xe0"
_BINARY: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", PICTURE),
    (b"\xff\xd8\xff", PICTURE),
    (b"GIF8", PICTURE),
    (b"\x1f\x8b", "It is packed with gzip. Unpack it, and add what is inside."),
    (b"BZh", ARCHIVE),
    (b"\xfd7zXZ", ARCHIVE),
    (b"7z\xbc\xaf", ARCHIVE),
    (b"Rar!", ARCHIVE),
    (b"PAR1", PARQUET),
)
"""What files of bytes begin with for which there is better advice than for any."""


def kind_of(data: bytes, name: str) -> FileKind:
    """The kind of a file.

    Args:
        data: all of it.
        name: what it is called; its ending counts where the bytes are words.

    Raises:
        MediaRejected: it is empty, or nothing that can be read; the sentence says what helps.
    """
    if not data:
        raise MediaRejected(EMPTY)
    if _is_pdf(data):
        return PDF
    if data.startswith(b"SQLite format 3\0"):
        return SQLITE
    if data.startswith(b"PK\x03\x04"):
        return _packed(data)
    if data.startswith(b"PK\x05\x06"):
        raise MediaRejected(EMPTY_ARCHIVE)
    if data.startswith(_OLE):
        return _compound(data, name)
    head = data[:_LOOKED_AT_BYTES]
    if _is_binary(head):
        named = kind_by_name(name)
        other = (
            NO_WORDS.format(ending=f".{ending_of(name)}")
            if named and ending_of(name)
            else NOT_TAKEN
        )
        raise MediaRejected(
            next((words for mark, words in _BINARY if data.startswith(mark)), other)
        )
    return _of_words(head, name)


def _of_words(head: bytes, name: str) -> FileKind:
    if head.startswith(b"{\\rtf"):
        raise MediaRejected(RICH_TEXT)
    if ending_of(name) in PICTURE_ENDINGS:
        raise MediaRejected(PICTURE)
    named = kind_by_name(name)
    if named and named.is_words:
        return named
    if named and named.form == "workbook" and not head.lstrip(_BLANK).startswith(b"<"):
        return CSV  # as many programs write what they call a workbook
    unnamed = not ending_of(name)
    return JSON if unnamed and head.lstrip(_BLANK).startswith((b"{", b"[")) else TEXT


def _is_pdf(data: bytes) -> bool:
    """Whether it begins as one; some have a little before that, and then end as one, too."""
    if data[:64].lstrip(_BLANK).startswith(b"%PDF-"):
        return True
    return b"%PDF-" in data[:1024] and b"%%EOF" in data[-1024:]


def _packed(data: bytes) -> FileKind:
    """What a zip file is, by the names of what is in it."""
    # The list is read in one piece, however long a file says that it is.
    bounded = BoundedReads(BytesIO(data), _MAX_DIRECTORY_BYTES, MediaRejected(ARCHIVE))
    with reading_zip(MediaRejected, DAMAGED, ARCHIVE):
        with bounded:
            archive = ZipFile(bounded)
        members = {member.filename: member for member in archive.infolist()}
        mimetype, declared = b"", members.get("mimetype")
        if declared and declared.compress_type in (ZIP_STORED, ZIP_DEFLATED):
            with archive.open(declared) as opened:
                mimetype = opened.read(100)
    if sum(member.file_size for member in members.values()) > MAX_UNPACKED_BYTES:
        most = MAX_UNPACKED_BYTES // 1_000_000
        raise MediaRejected(f"Unpacked, the file is larger than {most} MB, the most that is read.")
    if any(MAIN_PART.fullmatch(name) for name in members):
        return DOCX
    if "xl/workbook.xml" in members:
        return XLSX
    if "xl/workbook.bin" in members:
        return XLSB
    if mimetype.startswith(ODS.mime.encode()):
        return ODS
    if "ppt/presentation.xml" in members:
        raise MediaRejected(PRESENTATION)
    if mimetype.startswith(b"application/vnd.oasis.opendocument"):
        raise MediaRejected(OPEN_DOCUMENT)
    raise MediaRejected(BOOK if mimetype.startswith(b"application/epub") else ARCHIVE)


def _compound(data: bytes, name: str) -> FileKind:
    """What one of the older files of Office is, or one that is locked."""
    if _has_stream(data, "EncryptedPackage"):
        raise MediaRejected(LOCKED)
    workbook = _has_stream(data, "Workbook") or _has_stream(data, "Book")
    # An older Word file may hold a workbook, and a workbook one of those.
    other = _has_stream(data, "WordDocument") or _has_stream(data, "PowerPoint Document")
    if workbook and (not other or ending_of(name) in XLS.endings):
        return XLS
    raise MediaRejected(OLD_OFFICE)


def _has_stream(data: bytes, name: str) -> bool:
    """Whether its directory has an entry: 64 bytes of name in UTF-16, and how many of them count.

    Source: [MS-CFB] 2.6.1.
    """
    written = name.encode("utf-16-le") + b"\0\0"
    size = len(written).to_bytes(2, "little")
    entry = re.escape(written) + b".{%d}" % (64 - len(written)) + re.escape(size)
    return re.search(entry, data, re.DOTALL) is not None


def _is_binary(head: bytes) -> bool:
    """Whether these are no letters; of UTF-16 they begin with a mark, or are every second byte."""
    if head.startswith(_WIDE):
        return False
    zeros = head.count(0)
    if zeros == 0:
        return len(_CONTROL.findall(head)) > len(head) // 20
    return max(head[::2].count(0), head[1::2].count(0)) < zeros * 0.98 or zeros < len(head) // 5
