"""What is made to break a reader, or is broken, is one clear sentence and nobody else's trouble."""

import asyncio
from collections.abc import Callable

import psutil  # type: ignore[import-untyped]
import pytest

from chat.core.errors import ToolFailed
from chat.core.file_kinds import TEXT
from chat.core.file_sniffing import kind_of
from chat.files.reader import DIED, TOO_MUCH_WORK, FileProcess, FileReader
from chat.files.wanted import Wanted
from tests.unit.files import making

ENTITIES = "<!DOCTYPE w [<!ENTITY a 'fox'>" + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 60}">'
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
) + "]>"  # fmt: skip
FAR = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

ALL = Wanted()


def read(data: bytes, name: str = "file", wanted: Wanted = ALL) -> str:
    found = asyncio.run(FileReader(FileProcess()).read(data, name, wanted))
    return f"{found.about}\n{found.text}\n{found.note}"


FONT = b"<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"


def many_pages(count: int) -> bytes:
    """A PDF of that many pages, all of them one object."""
    kids = b" ".join([b"3 0 R"] * count)
    return making.pdf_of(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count),
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources %s>>" % FONT,
            b"<</Length 33>>stream\nBT /F 9 Tf 9 9 Td (A fox) Tj ET  \nendstream",
        ]
    )


def bomb() -> bytes:
    """What takes a second to pack, so not where tests are only listed."""
    return making.packed({"word/document.xml": b"\0" * 310_000_000})


LOCKED = making.compound("EncryptedPackage", "EncryptionInfo")
IN_USE = making.sqlite("CREATE TABLE a (b)", "DROP TABLE a", log_ahead=True)
STRAY = (
    f'<worksheet xmlns="{FAR}"><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576">'
    '<c r="XFD1048576"><v>2</v></c></row></sheetData></worksheet>'
)


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "a.txt", "The file is empty."),
        (b" \n\n ", "a.txt", "There is no text in it."),
        (b",,\n\n", "a.csv", "The table is empty."),
        (making.pdf(["x"], password="fox"), "a.pdf", "locked with a password"),
        (making.pdf(["x"])[:300], "a.pdf", "The PDF is damaged"),
        (b"%PDF-1.7\n%%EOF", "a.pdf", "The PDF is damaged"),
        (LOCKED, "a.xlsx", "locked with a password"),
        (making.compound("WordDocument"), "a.doc", "of an older Office"),
        (making.docx("<w:p>")[:200], "a.docx", "The file is damaged"),
        (making.docx("<w:p></w:q>"), "a.docx", "The document is damaged"),
        (making.docx("<w:p><w:r><w:t>&i;</w:t></w:r></w:p>", ENTITIES), "a.docx", "damaged"),
        (making.docx(""), "a.docx", "There is no paragraph in it."),
        (making.xlsx({"A": [[1.0]]}, sheet="<worksheet><"), "a.xlsx", "is damaged"),
        (making.packed({"xl/workbook.xml": "<a"}), "a.xlsx", "The workbook is damaged"),
        (making.packed({"a.txt": "words"}), "a.csv", "This is an archive. Unpack it"),
        (making.packed({"ppt/presentation.xml": ""}), "a.pptx", "Export it as PDF"),
        (b"SQLite format 3\0" + b"\x10" * 900, "a.db", "The database is damaged"),
        (making.sqlite("CREATE TABLE a (b)", "DROP TABLE a"), "a.db", "There is no table in it."),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "data.csv", "This is a picture"),
        (b"\x7fELF" + bytes(range(256)), "notes.txt", "It is called .txt, and its bytes are no"),
        (bytes(range(256)) * 40, "notes.csv", "It is called .csv, and its bytes are no text"),
        (b"a,b\n1,\x00\n" + b"2,3\n" * 9, "a.csv", "It is called .csv, and its bytes are no text"),
        (b"\x7fELF" + bytes(range(256)), "notes", "This is no file that Easel takes"),
        (IN_USE, "a.db", "Close that program, and add the database again"),
        (b"x" * 20_000_001, "a.txt", "at most 20 MB"),
        (bomb, "a.docx", "Unpacked, the file is larger than 300 MB"),
        (making.xlsx({"A": []}, sheet=STRAY), "a.xlsx", DIED[:35]),
        (b"," * 5_000_000, "a.csv", "more than 4,000,000 cells"),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else "",
)
def test_each_is_refused_in_a_sentence(
    data: bytes | Callable[[], bytes], name: str, sentence: str
) -> None:
    with pytest.raises(ToolFailed) as refused:
        read(data() if callable(data) else data, name)
    assert sentence in str(refused.value)
    assert str(refused.value).endswith(".")
    assert len(str(refused.value)) < 200


