"""A page of the web, as text."""

from chat.core.errors import ToolFailed
from chat.core.extras import install_command
from chat.core.quoting import quoted
from chat.research.pages import Page, PageReader
from chat.tools.schema import Needs, with_facts

PART_CHARS = 30_000
MAX_LINKS = 40


@with_facts(
    source="Web",
    reach="Opens the address that is shown, on the public internet, without your cookies or keys. "
    "Whoever runs that site sees the whole address, and that somebody reads it here.",
    policy="ask",
    timeout_s=90.0,
    setup=f"It needs a library for pages. Install it with: {install_command('web')}",
)
async def read_web_page(address: str, pages: Needs[PageReader], start: int = 0) -> str:
    """Read the main text of a public web page, with its title and where it links to.

    The user sees the address before it is opened. Put nothing of this conversation into it.

    Args:
        address: the whole address, with https:// or http://.
        pages: reads it.
        start: at which character to begin, for the rest of a long page.
    """
    if start < 0:
        raise ToolFailed("A text begins at character 0.")
    page = await pages.read(address)
    text = page.text[start : start + PART_CHARS]
    if not text:
        raise ToolFailed(
            "There is no text on this page."
            if not page.text
            else f"The text of this page ends at character {len(page.text)}."
        )
    told = quoted(f"The text of the page {page.address}", "\n".join(_parts(page, text, start)))
    end = start + len(text)
    rest = len(page.text) - end
    return f"{told}\n\n{rest:,} characters follow, from start={end}." if rest else told


def _parts(page: Page, text: str, start: int) -> list[str]:
    parts = [f"# {page.title}\n"] if page.title and not start else []
    parts.append(text)
    if page.links and not start:
        parts.append("\nWhere the page leads:")
        parts += [f"- {words}: {where}" for where, words in page.links[:MAX_LINKS]]
    return parts
