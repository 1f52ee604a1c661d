"""The rules of the house that no linter knows: names, and what may not be written.

Read straight from the folder, so that they also hold for a copy without its history.
"""

import ast
import io
import os
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SKIPPED = {"build", "data", "node_modules", "__pycache__"}
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}
TEXT = {".py", ".js", ".css", ".md", ".toml", ".lock", ".txt", ".html", ".json", ".yml", ".sh", ""}

# Put together here, so that this file keeps its own rule.
HOSTS = [".".join(parts) for parts in (("py" + "pi", "org"), ("python" + "hosted", "org"),
                                       ("registry", "npm" + "js", "org"))]  # fmt: skip
MACHINE = re.compile(
    r"(?<![\w.<>}~-])/(?:" + "|".join(("wo" + "rk", "ro" + "ot", "ho" + "me")) + r")/\w"
)
SHA256 = re.compile("[0-9a-f]{64}")
AMERICAN = re.compile(
    r"\b(colors?|colored|gray(?:scale)?|sanitiz\w+|behaviors?|favorites?|neighbors?|normaliz\w+|"
    r"recogniz\w+|initializ\w+|summariz\w+|organiz\w+|serializ\w+|optimiz\w+)\b",
    re.IGNORECASE,
)


def rooms(*suffixes: str) -> Iterator[Path]:
    for folder, names, files in os.walk(ROOT):
        names[:] = [n for n in names if n not in SKIPPED and (n == ".ci" or not n.startswith("."))]
        for name in files:
            # In a second work tree ".git" is a file, and holds the path of the first.
            # A stored picture, as in a golden data folder, has a hash for a name.
            if Path(name).suffix in suffixes and name != ".git" and not SHA256.fullmatch(name):
                yield Path(folder) / name


def told(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def prose(path: Path) -> tuple[str, ...]:
    """The comments and docstrings of a module, without what stands between backticks."""
    source = path.read_text(encoding="utf-8")
    lines = io.StringIO(source).readline
    told = [t.string for t in tokenize.generate_tokens(lines) if t.type == tokenize.COMMENT]
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, holders)]
    told += [ast.get_docstring(node) or "" for node in nodes]
    return tuple(re.sub(r"`[^`]*`", "", text) for text in told)


def is_told(source: str) -> bool:
    """Whether a module begins with words. Parsed only where that is not seen at once."""
    return bool(re.match(r'"""[^"]', source)) or bool(ast.get_docstring(ast.parse(source)))


def written(words: re.Pattern[str], path: Path) -> list[str]:
    """What the comments and docstrings of a module have of these words.

    Most have nothing of them anywhere, and need not be taken apart.
    """
    if not words.search(path.read_text("utf-8")):
        return []
    return [match.group() for text in prose(path) for match in words.finditer(text)]


def test_the_house_was_found() -> None:
    assert (ROOT / "pyproject.toml").is_file()
    assert sum(1 for _ in rooms(".py")) > 50


def test_every_room_has_a_name_that_says_what_is_in_it() -> None:
    vague = [told(p) for p in rooms(".py", ".js", ".css") if VAGUE & {p.stem, p.parent.name}]
    assert vague == []


def test_every_module_says_what_it_is() -> None:
    silent = [told(p) for p in rooms(".py") if not is_told(p.read_text("utf-8"))]
    silent += [
        told(p) for p in rooms(".js", ".css") if not p.read_text("utf-8").lstrip().startswith("/")
    ]
    assert silent == []


def test_no_docstring_says_who_is_not_known_which_the_import_contracts_say() -> None:
    ignorance = re.compile(r"\b(Knows (no|nothing)|[Rr]efuses to know)\b")
    places = [*(ROOT / "chat").rglob("*.py"), *(ROOT / "storage").rglob("*.py")]
    assert [told(p) for p in places if written(ignorance, p)] == []


def test_no_file_names_a_package_registry_or_a_folder_of_one_machine() -> None:
    found = [
        (told(path), number)
        for path in rooms(*TEXT)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if MACHINE.search(line) or any(host in line for host in HOSTS)
    ]
    assert found == []


def test_comments_and_docstrings_are_spelled_in_one_english() -> None:
    found = [(told(path), word) for path in rooms(".py") for word in written(AMERICAN, path)]
    assert found == []


def test_one_module_of_the_page_opens_dialogs_and_writes_the_history() -> None:
    """Else Back would leave a conversation with something open over it, or go nowhere at all."""
    opened = re.compile(r"\.showModal\(|history\.(?:pushState|back|forward|go)\(")
    found = [told(p) for p in rooms(".js") if opened.search(p.read_text("utf-8"))]
    assert found == ["assets/js/layers.js"]
