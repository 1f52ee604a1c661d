"""Code can be read in both themes, by people whose eyes are not the designer's."""

import re

import pytest
from pygments.token import STANDARD_TYPES

from chat.render.code import LANGUAGES, code_css, coloured
from tests.unit.render.allowed import Page

AA = 4.5


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``. Source: WCAG 2.2, definition of relative luminance."""
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def themes() -> dict[str, dict[str, str]]:
    blocks = re.findall(r"(:root|\.dark)\{([^}]*)\}", code_css())
    return {name: dict(re.findall(r"--code-(\w+):(#\w{6});", body)) for name, body in blocks}


@pytest.mark.parametrize("theme", [":root", ".dark"])
def test_every_ink_stands_out_from_the_paper(theme: str) -> None:
    inks = themes()[theme]
    paper = luminance(inks.pop("paper"))
    assert len(inks) > 5
    for ink, colour in inks.items():
        lighter, darker = sorted((luminance(colour), paper), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= AA, ink


def test_the_sheet_colours_only_classes_that_exist() -> None:
    classes = set(re.findall(r"\.code pre \.(\w+)", code_css()))
    assert classes <= set(STANDARD_TYPES.values())


@pytest.mark.parametrize("name", sorted(LANGUAGES))
def test_every_language_on_the_list_can_be_coloured_and_loses_nothing(name: str) -> None:
    source = '\n  if (x < 1) { return "a & b"; } # é\n\n'
    assert Page(coloured(source, name)).text == source


@pytest.mark.parametrize("name", ["", "nonsense", "../etc", "PYTHON2000"])
def test_an_unknown_language_is_plain_text(name: str) -> None:
    assert coloured("a < b", name) == "a &lt; b"
