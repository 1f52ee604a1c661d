"""What stands in a file is told with its page, its row or its line, and how to read on."""

import re
from datetime import datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from PIL import Image

from chat.core.errors import ToolFailed
from chat.files.extract import extract, whole_text
from chat.files.letters import letters
from chat.files.wanted import Extract, Wanted
from tests.unit.files import making

FOXES = "name;weight\nRed;5,5\nArctic;3,2\nFennec;1\n"


def read(
    data: bytes, name: str = "file", part: str = "", *, sheet: str = "", search: str = ""
) -> Extract:
    return extract(data, name, Wanted(part, sheet, search))


TABLE = (
    ("Name of the animal", "Count", "Where it was seen the last time"),
    ("Red fox of the northern woods", "10", "near the river | in the evening"),
    ("Fennec", "2", "sand"),
)


def test_pages_of_a_pdf_are_told_under_their_numbers() -> None:
    found = read(making.pdf(["First words.", "Second words.", "Third words."]))
    assert found.about == "PDF, 3 pages; title “Foxes of the north”."
    assert found.text.startswith("[Page 1]\nFirst words.\n\n[Page 2]\nSecond words.")
    assert found.note == "Told: pages 1 to 3."


@pytest.mark.parametrize("drawn", [True, False])
def test_a_table_of_a_pdf_is_told_as_markdown_whatever_lines_its_cells_have(drawn: bool) -> None:
    text = read(making.pdf(["Words before it."], table=TABLE, drawn=drawn)).text
    assert text.splitlines() == [
        "[Page 1]",
        "Words before it.",
        "",
        "| Name of the animal | Count | Where it was seen the last time |",
        "| --- | --- | --- |",
        r"| Red fox of the northern woods | 10 | near the river \| in the evening |",
        "| Fennec | 2 | sand |",
    ]


def test_columns_of_a_newspaper_are_no_table_and_stay_one_after_the_other() -> None:
    text = read(making.two_columns()).text
    assert "|" not in text
    assert text.index("left column, line 3") < text.index("right column, line 0")


def test_what_was_filled_into_a_form_and_noted_on_a_page_is_told_under_its_text() -> None:
    beside = " ".join(f"{number} 0 R" for number in range(5, 11))
    data = making.pdf_page("BT /F 12 Tf 50 700 Td (Form 7) Tj ET", beside, beside[:23])
    assert read(data).text.splitlines() == [
        "[Page 1]",
        "Form 7",
        "[Field] Town of birth: Oslo",
        "[Field] agrees: checked",
        "[Note] Ask again",
    ]


@pytest.mark.parametrize(("turned", "down"), [("0 1 -1 0", 1), ("0 -1 1 0", -1)])
def test_a_wide_table_that_is_written_sideways_is_told_in_its_lines(turned: str, down: int) -> None:
    cells = [
        f"{turned} {300 + down * 30 * row} {400 + down * 90 * (column - 1)} Tm ({words}) Tj"
        for row, line in enumerate((("Name", "Count"), ("Red fox", "10"), ("Fennec", "2")))
        for column, words in enumerate(line)
    ]
    foot = "1 0 0 1 50 20 Tm (The foot) Tj"
    text = read(making.pdf_page(f"BT /F 12 Tf {' '.join([*cells, foot])} ET")).text
    assert text.splitlines() == [
        "[Page 1]",
        "| Name | Count |",
        "| --- | --- |",
        "| Red fox | 10 |",
        "| Fennec | 2 |",
        "",
        "The foot",
    ]


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("2", ["2"]),
        ("2-3", ["2", "3"]),
        ("pages 2–3", ["2", "3"]),
        ("4-", ["4", "5"]),
        ("-2", ["1", "2"]),
        ("4-99", ["4", "5"]),
    ],
)
def test_a_part_is_what_it_names(part: str, told: list[str]) -> None:
    data = making.pdf(f"Words {number}" for number in range(1, 6))
    assert re.findall(r"\[Page (\d)\]", read(data, part=part).text) == told


