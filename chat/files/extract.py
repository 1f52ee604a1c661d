"""What a model is told of a file. Runs in the process of files."""

from chat.core.errors import ToolFailed
from chat.core.file_kinds import PDF, FileKind
from chat.files.docx import docx_units
from chat.files.grids import Grid, Rows
from chat.files.kinds import readable_kind
from chat.files.limits import MAX_PICTURES
from chat.files.pdf import Pdf
from chat.files.sheets import Sheets, chosen, listed, sheets_of
from chat.files.units import Pages, Units, excerpt, span
from chat.files.wanted import Extract, Wanted
from chat.files.words import json_lines, text_lines


def extract(data: bytes, name: str, wanted: Wanted) -> Extract:
    """Read a file. Raises ``ToolFailed``."""
    kind = readable_kind(data, name)
    if wanted.as_pictures and kind is not PDF:
        raise ToolFailed(f"Only pages of a PDF are shown as pictures; this file is {kind.title}.")
    if wanted.sheet.strip() and kind.form not in ("workbook", "database"):
        raise ToolFailed(f"Only workbooks and databases have sheets; this file is {kind.title}.")
    match kind.form:
        case "pdf":
            return _pdf(data, wanted)
        case "docx":
            return _told(kind, docx_units(data), wanted)
        case "workbook" | "database" | "table":
            return _grid(data, kind, wanted)
        case "json":
            lines, remark = json_lines(data)
            return _told(kind, lines, wanted, remark)
        case "text":
            lines, remark = text_lines(data)
            return _told(kind, lines, wanted, remark)


def whole_text(data: bytes, name: str, most_bytes: int) -> tuple[str, bool]:
    """All that stands in a file, every sheet of it, from its beginning until it is so much text.

    Args:
        data: all of it.
        name: what it is called.
        most_bytes: of the text, as UTF-8.

    Returns:
        The text, and whether it is all of it.

    Raises:
        ToolFailed: it cannot be read.
    """
    kind = readable_kind(data, name)
    if kind.form in ("workbook", "database", "table"):
        return _all_sheets(data, kind, most_bytes)
    found = excerpt(_units(data, kind), most_bytes=most_bytes)
    return found.text, found.whole


def _units(data: bytes, kind: FileKind) -> Units:
    match kind.form:
        case "pdf":
            pdf = Pdf(data)
            return Pages(pdf.count, pdf.text)
        case "docx":
            return docx_units(data)
        case "json":
            return json_lines(data)[0]
        case _:
            return text_lines(data)[0]


def _all_sheets(data: bytes, kind: FileKind, most_bytes: int) -> tuple[str, bool]:
    sheets = sheets_of(data, kind)
    told: list[str] = []
    room, whole = most_bytes, True
    failures: list[ToolFailed] = []
    for sheet in sheets.names:
        hidden = " (hidden)" if sheet in sheets.hidden else ""
        title = f"## {sheet}{hidden}\n\n" if sheet else ""
        try:
            grid = sheets.grid(sheet)
        except ToolFailed as error:
            failures.append(error)
            text, all_of_it = f"{title}({error})", True
        else:
            if not grid.rows:
                continue
            note = f"{grid.note}\n\n" if grid.note else ""
            text, all_of_it = _rows_told(title + note, Rows(grid), room)
        whole = whole and all_of_it
        if text:
            told.append(text)
            room -= len(text.encode("utf-8", "replace")) + 2
    if failures and len(failures) == len(sheets.names):
        raise failures[0]
    return "\n\n".join(told), whole


def _rows_told(title: str, rows: Rows, room: int) -> tuple[str, bool]:
    """A sheet under its title, and whether that is all of it; nothing where there is no room."""
    room -= len((title + rows.heading).encode("utf-8", "replace"))
    if room <= 0:
        return "", False
    if rows.last < rows.first:
        return title + rows.heading, True
    found = excerpt(rows, most_bytes=room + len(rows.heading.encode("utf-8", "replace")))
    return title + found.text, found.whole


def _told(
    kind: FileKind, units: Units, wanted: Wanted, remark: str = "", about: str = ""
) -> Extract:
    found = excerpt(units, wanted.part, wanted.search)
    count = units.last - units.first + 1
    many = f"{count:,} {units.unit}{'' if count == 1 else 's'}"
    whole = f"{kind.title}, {many}" + (f"; {about}" if about else "") + "."
    return Extract(kind.title, " ".join(filter(None, (whole, remark))), found.text, found.note)


def _pdf(data: bytes, wanted: Wanted) -> Extract:
    pdf = Pdf(data)
    pages = Pages(pdf.count, pdf.text)
    title = f"title “{pdf.title}”" if pdf.title else ""
    if not wanted.as_pictures:
        found = _told(PDF, pages, wanted, about=title)
        if not wanted.search and found.text and not _has_words(found.text):
            scan = " There is no text on these pages: look at them with as_pictures."
            return Extract(found.kind, found.about, found.text, found.note + scan)
        return found
    begin, end = span(wanted.part, pages)
    shown = range(begin, min(end, begin + MAX_PICTURES - 1) + 1)
    pictures = [(number, pdf.picture(number)) for number in shown]
    note = f"Shown: pages {shown[0]} to {shown[-1]} of {pdf.count}."
    if shown[-1] < end:
        note += f' Look further with part="{shown[-1] + 1}-{end if end < pdf.count else ""}".'
    return Extract(PDF.title, f"{PDF.title}, {pdf.count:,} pages.", "", note, pictures)


def _has_words(text: str) -> bool:
    lines = [line for line in text.splitlines() if line and not line.startswith("[Page ")]
    return any(line != "(no text)" for line in lines)


def _grid(data: bytes, kind: FileKind, wanted: Wanted) -> Extract:
    sheets = sheets_of(data, kind)
    name, grid, passed_over = _first_readable(sheets, chosen(sheets.names, wanted.sheet), wanted)
    about = f"sheet “{name[:80]}” of {listed(sheets.names, sheets.hidden)}" if name else ""
    rows = Rows(grid)
    remark = " ".join(filter(None, (grid.note, passed_over)))
    if rows.last < rows.first:
        text = rows.heading if grid.rows else ""
        whole = f"{kind.title}, {about or 'no rows'}."
        whole = f"{whole} {remark}" if remark else whole
        return Extract(kind.title, whole, text, "There are no rows in it.")
    return _told(kind, rows, wanted, remark, about)


def _first_readable(sheets: Sheets, name: str, wanted: Wanted) -> tuple[str, Grid, str]:
    """The sheet that is told, and why it is not the first: one that is asked for has no stand-in.

    Raises:
        ToolFailed: it cannot be read, or none of them can.
    """
    failure: ToolFailed | None = None
    for sheet in [name] if wanted.sheet.strip() else sheets.names:
        try:
            return sheet, sheets.grid(sheet), str(failure or "")
        except ToolFailed as error:
            failure = failure or error
    raise failure or ToolFailed("There is no table in it.")
