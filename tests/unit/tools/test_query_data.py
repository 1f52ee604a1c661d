"""Tables in files are asked by SQL, exactly, and nothing but them can be reached from it."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any

import psutil  # type: ignore[import-untyped]
import pytest

from chat.core.errors import ToolFailed
from chat.core.tools import GivenFile, MadeFile
from chat.files.limits import TOO_MUCH_MEMORY
from chat.files.query_task import query_task
from chat.files.reader import ENDLESS_QUERY, DataQueries, FileProcess
from chat.tools.registry import load_tools
from chat.tools.tool_policy import acts, policy_of
from tests.unit.files import making
from tests.unit.tools.surroundings import Surroundings, run

SALES = (
    b"region;amount;day;postcode;paid\n"
    b"North;1.234,50;2024-01-02;01234;true\nSouth;3,25;2024-02-03;09999;false\n"
    b"North;;2024-03-04;10000;true\n"
)
FILES: dict[str, bytes] = {
    "Sales 2024.csv": SALES,
    "order.json": b'[{"id": 1, "price": 0.1, "tags": ["a"]}, {"id": 2, "price": 0.2}]',
    "book.xlsx": making.xlsx({"North": [["Fox", "Count"], ["Red", 3.0]], "South": [[1.0]]}),
    "animals.db": making.sqlite(
        "CREATE TABLE fox (id INTEGER, name TEXT)",
        "INSERT INTO fox VALUES (1, 'Red'), (2, NULL), (12345678901234567, '')",
        log_ahead=True,
    ),
    "notes.txt": b"words",
}
ENDLESS = "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r"


def answers(here: Mapping[str, bytes] = FILES, cpu_s: float = 30.0, **arguments: Any) -> list[Any]:
    house: dict[type, object] = {DataQueries: DataQueries(FileProcess(cpu_s))}
    tool = load_tools(house)["query_data"]
    return list(run(tool, arguments, Surroundings(resources=house, files=here)))


def asked(sql: str, files: Mapping[str, bytes] = FILES) -> str:
    """What SQL finds, without a process around it."""
    told, _ = query_task({"sql": sql, "names": list(files)}, list(files.values()))
    if told["failed"]:
        raise ToolFailed(told["text"])
    return str(told["text"])


def rows(sql: str, files: Mapping[str, bytes] = FILES) -> list[str]:
    """The rows of an answer that is told whole."""
    return asked(sql, files).splitlines()[2:]


def test_the_tables_are_told_with_their_columns_and_types() -> None:
    (told,) = answers()
    assert (
        '- sales_2024 (3 rows of Sales 2024.csv): "region" VARCHAR, "amount" DECIMAL(38, 2), '
        '"day" DATE, "postcode" VARCHAR, "paid" BOOLEAN\n'
    ) in told
    assert '- order_2 (2 rows of order.json): "id" BIGINT, "price" DECIMAL(38, 1), "tags"' in told
    assert '- book_north (1 row of book.xlsx, “North”): "Fox" VARCHAR, "Count" BIGINT' in told
    assert '- book_south (1 row of book.xlsx, “South”): "column1" BIGINT' in told
    assert '- fox (3 rows of animals.db): "id" BIGINT, "name" VARCHAR' in told
    assert "notes.txt" not in told


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("SELECT region, sum(amount) FROM sales_2024 GROUP BY 1 ORDER BY 1",
         ["| North | 1234.50 |", "| South | 3.25 |"]),
        ("SELECT sum(price) FROM order_2", ["| 0.3 |"]),
        ("SELECT f.name, b.Count FROM fox f JOIN book_north b ON f.name = b.Fox", ["| Red | 3 |"]),
        ("SELECT max(id), count(name) FROM fox", ["| 12345678901234567 | 1 |"]),
        ("FROM sales_2024 SELECT postcode, day + INTERVAL 1 DAY WHERE paid AND amount > 5",
         ["| 01234 | 2024-01-03 |"]),
        ("PIVOT sales_2024 ON paid USING count(*) GROUP BY region ORDER BY region",
         ["| North | 0 | 2 |", "| South | 1 | 0 |"]),
        ("SELECT 1 WHERE false", []),
    ],
)  # fmt: skip
def test_a_query_is_answered_exactly(sql: str, told: list[str]) -> None:
    assert rows(sql) == told


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1", "-2", ""], "BIGINT"),
        (["123456789012345678901"], "HUGEINT"),
        (["0.10", "-3"], "DECIMAL(38, 2)"),
        (["1e3", "2.5"], "DOUBLE"),
        (["007", "1"], "VARCHAR"),
        (["+49301234567"], "VARCHAR"),
        (["1e999"], "VARCHAR"),
        (["1.5e-20", "0.12345678901234"], "DOUBLE"),
        (["9" * 400], "VARCHAR"),
        (["1,5", "2"], "VARCHAR"),
        (["2024-02-30"], "VARCHAR"),
        (["2024-02-29 10:30", "2024-01-01"], "TIMESTAMP"),
        (["TRUE", "false"], "BOOLEAN"),
        (["nan", "inf"], "VARCHAR"),
        (["", ""], "VARCHAR"),
    ],
)
def test_a_column_has_the_type_that_all_of_its_cells_have(cells: list[str], kind: str) -> None:
    data = "\n".join(["a|b", *(f"{cell}|x" for cell in cells)]).encode()
    assert f'"a" {kind}, "b"' in asked("", {"t.csv": data})


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1.234,50", "7"], "DECIMAL(38, 2)"),
        (["1.234", "7"], "VARCHAR"),
        (["1.25", "7"], "DECIMAL(38, 2)"),
        (["1.234", "1,5"], "DECIMAL(38, 1)"),
        ([".".join(["123"] * 20) + ",5"], "VARCHAR"),
    ],
)
def test_with_semicolons_a_comma_may_part_decimals(cells: list[str], kind: str) -> None:
    data = "\n".join(["a;b", *(f"{cell};x" for cell in cells)]).encode()
    assert f'"a" {kind}, "b"' in asked("", {"t.csv": data})


def test_a_name_that_is_not_there_is_answered_with_those_that_are_as_data() -> None:
    for sql, told in (
        ("SELECT * FROM foxes", '"region" VARCHAR'),
        ("SELECT wait FROM fox", '"region" VARCHAR'),
        ("SELECT region::INTEGER FROM sales_2024", "'North'"),
    ):
        with pytest.raises(ToolFailed) as refused:
            answers(sql=sql)
        said = str(refused.value)
        mark = re.search(r"between the marks ([0-9a-f]{8})\.", said)
        assert mark
        assert said.index(f"[{mark[1]}") < said.index(told) < said.rindex(mark[1])


def test_a_long_result_is_a_file_too_and_no_cell_of_it_runs_in_a_spreadsheet() -> None:
    sql = "SELECT i, '=1+1' AS f, -i AS n FROM range(100001) t(i)"
    told, file = answers(sql=sql)
    assert told.endswith(
        "200 of more than 100,000 rows are told here; the first 100,000 are in the file result.csv."
    )
    assert isinstance(file, MadeFile)
    assert (file.name, file.mime) == ("result.csv", "text/csv")
    assert file.data.startswith(b"i,f,n\n0,'=1+1,0\n1,'=1+1,-1\n")
    assert file.data.count(b"\n") == 100_001


OUTSIDE = [
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/proc/self/environ')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM glob('/*')",
    "SELECT * FROM sniff_csv('/etc/hosts')",
    "SELECT * FROM 'http://127.0.0.1:9/a.csv'",
    "SELECT * FROM read_parquet('s3://a/b')",
    "SELECT * FROM sqlite_scan('/tmp/a.db', 'a')",
    "SELECT * FROM query('COPY (SELECT 1) TO ''/tmp/easel-query''')",
    "SELECT getenv('PATH')",
    "SELECT * FROM duckdb_secrets()",
    "SELECT * FROM arrow_scan_dumb(1, 2, 3)",
    "SELECT * FROM pandas_scan(1::POINTER)",
    "SELECT * FROM python_map_function(fox)",
    "COPY (SELECT 1) TO '/tmp/easel-query'",
    "COPY fox FROM '/etc/passwd'",
    "EXPORT DATABASE '/tmp/easel-query'",
    "ATTACH '/tmp/easel-query.db'",
    "INSTALL httpfs",
    "LOAD '/tmp/x.duckdb_extension'",
    "SET enable_external_access = true",
    "RESET lock_configuration",
    "PRAGMA enable_external_access = true",
    "CREATE TABLE a AS SELECT 1",
    "DROP TABLE fox",
    "CALL pragma_version()",
    "SELECT 1; COPY (SELECT 1) TO '/tmp/easel-query'",
    "EXPLAIN ANALYZE COPY (SELECT 1) TO '/tmp/easel-query'",
    "WITH a AS (SELECT 1) SELECT * FROM files, house, job",
]


REFUSALS = (
    "Only queries are run here",
    "Ask one query at a time",
    "Expected a single SELECT",
    "operations are disabled by configuration",
    "does not exist",
    "is not in the catalog",
    "No function matches",
    "requires a callable",
)


@pytest.mark.parametrize("sql", OUTSIDE)
def test_nothing_outside_can_be_reached(sql: str) -> None:
    with pytest.raises(ToolFailed) as refused:
        asked(sql, {"animals.db": FILES["animals.db"]})
    assert any(words in str(refused.value) for words in REFUSALS), str(refused.value)


@pytest.mark.deep
def test_a_query_without_end_is_ended() -> None:
    with pytest.raises(ToolFailed, match=ENDLESS_QUERY):
        answers(sql=ENDLESS, cpu_s=1.5)


@pytest.mark.deep
def test_a_query_that_wants_all_memory_is_refused() -> None:
    with pytest.raises(ToolFailed, match=TOO_MUCH_MEMORY):
        answers(sql="SELECT list(i) FROM range(300000000) t(i)")


@pytest.mark.deep
def test_who_stops_leaves_no_query_behind() -> None:
    def at_work() -> bool:
        mine = psutil.Process().children()
        return any("chat.files.worker" in child.cmdline() for child in mine)

    async def stopped() -> None:
        fox = GivenFile("animals.db", FILES["animals.db"])
        work = asyncio.create_task(DataQueries(FileProcess()).ask([fox], ENDLESS))
        await asyncio.wait({work}, timeout=1.0)
        assert at_work()
        work.cancel()
        await asyncio.wait({work})
        assert work.cancelled()
        assert not at_work()

    asyncio.run(stopped())


def test_a_file_that_is_no_table_costs_the_others_nothing() -> None:
    files = {"bad.csv": b"", "broken.xlsx": b"PK\x03\x04 no", "good.csv": b"a,b\n1,2\n"}
    (told,) = answers(files)
    assert "- good (1 row of good.csv)" in told
    assert "bad.csv: The file is empty." in told
    assert "broken.xlsx: The file is damaged" in told
    assert rows("SELECT a FROM good", files) == ["| 1 |"]


def test_files_are_named_or_those_with_tables_are_taken() -> None:
    assert "- fox (3 rows of History)" in answers({"History": FILES["animals.db"]})[0]
    with pytest.raises(ToolFailed, match="no file with tables"):
        answers({"notes.txt": b"words"})
    with pytest.raises(ToolFailed, match="There is no file"):
        answers(files=["nope.csv"])
    with pytest.raises(ToolFailed, match="Name at most 12"):
        answers(files=["a"] * 13)


def test_a_query_needs_no_question() -> None:
    tool = load_tools({DataQueries: DataQueries(FileProcess())})["query_data"]
    assert policy_of("query_data", tool, {}) == "allow"
    assert not acts(tool)
