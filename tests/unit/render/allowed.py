"""A second opinion of the sanitiser: a real HTML parser that accepts little.

It keeps a list of its own, so that a tag let through by mistake is found here.
"""

from html.parser import HTMLParser

TAGS = frozenset(
    {
        *("a", "blockquote", "br", "button", "code", "div", "em", "h3", "h4", "h5", "h6", "hr"),
        *(
            "input",
            "li",
            "ol",
            "p",
            "pre",
            "s",
            "span",
            "strong",
            "sup",
            "table",
            "tbody",
            "td",
            "th",
        ),
        *("thead", "tr", "ul"),
        *("math", "mrow", "mi", "mo", "mn", "mtext", "mfrac", "msqrt", "mroot", "msub", "msup"),
        *("msubsup", "munder", "mover", "munderover", "mtable", "mtr", "mtd", "mspace", "mstyle"),
        *("mpadded", "mphantom", "menclose"),
    }
)

ATTRIBUTES = frozenset(
    {
        *("align", "checked", "class", "data-copy", "dir", "disabled", "href", "rel", "start"),
        *("aria-label", "data-note", "data-noted"),
        *("tabindex", "target", "title", "type"),
        *("columnalign", "columnspacing", "depth", "display", "displaystyle", "fence", "form"),
        *("height", "linethickness", "lspace", "mathcolor", "mathvariant", "maxsize", "minsize"),
        *("movablelimits", "notation", "rowspacing", "rspace", "scriptlevel", "stretchy", "width"),
    }
)

# A button that submits nothing and a box that cannot be ticked are harmless.
CONTROLS = {
    "button": {"type": "button"},
    "input": {"disabled": "", "type": "checkbox"},
}


class Page(HTMLParser):
    """Reads HTML as a page would; ``complaints`` holds all that has no place in it."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.complaints: list[str] = []
        self.text = ""
        self.links: list[str] = []
        self.tags: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in TAGS:
            self.complaints.append(f"<{tag}>")
        for name, value in attrs:
            if name not in ATTRIBUTES:
                self.complaints.append(f"<{tag} {name}={value}>")
            if name == "href":
                self._link(value or "")
        if tag in CONTROLS and CONTROLS[tag].items() - dict(attrs).items():
            self.complaints.append(f"<{tag} {attrs}>")
        if tag == "a" and ("target", "_blank") in attrs:
            rel = dict(attrs).get("rel") or ""
            if not {"noopener", "noreferrer", "nofollow"} <= set(rel.split()):
                self.complaints.append(f"<a rel={rel}>")

    def _link(self, address: str) -> None:
        self.links.append(address)
        if not address.startswith(("https:", "http:", "mailto:")):
            self.complaints.append(f"href={address}")

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.complaints.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.complaints.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self.complaints.append(f"<?{data}>")

    def unknown_decl(self, data: str) -> None:
        self.complaints.append(f"<![{data}]>")