def test_why_a_file_is_not_read_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "chat.files.reader")
    for data, cause in (
        (making.docx("<w:p>")[:200], "BadZipFile"),
        (making.docx("<w:p></w:q>"), "XMLSyntaxError"),
        (making.docx("").replace(b"word/styles", b"word/others", 1), "BadZipFile"),
    ):
        with pytest.raises(ToolFailed, match="damaged"):
            read(data, "a.docx")
        assert cause in caplog.messages[-1]


@pytest.mark.deep
def test_of_ten_thousand_pages_the_first_are_told_and_all_can_be_reached() -> None:
    data = many_pages(10_000)
    assert "PDF, 10,000 pages." in read(data)
    assert "[Page 9999]\nA fox" in read(data, wanted=Wanted("9999-"))
    assert "10,000" in read(data, wanted=Wanted(search="walrus"))


ENDLESS = making.sqlite(
    "CREATE VIEW v AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) "
    "SELECT count(*) FROM r"
)


@pytest.mark.deep
def test_work_without_end_is_ended_and_the_next_file_is_read() -> None:
    reader = FileReader(FileProcess(cpu_s=1.0))

    async def both() -> str:
        with pytest.raises(ToolFailed, match=TOO_MUCH_WORK):
            await reader.read(ENDLESS, "a.db", Wanted())
        return (await reader.read(b"words", "a.txt", Wanted())).text

    assert asyncio.run(both()) == "words"


@pytest.mark.deep
def test_who_stops_leaves_no_process_behind() -> None:
    def at_work() -> bool:
        mine = psutil.Process().children()
        return any("chat.files.worker" in child.cmdline() for child in mine)

    async def stopped() -> None:
        work = asyncio.create_task(FileReader(FileProcess()).read(ENDLESS, "a.db", Wanted()))
        await asyncio.wait({work}, timeout=1.0)
        assert not work.done()
        assert at_work()
        work.cancel()
        await asyncio.wait({work})
        assert work.cancelled()
        assert not at_work()

    asyncio.run(stopped())


def test_of_a_database_what_can_be_read_is_told_beside_what_cannot() -> None:
    data = making.sqlite(
        "CREATE VIEW broken AS SELECT 1",
        "CREATE TABLE den (name)",
        "INSERT INTO den VALUES ('Red')",
    ).replace(b"AS SELECT 1", b"AS SELECT a")
    first = read(making.sqlite("CREATE VIRTUAL TABLE a USING fts5(b)"))
    assert "The table “a” cannot be read" in first
    assert "| 1 | version | 4 |" in first, "the next table is told"
    text, whole = asyncio.run(FileReader(FileProcess()).text(data, "a.db", 9_000))
    assert whole
    assert "| 1 | Red |" in text
    assert "(The table “broken” cannot be read: no such column: a.)" in text


def test_json_that_is_nested_without_end_is_told_as_it_is_written() -> None:
    assert "no sound JSON" in read(b"[" * 100_000, "a.json")


def test_views_of_a_database_that_would_run_code_or_open_files_are_refused() -> None:
    data = making.sqlite("CREATE TABLE a (b)", "CREATE VIEW v AS SELECT load_extension('x') AS c")
    with pytest.raises(ToolFailed, match="cannot be read"):
        read(data, "a.db", Wanted(sheet="v"))


def test_words_of_utf_16_are_no_bytes() -> None:
    assert kind_of("Foxes are red. ".encode("utf-16-le") * 9, "a") is TEXT
