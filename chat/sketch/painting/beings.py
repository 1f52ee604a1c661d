"""Birds, fish, butterflies, robots, snowmen. The unit is the height; all face right."""

from math import cos, pi, sin

from chat.sketch.painting.beasts import eye
from chat.sketch.painting.canvas import Ink, Pen
from chat.sketch.painting.colour import Rgb, darker, lighter

_DARK: Rgb = (44, 40, 48)


def flying_bird(pen: Pen, colour: Rgb | None) -> None:
    """A bird on the wing."""
    feather = colour or (74, 88, 112)
    pen.blob("-.1,.06 -.36,.5 -.2,.74 .06,.4 .18,.1", Ink(darker(feather, 0.3)))
    pen.blob("-.86,.04 -.4,.08 .1,.2 .5,.2 .62,.1 .4,-.06 0,-.1 -.5,-.02", Ink(feather))
    pen.blob(".02,.1 -.16,.5 -.5,.86 0,.76 .26,.4 .32,.12", Ink(lighter(feather, 0.14)))
    pen.poly([(0.58, 0.16), (0.76, 0.1), (0.58, 0.06)], Ink((240, 170, 66)))
    eye(pen, 0.5, 0.13, 0.03)


def perched_bird(pen: Pen, colour: Rgb | None) -> None:
    """A round little bird on its feet."""
    feather = colour or (78, 134, 190)
    pen.shadow(0, 0.01, 0.36, 0.06)
    for x in (-0.02, 0.1):
        pen.line([(x, 0.24), (x, 0.02)], 0.03, Ink((206, 130, 60)))
    pen.blob("-.3,.3 -.72,.26 -.7,.36 -.24,.5", Ink(darker(feather, 0.25)))
    pen.blob("-.34,.42 -.1,.74 .1,.96 .32,.92 .38,.6 .2,.24 -.14,.2", Ink(feather))
    pen.blob(".14,.3 .36,.52 .34,.68 .14,.6 .04,.36", Ink((246, 196, 130), blur=0.02))
    pen.blob("-.42,.34 -.2,.62 .06,.56 .02,.36", Ink(darker(feather, 0.16)))
    pen.poly([(0.36, 0.84), (0.56, 0.77), (0.37, 0.72)], Ink((240, 166, 62)))
    eye(pen, 0.25, 0.8, 0.036)


def duck(pen: Pen, colour: Rgb | None) -> None:
    """A swimming duck; its origin is the water line."""
    body = colour or (250, 214, 92)
    pen.oval(0, -0.02, 0.62, 0.05, Ink((20, 50, 70), alpha=0.3, blur=0.03, flat=True))
    pen.blob("-.62,.44 -.42,.06 0,-.02 .42,.08 .46,.34 .1,.42 -.3,.36", Ink(body))
    pen.oval(0.34, 0.68, 0.24, 0.24, Ink(body))
    pen.blob([(0.2, 0.5), (0.48, 0.5), (0.46, 0.3), (0.16, 0.3)], Ink(body))
    pen.blob([(-0.4, 0.34), (-0.04, 0.36), (0.14, 0.2), (-0.2, 0.12)], Ink(darker(body, 0.12)))
    pen.blob([(0.52, 0.7), (0.78, 0.64), (0.74, 0.58), (0.52, 0.58)], Ink((238, 140, 52)))
    eye(pen, 0.42, 0.75, 0.034)