@pytest.mark.parametrize("part", ["6", "3-2", "x", "-", "1,2", "0"])
def test_a_part_that_there_is_not_is_refused_with_what_would_be_right(part: str) -> None:
    data = making.pdf(f"Words {number}" for number in range(1, 6))
    with pytest.raises(ToolFailed, match=r"from 1 to 5|such page|is written as|ends before"):
        read(data, part=part)


def test_what_is_too_long_ends_with_where_to_read_on_and_nothing_is_left_out() -> None:
    data = "".join(f"line {number:06d} of this text\n" for number in range(9_000)).encode()
    seen: list[str] = []
    part = ""
    while True:
        found = read(data, "notes.txt", part)
        assert len(found.text.encode()) <= 90_000
        seen += re.findall(r"line (\d+) of", found.text)
        going = re.search(r'Read on with part="([^"]+)"', found.note)
        if going is None:
            break
        part = going[1]
    assert seen == [f"{number:06d}" for number in range(9_000)]


def test_words_are_found_where_all_of_them_stand_in_any_case() -> None:
    data = making.pdf(["Red foxes here", "Foxes eat mice", "Mice and red FOXES"])
    found = read(data, search="foxes RED")
    assert found.text.splitlines() == ["[Page 1] Red foxes here", "[Page 3] Mice and red FOXES"]
    assert "2 pages with all of these words" in found.note
    assert read(FOXES.encode(), "f.csv", search="arctic").text.endswith("| 3 | Arctic | 3,2 |")
    assert read(b"a\nfox\nb fox", "x.py", search="FOX").text == "line 2: fox\nline 3: b fox"
    nothing = read(FOXES.encode(), "f.csv", search="walrus")
    assert nothing.text == ""
    assert "0 rows with all of these words" in nothing.note


def test_pages_are_shown_as_pictures_a_few_at_a_time() -> None:
    found = extract(making.pdf(["a"] * 9), "a.pdf", Wanted("2-", as_pictures=True))
    assert [number for number, _ in found.pictures] == [2, 3, 4, 5]
    assert found.note == 'Shown: pages 2 to 5 of 9. Look further with part="6-".'
    picture = Image.open(BytesIO(found.pictures[0][1]))
    assert (picture.format, max(picture.size)) == ("PNG", 1600)
    with pytest.raises(ToolFailed, match="Only pages of a PDF"):
        extract(b"x", "a.txt", Wanted(as_pictures=True))


def test_a_scan_says_that_it_is_to_be_looked_at() -> None:
    found = read(making.pdf(["", ""]))
    assert found.text.count("(no text)") == 2
    assert "as_pictures" in found.note
    assert "as_pictures" not in read(making.pdf(["", "word"])).note


BODY = (
    making.paragraph("Foxes", "H1")
    + '<w:p><w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr>'
    "<w:r><w:t>an entry</w:t></w:r></w:p>"
    + "<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
    "<w:ins><w:r><w:t>inserted</w:t></w:r></w:ins>"
    '<w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    + "<w:sdt><w:sdtContent><w:p><w:hyperlink><w:r><w:t>in a control</w:t></w:r></w:hyperlink>"
    "</w:p></w:sdtContent></w:sdt>"
    + "<w:p><w:r><w:lastRenderedPageBreak/><w:t>Second page</w:t></w:r></w:p>"
    + "<w:tbl><w:tr><w:tc>" + making.paragraph("Year") + "</w:tc><w:tc>"
    + making.paragraph("Count") + "</w:tc></w:tr>"
    '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>' + making.paragraph("a | b")
    + "</w:tc></w:tr></w:tbl>"
    + '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
    + making.paragraph("Third", inside="<w:r><w:lastRenderedPageBreak/></w:r>")
)  # fmt: skip
NOTES = '<w:footnote w:type="separator" w:id="0"/><w:footnote w:id="2">' + making.paragraph(
    "A note"
)


def test_a_word_document_is_told_with_its_headings_lists_tables_notes_and_pages() -> None:
    found = read(making.docx(BODY, footnotes=NOTES + "</w:footnote>"), "a.docx")
    first, second, third = re.split(r"\[Page \d\]\n", found.text)[1:]
    assert first.strip() == "# Foxes\n\n  - an entry\n\ninserted[^2]\n\nin a control"
    assert second.strip() == "Second page\n\n| Year | Count |\n| --- | --- |\n| a \\| b |  |"
    assert third.strip() == "Third\n\n[Footnote 2] A note"


