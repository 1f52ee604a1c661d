"""``docs/architecture.md`` names what there is, and says of imports what is checked."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def test_a_newcomer_finds_every_package_and_every_module_that_stands_alone() -> None:
    packages = {path.parent.name for path in (ROOT / "chat").glob("*/__init__.py")}
    modules = {path.name for path in (ROOT / "chat").glob("*.py")} - {"__init__.py"}
    named = set(re.findall(r"\bchat/([\w.]+)", PAGE))
    assert packages | modules <= named
    assert {name for name in named if not (ROOT / "chat" / name).exists()} == set()


def test_the_layers_are_those_that_are_checked() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (layers,) = [each["layers"] for each in contracts if each["id"] == "layers"]
    (told,) = re.findall(r"^ui \| web .*?core$", PAGE, re.MULTILINE | re.DOTALL)
    assert re.split(r"\s+>\s+", told) == layers


def test_every_link_of_the_pages_leads_somewhere() -> None:
    for page in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")):
        links = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        for link in links:
            assert (page.parent / link).exists(), f"{page.name}: {link}"
