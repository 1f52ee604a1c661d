"""One set of icons: whatever is shown is one of them, and no sign of a font stands in for one."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHEETS = sorted((ROOT / "assets" / "css").glob("*.css"))
SAYS = [
    *sorted((ROOT / "assets" / "js").glob("*.js")),
    *sorted((ROOT / "assets" / "html").glob("*.html")),
    *sorted((ROOT / "chat" / "render").glob("*.py")),
]
DRAWN = set(re.findall(r"--icon-([a-z-]+): url", (ROOT / "assets/css/1-icons.css").read_text()))
USED = re.compile(r"data-icon=\"([^\"{]+)\"|dataset\.icon = \"([^\"]+)\"|\bicon: \"([^\"]+)\"")
SIGNS = "×✕⋯‹›▾▸▶◀★☆✓✎↑↓←→◐☀☾▦⚙"
ALONE = re.compile(rf"[\">][{SIGNS}]+[\"<]")
"""As all that a button or a pseudo-element says; between words, as in sizes, they are words."""


def test_every_icon_that_is_named_is_drawn() -> None:
    named = {
        next(filter(None, found)): file.name
        for file in SAYS
        for found in USED.findall(file.read_text(encoding="utf-8"))
    }
    named |= {
        name: sheet.name
        for sheet in SHEETS
        for name in re.findall(r"var\(--icon-([a-z-]+)\)", sheet.read_text(encoding="utf-8"))
        if name != "size"
    }
    assert len(named) > 20
    assert {name: file for name, file in named.items() if name not in DRAWN} == {}


def test_no_sign_of_a_font_is_an_icon() -> None:
    found = [
        f"{file.name}:{number}: {line.strip()}"
        for file in (*SAYS, *SHEETS)
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if ".join(" not in line and ALONE.search(re.sub(r"<kbd>.*?</kbd>", "", line))
    ]
    assert found == []


def test_all_icons_have_one_weight_and_are_labelled_where_they_stand_alone() -> None:
    text = (ROOT / "assets/css/1-icons.css").read_text()
    weights = re.findall(r"--icon-([a-z-]+): .*?stroke-width='([\d.]+)'", text)
    assert {weight for name, weight in weights if name != "more"} == {"1.5"}
    bare = [
        found
        for file in (ROOT / "assets" / "html").glob("*.html")
        for found in re.findall(r"<button[^>]*data-icon[^>]*></button>", file.read_text())
        if "aria-label" not in found and 'id="dictate"' not in found
    ]
    assert bare == []