def test_the_head_and_the_foot_of_a_letter_are_told_once() -> None:
    paper = making.docx(making.paragraph("Dear fox"), hdr=making.paragraph("Den & Co."))
    members = {
        "word/header1.xml": _member(paper, "word/hdr.xml"),
        "word/header2.xml": _member(paper, "word/hdr.xml"),
        "word/footer1.xml": _member(paper, "word/hdr.xml"),
        "word/document.xml": _member(paper, "word/document.xml"),
    }
    text = read(making.packed(members), "a.docx").text
    assert text.split("\n") == ["Dear fox", "", "[Header] Den & Co.", "", "[Footer] Den & Co.", ""]


def _member(archive: bytes, name: str) -> bytes:
    with ZipFile(BytesIO(archive)) as opened:
        return opened.read(name)


def test_a_word_document_without_pages_is_told_by_its_paragraphs() -> None:
    body = "".join(making.paragraph(f"Words {number}") for number in range(5))
    found = read(making.docx(body), "a.docx", "2-3")
    assert found.about == "DOCX, 5 paragraphs."
    assert found.text.split() == ["Words", "1", "Words", "2"]


SHEETS: dict[str, list[list[making.Value]]] = {
    "Sales": [["Name", "2020", "2021"], ["Red", 1.5, "=A1+1"], ["Arctic", 1e6, True]],
    "Empty": [],
    "Bare": [[1.0, 2.0]],
}


def test_sheets_are_told_by_name_or_number_and_formulas_by_their_values() -> None:
    data = making.xlsx(SHEETS)
    found = read(data, "a.xlsx")
    assert found.about == "XLSX, 2 rows; sheet “Sales” of “Sales”, “Empty”, “Bare”."
    assert found.text.splitlines() == [
        "| row | Name | 2020 | 2021 |",
        "| --- | --- | --- | --- |",
        "| 2 | Red | 1.5 | 42 |",
        "| 3 | Arctic | 1000000 | true |",
    ]
    assert read(data, "a.xlsx", sheet="bare").text.endswith("| 1 | 1 | 2 |")
    assert read(data, "a.xlsx", sheet="3").text == read(data, "a.xlsx", sheet="Bare").text
    assert read(data, "a.xlsx", sheet="Empty").note == "There are no rows in it."
    with pytest.raises(ToolFailed, match="There are: “Sales”, “Empty”, “Bare”"):
        read(data, "a.xlsx", sheet="Costs")
    with pytest.raises(ToolFailed, match="Only workbooks and databases have sheets"):
        read(b"words", "a.txt", sheet="Sales")


def test_a_cell_that_is_told_as_empty_and_is_not_is_said_and_so_is_a_hidden_sheet() -> None:
    sheet = (
        f'<worksheet xmlns="{making.SHEETS}"><sheetData><row r="1"><c r="A1"><v>1</v></c>'
        '<c r="B1"><f>A1*2</f><v></v></c><c r="C1"><f>A1*3</f></c><c r="D1"><f>A1</f><v>1</v></c>'
        '<c r="E1" t="e"><f>1/0</f><v>#DIV/0!</v></c></row></sheetData></worksheet>'
    )
    data = making.xlsx({"A": [], "B": []}, sheet=sheet, hidden="B")
    about = read(data, "a.xlsx").about
    assert "sheet “A” of “A”, “B” (hidden)." in about
    assert "Told as empty: 4 cells of this workbook with a formula whose value was not" in about
    assert "Told as empty: 2 cells with an error, such as #DIV/0!." in about
    assert "## B (hidden)\n\nTold as empty" in whole_text(data, "a.xlsx", 9_000)[0]
    assert "Told as empty" not in read(making.xlsx(SHEETS), "a.xlsx").about


