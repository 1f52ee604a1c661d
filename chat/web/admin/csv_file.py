"""A table as a file that a spreadsheet opens, and that runs nothing there."""

import csv
import io
from collections.abc import Iterable, Sequence

from fastapi import Response

from chat.web.file_names import disposition

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""With these a spreadsheet takes a text for something to be reckoned. Source: OWASP, CSV
Injection."""


def csv_file(name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """The answer with the file."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows([_cell(each) for each in row] for row in rows)
    headers = {"Content-Disposition": disposition("attachment", name), "Cache-Control": "no-store"}
    # Spreadsheets know by the mark that it is UTF-8.
    return Response(f"\ufeff{out.getvalue()}", media_type="text/csv", headers=headers)


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(FORMULAS):
        return f"'{value}"
    return value
