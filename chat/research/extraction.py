"""The process that reads one page: the only place where a stranger's HTML meets a parser.

It holds no secret, opens no file, may use little memory and little processor time, and ends with
its page. Started as ``python -m chat.research.extraction``.
"""

import os
import re
import sys
from urllib.parse import urldefrag, urljoin, urlsplit

from chat.confined.confinement import confine, end_after
from chat.confined.pipe import receive, send
from chat.core.parts import Json
from chat.research.charsets import decoded

ADDRESS_SPACE_BYTES = 1_500_000_000
CPU_S = 20.0
MAX_TEXT_CHARS = 400_000
MAX_LINKS = 100
MAX_PAGE_BYTES = 20_000_000
_TITLE_CHARS = 300
_LINK_CHARS = 120
_ADDRESS_CHARS = 2_000
_BLANK_LINES = re.compile(r"\n\s*\n\s*\n+")


def main() -> None:
    """Answer the one page, and end."""
    # Whatever prints must not end up in the pipe.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    confine(ADDRESS_SPACE_BYTES)
    end_after(CPU_S)
    head, (page,) = receive(sys.stdin.buffer, MAX_PAGE_BYTES)
    send(answers, read(page, str(head["address"]), str(head["charset"])))


def read(page: bytes, address: str, charset: str = "") -> dict[str, Json]:
    """The title, the main text as Markdown, and where it links to, in order and each once.

    Args:
        page: HTML.
        address: where it came from.
        charset: what its server says of its letters.
    """
    # Slow to import, and only this process needs them.
    from lxml import html
    from lxml.etree import ParserError
    from trafilatura import extract, html2txt
    from trafilatura.metadata import extract_metadata
    from trafilatura.settings import use_config

    config = use_config()
    for bound in ("MIN_EXTRACTED_SIZE", "MIN_OUTPUT_SIZE"):
        config.set("DEFAULT", bound, "1")  # a short page is one, too

    words = decoded(page, charset)
    # A page that states its letters otherwise than its server has been decoded by now.
    try:
        tree = html.document_fromstring(words.encode("utf-8", "replace"), parser=_parser())
    except ParserError:  # there is no element in it
        return {"title": "", "text": "", "links": []}
    text = extract(tree, url=address, output_format="markdown", config=config) or html2txt(tree)
    about = extract_metadata(tree, default_url=address)
    title = str(getattr(about, "title", "") or tree.findtext(".//title") or "")
    return {
        "title": " ".join(title.split())[:_TITLE_CHARS],
        "text": _BLANK_LINES.sub("\n\n", text).strip()[:MAX_TEXT_CHARS],
        "links": _links(tree, address),
    }


def _parser() -> "Json":
    from lxml.html import HTMLParser

    # No network and no entities of files: libxml2 reads neither for HTML unless told to.
    return HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)


def _links(tree: "Json", address: str) -> list[Json]:
    base = next(iter(tree.xpath("//base/@href")), "")
    links: dict[str, str] = {}
    for anchor in tree.iter("a"):
        whole = _whole(str(anchor.get("href") or ""), _whole(base, address) or address)
        words = " ".join("".join(anchor.itertext()).split())[:_LINK_CHARS]
        if whole and words and whole != urldefrag(address).url:
            links.setdefault(whole, words)
        if len(links) >= MAX_LINKS:
            break
    return [[where, words] for where, words in links.items()]


def _whole(href: str, address: str) -> str:
    """The address that a link leads to; empty for what is none of the web."""
    try:
        whole = urldefrag(urljoin(address, href.strip())).url
        fits = urlsplit(whole).scheme in {"http", "https"} and len(whole) <= _ADDRESS_CHARS
    except ValueError:
        return ""
    return whole if fits else ""


if __name__ == "__main__":
    main()