def test_days_and_times_of_a_sheet_are_told_as_such() -> None:
    day, moment = datetime(2024, 2, 29), datetime(2024, 2, 29, 10, 30)  # noqa: DTZ001
    data = making.xlsx({"A": [["When"], [day], [moment]]})
    assert read(data).text.splitlines()[2:] == ["| 2 | 2024-02-29 |", "| 3 | 2024-02-29 10:30:00 |"]


def test_tables_of_a_database_are_told_like_sheets() -> None:
    data = making.sqlite(
        "CREATE TABLE fox (id INTEGER, name TEXT, photo BLOB)",
        "INSERT INTO fox VALUES (1, 'Red', x'0102'), (2, NULL, NULL)",
        "CREATE VIEW named AS SELECT name FROM fox WHERE name IS NOT NULL",
        log_ahead=True,
    )
    rows = read(data, "a.db").text.splitlines()
    assert rows[2:] == ["| 1 | 1 | Red | (2 bytes) |", "| 2 | 2 |  |  |"]
    assert read(data, "a.db", sheet="named").text.endswith("| 1 | Red |")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a,b\n1,2\n", ["| 2 | 1 | 2 |"]),
        ("a;b\n1,5;2\n", ["| 2 | 1,5 | 2 |"]),
        ("sep=|\na|b\n1|2\n", ["| 2 | 1 | 2 |"]),
        ("a\tb\n1\t2\n", ["| 2 | 1 | 2 |"]),
        ('a,b\n"x, y","li\nne"\n', ["| 2 | x, y | li ne |"]),
        ("a,b\n1\n1,2\n\n\n", ["| 2 | 1 |  |", "| 3 | 1 | 2 |"]),
        ("1,2\n3,4\n", ["| 1 | 1 | 2 |", "| 2 | 3 | 4 |"]),
        ("\ufeffa,b\n1,2\n", ["| 2 | 1 | 2 |"]),
        ("a,b\r1,2\r3,4\r", ["| 2 | 1 | 2 |", "| 3 | 3 | 4 |"]),
        ('a,b\n1,5" nail\n2,say "hi"\n', ['| 2 | 1 | 5" nail |', '| 3 | 2 | say "hi" |']),
        ('a,b\n"say \\"hi, you\\"",2\n', ['| 2 | say "hi, you" | 2 |']),
        ('a,b\n"C:\\dir\\",2\n', ["| 2 | C:\\\\dir\\\\ | 2 |"]),
        ('a,b\n1,"never closed\n2,3\n', ['| 2 | 1 | "never closed |', "| 3 | 2 | 3 |"]),
        (f"a,b\n1,{'x' * 3_000_000}\n2,y\n", [f"| 2 | 1 | {'x' * 1_000}… |", "| 3 | 2 | y |"]),
        ("a,b\n", []),
    ],
)
def test_cells_are_parted_as_they_are_written(text: str, rows: list[str]) -> None:
    assert read(text.encode(), "a.csv").text.splitlines()[2:] == rows


def test_a_quotation_mark_that_is_never_closed_is_said() -> None:
    assert "A quotation mark is never closed" in read(b'a,b\n1,"x\n', "a.csv").about
    assert "quotation" not in read(b'a,b\n1,"x\n"\n', "a.csv").about


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("名前,都市\n山田太郎,東京\n鈴木花子,大阪\n", "cp932"),
        ("名前,都市\n山田太郎,東京でカタカナとひらがな\n", "euc_jp"),
        ("이름,도시\n김철수,서울특별시\n박영희,부산광역시\n", "cp949"),
        ("姓名,城市\n王伟,北京市朝阳区\n李娜,上海市浦东新区\n", "gb18030"),
        ("姓名,城市\n王偉明,台北市信義區\n李麗娜,高雄市\n", "big5"),
        ("Имя;Город\nИванов Пётр;Москва\nСидорова Анна;Казань\n", "cp1251"),
        ("Имя;Город\nИванов Пётр;Москва\nСидорова Анна;Казань\n", "koi8_r"),
        ("Όνομα;Πόλη\nΓιώργος;Αθήνα\nΜαρία;Θεσσαλονίκη\n", "cp1253"),
        ("name;stadt\nMüller;Köln\nWeiß;Düsseldorf\nJürgen;Görlitz\n", "cp1252"),
        ("nom;ville\nLefèvre;Besançon\nGarçon;Orléans\nœuvre;Nîmes\n", "cp1252"),
    ],
)
def test_tables_are_read_in_the_letters_that_people_save_them_in(text: str, encoding: str) -> None:
    found = letters(text.encode(encoding))[0]
    assert found == text