def fish(pen: Pen, colour: Rgb | None) -> None:
    """A fish with bright fins."""
    scale = colour or (240, 136, 62)
    fin = lighter(scale, 0.3)
    pen.blob([(-0.62, 0.5), (-1.06, 0.9), (-0.94, 0.5), (-1.06, 0.1)], Ink(fin))
    pen.blob([(-0.3, 0.78), (0.0, 1.08), (0.34, 0.84)], Ink(fin))
    pen.blob([(-0.1, 0.24), (-0.2, -0.02), (0.24, 0.18)], Ink(fin))
    pen.blob("-.7,.5 -.2,.84 .4,.84 .84,.5 .4,.16 -.2,.18", Ink(scale))
    for x in (-0.2, 0.22):
        pen.blob(
            [
                (x, 0.82),
                (x + 0.12, 0.8),
                (x + 0.15, 0.5),
                (x + 0.1, 0.2),
                (x, 0.2),
                (x + 0.04, 0.5),
            ],
            Ink((255, 248, 238), alpha=0.85),
        )
    pen.blob([(-0.06, 0.52), (0.16, 0.42), (0.02, 0.3)], Ink(fin))
    pen.oval(0.58, 0.58, 0.085, 0.085, Ink((252, 252, 250), flat=True))
    eye(pen, 0.6, 0.58, 0.05)


def whale(pen: Pen, colour: Rgb | None) -> None:
    """A whale with its spout."""
    skin = colour or (70, 108, 150)
    for side in (-1, 1):
        pen.line(
            [(0.44, 0.8), (0.44 + side * 0.12, 1.12), (0.44 + side * 0.34, 1.06)],
            0.05,
            Ink((224, 240, 248), alpha=0.85),
            0.02,
        )
    pen.blob("-.9,.42 -1.4,.98 -1.04,.88 -.92,1.06 -.66,.5", Ink(skin))
    pen.blob("-1,.44 -.4,.7 .4,.82 .96,.5 .8,.06 .1,0 -.6,.14", Ink(skin))
    pen.blob("-.3,.06 .4,.3 .92,.3 .78,.06 .1,0", Ink((226, 234, 240), blur=0.01))
    pen.blob([(0.0, 0.22), (-0.3, -0.12), (0.24, 0.1)], Ink(darker(skin, 0.2)))
    eye(pen, 0.62, 0.42, 0.036)


def butterfly(pen: Pen, colour: Rgb | None) -> None:
    """A butterfly seen from above."""
    wing = colour or (240, 140, 60)
    for side in (-1, 1):
        pen.blob([(0, 0.52), (side * 0.3, 0.96), (side * 0.62, 0.9), (side * 0.5, 0.56)], Ink(wing))
        pen.blob(
            [(0, 0.5), (side * 0.42, 0.5), (side * 0.46, 0.16), (side * 0.18, 0.1)],
            Ink(darker(wing, 0.14)),
        )
        pen.oval(side * 0.42, 0.78, 0.08, 0.07, Ink(lighter(wing, 0.6), flat=True))
        pen.oval(side * 0.28, 0.3, 0.06, 0.06, Ink(lighter(wing, 0.6), flat=True))
        pen.line([(0, 0.74), (side * 0.08, 0.9), (side * 0.16, 0.96)], 0.016, Ink(_DARK))
    pen.oval(0, 0.48, 0.04, 0.28, Ink(_DARK))


def robot(pen: Pen, colour: Rgb | None) -> None:
    """A friendly robot."""
    metal = colour or (150, 168, 184)
    dark = darker(metal, 0.4)
    pen.shadow(0, 0.005, 0.32, 0.04, 0.42)
    for side in (-1, 1):
        pen.slab(side * 0.11 - 0.05, 0.04, side * 0.11 + 0.05, 0.26, 0.03, Ink(dark))
        pen.slab(side * 0.12 - 0.09, 0, side * 0.12 + 0.09, 0.07, 0.03, Ink(metal))
        pen.line([(side * 0.24, 0.52), (side * 0.36, 0.42), (side * 0.34, 0.3)], 0.07, Ink(dark))
        pen.oval(side * 0.34, 0.28, 0.055, 0.055, Ink(metal))
    pen.slab(-0.25, 0.22, 0.25, 0.6, 0.08, Ink(metal))
    pen.slab(-0.14, 0.32, 0.14, 0.5, 0.03, Ink(lighter(metal, 0.45)))
    for k, lamp in enumerate(((228, 88, 80), (246, 196, 80), (104, 190, 120))):
        pen.oval(-0.08 + 0.08 * k, 0.41, 0.026, 0.026, Ink(lamp, lit=True))
    pen.box(-0.05, 0.59, 0.05, 0.65, Ink(dark))
    pen.slab(-0.22, 0.63, 0.22, 0.92, 0.1, Ink(lighter(metal, 0.08)))
    pen.slab(-0.17, 0.69, 0.17, 0.86, 0.07, Ink((34, 44, 60)))
    for x in (-0.08, 0.08):
        pen.oval(x, 0.78, 0.034, 0.04, Ink((120, 232, 240), lit=True))
        pen.glow(x, 0.78, 0.12, (120, 232, 240), 0.5)
    pen.line([(0, 0.92), (0, 1.0)], 0.02, Ink(dark))
    pen.oval(0, 1.01, 0.035, 0.035, Ink((236, 92, 84), lit=True))


