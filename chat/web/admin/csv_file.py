"""A table as a file that a spreadsheet opens, and that runs nothing there."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from fastapi import Response

from chat.web.file_names import disposition

_SIGN = r"[=+\-@\uff1d\uff0b\uff0d\uff20]"
_FORMULA = re.compile(
    # Behind what parts cells only up to the next of them: that one is looked at by itself, and a
    # text of nothing else is read once.
    rf"""(^(?=[\s"']*{_SIGN})|(?:^|[;,\t\r\n])(?=[\t\r]|(?:[^\S\t\r\n]|["'])*{_SIGN}))"""
)
"""Where a spreadsheet takes a text for something to be reckoned: with such a sign, plain or of full
width, at its beginning; and behind whatever parts cells where the spreadsheet is, for it may be no
comma there. Source: OWASP, CSV Injection."""


def csv_file(name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """The answer with the file."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(heads)
    writer.writerows([_cell(each) for each in row] for row in rows)
    headers = {"Content-Disposition": disposition("attachment", name), "Cache-Control": "no-store"}
    # Spreadsheets know by the mark that it is UTF-8.
    return Response(f"\ufeff{out.getvalue()}", media_type="text/csv", headers=headers)


def _cell(value: object) -> object:
    return _FORMULA.sub(r"\1'", value) if isinstance(value, str) else value
