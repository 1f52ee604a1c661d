"""Word documents: headings, paragraphs, lists and tables as Markdown, by pages where known.

Pages are those of the program that saved the document: it leaves marks where its pages began. What
was deleted with changes tracked is left out, and what was inserted is there.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from chat.core.errors import ToolFailed
from chat.core.file_sniffing import MAIN_PART
from chat.core.zips import reading_zip
from chat.files.markdown import table
from chat.files.units import Lines, Pages, Units

_MAX_DEPTH = 30
_MAX_PART_BYTES = 100_000_000
_LONGEST_PAGE = 60_000
"""Of characters: a document with longer ones is read by its paragraphs."""
_MARGIN = re.compile(r"word/(header|footer)\d*\.xml")
_NOTES = {"footnotes": "Footnote", "endnotes": "Endnote", "comments": "Comment"}
# Of a drawing that is there twice, for newer programs and as a fallback, one is read.
_PASSED_OVER = frozenset(
    ("Fallback", "del", "delInstrText", "delText", "instrText", "moveFrom")
) | frozenset(("pPr", "rPr", "tblPr", "tcPr", "trPr"))
_HOLDERS = frozenset(["sdt", "sdtContent", "customXml", "ins", "moveTo"])
_DAMAGED = "The document is damaged and cannot be opened."
_LOCKED = "The document is locked with a password; save it without one."


@dataclass
class _Writing:
    """What was read so far: pages of blocks."""

    pages: list[list[str]] = field(default_factory=lambda: [[]])
    marked: bool = False
    fresh: bool = True
    """Nothing was written on the page yet: a mark and a break at one place are one."""

    def block(self, text: str) -> None:
        """A paragraph, a list's entry or a table."""
        if text.strip():
            self.pages[-1].append(text)
            self.fresh = False

    def turn(self) -> None:
        """Begin another page."""
        self.marked = True
        if not self.fresh:
            self.pages.append([])
            self.fresh = True


def docx_units(data: bytes) -> Units:
    """The document by its pages, or by its paragraphs. Raises ``ToolFailed``."""
    with reading_zip(ToolFailed, _DAMAGED, _LOCKED), ZipFile(BytesIO(data)) as archive:
        main = next((name for name in archive.namelist() if MAIN_PART.fullmatch(name)), "")
        if not main:
            raise ToolFailed(_DAMAGED)
        body = _root(archive, main).find("{*}body")
        headings = _headings(archive)
        notes = [note for name in _NOTES for note in _notes(archive, name)]
        notes += _margins(archive)
    writing = _Writing()
    for block in _blocks(body if body is not None else ()):
        if _name(block) == "tbl":
            writing.block(_table(block))
        else:
            _paragraph(block, headings, writing)
    for note in notes:
        writing.block(note)
    pages = [page for page in writing.pages if page]
    texts = ["\n\n".join(page) for page in pages]
    if writing.marked and max(map(len, texts), default=0) <= _LONGEST_PAGE:
        return Pages(len(texts), lambda number: texts[number - 1])
    return Lines([f"{block}\n" for page in pages for block in page], unit="paragraph")


def _root(archive: ZipFile, name: str) -> Any:
    """The root of one of its parts. Raises ``KeyError`` where there is none, ``ToolFailed``."""
    from lxml import etree

    if archive.getinfo(name).file_size > _MAX_PART_BYTES:
        raise ToolFailed("The document is too long to be read here.")
    # No entities: what would blow a few of them up stays what it is. And nothing from elsewhere.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        return etree.fromstring(archive.read(name), parser)
    except etree.XMLSyntaxError as error:
        raise ToolFailed(_DAMAGED) from error


def _headings(archive: ZipFile) -> Mapping[str, int]:
    """How deep a heading each style is."""
    try:
        styles = _root(archive, "word/styles.xml").findall("{*}style")
    except KeyError:
        return {}
    found: dict[str, int] = {}
    for style in styles:
        name = _value(style, "name").lower()
        if name == "title":
            found[_attribute(style, "styleId")] = 1
        elif re.fullmatch(r"heading [1-9]", name):
            found[_attribute(style, "styleId")] = min(6, int(name[8:]))
    return found


