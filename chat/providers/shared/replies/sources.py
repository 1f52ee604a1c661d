"""What a provider that searched the web says of its sources: links under the reply, as Markdown.

Titles and addresses are a stranger's. They end up as words and links, and nothing is opened.
"""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from chat.core.events import TextDelta
from chat.core.parts import Json

MAX_PAGES = 20
MAX_QUERIES = 10
_TITLE_CHARS = 120
_ADDRESS_CHARS = 2_000
_QUERY_CHARS = 200
_MARKS = re.compile(r"([*_#+!|~$^=&-])")
# A backslash before a bracket begins a formula, so brackets are written as round ones.
_PLAIN = str.maketrans({"[": "(", "]": ")", "<": "(", ">": ")", "`": "'", "\\": "/"})
# Everything that an address is made of but what could end a link.
_KEPT = "!#$%&'*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~"


class Sources:
    """The sources of one reply, each once, in their order."""

    def __init__(self) -> None:
        """Begin without any."""
        self._pages: dict[str, str] = {}
        self._queries: dict[str, None] = {}

    def page(self, address: Json, title: Json = None) -> None:
        """A page that the reply stands on; what has no address of the web is passed over."""
        if not isinstance(address, str) or len(address) > _ADDRESS_CHARS:
            return
        if not re.match(r"https?://[^/\s]", address) or len(self._pages) >= MAX_PAGES:
            return
        words = " ".join(title.split())[:_TITLE_CHARS] if isinstance(title, str) else ""
        self._pages[address] = self._pages.get(address) or words

    def cited(self, annotations: Json) -> None:
        """The pages among annotations of a text, as OpenAI and the Interactions API write them."""
        for each in annotations if isinstance(annotations, list) else ():
            if isinstance(each, Mapping) and each.get("type") == "url_citation":
                self.page(each.get("url"), each.get("title"))

    def searched(self, *queries: Json) -> None:
        """What was looked for."""
        for query in queries:
            if isinstance(query, str) and query.strip() and len(self._queries) < MAX_QUERIES:
                self._queries[" ".join(query.split())[:_QUERY_CHARS]] = None

    def told(self) -> Iterator[TextDelta]:
        """What stands under the reply; nothing where nobody searched."""
        lines = [
            f"{number}. [{_words(title or address)}](<{quote(address, safe=_KEPT)}>)"
            for number, (address, title) in enumerate(self._pages.items(), 1)
        ]
        blocks = ["**Sources**\n\n" + "\n".join(lines)] if lines else []
        if self._queries:
            queries = ", ".join(f"“{_words(query)}”" for query in self._queries)
            blocks.append(f"Searched for: {queries}")
        if blocks:
            yield TextDelta("\n\n" + "\n\n".join(blocks) + "\n")


def _words(text: str) -> str:
    """Words that Markdown takes for words."""
    return _MARKS.sub(r"\\\1", text.translate(_PLAIN))