def test_a_text_under_the_name_of_a_workbook_is_a_table() -> None:
    assert read(b"a\tb\n1\t2\n", "export.xls").text.endswith("| 2 | 1 | 2 |")
    assert read(b"<html><table><tr><td>1</td></tr></table>", "export.xls").kind == "Text"


def test_a_wide_table_names_what_it_does_not_show() -> None:
    head = ",".join(f"c{number}" for number in range(100))
    text = read(f"{head}\n{head.replace('c', '')}\n".encode(), "a.csv").text
    assert text.startswith("Of 100 columns 60 are shown; others: c60, c61")
    assert text.endswith("| 59 | … |")


@pytest.mark.parametrize(
    "data",
    [
        "Ærø – 5 €, søen og åen".encode(),
        "Ærø – 5 €, søen og åen".encode("utf-8-sig"),
        "Ærø – 5 €, søen og åen".encode("utf-16"),
        "Ærø – 5 €, søen og åen".encode("utf-16-le"),
        "Ærø – 5 €, søen og åen".encode("utf-32"),
        "Ærø – 5 €, søen og åen".encode("cp1252"),
    ],
)
def test_letters_are_read_as_they_are_meant(data: bytes) -> None:
    assert "Ærø – 5 €, søen og åen" in read(data, "a.md").text


def test_letters_that_had_to_be_guessed_are_said_to_be() -> None:
    words = "Съешь же ещё этих мягких французских булок, да выпей чаю. " * 4
    found = read(words.encode("cp1251"), "a.txt")
    assert "мягких французских" in found.text
    assert "Its letters were read as cp1251" in found.about


def test_json_in_one_line_is_laid_out_and_code_stays_as_it_is() -> None:
    long = b'{"foxes": [' + b",".join(b'{"n": %d}' % n for n in range(900)) + b"]}"
    found = read(long, "a.json")
    assert "It is laid out anew" in found.about
    assert '  "n": 7\n' in found.text
    code = b"def fox():\r\n\treturn 1\r\n"
    assert read(code, "fox.py").text == "def fox():\n\treturn 1"
    one_line = read(b"x" * 5_000, "a.min.js")
    assert [len(line) for line in one_line.text.splitlines()] == [2_000, 2_000, 1_000]


@pytest.mark.parametrize("name", ["notes.txt", "data.csv", "picture.png", "", "a.json"])
def test_a_wrong_ending_misleads_nobody(name: str) -> None:
    assert read(making.pdf(["Words"]), name).kind == "PDF"
    assert read(making.docx(making.paragraph("Words")), name).kind == "DOCX"
    assert read(making.xlsx(SHEETS), name).kind == "XLSX"
    assert read(making.sqlite("CREATE TABLE a (b)"), name).kind == "SQLite"


def test_words_about_pdf_are_no_pdf_and_a_pdf_may_begin_late() -> None:
    assert read(b"# Magic\nA file begins with %PDF-1.7.", "notes.md").kind == "Markdown"
    assert read(b"From the scanner\n" + making.pdf(["Words"]), "a").kind == "PDF"


def test_all_of_a_file_is_told_as_far_as_there_is_room() -> None:
    text, whole = whole_text(making.xlsx(SHEETS), "a.xlsx", 10_000)
    assert whole
    assert text.startswith("## Sales\n\n| row | Name")
    assert text.endswith(
        "## Bare\n\n| row | column1 | column2 |\n| --- | --- | --- |\n| 1 | 1 | 2 |"
    )
    assert "Empty" not in text
    for data in (
        making.xlsx({"A": [["word"] * 9] * 99}),
        b"word " * 9_000,
        making.pdf(["w " * 900]),
    ):
        text, whole = whole_text(data, "a", 700)
        assert 100 < len(text.encode()) <= 700
        assert not whole
