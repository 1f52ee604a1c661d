"""A chart shows the numbers it was given, to the eye and to a screen reader."""

import io
import logging
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from PIL import Image

from chat.core.errors import ToolFailed
from chat.core.tools import Picture
from chat.images.vector import drawn as drawn_svg
from chat.tools.chart import MAX_POINTS
from chat.tools.chart import chart as charted
from chat.tools.chart_data import Kind

KINDS: tuple[Kind, ...] = ("bar", "line", "pie", "scatter", "heatmap")


def chart(*asked: Any, **more: Any) -> Picture:
    (made,) = charted(*asked, **more)
    assert isinstance(made, Picture)
    return made


def colours(data: bytes) -> set[object]:
    with Image.open(io.BytesIO(data)) as picture:
        found = picture.convert("RGB").getcolors(1_000_000) or []
    return {colour for count, colour in found if count > 200}


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_is_a_picture_with_something_on_it(kind: Kind) -> None:
    drawn = chart(kind, "Rain", ["1", "2", "3"], [3, 5, 2])
    with Image.open(io.BytesIO(drawn.data)) as picture:
        assert (picture.format, picture.size) == ("PNG", (1200, 750))
    ink = (68, 1, 84) if kind == "heatmap" else (47, 93, 140)
    assert {(255, 255, 255), ink} <= colours(drawn.data)


def test_a_higher_value_is_a_higher_bar() -> None:
    def ink(value: float) -> int:
        with Image.open(io.BytesIO(chart("bar", "", ["a", "b"], [value, 10]).data)) as picture:
            return picture.convert("RGB").crop((0, 0, 620, 750)).tobytes().count(b"\x2f\x5d\x8c")

    assert 1.8 < ink(8) / ink(4) < 2.2


def test_two_rows_have_two_colours_and_a_legend() -> None:
    drawn = chart("line", "T", ["a", "b"], [1, 2], [[2, 1]], ["old", "new"])
    assert {(47, 93, 140), (217, 130, 43)} <= colours(drawn.data)


def test_the_description_tells_the_data() -> None:
    alt = chart("bar", "Rain in mm", ["May", "June"], [41.5, 62]).alt
    assert alt == (
        "Bar chart “Rain in mm”: May: 41.5, June: 62; lowest 41.5 (May), highest 62 (June)."
    )


def test_a_long_description_is_shortened_not_endless() -> None:
    labels = [f"point {number}" for number in range(MAX_POINTS)]
    alt = chart("line", "x", labels, [float(n) for n in range(MAX_POINTS)]).alt
    assert "and 188 more" in alt
    assert len(alt) < 500


@pytest.mark.parametrize(
    "text",
    [
        "$x_1$",
        "$\\frac{",
        "色は匂へど",
        "🎨 paint",
        "a\nb\x00c",
        "שלום",
        "W" * 500,
        "\\",
        "_^{}",
        "\ud800",
    ],
)
@pytest.mark.parametrize("kind", ["bar", "pie", "heatmap"])
def test_any_words_can_stand_on_a_chart(
    kind: Kind, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Warnings are errors here, so a letter that no font has would fail the test."""
    with caplog.at_level(logging.WARNING):
        drawn = chart(kind, text, [text, text + "2"], [1, 2], names=[text])
    assert drawn.data.startswith(b"\x89PNG")
    # Threads of other tests may still have something to say; this is about the plotter.
    assert [record for record in caplog.records if record.name.startswith("matplotlib")] == []
    drawn.alt.encode()


@pytest.mark.parametrize(
    ("kind", "labels", "values", "more"),
    [
        ("bar", [], [], None),
        ("bar", ["a"], [1, 2], None),
        ("bar", ["a", "b"], [1, 2], [[1]]),
        ("line", ["a"], [1], [[1]] * 6),
        ("heatmap", ["a"], [1], [[1]] * 50),
        ("heatmap", ["a"] * 200, [1] * 200, [[1] * 200] * 13),
        ("heatmap", ["a"], [1], [[]]),
        ("bar", ["a"], [float("nan")], None),
        ("line", ["a"], [float("inf")], None),
        ("line", ["a"], [1e300], None),
        ("line", ["a"] * 201, [1] * 201, None),
        ("pie", ["a", "b"], [1, -1], None),
        ("pie", ["a"], [0], None),
        ("pie", ["a"] * 13, [1] * 13, None),
        ("pie", ["a"], [1], [[1]]),
        ("scatter", ["a"], [1], None),
        ("scatter", ["inf"], [1], None),
    ],
)
def test_what_cannot_be_drawn_is_answered_with_a_sentence(
    kind: Kind, labels: list[str], values: list[float], more: list[list[float]] | None
) -> None:
    with pytest.raises(ToolFailed, match=r"\.$"):
        chart(kind, "t", labels, values, more)


@pytest.mark.parametrize("kind", ["bar", "line", "scatter", "heatmap"])
@pytest.mark.parametrize("values", [[1e15, -1e15], [0, 0], [1e-300, 0], [5, 5]])
def test_extreme_numbers_are_drawn(kind: Kind, values: list[float]) -> None:
    assert chart(kind, "t", ["1", "2"], values).data


def test_charts_drawn_at_once_do_not_mix() -> None:
    def draw(number: int) -> bytes:
        return chart("bar", f"chart {number}", ["a", "b"], [number, 1]).data

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(draw, range(1, 7)))
    assert together == [draw(number) for number in range(1, 7)]


def test_a_chat_without_charts_does_not_wait_for_matplotlib() -> None:
    program = (
        "import sys; from chat.tools.registry import load_tools; load_tools();"
        "sys.exit('matplotlib' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_two_rows_of_which_one_has_a_name_are_drawn() -> None:
    picture = chart("bar", "Sales", ["a", "b"], [1, 2], [[2, 3]], ["this year"])
    assert picture.data.startswith(b"\x89PNG")


def test_a_heat_map_has_its_first_row_above_and_its_colours_by_value() -> None:
    drawn = chart("heatmap", "", ["a", "b"], [0, 0], [[9, 9]], ["low", "high"])
    with Image.open(io.BytesIO(drawn.data)) as picture:
        whole = picture.convert("RGB")
        assert whole.getpixel((300, 150)) == (68, 1, 84)
        assert whole.getpixel((300, 550)) == (253, 231, 37)
    assert drawn.alt.endswith("High runs from 9 to 9.")


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_comes_as_a_drawing_that_easel_can_show(kind: Kind) -> None:
    one, again = (charted(kind, "Größe $x$", ["1", "2"], [3, 5], outputs=["svg"]) for _ in "12")
    assert one == again
    (made,) = one
    assert isinstance(made, Picture)
    assert b"<text" not in made.data, "letters are curves: every program shows them alike"
    with Image.open(io.BytesIO(drawn_svg(made.data))) as picture:
        assert picture.width / picture.height == pytest.approx(1.6, abs=0.01)


def test_the_numbers_come_as_a_table() -> None:
    picture, table = charted(
        "line", "T", ["a, b", "c"], [0.1, 2], [[1e15, -3]], ["old"], ["png", "csv", "png"]
    )
    assert isinstance(picture, Picture)
    assert table == 'label,old,row 2\n"a, b",0.1,1e+15\nc,2,-3\n'
