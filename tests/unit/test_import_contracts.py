"""Who may know whom: a violation of each contract, planted in a scratch copy, is caught there."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINTER = Path(sys.executable).with_name("lint-imports")

PLANTED: dict[str, tuple[str, str]] = {
    "layers": ("chat/logs.py", "chat.ui"),
    "storage": ("storage/novel.py", "chat.guards"),
    "render": ("chat/render/novel_models.py", "chat.models"),
    "chat": ("chat/turns/novel.py", "storage"),
    "panels": ("chat/ui/panels/novel.py", "chat.ui.panels.sidebar"),
    "providers": ("chat/providers/novel/adapter.py", "chat.providers.sketch.adapter"),
    "gradio": ("chat/guards/novel.py", "gradio"),
    "server": ("chat/turns/novel_server.py", "starlette"),
    "digits": ("chat/core/novel_digits.py", "pybase64"),
    "schemas": ("chat/core/novel.py", "pydantic"),
    "beginnings": ("chat/guards/novel_json.py", "pydantic_core"),
    "markup": ("chat/web/novel.py", "markdown_it"),
    "sdks": ("chat/guards/novel_sdk.py", "openai"),
    "http": ("chat/tools/novel_client.py", "httpx2"),
    "personal": ("chat/render/novel.py", "phonenumbers"),
    "telemetry": ("chat/turns/novel_spans.py", "opentelemetry"),
    "figures": ("chat/turns/novel_figures.py", "prometheus_client"),
    "prices": ("chat/web/novel_prices.py", "genai_prices"),
    "keys": ("chat/web/novel_keys.py", "keyring"),
    "tools": ("chat/sketch/novel.py", "matplotlib"),
    "mcp": ("chat/tools/novel_server.py", "mcp"),
    "pages": ("chat/tools/novel_pages.py", "trafilatura"),
    "xml": ("chat/archive/novel_xml.py", "lxml"),
    "sql": ("chat/conversations/novel.py", "sqlalchemy"),
    "sqlite": ("chat/tools/novel_rows.py", "sqlite3"),
    "files": ("chat/turns/novel_pages.py", "pypdfium2"),
    "pictures": ("chat/providers/novel/pixels.py", "PIL"),
    "arrays": ("chat/mail/novel_arrays.py", "numpy"),
    "folders": ("storage/novel_folders.py", "platformdirs"),
}
"""Contract to the module that breaks it and what that imports."""

NEW_PACKAGE = ("chat/novel/__init__.py", ("gradio", "openai", "PIL", "pydantic", "sqlmodel"))


def contracts() -> list[dict[str, Any]]:
    document = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    found: list[dict[str, Any]] = document["tool"]["importlinter"]["contracts"]
    return found


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """The packages and their contracts, to spoil."""
    for package in ("chat", "storage"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, tmp_path / package, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def plant(scratch: Path, file: str, *imported: str) -> None:
    path = scratch / file
    path.parent.mkdir(parents=True, exist_ok=True)
    for folder in path.parents:
        if folder == scratch:
            break
        (folder / "__init__.py").touch()
    before = path.read_text("utf-8") if path.exists() else ""
    path.write_text(before + "".join(f"import {name}\n" for name in imported), "utf-8")


def judged(scratch: Path) -> str:
    """What import-linter says."""
    done = subprocess.run(
        [LINTER, "--no-logo", "--no-cache"],
        cwd=scratch,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "COLUMNS": "300", "NO_COLOR": "1"},
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def module(file: str) -> str:
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def test_every_contract_has_a_violation_to_catch() -> None:
    assert [contract["id"] for contract in contracts()] == list(PLANTED)


def test_each_planted_violation_breaks_its_contract_and_is_named(scratch: Path) -> None:
    for file, imported in PLANTED.values():
        plant(scratch, file, imported)
    said = judged(scratch)
    kept = [contract["name"] for contract in contracts() if f"{contract['name']} KEPT" in said]
    assert kept == []
    unnamed = [
        contract_id
        for contract_id, (file, imported) in PLANTED.items()
        if not re.search(rf"{re.escape(module(file))} -> {re.escape(imported)}\b", said)
    ]
    assert unnamed == []


def test_a_new_package_is_covered_before_anybody_mentions_it(scratch: Path) -> None:
    file, imported = NEW_PACKAGE
    plant(scratch, file, *imported)
    said = judged(scratch)
    assert "novel" in said.partition("is above may know what is below")[2]
    for name in imported:
        assert re.search(rf"chat\.novel -> {name}\b", said), name
    broken = {contract["id"] for contract in contracts() if f"{contract['name']} BROKEN" in said}
    assert broken == {"layers", "gradio", "schemas", "sdks", "sql", "pictures"}


def test_every_library_is_allowed_somewhere_and_so_forbidden_elsewhere() -> None:
    own = {"chat", "storage", *sys.stdlib_module_names}
    used = {
        name.partition(".")[0]
        for package in ("chat", "storage")
        for path in (ROOT / package).rglob("*.py")
        for name in _imported(ast.parse(path.read_text("utf-8")))
    } - own
    protected = {name for c in contracts() for name in c.get("protected_modules", ())}
    assert used - protected == set()


def _imported(tree: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found
