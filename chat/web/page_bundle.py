"""The page's scripts as one, and its styles as one, made anew at each start.

A browser that asks for a hundred modules learns of them one wave after the other. Ours have a form
that lets a few lines put them together: each imports others by name from beside it, none imports in
a circle, and what one exports never changes. Whatever has another form is an error, and the page
then names its modules one by one, as it does in development.

A line stays a line, so that errors name the one in the source: a source map says which it was.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_IMPORT = re.compile(
    r'^import (?:\* as (?P<whole>\w+)|\{(?P<names>[^{}]*)\}) from "\./(?P<file>[\w-]+)\.js";',
    re.MULTILINE,
)
_EXPORT = re.compile(
    r"^(?:/\*[^\n]*\*/ *)?export "
    r"(?P<kept>(?:async )?function\*? (?P<function>\w+)|(?:class|const) (?P<value>\w+))",
    re.MULTILINE,
)
_LEFT = re.compile(r"^(?:/\*[^\n]*\*/ *)?(?:import|export)\b[^\n]*|\bimport\.meta\b", re.MULTILINE)
_CSS_COMMENT = re.compile(r"""("[^"\n]*"|'[^'\n]*')|/\*.*?\*/""", re.DOTALL)
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


class NotBundled(Exception):
    """A script has a form that is not known here; the sentence says which, and where."""


@dataclass(frozen=True, slots=True)
class Script:
    """All modules as one."""

    text: str
    map: str
    """Source map, version 3; its sources lie beside it. Source: ECMA-426, 2024."""


def bundled_script(folder: Path, entry: str) -> Script:
    """The module and all that it imports, each evaluated once and after what it imports.

    Raises:
        NotBundled: a module imports or exports in another form, or in a circle.
    """
    modules: dict[str, str] = {}
    _gather(folder, entry, modules, ())
    out = _Lines()
    out.own('(() => { "use strict";')
    for number, (name, source) in enumerate(modules.items()):
        out.own(f"const {_variable(name)} = (() => {{")
        text, exports = _as_function_body(name, source)
        out.take(number, text)
        out.own(f"return {{ {', '.join(exports)} }}; }})();")
    out.own("})();")
    sources = [f"{name}.js" for name in modules]
    written = {"version": 3, "sources": sources, "names": [], "mappings": ";".join(out.mappings)}
    return Script("\n".join(out.lines) + "\n", json.dumps(written))


def bundled_style(files: list[Path]) -> str:
    """The style sheets one after the other, without their comments and their margins."""
    whole = "\n".join(file.read_text(encoding="utf-8") for file in files)
    bare = _CSS_COMMENT.sub(lambda found: found[1] or "", whole)
    return "".join(f"{line.strip()}\n" for line in bare.splitlines() if line.strip())


def _gather(folder: Path, name: str, modules: dict[str, str], above: tuple[str, ...]) -> None:
    """Read a module behind all that it imports, in the order in which a browser evaluates them."""
    if name in above:
        raise NotBundled(f"{name}.js imports itself, by {', '.join(above)}.")
    if name in modules:
        return
    try:
        source = (folder / f"{name}.js").read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise NotBundled(f"There is no {name}.js, which {above[-1:]} imports.") from error
    for imported in _IMPORT.finditer(source):
        _gather(folder, imported["file"], modules, (*above, name))
    modules[name] = source


def _as_function_body(name: str, source: str) -> tuple[str, list[str]]:
    """A module's text with as many lines as before, and the names that it exports."""
    exports: list[str] = []

    def taken_in(found: re.Match[str]) -> str:
        there, lines = _variable(found["file"]), "\n" * found[0].count("\n")
        if found["whole"]:
            return f"const {found['whole']} = {there};{lines}"
        names = (each.split() for each in found["names"].split(",") if each.strip())
        bound = ", ".join(f"{each[0]}: {each[2]}" if len(each) > 1 else each[0] for each in names)
        return f"const {{ {bound} }} = {there};{lines}"

    def given_out(found: re.Match[str]) -> str:
        exports.append(found["function"] or found["value"])
        return found["kept"]

    text = _EXPORT.sub(given_out, _IMPORT.sub(taken_in, source))
    if left := _LEFT.search(text):
        line = text.count("\n", 0, left.start()) + 1
        raise NotBundled(f"{name}.js, line {line}: a form that is not known: {left[0].strip()}")
    return text, exports


def _variable(name: str) -> str:
    return f"module${name.replace('-', '_')}"


@dataclass(slots=True)
class _Lines:
    """What was written, and where each line came from."""

    lines: list[str] = field(default_factory=list)
    mappings: list[str] = field(default_factory=list)
    _at: tuple[int, int] = (0, 0)
    """Source and line of the last mapping: each says how far it is from the one before."""

    def own(self, line: str) -> None:
        """Add a line that is in no source."""
        self.lines.append(line)
        self.mappings.append("")

    def take(self, source: int, text: str) -> None:
        """Add what is left of a source without the lines that are nothing but comment."""
        for number, line in _spoken(text):
            before_source, before_line = self._at
            self.lines.append(line)
            self.mappings.append(
                f"A{_quantity(source - before_source)}{_quantity(number - before_line)}A"
            )
            self._at = (source, number)


def _spoken(text: str) -> Iterator[tuple[int, str]]:
    """Number and text of each line that is more than a comment."""
    inside = False
    for number, line in enumerate(text.split("\n")):
        bare = line.strip()
        if inside or bare.startswith("/*"):
            begun, (_, end, rest) = not inside, bare.partition("*/")
            inside = not end
            if rest.strip():
                yield number, line if begun else rest
        elif bare and not bare.startswith("//"):
            yield number, line


def _quantity(value: int) -> str:
    """A number as a variable-length quantity in base 64, its sign in the lowest bit."""
    left, text = (-value << 1 | 1) if value < 0 else value << 1, ""
    while True:
        left, digit = left >> 5, left & 31
        text += _BASE64[digit | (32 if left else 0)]
        if not left:
            return text
