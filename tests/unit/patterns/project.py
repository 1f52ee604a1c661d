"""Every regular expression of the project, with how it is used."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
ANCHORED = {"match", "fullmatch"}
VERBS = {"search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
_USED_INLINE = re.compile(rf"\bre\s*\.\s*(?:{'|'.join(sorted(VERBS))})\b")


@dataclass(frozen=True)
class Found:
    """A pattern and where it stands."""

    where: str
    pattern: str
    """As text: of a pattern for bytes each byte is a character."""
    flags: int
    anchored: bool
    """Whether it is only ever tried at the beginning of a text."""


@cache
def patterns() -> tuple[Found, ...]:
    """All of them, compiled at import or written where they are used."""
    sources = {path: path.read_text("utf-8") for path in _files()}
    anywhere = _verbs(sources.values())
    found = {
        item.pattern: item
        for path, source in sources.items()
        # A name that begins with "_" is used in its own module alone.
        for item in _compiled(path, anywhere, _verbs([source]))
    }
    for path, source in sources.items():
        if not _USED_INLINE.search(source):
            continue  # to read all files as trees takes seconds
        for item in _inline(path, ast.parse(source)):
            found.setdefault(item.pattern, item)
    return tuple(found.values())


def _files() -> Iterator[Path]:
    for top in ("chat", "storage"):
        yield from sorted((ROOT / top).rglob("*.py"))


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _verbs(sources: Any) -> dict[str, set[str]]:
    """Name of a variable to what is done with it, anywhere in the project."""
    verbs: dict[str, set[str]] = {}
    for source in sources:
        for name, verb in re.findall(r"\b([A-Z_]{2,})\.([a-z]+)\b", source):
            if verb in VERBS:
                verbs.setdefault(name, set()).add(verb)
    return verbs


def _compiled(
    path: Path, anywhere: dict[str, set[str]], here: dict[str, set[str]]
) -> Iterator[Found]:
    name = _module(path)
    if name.endswith("__main__") or ".migrations" in name:
        return
    module = importlib.import_module(name)
    for variable, value in vars(module).items():
        for pattern in _patterns_in(value, module):
            used = (here if variable.startswith("_") else anywhere).get(variable, set())
            yield Found(
                f"{name}.{variable}",
                _text(pattern.pattern),
                pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, str) else re.ASCII,
                bool(used) and used <= ANCHORED,
            )


def _patterns_in(value: object, module: ModuleType, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth < 3 and isinstance(value, tuple | list | set | frozenset):
        for item in value:
            yield from _patterns_in(item, module, depth + 1)
    elif depth < 3 and isinstance(value, dict):
        for item in (*value.keys(), *value.values()):
            yield from _patterns_in(item, module, depth + 1)


def _inline(path: Path, tree: ast.AST) -> Iterator[Found]:
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        of, verb = node.func.value, node.func.attr
        if not (isinstance(of, ast.Name) and of.id == "re" and verb in VERBS and node.args):
            continue
        first = node.args[0]
        if isinstance(first, ast.Constant) and isinstance(first.value, str | bytes):
            where = f"{_module(path)}:{node.lineno}"
            yield Found(where, _text(first.value), _flags(node), verb in ANCHORED)


def _flags(call: ast.Call) -> int:
    named = re.findall(r"re\.([A-Z]+)\b", ast.unparse(call))
    return int(sum((getattr(re, name) for name in set(named)), re.NOFLAG))


def _text(pattern: str | bytes) -> str:
    return pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern


def modules() -> int:
    """How many modules there are: a guard against looking in the wrong place."""
    return sum(1 for _ in pkgutil.walk_packages([str(ROOT / "chat")], "chat."))
