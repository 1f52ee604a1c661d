"""Workbooks: XLSX, XLSM, XLSB, XLS and ODS. Formulas are told by the value that was saved."""

from io import BytesIO

from chat.core.errors import ToolFailed
from chat.files.grids import Grid
from chat.files.limits import MAX_CELLS


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
        return Grid(name, rows, first=sheet.start[0] + 1)
