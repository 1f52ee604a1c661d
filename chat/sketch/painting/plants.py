"""Trees, flowers and other plants. The unit of the pen is the height of the plant."""

from math import cos, pi, sin

import numpy as np

from chat.sketch.painting.canvas import Ink, Pen
from chat.sketch.painting.colour import Rgb, darker, lighter

_BARK: Rgb = (104, 76, 58)
_LEAF: Rgb = (84, 140, 70)


def tree(pen: Pen, colour: Rgb | None) -> None:
    """A broad-leaved tree."""
    leaf = colour or _LEAF
    rng = np.random.default_rng(int(pen.x_px) + 11)
    pen.shadow(0.08, 0, 0.36, 0.045)
    pen.poly([(-0.055, 0), (-0.03, 0.45), (0.03, 0.45), (0.06, 0)], Ink(_BARK))
    pen.line([(0, 0.3), (0.1, 0.45), (0.16, 0.55)], 0.03, Ink(_BARK), 0.015)
    pen.line([(0, 0.34), (-0.1, 0.46), (-0.15, 0.56)], 0.026, Ink(_BARK), 0.014)
    crown = []
    for k in range(13):
        angle, reach = 2 * pi * k / 13, 0.3 + 0.06 * rng.random()
        crown.append((cos(angle) * reach * 1.08, 0.66 + sin(angle) * reach))
    pen.blob(crown, Ink(leaf))
    for _ in range(26):
        angle, reach = 2 * pi * rng.random(), 0.27 * rng.random() ** 0.5
        x, y = cos(angle) * reach, 0.67 + sin(angle) * reach
        sunny = (y - 0.66) - x * 0.7 > 0.0
        shade = lighter(leaf, 0.2) if sunny else darker(leaf, 0.2)
        r = 0.045 + 0.04 * rng.random()
        pen.oval(x, y, r * 1.2, r, Ink(shade, alpha=0.5, flat=True, blur=0.006), 30 * rng.random())


def pine(pen: Pen, colour: Rgb | None) -> None:
    """A fir of four tiers."""
    needle = colour or (52, 104, 84)
    pen.shadow(0.05, 0, 0.22, 0.035)
    pen.box(-0.03, 0, 0.03, 0.16, Ink(_BARK))
    for k in range(4):
        low, half = 0.12 + 0.2 * k, 0.25 - 0.052 * k
        tier = [(-half, low), (-half * 0.4, low - 0.02), (half * 0.3, low - 0.025), (half, low)]
        pen.poly([*tier, (0, low + 0.34)], Ink(lighter(needle, 0.05 * k), to=darker(needle, 0.3)))
        dark = [(0, low + 0.34), (half, low), (half * 0.25, low - 0.02)]
        pen.poly(dark, Ink(darker(needle, 0.4), alpha=0.35, flat=True))


def palm(pen: Pen, colour: Rgb | None) -> None:
    """A leaning palm."""
    leaf = colour or (76, 146, 84)
    pen.shadow(0.1, 0, 0.26, 0.03)
    pen.line([(0, 0), (0.03, 0.3), (0.1, 0.58), (0.2, 0.8)], 0.07, Ink((150, 116, 84)), 0.035)
    for degrees in (-40, -5, 25, 60, 110, 150, 185, 215):
        angle = degrees * pi / 180
        x, y = cos(angle) * 0.34, sin(angle) * 0.16
        droop = [(0.2, 0.8), (0.2 + x * 0.55, 0.84 + y * 0.9), (0.2 + x, 0.72 + y * 0.7)]
        shade = leaf if degrees % 2 else darker(leaf, 0.18)
        pen.line(droop, 0.075, Ink(shade), 0.008)
    for x in (0.17, 0.225):
        pen.oval(x, 0.775, 0.028, 0.03, Ink((110, 74, 50)))


def bush(pen: Pen, colour: Rgb | None) -> None:
    """A round bush."""
    leaf = colour or (94, 146, 76)
    pen.shadow(0, 0, 0.8, 0.1)
    for x, y, r in ((-0.45, 0.36, 0.38), (0.45, 0.34, 0.36), (0, 0.52, 0.5)):
        pen.oval(x, y, r, r * 0.95, Ink(leaf))
    for x, y in ((-0.2, 0.7), (-0.5, 0.45), (0.1, 0.6), (-0.05, 0.85)):
        pen.oval(x, y, 0.13, 0.1, Ink(lighter(leaf, 0.25), alpha=0.55, flat=True, blur=0.03))


