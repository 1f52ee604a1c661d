"""SQL over the tables of files. Runs in the process of files.

DuckDB holds copies in memory. Before it sees the SQL it is told to open no file, no network and no
extension, and that none of this can be changed; beside that, the process itself may write nothing.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from chat.core.errors import ToolFailed
from chat.core.parts import Json
from chat.files.column_types import MEASURES, column_type, measures
from chat.files.grids import Cell, Grid, cell_text
from chat.files.limits import (
    MAX_COLUMNS,
    MAX_RESULT_BYTES,
    MAX_RESULT_ROWS,
    OTHERS_CHARS,
    QUERY_MEMORY,
    QUERY_THREADS,
    TOLD_RESULT_BYTES,
    TOLD_ROWS,
    TOO_MUCH_MEMORY,
)
from chat.files.markdown import table_row, table_rule
from chat.files.tables import Table, tables_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SETTINGS = (
    "autoinstall_known_extensions = false",
    "autoload_known_extensions = false",
    "python_enable_replacements = false",
    "temp_directory = ''",
    "enable_external_access = false",
    "lock_configuration = true",
)
_COMPLAINT_CHARS = 400
_NAMED_COLUMNS = 40
_NAMED_TABLES = 40
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that a spreadsheet would take for one."""


def query_task(
    job: Mapping[str, Json], files: Sequence[bytes]
) -> tuple[dict[str, Json], list[bytes]]:
    """What SQL finds, as Markdown and, where that is not all, as CSV. Raises ``ToolFailed``."""
    sql = str(job["sql"]).strip()
    house = _Tables(list(zip(map(str, job["names"]), files, strict=True)))
    answer = house.answer(sql) if sql else _Answer(house.described())
    told = {"text": answer.text, "note": answer.note, "failed": answer.failed}
    return told, [answer.table] if answer.table else []


@dataclass(frozen=True, slots=True)
class _Answer:
    text: str
    note: str = ""
    table: bytes = b""
    failed: bool = False


class _Tables:
    """A database with the tables of files."""

    def __init__(self, files: Sequence[tuple[str, bytes]]) -> None:
        import duckdb

        self._duckdb = duckdb
        self._connection: DuckDBPyConnection = duckdb.connect(
            ":memory:", config={"memory_limit": QUERY_MEMORY, "threads": QUERY_THREADS}
        )
        reserved = self._connection.execute(
            "SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category <> 'unreserved'"
        )
        self._tables, self._problems = tables_of(files, {word for (word,) in reserved.fetchall()})
        self._told: dict[str, str] = {}
        """What is told of each table that was looked at, by its name."""

    def _load_named_in(self, sql: str) -> None:
        """Load the tables that a query names; all, where it names none, as one that lists them."""
        folded = sql.casefold()
        named = [table for table in self._tables if table.name.casefold() in folded]
        for table in named or self._tables:
            self._load(table)

    def _lock(self) -> None:
        """From here on nothing outside can be reached."""
        for setting in _SETTINGS:
            self._connection.execute(f"SET {setting}")

    def described(self) -> str:
        """Every table with its columns, and what is wrong with files that have none."""
        for table in self._tables:
            if table.name not in self._told:
                self._load(table)
        lines = [self._told[table.name] for table in self._tables[:_NAMED_TABLES]]
        if len(self._tables) > _NAMED_TABLES:
            others = ", ".join(table.name for table in self._tables[_NAMED_TABLES:])
            lines.append(f"And: {others[:OTHERS_CHARS]}")
        lines += self._problems
        return "\n".join(lines) or "There is no table."

    def answer(self, sql: str) -> _Answer:
        """Run a query. Raises ``ToolFailed``."""
        self._load_named_in(sql)
        self._lock()
        try:
            statements = self._connection.extract_statements(sql)
            kinds = self._duckdb.StatementType
            if len(statements) != 1:
                raise ToolFailed("Ask one query at a time.")
            # The last is what becomes of PIVOT.
            if statements[0].type not in (kinds.SELECT, kinds.EXPLAIN, kinds.MULTI):
                raise ToolFailed(
                    "Only queries are run here, such as SELECT, DESCRIBE or SUMMARIZE."
                )
            found = self._connection.execute(statements[0])
            columns = [str(column[0]) for column in found.description or ()]
            rows = found.fetchmany(MAX_RESULT_ROWS + 1)
        except (self._duckdb.OutOfMemoryException, MemoryError) as error:
            raise ToolFailed(TOO_MUCH_MEMORY) from error
        except (self._duckdb.CatalogException, self._duckdb.BinderException) as error:
            # Names of strangers are in it: it is told as what the tables say.
            tables = f"The tables are:\n{self.described()}"
            return _Answer(f"{_complaint(error)}\n\n{tables}", failed=True)
        except (self._duckdb.ParserException, self._duckdb.PermissionException) as error:
            raise ToolFailed(f"{_complaint(error)}.") from error
        except self._duckdb.Error as error:
            return _Answer(_complaint(error), failed=True)  # a cell may be quoted in it
        except (ValueError, OverflowError) as error:
            raise ToolFailed("The result holds a value that must be cast to VARCHAR.") from error
        return _told(columns, rows)

    def _load(self, table: Table) -> None:
        """Copy a table into the database; what cannot be read is said to be so."""
        name = f'"{table.name}"'
        try:
            grid = table.grid()
            kinds = self._copied(name, grid)
        except self._duckdb.OutOfMemoryException as error:
            raise ToolFailed(TOO_MUCH_MEMORY) from error
        except ToolFailed as error:
            self._told[table.name] = f"- {table.name} ({table.source}) cannot be read: {error}"
            return
        shown = ", ".join(f'"{column}" {kind}' for column, kind in kinds[:_NAMED_COLUMNS])
        more = f" and {len(kinds) - _NAMED_COLUMNS} more" if len(kinds) > _NAMED_COLUMNS else ""
        rows = len(grid.body)
        about = f"{rows:,} row{'' if rows == 1 else 's'} of {table.source}"
        note = f". {grid.note}" if grid.note else ""
        self._told[table.name] = f"- {table.name} ({about}): {shown}{more}{note}"

    def _copied(self, name: str, grid: Grid) -> list[tuple[str, str]]:
        columns = grid.columns
        if not columns:
            raise ToolFailed("There is nothing in it.")
        if len(columns) > MAX_COLUMNS:
            raise ToolFailed(f"It has more than {MAX_COLUMNS:,} columns.")
        quoted = ['"' + column.replace('"', '""') + '"' for column in columns]
        raw = {f"c{at}": _texts(grid.body, at) for at in range(len(columns))}
        self._connection.register("raw_rows", raw)
        try:
            self._connection.execute("CREATE TEMP TABLE raw_texts AS SELECT * FROM raw_rows")
        finally:
            self._connection.unregister("raw_rows")
        figures: list[Any] = []
        for begin in range(0, len(columns), 50):
            asked = ", ".join(measures(each) for each in list(raw)[begin : begin + 50])
            row = self._connection.execute(f"SELECT {asked} FROM raw_texts").fetchone()
            figures += row or ()
        kinds = [
            column_type(
                each,
                tuple(figures[at * MEASURES : (at + 1) * MEASURES]),
                decimal_comma=grid.decimal_comma,
            )
            for at, each in enumerate(raw)
        ]
        pairs = zip(kinds, quoted, strict=True)
        read = ", ".join(f"{kind.read} AS {column}" for kind, column in pairs)
        self._connection.execute(f"CREATE TABLE {name} AS SELECT {read} FROM raw_texts")
        self._connection.execute("DROP TABLE raw_texts")
        return [(column, kind.name) for column, kind in zip(columns, kinds, strict=True)]


