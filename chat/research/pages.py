"""Pages of the web, read as text.

A page is fetched through the guard on links, see :mod:`chat.http.fetch`, and read in a process of
its own: what is made to break a parser breaks nothing else.
"""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from importlib.util import find_spec

from chat.confined.once import NoAnswerError, done_once
from chat.core.errors import ToolFailed
from chat.http.fetch import (
    Fetched,
    FetchLimits,
    NotFetched,
    Resolve,
    Wanted,
    fetch,
    look_up,
    sites_of,
)
from chat.research.charsets import decoded
from chat.research.extraction import MAX_TEXT_CHARS

LIMITS = FetchLimits(max_bytes=5_000_000, deadline_s=20.0)
MAX_ADDRESS_CHARS = 2_000
_READ_S = 40.0
"""Of the clock on the wall: its processor time is counted by the process itself."""
_AT_ONCE = 2
_ACCEPT = "text/html,application/xhtml+xml,text/*;q=0.9,application/json;q=0.8"
_HTML = frozenset({"text/html", "application/xhtml+xml"})
_WORDS = ("json", "xml", "yaml", "javascript", "toml", "ndjson")
_MAX_ANSWER_BYTES = 4_000_000


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says."""

    address: str
    """Where it was in the end."""
    text: str
    """Its main text, as Markdown where it was HTML; at most 400,000 characters."""
    title: str = ""
    links: tuple[tuple[str, str], ...] = ()
    """Address and words of each place that it leads to, in order, at most 100."""


def can_read_pages() -> bool:
    """Whether the extra ``web`` is installed."""
    return find_spec("trafilatura") is not None


class PageReader:
    """Reads pages for tools."""

    def __init__(self, own: Collection[str] = (), resolve: Resolve = look_up) -> None:
        """Reach the public internet.

        Args:
            own: addresses of sites that are reached wherever they are.
            resolve: who is asked for the addresses of a host.
        """
        self._own = sites_of(own)
        self._wanted = Wanted(_ACCEPT, packed=True, plain=True, resolve=resolve)
        self._at_once = asyncio.Semaphore(_AT_ONCE)

    async def read(self, address: str) -> Page:
        """What is at an address.

        Raises:
            ToolFailed: it was not opened, or is nothing to read; the sentence says why.
        """
        if not 0 < len(address.strip()) <= MAX_ADDRESS_CHARS:
            raise ToolFailed(f"An address has from 1 to {MAX_ADDRESS_CHARS} characters.")
        try:
            fetched = await fetch(address.strip(), self._own, LIMITS, wanted=self._wanted)
        except NotFetched as error:
            raise ToolFailed(str(error)) from error
        if _is_html(fetched):
            async with self._at_once:
                return await _extracted(fetched)
        return Page(fetched.address, _words(fetched))


def _is_html(fetched: Fetched) -> bool:
    start = fetched.data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    unsaid = fetched.mime in ("", "text/plain", "application/octet-stream")
    return fetched.mime in _HTML or (unsaid and start.startswith((b"<!doctype html", b"<html")))


def _words(fetched: Fetched) -> str:
    """The text of what is no HTML. Raises ``ToolFailed`` for what is none."""
    kind = fetched.mime
    if kind == "application/pdf" or fetched.data.startswith(b"%PDF-"):
        raise ToolFailed("There is a PDF. It can be read once it is saved and added as a file.")
    readable = kind.startswith("text/") or any(word in kind for word in _WORDS)
    if not readable and (kind or b"\0" in fetched.data[:4096]):
        called = f"a file of the type {kind[:60]}" if kind else "a file of bytes"
        raise ToolFailed(f"There is {called}, and no page to read.")
    return decoded(fetched.data, fetched.charset).strip()[:MAX_TEXT_CHARS]


async def _extracted(fetched: Fetched) -> Page:
    head = {"address": fetched.address, "charset": fetched.charset}
    try:
        found, _ = await done_once(
            "chat.research.extraction",
            head,
            fetched.data,
            within_s=_READ_S,
            max_answer_bytes=_MAX_ANSWER_BYTES,
        )
    except NoAnswerError as error:
        raise ToolFailed("The page is made so that it cannot be read here.") from error
    links = tuple((str(where), str(words)) for where, words in found["links"])
    return Page(fetched.address, str(found["text"]), str(found["title"]), links)
