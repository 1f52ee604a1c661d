"""Which pages of the web there are on something."""

from chat.core.errors import ToolFailed
from chat.core.quoting import quoted
from chat.research.search.search import MAX_FOUND, Found, WebSearch
from chat.tools.schema import Needs, with_facts

MAX_CHARS = 300


@with_facts(
    source="Web",
    reach="Sends the words that are shown to the search provider of this Easel, which sees them "
    "and the address of this server. Opens none of the pages.",
    policy="ask",
    setup="It needs a search provider. Set SEARXNG_URL, BRAVE_API_KEY or TAVILY_API_KEY.",
)
async def web_search(query: str, provider: Needs[WebSearch], most: int = 6) -> str:
    """Search the web, and get titles, addresses and snippets of pages that fit.

    The user sees the query before it is sent. Put nothing private into it.

    Args:
        query: what to look for, at most 300 characters.
        provider: who is asked.
        most: how many pages at most, from 1 to 10.
    """
    words = " ".join(query.split())
    if not 0 < len(words) <= MAX_CHARS:
        raise ToolFailed(f"A search has from 1 to {MAX_CHARS} characters.")
    if not 1 <= most <= MAX_FOUND:
        raise ToolFailed(f"Ask for 1 to {MAX_FOUND} pages.")
    found = await provider.search(words, most)
    if not found:
        return f"{provider.title} found nothing for these words."
    told = "\n\n".join(_told(number, page) for number, page in enumerate(found, 1))
    return quoted(f"What {provider.title} found", told)


def _told(number: int, page: Found) -> str:
    lines = [f"{number}. {page.title}", page.address, *filter(None, [page.snippet])]
    return "\n   ".join(lines)