def _blocks(parent: Any, depth: int = 0) -> Iterator[Any]:
    """Paragraphs and tables in order, those inside of controls included."""
    if depth > _MAX_DEPTH:
        return
    for child in parent:
        name = _name(child)
        if name in ("p", "tbl"):
            yield child
        elif name in _HOLDERS:
            yield from _blocks(child, depth + 1)


def _paragraph(paragraph: Any, headings: Mapping[str, int], writing: _Writing) -> None:
    """Write a paragraph, from page to page where it goes over one."""
    level = headings.get(_value(paragraph, "pPr/pStyle"), 0)
    entry = paragraph.find("{*}pPr/{*}numPr")
    if paragraph.find("{*}pPr/{*}pageBreakBefore") is not None:
        writing.turn()
    opening = f"{'#' * level} " if level else ""
    if entry is not None and not level:
        deep = _value(entry, "ilvl")
        opening = f"{'  ' * min(_whole(deep), 8)}- "
    for number, text in enumerate("".join(_runs(paragraph)).split("\f")):
        if number:
            writing.turn()
        if text.strip():
            writing.block(opening + text.strip())
            opening = ""


def _runs(element: Any, depth: int = 0) -> Iterator[str]:
    """The words of an element; a form feed where a page begins."""
    if depth > _MAX_DEPTH:
        return
    for child in element:
        name = _name(child)
        if name in _PASSED_OVER:
            continue
        match name:
            case "t":
                yield child.text or ""
            case "tab":
                yield "\t"
            case "br" | "cr":
                yield "\f" if _attribute(child, "type") == "page" else "\n"
            case "lastRenderedPageBreak":
                yield "\f"
            case "noBreakHyphen":
                yield "-"
            case "footnoteReference" | "endnoteReference":
                yield f"[^{_attribute(child, 'id')}]"
            case _:
                if name == "p":  # in a cell, or in a box of text
                    yield " "
                yield from _runs(child, depth + 1)


def _table(element: Any) -> str:
    """A table; one inside of a cell is told as words."""
    rows: list[list[str]] = []
    for row in _inner(element, "tr"):
        cells: list[str] = []
        for cell in _inner(row, "tc"):
            cells.append(" ".join("".join(_runs(cell)).split()))
            cells += [""] * (min(_whole(_value(cell, "tcPr/gridSpan")), 60) - 1)
        rows.append(cells)
    return table(rows)


def _inner(element: Any, name: str, depth: int = 0) -> Iterator[Any]:
    """The rows of a table or the cells of a row, those inside of controls included."""
    if depth > _MAX_DEPTH:
        return
    for child in element:
        if _name(child) == name:
            yield child
        elif _name(child) in _HOLDERS:
            yield from _inner(child, name, depth + 1)


def _notes(archive: ZipFile, name: str) -> Iterator[str]:
    """Footnotes, endnotes or comments, each in a line."""
    try:
        root = _root(archive, f"word/{name}.xml")
    except KeyError:
        return
    for note in root:
        words = " ".join("".join(_runs(note)).split())
        if words and not _attribute(note, "type"):  # the line above the notes is one, too
            yield f"[{_NOTES[name]} {_attribute(note, 'id')}] {words}"


def _margins(archive: ZipFile) -> list[str]:
    """What stands above and below every page, each once: of a letter, who wrote it."""
    found: dict[str, None] = {}
    for name in sorted(archive.namelist(), reverse=True):  # the head before the foot
        if (kind := _MARGIN.fullmatch(name)) is not None:
            blocks = list(_blocks(_root(archive, name)))
            words = [" ".join("".join(_runs(each)).split()) for each in blocks]
            if told := " / ".join(filter(None, words)):
                found[f"[{kind[1].title()}] {told}"] = None
    return list(found)


def _name(element: Any) -> str:
    """What an element is called, whichever of the two namespaces of the standard it is of."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _attribute(element: Any, name: str) -> str:
    found = (value for key, value in element.items() if key.rpartition("}")[2] == name)
    return str(next(found, ""))


def _value(element: Any, path: str) -> str:
    found = element.find("/".join(f"{{*}}{step}" for step in path.split("/")))
    return _attribute(found, "val") if found is not None else ""


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
