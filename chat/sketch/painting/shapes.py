"""Plain shapes: circle, square, heart. The unit is the height; the origin is below the middle."""

from chat.sketch.painting.canvas import Ink, Pen, Point, smooth
from chat.sketch.painting.colour import Rgb, darker, lighter


def _ink(colour: Rgb) -> Ink:
    return Ink(lighter(colour, 0.06), to=darker(colour, 0.06), lit=True)


def circle(pen: Pen, colour: Rgb | None) -> None:
    """A disc."""
    pen.oval(0, 0.5, 0.5, 0.5, _ink(colour or (62, 112, 176)))


def square(pen: Pen, colour: Rgb | None) -> None:
    """A square that stands on its side."""
    pen.box(-0.5, 0, 0.5, 1, _ink(colour or (226, 164, 62)))


def heart(pen: Pen, colour: Rgb | None) -> None:
    """A heart."""
    half = (
        (0, 0.02), (0.16, 0.14), (0.36, 0.32), (0.5, 0.52), (0.53, 0.72), (0.44, 0.9),
        (0.27, 0.97), (0.11, 0.92), (0.015, 0.79),
    )  # fmt: skip
    other: list[Point] = [(-x, y) for x, y in reversed(half)]
    top: list[Point] = [(0.0, 0.76)]
    outline = [*smooth(half, closed=False), *top, *smooth(other, closed=False)]
    pen.poly(outline, _ink(colour or (206, 50, 62)))