def _texts(rows: Sequence[Sequence[Cell]], at: int) -> Any:
    """A column as texts, with holes where nothing is."""
    cells = [row[at] if at < len(row) else None for row in rows]
    texts = np.array([_exact(cell) for cell in cells], dtype=object)
    holes = np.array([cell is None or cell == "" for cell in cells], dtype=bool)
    return np.ma.masked_array(texts, mask=holes)


def _exact(cell: Cell) -> str:
    """A cell as a text that loses nothing."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return cell_text(cell)


def _told(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> _Answer:
    """A result as Markdown, and as CSV where that is not all of it."""
    if len(columns) > MAX_COLUMNS:
        raise ToolFailed(f"The result has more than {MAX_COLUMNS:,} columns.")
    kept = rows[:MAX_RESULT_ROWS]
    lines = [table_row(columns), table_rule(len(columns))]
    room = TOLD_RESULT_BYTES - sum(len(line.encode()) for line in lines)
    for row in kept[:TOLD_ROWS]:
        line = table_row([cell_text(value) for value in row])
        room -= len(line.encode("utf-8", "replace")) + 1
        if room < 0:
            break
        lines.append(line)
    shown = len(lines) - 2
    if shown == len(rows):
        return _Answer("\n".join(lines), f"{shown:,} row{'' if shown == 1 else 's'}.")
    table, written = _csv(columns, kept)
    all_of = "all" if written == len(rows) else f"the first {written:,}"
    many = f"{len(rows):,}" if len(rows) <= MAX_RESULT_ROWS else f"more than {MAX_RESULT_ROWS:,}"
    note = f"{shown:,} of {many} rows are told here; {all_of} are in the file result.csv."
    return _Answer("\n".join(lines), note, table)


def _csv(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> tuple[bytes, int]:
    """The rows as CSV until it is too large, and how many they are."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([_harmless(column) for column in columns])
    written = 0
    for row in rows:
        before = out.tell()
        writer.writerow([_harmless(value) for value in row])
        if out.tell() > MAX_RESULT_BYTES:
            out.truncate(before)
            break
        written += 1
    return out.getvalue().encode("utf-8", "replace"), written


def _harmless(value: Any) -> str:
    """A cell of CSV; a stranger's text that a spreadsheet would run is kept from that by a mark."""
    text = "" if value is None else value if isinstance(value, str) else cell_text(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text


def _complaint(error: Exception) -> str:
    """What the database says of a query, with the place of it, without its stack."""
    return str(error).strip()[:_COMPLAINT_CHARS].rstrip(" .\n^")
