"""The kinds of files that people add to a message beside pictures, and what they are called.

What a file is its bytes say, see ``chat.core.file_sniffing``; what is text is told apart by the
ending of its name. A text never has a type that a browser would run: code and pages are plain text.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from chat.core.extensions import EXTENSIONS
from chat.core.text import clean_name

Form: TypeAlias = Literal["pdf", "docx", "workbook", "database", "table", "json", "text"]
"""How a file is read: a document, a workbook, a database, rows with separators, or letters."""

TAKEN = "PDF, DOCX, XLSX, CSV, TSV, JSON, Markdown, text, code and SQLite files"


@dataclass(frozen=True, slots=True)
class FileKind:
    """What a file is."""

    title: str
    """What people call it, in a word."""
    mime: str
    form: Form
    endings: frozenset[str]
    """What names of such files end with, without the dot."""
    names: frozenset[str] = frozenset()
    """Whole names without an ending, in small letters."""

    @property
    def is_words(self) -> bool:
        """Whether its bytes are letters, and only its name says more."""
        return self.form in ("table", "json", "text")

    @property
    def has_tables(self) -> bool:
        """Whether it may be asked by SQL."""
        return self.form in ("workbook", "database", "table", "json")


def _kind(title: str, mime: str, form: Form, endings: str, names: str = "") -> FileKind:
    return FileKind(title, mime, form, frozenset(endings.split()), frozenset(names.split()))


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

PDF = _kind("PDF", "application/pdf", "pdf", "pdf")
DOCX = _kind("DOCX", _WORD, "docx", "docx docm")
XLSX = _kind("XLSX", _EXCEL, "workbook", "xlsx xlsm")
XLSB = _kind("XLSB", "application/vnd.ms-excel.sheet.binary.macroenabled.12", "workbook", "xlsb")
XLS = _kind("XLS", "application/vnd.ms-excel", "workbook", "xls")
ODS = _kind("ODS", "application/vnd.oasis.opendocument.spreadsheet", "workbook", "ods")
SQLITE = _kind("SQLite", "application/vnd.sqlite3", "database", "sqlite sqlite3 db db3")
CSV = _kind("CSV", "text/csv", "table", "csv")
TSV = _kind("TSV", "text/tab-separated-values", "table", "tsv tab")
JSON = _kind("JSON", "application/json", "json", "json geojson ipynb")
JSON_LINES = _kind("JSON Lines", "application/x-ndjson", "json", "jsonl ndjson")
MARKDOWN = _kind("Markdown", "text/markdown", "text", "md markdown")
CALENDAR = _kind("Calendar", "text/calendar", "text", "ics")
TEXT = _kind(
    "Text",
    "text/plain",
    "text",
    "txt text log srt vtt vcf bib tex rst org adoc eml",
    "license readme changelog",
)
CODE = _kind(
    "Code",
    "text/plain",
    "text",
    "py pyi js mjs cjs ts jsx tsx html htm css scss less xml svg xsl java kt kts scala groovy go "
    "rs c h cc cpp cxx hpp hh cs fs vb swift m mm php rb pl pm lua r jl dart ex exs erl hs clj "
    "lisp el ml nim zig v vhd asm s sh bash zsh fish ps1 bat cmd sql graphql proto yaml yml toml "
    "ini cfg conf env properties gradle make mk cmake tf diff patch vue svelte",
    "makefile dockerfile rakefile gemfile procfile",
)
KINDS = (
    PDF, DOCX, XLSX, XLSB, XLS, ODS, SQLITE, CSV, TSV, JSON, JSON_LINES, MARKDOWN, CALENDAR, TEXT,
    CODE,
)  # fmt: skip
_BY_ENDING = {ending: kind for kind in KINDS for ending in kind.endings}
_BY_NAME = {name: kind for kind in KINDS for name in kind.names}
_BY_MIME = {kind.mime: kind for kind in reversed(KINDS)}

PICTURE_ENDINGS = frozenset(
    {"png", "jpg", "jpeg", "gif", "webp", "avif", "heic", "heif", "bmp", "tif", "tiff"}
)
MAX_NAME_CHARACTERS = 120
UNNAMED = "File"


def cleaned_name(said: str) -> str:
    """What a user calls a file: without folders, its ending kept; never empty."""
    name = clean_name(said.replace("\\", "/").rpartition("/")[2])
    return name[-MAX_NAME_CHARACTERS:].strip() or UNNAMED


def ending_of(name: str) -> str:
    """What stands behind the last dot of a name, in small letters; empty where there is none."""
    _, dot, ending = name.rpartition(".")
    return ending.strip().lower() if dot else ""


def kind_by_name(name: str) -> FileKind | None:
    """The kind that files of this name mostly are; ``None``: the name does not say."""
    return _BY_ENDING.get(ending_of(name)) or _BY_NAME.get(name.lower())


def kind_of_stored(mime: str, name: str) -> FileKind | None:
    """The kind of a file that is kept under this type and name; ``None``: it is none of these."""
    stored = _BY_MIME.get(mime)
    named = kind_by_name(name)
    # One text may be kept under several names: what it is called here is what it is here.
    return named if stored and named and stored.is_words and named.is_words else stored


def endings() -> list[str]:
    """What names of such files end with, sorted: what a dialog offers; others may be chosen too."""
    return sorted(_BY_ENDING.keys() - {"svg"})


def own_name(name: str, mime: str) -> str:
    """The name of a file as it is downloaded: with an ending that says what its bytes are.

    A text keeps the ending of any text, of code too; whatever else it is called, another is added.
    """
    usual = EXTENSIONS.get(mime, "bin")
    stored, named = _BY_MIME.get(mime), kind_by_name(name)
    fits = stored and named and (named is stored or (named.is_words and stored.is_words))
    return name if fits or ending_of(name) == usual else f"{name}.{usual}"
