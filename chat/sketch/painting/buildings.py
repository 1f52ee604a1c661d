"""Houses, castles, bridges and towers. The unit of the pen is the height of the building."""

from math import cos, pi, sin

import numpy as np

from chat.sketch.painting.canvas import Ink, Pen
from chat.sketch.painting.colour import Rgb, darker, lighter, mix

_WALL: Rgb = (238, 222, 194)
_STONE: Rgb = (158, 158, 164)
_ROOF: Rgb = (166, 82, 66)


def window(pen: Pen, x: float, y: float, w: float, h: float, frame: Rgb = (250, 246, 238)) -> None:
    """A window by its centre; it shines when it is dark outside."""
    pen.box(x - w / 2 - 0.012, y - h / 2 - 0.012, x + w / 2 + 0.012, y + h / 2 + 0.012, Ink(frame))
    if pen.canvas.dark:
        pen.box(x - w / 2, y - h / 2, x + w / 2, y + h / 2, Ink((255, 214, 128), lit=True))
        pen.glow(x, y, h * 2.2, (255, 190, 96), 0.32)
    else:
        glass = Ink((150, 190, 214), to=(86, 116, 146), flat=True)
        pen.box(x - w / 2, y - h / 2, x + w / 2, y + h / 2, glass)
    bar = Ink(frame, flat=True)
    pen.box(x - 0.006, y - h / 2, x + 0.006, y + h / 2, bar)
    pen.box(x - w / 2, y - 0.006, x + w / 2, y + 0.006, bar)


def house(pen: Pen, colour: Rgb | None) -> None:
    """A cottage with a gable roof, chimney, door and windows."""
    wall = colour or _WALL
    roof = _ROOF if colour is None else mix(darker(colour, 0.5), (92, 74, 78), 0.55)
    pen.shadow(0.12, 0.005, 0.74, 0.07)
    pen.box(0.28, 0.6, 0.4, 1.0, Ink((150, 96, 82)))
    pen.box(0.26, 0.97, 0.42, 1.02, Ink((120, 76, 68)))
    pen.box(-0.55, 0, 0.55, 0.52, Ink(lighter(wall, 0.08), to=darker(wall, 0.1)))
    pen.box(-0.55, 0.44, 0.55, 0.52, Ink(darker(wall, 0.4), to=wall, alpha=0.5))
    pen.poly([(-0.68, 0.48), (0.68, 0.48), (0.46, 0.92), (-0.46, 0.92)], Ink(roof))
    for k in range(1, 5):
        y = 0.48 + 0.088 * k
        half = 0.68 - 0.22 * (y - 0.48) / 0.44
        pen.box(-half, y - 0.005, half, y + 0.004, Ink(darker(roof, 0.4), alpha=0.4, flat=True))
    pen.box(-0.68, 0.46, 0.68, 0.49, Ink(darker(roof, 0.3)))
    pen.slab(-0.1, 0, 0.1, 0.34, 0.03, Ink(mix((98, 66, 50), darker(wall, 0.6), 0.3)))
    pen.oval(0.065, 0.16, 0.012, 0.012, Ink((232, 196, 110)))
    pen.box(-0.14, 0, 0.14, 0.025, Ink((190, 184, 176)))
    for x in (-0.34, 0.34):
        window(pen, x, 0.26, 0.17, 0.2)
        pen.box(x - 0.1, 0.115, x + 0.1, 0.145, Ink((120, 86, 64)))
        for k in range(5):
            petal: Rgb = ((224, 84, 92), (246, 190, 84), (236, 128, 150))[k % 3]
            pen.oval(x - 0.08 + 0.04 * k, 0.155, 0.021, 0.02, Ink(petal))


def barn(pen: Pen, colour: Rgb | None) -> None:
    """A barn with a mansard roof and white boards."""
    wall = colour or (176, 58, 50)
    pen.shadow(0.1, 0.005, 0.7, 0.07)
    front = [(-0.55, 0), (0.55, 0), (0.55, 0.5), (0.38, 0.8), (0, 0.98), (-0.38, 0.8), (-0.55, 0.5)]
    pen.poly(front, Ink(wall))
    edge = [(-0.6, 0.47), (-0.4, 0.82), (0, 1.01), (0.4, 0.82), (0.6, 0.47)]
    pen.poly(
        [*edge, (0.55, 0.5), (0.38, 0.78), (0, 0.95), (-0.38, 0.78), (-0.55, 0.5)],
        Ink((92, 84, 88)),
    )
    white = Ink((244, 238, 226))
    pen.box(-0.22, 0, 0.22, 0.4, white)
    for left in (-0.2, 0.01):
        pen.box(left, 0.02, left + 0.19, 0.38, Ink(darker(wall, 0.15)))
        pen.line([(left, 0.02), (left + 0.19, 0.38)], 0.022, white)
        pen.line([(left, 0.38), (left + 0.19, 0.02)], 0.022, white)
    window(pen, 0, 0.66, 0.15, 0.15)


