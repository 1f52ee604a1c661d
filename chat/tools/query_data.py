"""SQL over the tables in the files of a conversation."""

from chat.core.errors import ToolFailed
from chat.core.extras import install_command
from chat.core.quoting import quoted
from chat.core.tools import GivenFile, MadeFile, ToolContext, ToolOutput
from chat.files.limits import MAX_QUERIED_BYTES, MAX_QUERIED_FILES
from chat.files.reader import DataQueries
from chat.tools.schema import Needs, with_facts

MAX_SQL_CHARS = 20_000


@with_facts(
    reach="Computes here over copies of files of this conversation. Changes nothing, opens no "
    "other file and reaches no network.",
    timeout_s=90.0,
    setup=f"It needs DuckDB. Install it with: {install_command('data')}",
)
async def query_data(
    queries: Needs[DataQueries],
    context: ToolContext,
    sql: str = "",
    files: list[str] | None = None,
) -> list[ToolOutput]:
    """Ask one SQL query (DuckDB's dialect) of the tables in CSV, TSV, XLSX, JSON and SQLite files.

    Without sql you are told the tables with their columns and types; do that first. A long result
    comes as a CSV file, too.

    Args:
        queries: answers them.
        context: whose files they are.
        sql: one query, such as "SELECT region, sum(amount) FROM sales GROUP BY region".
        files: names or handles of files; left out, all files with tables in the conversation.
    """
    if len(sql) > MAX_SQL_CHARS:
        raise ToolFailed(f"A query has at most {MAX_SQL_CHARS:,} characters.")
    given = await _files(files, context)
    found = await queries.ask(given, sql)
    if found.failed:
        told = quoted("What the database says", found.text)
        raise ToolFailed(f"The query was not run. {told}\n\nAsk anew.")
    told = quoted("What the tables say", f"{found.text}\n")
    outputs: list[ToolOutput] = [f"{told}\n\n{found.note}".strip()]
    if found.table:
        outputs.append(MadeFile("result.csv", "text/csv", found.table))
    return outputs


async def _files(named: list[str] | None, context: ToolContext) -> list[GivenFile]:
    """Those that are named, or the newest that have tables. Raises ``ToolFailed``."""
    kinds = context.file_kinds()
    names = named or [name for name, kind in kinds.items() if kind and kind.has_tables]
    if not names:
        raise ToolFailed("There is no file with tables in this conversation.")
    if named and len(named) > MAX_QUERIED_FILES:
        raise ToolFailed(f"Name at most {MAX_QUERIED_FILES} files.")
    given = [await context.file(name) for name in names[-MAX_QUERIED_FILES:]]
    if sum(len(file.data) for file in given) > MAX_QUERIED_BYTES:
        most = MAX_QUERIED_BYTES // 1_000_000
        raise ToolFailed(f"Together the files are larger than {most} MB: name those that you need.")
    return given
