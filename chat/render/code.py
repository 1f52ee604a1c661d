"""Source code in colour: Pygments' tokens as class names, and the style sheet for them.

Only languages on the list are coloured: loading any lexer that a
model cares to name would run patterns that nobody has timed. Pygments is loaded with the first code
that is shown: it takes 4 MB.
"""

from functools import cache
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pygments.formatters import HtmlFormatter
    from pygments.lexer import Lexer

MAX_COLOURED_CHARS = 30_000
_MAX_LINE_CHARS = 2_000

_LEXERS = (
    "bash c cpp csharp css dart diff docker elixir go graphql haskell html http ini java "
    "javascript json julia kotlin lua make matlab nginx perl php powershell python r ruby "
    "rust scala scss sql swift toml tsx typescript xml yaml"
)

LANGUAGES: dict[str, str] = {
    **{name: name for name in _LEXERS.split()},
    "c#": "csharp",
    "c++": "cpp",
    "cs": "csharp",
    "dockerfile": "docker",
    "golang": "go",
    "js": "javascript",
    "jsx": "tsx",
    "kt": "kotlin",
    "makefile": "make",
    "patch": "diff",
    "ps1": "powershell",
    "py": "python",
    "python3": "python",
    "rb": "ruby",
    "rs": "rust",
    "sh": "bash",
    "shell": "bash",
    "svg": "xml",
    "ts": "typescript",
    "yml": "yaml",
    "zsh": "bash",
}
"""What a fence may be called -> the lexer that reads it."""

_INKS: dict[str, tuple[str, str, str]] = {
    "plain": ("", "#1f2328", "#e6edf3"),
    "comment": (".c .ch .cm .cp .cpf .c1 .cs", "#57606a", "#9aa4b0"),
    "keyword": (".k .kc .kd .kn .kp .kr .kt .ow", "#a0186f", "#ff9ecf"),
    "name": (".nc .nd .ne .nf .fm .nn .nt", "#5b35b5", "#cbb2ff"),
    "value": (
        ".na .nb .bp .no .nv .vc .vg .vi .vm .m .mb .mf .mh .mi .mo .il",
        "#0a4f9e",
        "#8cc4ff",
    ),
    "string": (".s .sa .sb .sc .dl .sd .s2 .se .sh .si .sx .sr .s1 .ss", "#0b6135", "#8fdb9f"),
    "added": (".gi", "#0b6135", "#8fdb9f"),
    "removed": (".gd .gr .err", "#a3181f", "#ffa8a3"),
    "heading": (".gh .gu .gp", "#0a4f9e", "#8cc4ff"),
}
"""An ink: the token classes it colours, its colour on a light page, its colour on a dark one."""

_PAPER = ("#f5f5f2", "#17191d")


def labelled(name: str) -> str:
    """A fence's language as it is shown to people: one short word, or nothing."""
    return name[:24]


def coloured(source: str, name: str) -> str:
    """The source as HTML: spans with class names, or plain escaped text where it is too much."""
    lexer = _lexer(LANGUAGES.get(name.lower(), ""))
    if lexer is None or len(source) > MAX_COLOURED_CHARS or _has_long_line(source):
        return escape(source, quote=False)
    from pygments import lex

    pieces: list[str] = []
    _formatter().format(lex(source, lexer), _Sink(pieces))
    return "".join(pieces)


def code_css() -> str:
    """A style sheet for coloured code, light and, under ``.dark``, dark; AA contrast on both."""
    light, dark, rules = inks_css()
    return f":root{{{light}}}\n.dark{{{dark}}}\n{rules}"


def inks_css() -> tuple[str, str, str]:
    """The colours of a light page, those of a dark one, and the rules that use them."""

    def inks(column: int) -> str:
        named = {ink: row[column + 1] for ink, row in _INKS.items()} | {"paper": _PAPER[column]}
        return "".join(f"--code-{ink}:{colour};" for ink, colour in named.items())

    rules = [".code pre{background:var(--code-paper);color:var(--code-plain)}"]
    for ink, (classes, _, _) in _INKS.items():
        if classes:
            chosen = ",".join(f".code pre {name}" for name in classes.split())
            rules.append(f"{chosen}{{color:var(--code-{ink})}}")
    rules.append(".code pre .ge{font-style:italic}")
    rules.append(".code pre .gs{font-weight:bold}")
    return inks(0), inks(1), "\n".join(rules) + "\n"


class _Sink:
    """What a formatter writes to."""

    def __init__(self, pieces: list[str]) -> None:
        self._pieces = pieces

    def write(self, piece: str) -> None:
        """Keep a piece."""
        self._pieces.append(piece)


@cache
def _formatter() -> "HtmlFormatter[str]":
    """Made once: that takes longer than colouring a few lines."""
    from pygments.formatters import HtmlFormatter

    return HtmlFormatter(nowrap=True)


@cache
def _lexer(name: str) -> "Lexer | None":
    from pygments.lexers import get_lexer_by_name

    return get_lexer_by_name(name, stripnl=False, ensurenl=False) if name else None


def _has_long_line(source: str) -> bool:
    return any(len(line) > _MAX_LINE_CHARS for line in source.split("\n"))