def castle(pen: Pen, colour: Rgb | None) -> None:
    """A castle of four towers with cone roofs and flags."""
    stone = colour or _STONE
    pen.shadow(0.1, 0.005, 0.85, 0.06)
    for x, low, w, tall in ((-0.2, 0.0, 0.13, 0.72), (0.22, 0.0, 0.12, 0.64)):
        _tower(pen, x, low, w, tall, darker(stone, 0.08))
    pen.box(-0.55, 0, 0.55, 0.4, Ink(lighter(stone, 0.06), to=darker(stone, 0.12)))
    for k in range(9):
        pen.box(-0.55 + 0.129 * k, 0.39, -0.49 + 0.129 * k, 0.45, Ink(lighter(stone, 0.05)))
    for x in (-0.56, 0.56):
        _tower(pen, x, 0.0, 0.14, 0.56, stone)
    gate = [
        (-0.1, 0),
        (0.1, 0),
        *((cos(pi * k / 12) * 0.1, 0.16 + sin(pi * k / 12) * 0.1) for k in range(13)),
    ]
    pen.poly(gate, Ink((84, 58, 44)))
    for x in (-0.3, 0.3):
        window(pen, x, 0.22, 0.05, 0.1, darker(stone, 0.2))


def _tower(pen: Pen, x: float, low: float, w: float, tall: float, stone: Rgb) -> None:
    pen.box(x - w / 2, low, x + w / 2, tall, Ink(lighter(stone, 0.1), to=darker(stone, 0.1)))
    pen.box(x + w * 0.12, low, x + w / 2, tall, Ink(darker(stone, 0.35), alpha=0.35, flat=True))
    window(pen, x, tall - 0.12, 0.035, 0.07, darker(stone, 0.2))
    roof: Rgb = (86, 96, 148)
    pen.poly([(x - w * 0.66, tall), (x + w * 0.66, tall), (x, tall + w * 1.7)], Ink(roof))
    top = tall + w * 1.7
    pen.line([(x, top - 0.01), (x, top + 0.07)], 0.008, Ink((80, 70, 64)))
    pen.poly([(x, top + 0.07), (x + 0.09, top + 0.05), (x, top + 0.03)], Ink((214, 72, 70)))


def lighthouse(pen: Pen, colour: Rgb | None) -> None:
    """A banded lighthouse; it shines at night."""
    band = colour or (206, 66, 60)
    pen.shadow(0.05, 0, 0.24, 0.03)
    for k in range(5):
        low, high = 0.74 * k / 5, 0.74 * (k + 1) / 5
        left, right = 0.15 - 0.06 * low / 0.74, 0.15 - 0.06 * high / 0.74
        paint = band if k % 2 == 0 else (246, 242, 234)
        pen.poly([(-left, low), (left, low), (right, high), (-right, high)], Ink(paint))
    pen.box(-0.12, 0.74, 0.12, 0.77, Ink((70, 72, 80)))
    pen.box(-0.06, 0.77, 0.06, 0.87, Ink((255, 226, 150), lit=True))
    pen.poly([(-0.09, 0.87), (0.09, 0.87), (0, 0.98)], Ink(darker(band, 0.2)))
    if pen.canvas.dark:
        pen.glow(0, 0.82, 0.7, (255, 220, 140), 0.6)
        beam = Ink((255, 232, 170), alpha=0.16, lit=True, blur=0.02)
        pen.poly([(0, 0.82), (2.4, 1.05), (2.4, 0.7)], beam)