def flower(pen: Pen, colour: Rgb | None) -> None:
    """A flower of eight petals on a stem with two leaves."""
    petal = colour or (232, 92, 116)
    heart: Rgb = (112, 70, 38) if colour and colour[2] < 100 and colour[1] > 150 else (250, 196, 70)
    stem = Ink((82, 140, 70))
    pen.line([(0.04, 0), (-0.03, 0.3), (0, 0.7)], 0.035, stem, 0.026)
    pen.blob([(0, 0.15), (0.2, 0.28), (0.34, 0.42), (0.14, 0.38)], stem)
    pen.blob([(-0.02, 0.26), (-0.2, 0.36), (-0.3, 0.5), (-0.12, 0.46)], stem)
    for k in range(8):
        turn = 45 * k + 12
        x, y = cos(turn * pi / 180) * 0.17, sin(turn * pi / 180) * 0.17
        shade = lighter(petal, 0.12) if k % 2 else petal
        pen.oval(x, 0.75 + y, 0.14, 0.075, Ink(shade, to=darker(shade, 0.12)), turn)
    pen.oval(0, 0.75, 0.095, 0.095, Ink(heart))


def tulip(pen: Pen, colour: Rgb | None) -> None:
    """A tulip: a cup of three petals."""
    petal = colour or (226, 70, 84)
    stem = Ink((88, 146, 78))
    pen.line([(0.02, 0), (-0.02, 0.35), (0, 0.65)], 0.04, stem)
    pen.blob([(0, 0.05), (0.16, 0.3), (0.24, 0.58), (0.08, 0.34)], stem)
    pen.blob([(0, 0.03), (-0.15, 0.26), (-0.26, 0.5), (-0.07, 0.3)], stem)
    pen.blob("-.02,.62 -.2,.74 -.17,1 .02,.84", Ink(darker(petal, 0.12)))
    pen.blob([(0.02, 0.62), (0.2, 0.74), (0.17, 1.0), (-0.02, 0.84)], Ink(darker(petal, 0.18)))
    pen.blob([(0, 0.6), (-0.13, 0.74), (0, 0.98), (0.13, 0.74)], Ink(petal))


def cactus(pen: Pen, colour: Rgb | None) -> None:
    """A cactus with two arms."""
    skin = Ink(colour or (86, 142, 92))
    pen.shadow(0.08, 0, 0.34, 0.05)
    pen.line([(-0.02, 0.34), (-0.28, 0.36), (-0.3, 0.62)], 0.13, skin)
    pen.line([(0.02, 0.44), (0.26, 0.46), (0.28, 0.76)], 0.12, skin)
    pen.slab(-0.12, -0.01, 0.12, 1, 0.12, skin)
    for x in (-0.05, 0.03):
        pen.line([(x, 0.06), (x, 0.9)], 0.012, Ink(lighter(skin.colour, 0.3), alpha=0.6))


def mushroom(pen: Pen, colour: Rgb | None) -> None:
    """A toadstool with white dots."""
    cap = colour or (208, 58, 52)
    pen.shadow(0.03, 0, 0.42, 0.06)
    pen.blob([(-0.14, 0), (-0.1, 0.5), (0.1, 0.5), (0.15, 0)], Ink((242, 230, 208)))
    pen.oval(0, 0.5, 0.4, 0.07, Ink((226, 206, 178)))
    dome = [(cos(pi * k / 16) * 0.5, 0.48 + sin(pi * k / 16) * 0.48) for k in range(17)]
    pen.poly(dome, Ink(cap))
    for x, y, r in ((-0.22, 0.66, 0.07), (0.04, 0.8, 0.08), (0.27, 0.6, 0.055), (0.02, 0.58, 0.05)):
        pen.oval(x, y, r, r * 0.8, Ink((252, 246, 236), flat=True))


def potted_plant(pen: Pen, colour: Rgb | None) -> None:
    """A house plant with arching leaves in a clay pot."""
    leaf = (70, 128, 82)
    pen.shadow(0.04, 0, 0.3, 0.05)
    for k, degrees in enumerate((20, 48, 72, 92, 112, 138, 162)):
        angle = degrees * pi / 180
        x, y = cos(angle), sin(angle)
        shade = leaf if k % 2 else (96, 152, 94)
        tip = (x * 0.46, 0.4 + y * 0.56)
        belly = (x * 0.2 - y * 0.06, 0.4 + y * 0.4)
        pen.blob([(0, 0.34), belly, tip, (x * 0.26 + y * 0.06, 0.4 + y * 0.28)], Ink(shade))
    clay = colour or (196, 112, 78)
    pen.poly([(-0.2, 0.38), (0.2, 0.38), (0.15, 0), (-0.15, 0)], Ink(clay))
    pen.slab(-0.22, 0.32, 0.22, 0.4, 0.02, Ink(lighter(clay, 0.1)))
