#!/bin/sh
# python-calamine 0.9.1, a workbook of XlsxWriter 3.3.1 with cells that hold #DIV/0! and #N/A.
#
# One would guess that an error comes as its name, as from openpyxl, or as something that tells it
# from a cell in which nothing stands.
# Seen: to_python gives "" for both, so that whoever adds up or counts a column takes what failed for
# what was left out, and is told of nothing.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check \
    python-calamine==0.9.1 XlsxWriter==3.3.1 openpyxl==3.1.5
"$place/venv/bin/python" - "$place/errors.xlsx" <<'PYTHON'
import sys
from importlib.metadata import version

import openpyxl
import python_calamine
import xlsxwriter

path = sys.argv[1]
with xlsxwriter.Workbook(path) as book:
    sheet = book.add_worksheet()
    sheet.write_formula("A1", "=1/0", None, "#DIV/0!")
    sheet.write_formula("B1", "=NA()", None, "#N/A")
    sheet.write("D1", 1)  # and nothing in C1

row = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[0]
other = [cell.value for cell in openpyxl.load_workbook(path, data_only=True).active[1]]
print("python-calamine", version("python-calamine"), row)
print("openpyxl", version("openpyxl"), other)
if (row, other) != (["", "", "", 1.0], ["#DIV/0!", "#N/A", None, 1]):
    raise SystemExit("changed")
PYTHON