def snowman(pen: Pen, colour: Rgb | None) -> None:
    """A snowman with hat and scarf."""
    scarf = colour or (206, 66, 64)
    snow: Rgb = (248, 250, 253)
    pen.shadow(0.03, 0.01, 0.36, 0.05)
    for side in (-1, 1):
        pen.line(
            [(side * 0.18, 0.5), (side * 0.4, 0.62), (side * 0.5, 0.6)], 0.02, Ink((98, 70, 52))
        )
    for y, r in ((0.22, 0.25), (0.52, 0.19), (0.77, 0.135)):
        pen.oval(0, y, r, r * 0.95, Ink(snow, to=darker(snow, 0.16)))
    pen.blob([(-0.14, 0.68), (0, 0.63), (0.14, 0.68), (0, 0.61)], Ink(scarf))
    pen.line([(-0.13, 0.675), (0, 0.645), (0.13, 0.675)], 0.05, Ink(scarf))
    pen.line([(0.08, 0.65), (0.12, 0.48)], 0.05, Ink(darker(scarf, 0.1)))
    pen.box(-0.16, 0.87, 0.16, 0.895, Ink(_DARK))
    pen.slab(-0.1, 0.88, 0.1, 1.02, 0.02, Ink(_DARK))
    pen.poly([(0, 0.785), (0.16, 0.76), (0, 0.75)], Ink((240, 140, 52)))
    for x in (-0.045, 0.055):
        pen.oval(x, 0.82, 0.015, 0.016, Ink(_DARK, flat=True))
    for y in (0.44, 0.52, 0.58):
        pen.oval(0.01, y, 0.016, 0.016, Ink(_DARK, flat=True))


def kite(pen: Pen, colour: Rgb | None) -> None:
    """A kite with its tail."""
    cloth = colour or (222, 78, 88)
    tail = [(0, 0.1), (-0.2, -0.2), (0.02, -0.44), (-0.24, -0.7)]
    pen.line(tail, 0.016, Ink((92, 84, 92)))
    for k in range(1, 4):
        x, y = tail[k]
        pen.oval(x, y, 0.08, 0.035, Ink(lighter(cloth, 0.4)), 30)
    pen.poly([(0, 1), (-0.36, 0.64), (0, 0.1)], Ink(cloth))
    pen.poly([(0, 1), (0.36, 0.64), (0, 0.1)], Ink(darker(cloth, 0.2)))


def star(pen: Pen, colour: Rgb | None) -> None:
    """A five-pointed star with a glow."""
    gold = colour or (255, 224, 130)
    pen.glow(0, 0.5, 1.4, gold, 0.5)
    points = []
    for k in range(10):
        r, angle = (0.5 if k % 2 == 0 else 0.21), pi / 2 + pi * k / 5
        points.append((cos(angle) * r, 0.5 + sin(angle) * r))
    pen.poly(points, Ink(lighter(gold, 0.3), to=gold, lit=True))
