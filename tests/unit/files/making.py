"""Files of every kind that is read, made here: small, and with what real ones are awkward for."""

import io
import sqlite3
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from html import escape
from typing import TypeAlias

from fpdf import FPDF

Value: TypeAlias = str | float | bool | datetime | None

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_P = "http://schemas.openxmlformats.org/package/2006/relationships"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def pdf(
    pages: Iterable[str],
    *,
    table: Sequence[Sequence[str]] = (),
    drawn: bool = True,
    password: str = "",
) -> bytes:
    """A PDF with a few words on each page, and a table under those of the first.

    The table is 100 mm wide, and drawn with lines and its cells centred, or with none of that.
    """
    made = FPDF()
    made.set_title("Foxes of the north")
    if password:
        made.set_encryption(owner_password=password, user_password=password)
    for number, words in enumerate(pages):
        made.add_page()
        made.set_font("helvetica", size=12)
        if words:
            made.multi_cell(0, text=words, new_x="LMARGIN", new_y="NEXT")
        if table and not number:
            lines, place = ("ALL", "MIDDLE") if drawn else ("NONE", "TOP")
            form = {"borders_layout": lines, "v_align": place}
            with made.table(width=100, line_height=5, padding=2, **form) as laid:
                for cells in table:
                    laid.row(cells)
    return bytes(made.output())


def pdf_of(objects: Sequence[bytes]) -> bytes:
    """A PDF of these objects, the catalogue first."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, inside in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, inside)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, table)
    return bytes(out)


def pdf_page(content: str, annotations: str = "", form: str = "") -> bytes:
    """A PDF of one page: its operators, what lies upon it, and the fields of its form."""
    fonts = "<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    drawn = content.encode("latin-1")
    return pdf_of(
        [
            f"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[{form}]>>>>".encode(),
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources {fonts}"
            f"/Annots[{annotations}]>>".encode(),
            b"<</Length %d>>\nstream\n%s\nendstream" % (len(drawn), drawn),
            b"<</Subtype/Widget/FT/Tx/T(town)/TU(Town of birth)/V(Oslo)/Rect[9 9 99 20]>>",
            b"<</Type/Annot/Subtype/Widget/FT/Btn/T(agrees)/V/Yes/AS/Yes/Rect[9 30 20 40]>>",
            b"<</Type/Annot/Subtype/Widget/FT/Btn/T(refuses)/V/Off/AS/Off/Rect[9 50 20 60]>>",
            b"<</Type/Annot/Subtype/Widget/FT/Tx/T(empty)/Rect[9 70 99 80]>>",
            b"<</Type/Annot/Subtype/Text/Contents(Ask again)/Rect[9 90 20 99]>>",
            b"<</Type/Annot/Subtype/Link/Contents(no words)/Rect[9 90 20 99]>>",
        ]
    )


def two_columns() -> bytes:
    """A page of a newspaper, one column written after the other."""
    made = FPDF()
    made.add_page()
    made.set_font("helvetica", size=10)
    for left, words in ((15, "left"), (110, "right")):
        for number in range(4):
            made.text(left, 30 + 6 * number, f"The {words} column, line {number}")
    return bytes(made.output())


def packed(members: Mapping[str, str | bytes]) -> bytes:
    """A zip file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def compound(*streams: str) -> bytes:
    """As much of an older file of Office as says what is in it: its directory."""
    entries = b"".join(
        f"{name}\0".encode("utf-16-le").ljust(64, b"\0")
        + (2 * len(name) + 2).to_bytes(2, "little")
        + bytes(62)
        for name in streams
    )
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + entries


def paragraph(words: str, style: str = "", inside: str = "") -> str:
    """A paragraph of a Word document."""
    about = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{about}{inside}<w:r><w:t>{escape(words)}</w:t></w:r></w:p>"


def docx(body: str, prolog: str = "", **parts: str) -> bytes:
    """A Word document with this body, and with notes."""
    styles = '<w:style w:styleId="H1"><w:name w:val="heading 1"/></w:style>'
    inside = f"<w:body>{body}</w:body>"
    whole = {
        "word/document.xml": f'{prolog}<w:document xmlns:w="{_W}">{inside}</w:document>',
        "word/styles.xml": f'<w:styles xmlns:w="{_W}">{styles}</w:styles>',
    }
    for name, inside in parts.items():
        whole[f"word/{name}.xml"] = f'<w:{name} xmlns:w="{_W}">{inside}</w:{name}>'
    return packed(whole)


def xlsx(sheets: Mapping[str, Sequence[Sequence[Value]]], **more: str) -> bytes:
    """A workbook; a text that begins with ``=`` is a formula whose value was saved as 42."""
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}" r:id="r{number}"{_state(name, more)}/>'
        for number, name in enumerate(sheets, 1)
    )
    related = "".join(
        _related(f"r{number}", "worksheet", f"worksheets/sheet{number}.xml")
        for number in range(1, len(sheets) + 1)
    )
    related += _related("styles", "styles", "styles.xml")
    book = f'<workbook xmlns="{SHEETS}" xmlns:r="{_R}"><sheets>{listed}</sheets></workbook>'
    root = _related("r1", "officeDocument", "xl/workbook.xml")
    members = {
        "_rels/.rels": f'<Relationships xmlns="{_P}">{root}</Relationships>',
        "xl/workbook.xml": book,
        "xl/styles.xml": f'<styleSheet xmlns="{SHEETS}"><cellXfs><xf numFmtId="0"/>'
        '<xf numFmtId="22"/></cellXfs></styleSheet>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_P}">{related}</Relationships>',
    }
    for number, rows in enumerate(sheets.values(), 1):
        lines = "".join(
            f'<row r="{at}">{"".join(_cell(at, *cell) for cell in enumerate(row))}</row>'
            for at, row in enumerate(rows, 1)
        )
        members[f"xl/worksheets/sheet{number}.xml"] = more.get(
            "sheet", f'<worksheet xmlns="{SHEETS}"><sheetData>{lines}</sheetData></worksheet>'
        )
    return packed(members)


def _state(name: str, more: Mapping[str, str]) -> str:
    return ' state="hidden"' if name == more.get("hidden") else ""


def _related(name: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{name}" Type="{_R}/{kind}" Target="{target}"/>'


def _cell(row: int, column: int, value: Value) -> str:
    where = f"{chr(ord('A') + column)}{row}"
    match value:
        case datetime():
            days = (value - datetime(1899, 12, 30)) / timedelta(days=1)  # noqa: DTZ001
            return f'<c r="{where}" s="1"><v>{days}</v></c>'
        case None:
            return ""
        case bool():
            return f'<c r="{where}" t="b"><v>{int(value)}</v></c>'
        case str() if value.startswith("="):
            return f'<c r="{where}"><f>{escape(value[1:])}</f><v>42</v></c>'
        case str():
            return f'<c r="{where}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{where}"><v>{value}</v></c>'


def sqlite(*statements: str, log_ahead: bool = False) -> bytes:
    """A database; with a write-ahead log in its header, as programs leave it that use one."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(";".join(statements))
        data = connection.serialize()
    return data[:18] + b"\x02\x02" + data[20:] if log_ahead else data
