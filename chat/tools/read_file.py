"""A file of the conversation, as text, a part at a time; pages of a PDF as pictures, too."""

from chat.core.quoting import quoted
from chat.core.tools import Picture, ToolContext, ToolOutput
from chat.files.reader import FileReader
from chat.files.wanted import Extract, Wanted
from chat.tools.schema import Needs, with_facts


@with_facts(
    reach="Reads files of this conversation here, for a model to quote. Changes nothing, and "
    "nothing leaves but what the model is told.",
    timeout_s=90.0,
)
async def read_file(
    file: str,
    reader: Needs[FileReader],
    context: ToolContext,
    part: str = "",
    search: str = "",
    sheet: str = "",
    as_pictures: bool = False,
) -> list[ToolOutput]:
    """Read a file of this conversation, one that was added to it or made in it.

    PDF, Word, workbooks, CSV, JSON, SQLite, Markdown, code and other text can be read. You get a
    part with page, line or row numbers, and how to read on. Search a long file first.

    Args:
        file: its name, its handle such as "@file1", or "latest".
        reader: reads it.
        context: whose files they are.
        part: which pages, lines or rows, such as "3", "2-5" or "10-"; empty for the beginning.
        search: words; only the pages, lines or rows that hold them all are told.
        sheet: which sheet of a workbook or table of a database, by name or number.
        as_pictures: show pages of a PDF as pictures, for scans, charts and layout.
    """
    given = await context.file(file)
    found = await reader.read(given.data, given.name, Wanted(part, sheet, search, as_pictures))
    # A name is a stranger's too: it stands with the rest between the marks.
    # A blank line ends a table, which the mark is no row of.
    words = f"{given.name}: {found.about}\n\n{found.text}".strip() + "\n"
    told = quoted("What the file says", words)
    return [f"{told}\n\n{found.note}", *_pictures(found, given.name)]


def _pictures(found: Extract, name: str) -> list[Picture]:
    return [Picture(data, f"Page {number} of {name[:100]}") for number, data in found.pictures]
