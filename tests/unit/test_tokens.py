"""Colours, sizes of type and radii come of the tokens, and every token that is used is there."""

import re
from pathlib import Path

CSS = Path(__file__).resolve().parents[2] / "assets" / "css"
OWN = {"1-tokens.css", "1-icons.css", "9-print.css"}
"""Where they are said: the tokens, the strokes of icons, and paper."""
LITERAL = re.compile(
    r"#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(|font-size: [1-9][\d.]*(?:px|rem)"
    r"|border-radius: [^;]*\b(?:[5-9]|\d\d+)px",
    re.IGNORECASE,
)
SELECTOR = re.compile(r"[^{};]*\{|/\*.*?\*/", re.DOTALL)


def test_no_style_sheet_has_a_colour_a_size_of_type_or_a_radius_of_its_own() -> None:
    found = [
        f"{sheet.name}: {hit}"
        for sheet in sorted(CSS.glob("*.css"))
        if sheet.name not in OWN
        for hit in LITERAL.findall(SELECTOR.sub("", sheet.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_every_token_that_is_used_is_defined() -> None:
    text = "\n".join(sheet.read_text(encoding="utf-8") for sheet in CSS.glob("*.css"))
    used = set(re.findall(r"var\(--((?:text|radius|studio|on-picture)[\w-]*)", text))
    tokens = (CSS / "1-tokens.css").read_text(encoding="utf-8")
    assert used
    assert {name for name in used if f"--{name}:" not in tokens} == set()
