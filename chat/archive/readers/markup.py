"""HTML of other programs as Markdown: their words and their order, and nothing that acts."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_BLOCKS = {"p", "div", "section", "article", "blockquote", "table", "ul", "ol", "figure"}
_AROUND = {"strong": "**", "b": "**", "em": "*", "i": "*", "code": "`", "s": "~~", "del": "~~"}
_SILENT = {"script", "style", "head", "template"}
_HEADINGS = {f"h{level}": "#" * level for level in range(1, 7)}
MAX_DEPTH = 40


@dataclass(frozen=True, slots=True)
class Cell:
    """An element of a page: its words as Markdown, and what its pictures and links name."""

    text: str
    sources: list[str] = field(default_factory=list)


def markdown_of(html: str) -> str:
    """The words of a fragment, with headings, lists, code and stress as in Markdown."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.text()


def cells_of(html: str, css_class: str) -> Iterator[Cell]:
    """Every outermost element that has a class, in the order of the page."""
    reader = _Reader(css_class)
    reader.feed(html)
    reader.close()
    yield from reader.cells


class _Reader(HTMLParser):
    """Writes Markdown while it reads."""

    def __init__(self, css_class: str = "") -> None:
        super().__init__(convert_charrefs=True)
        self.cells: list[Cell] = []
        self._class = css_class
        self._depth = 0
        """Of ``div`` within the element that is looked for."""
        self._inside = not css_class
        self._pieces: list[str] = []
        self._sources: list[str] = []
        self._silent = 0
        self._pre = 0
        self._lists: list[int | None] = []
        """The number of the next item of each open list; ``None``: it has dots."""

    def text(self) -> str:
        """What was written, without more than one empty line between two."""
        lines = [line.rstrip() for line in "".join(self._pieces).split("\n")]
        kept: list[str] = []
        for line in lines:
            if line or (kept and kept[-1]):
                kept.append(line)
        return "\n".join(kept).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag opens."""
        named = {name: value or "" for name, value in attrs}
        if self._class and not self._opens(tag, named):
            return
        if tag in _SILENT:
            self._silent += 1
        elif tag == "br":
            self._write("\n")
        elif tag == "img":
            self._sources.append(named.get("src", ""))
        elif tag == "a" and self._class and not named.get("href", "").startswith("http"):
            self._sources.append(named.get("href", ""))
        else:
            self._mark(tag)

    def _opens(self, tag: str, named: dict[str, str]) -> bool:
        """Whether what opens is to be read: it is inside of what is looked for."""
        if self._inside:
            self._depth += tag == "div"
        elif tag == "div" and self._class in named.get("class", "").split():
            self._inside, self._depth = True, 1
            return False
        return self._inside

    def _mark(self, tag: str) -> None:
        if tag == "pre":
            self._pre += 1
            self._write("\n\n```\n")
        elif tag in _HEADINGS:
            self._write(f"\n\n{_HEADINGS[tag]} ")
        elif tag == "li":
            self._item()
        elif tag in _BLOCKS:
            if tag in ("ul", "ol") and len(self._lists) < MAX_DEPTH:
                self._lists.append(1 if tag == "ol" else None)
            self._write("\n\n" if len(self._lists) < 2 else "\n")
        elif tag == "tr":
            self._write("\n")
        elif tag in ("td", "th"):
            self._write(" | ")
        elif tag in _AROUND and not self._pre:
            self._write(_AROUND[tag])

    def _item(self) -> None:
        number = self._lists[-1] if self._lists else None
        sign = "-" if number is None else f"{number}."
        if self._lists and number is not None:
            self._lists[-1] = number + 1
        self._write(f"\n{'  ' * max(0, len(self._lists) - 1)}{sign} ")

    def handle_endtag(self, tag: str) -> None:
        """A tag closes."""
        if not self._inside:
            return
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag == "pre":
            self._pre = max(0, self._pre - 1)
            self._write("\n```\n\n")
        elif tag in _AROUND and not self._pre:
            self._write(_AROUND[tag])
        elif tag in ("ul", "ol"):
            if self._lists:
                self._lists.pop()
            self._write("\n" if self._lists else "\n\n")
        elif tag in _BLOCKS or tag in _HEADINGS:
            self._write("\n\n")
        if self._class and tag == "div":
            self._depth -= 1
            if self._depth == 0:
                self._end_cell()

    def handle_data(self, data: str) -> None:
        """Words between tags."""
        if self._inside and not self._silent:
            self._write(data if self._pre else _joined(data))

    def _write(self, piece: str) -> None:
        if self._inside and not self._silent:
            self._pieces.append(piece)

    def _end_cell(self) -> None:
        self.cells.append(Cell(self.text(), [each for each in self._sources if each]))
        self._inside, self._pieces, self._sources = False, [], []
        self._lists, self._pre, self._silent = [], 0, 0


def _joined(data: str) -> str:
    """Words with one space where there was any white space, as a browser shows them."""
    words = " ".join(data.split())
    if not words:
        return " " if data else ""
    before = " " if data[0].isspace() else ""
    after = " " if data[-1].isspace() else ""
    return f"{before}{words}{after}"
