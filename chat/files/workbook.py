"""Workbooks: XLSX, XLSM, XLSB, XLS and ODS. Formulas are told by the value that was saved."""

import re
from contextlib import suppress
from io import BytesIO
from zipfile import ZipFile

from chat.core.errors import ToolFailed
from chat.core.zips import ZIP_ERRORS
from chat.files.grids import Grid
from chat.files.limits import MAX_CELLS

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_UNCOMPUTED = re.compile(rb"(?:</f>|<f [^<>]*/>|<f/>)(?:<v ?/>|<v></v>)?</c>")
"""A formula and no value, as programs write it that compute none."""
_FAILED = re.compile(rb'<c [^<>]*t="e"')


class Workbook:
    """The sheets of a workbook; each is read when it is asked for."""

    def __init__(self, data: bytes) -> None:
        """Open it. Raises ``ToolFailed``."""
        import python_calamine as calamine

        try:
            self._book = calamine.CalamineWorkbook.from_filelike(BytesIO(data))
        except calamine.PasswordError as error:
            raise ToolFailed("The file is locked with a password; save it without one.") from error
        except (calamine.CalamineError, OSError) as error:
            raise ToolFailed("The workbook is damaged and cannot be opened.") from error
        self._failure = calamine.CalamineError
        sheets = self._book.sheets_metadata
        self.names = [
            sheet.name for sheet in sheets if sheet.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        """In the order of the book; charts are none."""
        shown = calamine.SheetVisibleEnum.Visible
        self.hidden = frozenset(sheet.name for sheet in sheets if sheet.visible != shown)
        self._note = _lost_values(data)

    def grid(self, name: str) -> Grid:
        """A sheet. Raises ``ToolFailed``."""
        try:
            sheet = self._book.get_sheet_by_name(name)
        except (self._failure, OSError) as error:
            raise ToolFailed(f"The sheet “{name[:80]}” is damaged and cannot be read.") from error
        if sheet.start is None:
            return Grid(name, ())
        if sheet.height * sheet.width > MAX_CELLS:
            raise ToolFailed(
                f"The sheet “{name[:80]}” is {sheet.height:,} × {sheet.width:,} cells; "
                f"the most that is read is {MAX_CELLS:,}."
            )
        rows = [[None if cell == "" else cell for cell in row] for row in sheet.to_python()]
        return Grid(name, rows, first=sheet.start[0] + 1, note=self._note)


def _lost_values(data: bytes) -> str:
    """What is to be known of cells that are told as empty and are not; empty: there are none.

    The reader tells a formula whose value was not saved, and a value that is an error, as nothing.
    """
    if not data.startswith(b"PK"):
        return ""
    without, failed = 0, 0
    with suppress(*ZIP_ERRORS, KeyError), ZipFile(BytesIO(data)) as archive:
        for name in archive.namelist():
            if _SHEET.fullmatch(name):
                written = archive.read(name)
                without += len(_UNCOMPUTED.findall(written))
                failed += len(_FAILED.findall(written))
    notes = []
    if without:
        notes.append(
            f"Told as empty: {_cells(without)} of this workbook with a formula whose value was "
            "not saved. Open it in a spreadsheet and save it, which computes them."
        )
    if failed:
        notes.append(f"Told as empty: {_cells(failed)} with an error, such as #DIV/0!.")
    return " ".join(notes)


def _cells(count: int) -> str:
    return f"{count:,} cell{'' if count == 1 else 's'}"
