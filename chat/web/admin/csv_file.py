"""A table as a file that a spreadsheet opens, and that runs nothing there."""

import asyncio
import csv
import io
import re
from collections.abc import AsyncIterator, Iterable, Sequence
from functools import lru_cache

from fastapi import Response
from fastapi.responses import StreamingResponse

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


def csv_file(
    name: str, heads: Sequence[str], parts: Iterable[Iterable[Sequence[object]]]
) -> Response:
    """The answer with the file, written in a thread and sent part by part.

    However many rows there are, a part is all that is held of them, and nobody else waits.
    """
    headers = {"Content-Disposition": disposition("attachment", name), "Cache-Control": "no-store"}
    return StreamingResponse(_pieces(heads, parts), media_type="text/csv", headers=headers)


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """Rows as they stand in the file."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerows([_cell(each) for each in row] for row in rows)
    return out.getvalue()


async def _pieces(
    heads: Sequence[str], parts: Iterable[Iterable[Sequence[object]]]
) -> AsyncIterator[bytes]:
    # Spreadsheets know by the mark that it is UTF-8.
    yield f"\ufeff{csv_text([heads])}".encode()
    each = iter(parts)

    def following() -> bytes | None:
        part = next(each, None)
        return None if part is None else csv_text(part).encode()

    while (piece := await asyncio.to_thread(following)) is not None:
        if piece:
            yield piece


def _cell(value: object) -> object:
    return _text(value) if isinstance(value, str) else value


@lru_cache(maxsize=4096)
def _text(value: str) -> str:
    """Days, names and models stand in many rows."""
    return _FORMULA.sub(r"\1'", value)