def church(pen: Pen, colour: Rgb | None) -> None:
    """A village church with a spire."""
    wall = colour or (240, 234, 222)
    pen.shadow(0.1, 0, 0.55, 0.04)
    pen.box(-0.2, 0, 0.5, 0.34, Ink(wall))
    pen.poly([(-0.24, 0.33), (0.54, 0.33), (0.46, 0.55), (-0.2, 0.55)], Ink((122, 84, 78)))
    pen.box(-0.42, 0, -0.14, 0.56, Ink(lighter(wall, 0.1), to=darker(wall, 0.1)))
    pen.poly([(-0.45, 0.55), (-0.11, 0.55), (-0.28, 0.94)], Ink((104, 78, 82)))
    pen.line([(-0.28, 0.93), (-0.28, 1.02)], 0.012, Ink((214, 176, 90)))
    pen.line([(-0.31, 0.99), (-0.25, 0.99)], 0.012, Ink((214, 176, 90)))
    pen.slab(-0.34, 0, -0.22, 0.2, 0.05, Ink((104, 72, 52)))
    for x in (0.0, 0.18, 0.36):
        window(pen, x, 0.18, 0.06, 0.14)


def skyscraper(pen: Pen, colour: Rgb | None) -> None:
    """A tower block with a grid of windows, a third of them lit at night."""
    rng = np.random.default_rng(int(pen.x_px) + 3)
    wall = (
        colour
        or ((126, 138, 158), (164, 150, 142), (96, 112, 140), (182, 174, 168))[int(rng.integers(4))]
    )
    half = 0.13 + 0.06 * rng.random()
    pen.box(-half, -0.02, half, 1, Ink(lighter(wall, 0.16), to=darker(wall, 0.1)))
    pen.box(half * 0.55, -0.02, half, 1, Ink(darker(wall, 0.4), alpha=0.4, flat=True))
    if rng.random() < 0.5:
        pen.box(-half * 0.5, 0.99, half * 0.3, 1.05, Ink(darker(wall, 0.1)))
        pen.line([(0, 1.04), (0, 1.16)], 0.012, Ink(darker(wall, 0.4)))
    rows = 15
    for row in range(rows):
        for column in range(5):
            x, y = -half + half * 2 * (column + 0.5) / 5, 0.06 + 0.92 * row / rows
            if pen.canvas.dark and rng.random() < 0.42:
                pane = Ink((255, 216, 140), lit=True, alpha=0.9 - 0.6 * pen.distance)
            else:
                pane = Ink(darker(wall, 0.45), alpha=0.7, flat=True)
            pen.box(x - half * 0.12, y, x + half * 0.12, y + 0.03, pane)


def bridge(pen: Pen, colour: Rgb | None) -> None:
    """A suspension bridge of two towers."""
    steel = colour or (186, 72, 58)
    deck, cable = Ink(steel), Ink(darker(steel, 0.1))
    for x in (-0.9, 0.9):
        pen.box(x - 0.06, -0.08, x + 0.06, 1, deck)
        pen.box(x - 0.1, -0.12, x + 0.1, 0.02, Ink((150, 148, 146)))
    pen.box(-2.4, 0.24, 2.4, 0.32, deck)
    hang = [(0.9 * k / 10, 0.4 + 0.58 * (k / 10) ** 2) for k in range(-10, 11)]
    pen.line(hang, 0.03, cable)
    for side in (-1, 1):
        pen.line([(side * 0.9, 0.98), (side * 1.5, 0.6), (side * 2.4, 0.33)], 0.03, cable)
    for x, y in hang[1:-1]:
        pen.line([(x, 0.3), (x, y)], 0.011, cable)


def windmill(pen: Pen, colour: Rgb | None) -> None:
    """A Dutch windmill."""
    body = colour or (232, 222, 204)
    pen.shadow(0.06, 0, 0.35, 0.04)
    pen.poly([(-0.22, 0), (0.22, 0), (0.13, 0.6), (-0.13, 0.6)], Ink(body))
    pen.poly([(-0.16, 0.58), (0.16, 0.58), (0.08, 0.72), (-0.08, 0.72)], Ink((112, 76, 66)))
    pen.slab(-0.06, 0, 0.06, 0.17, 0.03, Ink((104, 70, 52)))
    window(pen, 0, 0.36, 0.07, 0.09)
    for k in range(4):
        arm = pen.moved(0, 0.62, 1.0, 24 + 90 * k)
        arm.box(-0.008, 0, 0.008, 0.42, Ink((92, 70, 58)))
        arm.box(0.01, 0.08, 0.085, 0.41, Ink((248, 242, 230), alpha=0.92))
