"""Fruit and what stands on tables. The unit of the pen is the height of the thing."""

from math import cos, pi, sin

from chat.sketch.painting.canvas import Ink, Pen
from chat.sketch.painting.colour import Rgb, darker, lighter

_STALK: Rgb = (98, 72, 46)


def _shine(pen: Pen, x: float, y: float, rx: float, ry: float, turn: float = 30) -> None:
    pen.oval(x, y, rx, ry, Ink((255, 252, 244), alpha=0.5, lit=True, blur=0.025), turn)


def _ball(pen: Pen, y: float, r: float, colour: Rgb) -> None:
    pen.oval(0, y, r, r, Ink(darker(colour, 0.28)))
    pen.oval(-0.03, y + 0.03, r * 0.86, r * 0.86, Ink(colour, blur=0.06))
    pen.oval(-0.1, y + 0.1, r * 0.5, r * 0.5, Ink(lighter(colour, 0.3), alpha=0.7, blur=0.1))


def apple(pen: Pen, colour: Rgb | None) -> None:
    """An apple with a leaf."""
    skin = colour or (206, 54, 52)
    pen.shadow(0.1, 0.03, 0.5, 0.08, 0.5)
    body = "0,.8 -.24,.88 -.46,.68 -.42,.26 -.2,.02 0,.07 .2,.02 .42,.26 .46,.68 .24,.88"
    pen.blob(body, Ink(darker(skin, 0.25)))
    pen.blob(
        "-.03,.78 -.24,.85 -.42,.66 -.39,.3 -.2,.07 .0,.11 .14,.1 .3,.3 .34,.66 .2,.82",
        Ink(skin, blur=0.04),
    )
    pen.oval(0, 0.79, 0.12, 0.04, Ink(darker(skin, 0.5), alpha=0.7, blur=0.03))
    pen.line([(0, 0.78), (0.02, 0.92), (0.07, 1.0)], 0.035, Ink(_STALK))
    pen.blob("0.03,.88 .16,1.02 .36,.98 .22,.86", Ink((104, 156, 72)))
    _shine(pen, -0.24, 0.62, 0.07, 0.13)


def orange(pen: Pen, colour: Rgb | None) -> None:
    """An orange."""
    skin = colour or (242, 142, 40)
    pen.shadow(0.1, 0.03, 0.52, 0.08, 0.5)
    _ball(pen, 0.5, 0.48, skin)
    for k in range(34):
        angle, r = k * 2.4, 0.42 * (k / 34) ** 0.5
        dot = Ink(darker(skin, 0.3), alpha=0.35, flat=True)
        pen.oval(cos(angle) * r, 0.5 + sin(angle) * r, 0.008, 0.008, dot)
    pen.oval(0.02, 0.9, 0.05, 0.025, Ink((92, 128, 60)))
    pen.blob("0.04,.92 .2,1.04 .38,1 .22,.9", Ink((92, 148, 66)))
    _shine(pen, -0.2, 0.7, 0.1, 0.06)


def lemon(pen: Pen, colour: Rgb | None) -> None:
    """A lemon."""
    skin = colour or (248, 214, 66)
    pen.shadow(0.08, 0.06, 0.6, 0.08, 0.5)
    tip = "-.66,.5 -.5,.62 -.3,.82 .1,.88 .42,.72 .6,.56 .68,.5 .58,.4 .36,.18 0,.1 -.34,.2 -.54,.4"
    pen.blob(tip, Ink(skin, to=darker(skin, 0.25)))
    pen.oval(-0.08, 0.58, 0.36, 0.22, Ink(lighter(skin, 0.35), alpha=0.6, blur=0.1))
    _shine(pen, -0.16, 0.7, 0.12, 0.05, 14)


def banana(pen: Pen, colour: Rgb | None) -> None:
    """Two bananas on one stalk."""
    skin = colour or (248, 208, 70)
    pen.shadow(0.05, 0.03, 0.75, 0.08, 0.5)
    back = "-.78,.8 -.62,.4 -.2,.1 .36,.08 .82,.42 .86,.52 .74,.5 .36,.3 -.1,.36 -.5,.62 -.7,.9"
    pen.blob(back, Ink(darker(skin, 0.18)))
    front = (
        "-.76,.86 -.56,.5 -.16,.22 .34,.22 .74,.58 .78,.68 .66,.64 .3,.44 -.1,.48 -.48,.72 -.68,.94"
    )
    pen.blob(front, Ink(skin))
    pen.line("-.62,.66 -.14,.33 .34,.32 .66,.56", 0.02, Ink(darker(skin, 0.25), alpha=0.6))
    pen.blob("-.8,.8 -.84,1 -.72,1.02 -.66,.88", Ink(_STALK))
    pen.oval(0.77, 0.66, 0.03, 0.035, Ink(_STALK))


def pear(pen: Pen, colour: Rgb | None) -> None:
    """A pear."""
    skin = colour or (186, 196, 78)
    pen.shadow(0.08, 0.03, 0.4, 0.07, 0.5)
    body = "0,.92 -.13,.84 -.18,.6 -.36,.36 -.3,.1 0,.02 .3,.1 .36,.36 .18,.6 .13,.84"
    pen.blob(body, Ink(lighter(skin, 0.1), to=darker(skin, 0.2)))
    pen.oval(-0.14, 0.36, 0.14, 0.2, Ink(lighter(skin, 0.4), alpha=0.6, blur=0.07))
    pen.line([(0, 0.88), (0.02, 0.98), (0.07, 1.04)], 0.03, Ink(_STALK))


def cherry(pen: Pen, colour: Rgb | None) -> None:
    """A pair of cherries."""
    skin = colour or (176, 30, 52)
    pen.shadow(0.05, 0.03, 0.5, 0.06, 0.45)
    for x in (-0.24, 0.24):
        pen.line([(x, 0.36), (x * 0.6, 0.7), (0.04, 0.98)], 0.026, Ink((110, 140, 66)))
        part = pen.moved(x, 0.0, 0.5)
        _ball(part, 0.44, 0.46, skin)
        _shine(part, -0.18, 0.6, 0.1, 0.08)
    pen.blob("0.04,.96 .2,1.04 .44,.94 .24,.86", Ink((104, 156, 72)))


def strawberry(pen: Pen, colour: Rgb | None) -> None:
    """A strawberry with its seeds."""
    skin = colour or (216, 48, 60)
    pen.shadow(0.06, 0.04, 0.36, 0.06, 0.45)
    pen.blob("0,.04 -.2,.2 -.42,.56 -.36,.8 0,.84 .36,.8 .42,.56 .2,.2", Ink(skin))
    for row, columns in enumerate((1, 2, 3, 4, 3)):
        for k in range(columns):
            x, y = (k - (columns - 1) / 2) * 0.19, 0.18 + 0.13 * row
            pen.oval(x, y, 0.016, 0.026, Ink((250, 216, 122), flat=True))
    pen.blob("0,.76 -.34,.7 -.4,.84 -.14,.9 0,1 .14,.9 .4,.84 .34,.7", Ink((98, 152, 66)))
    _shine(pen, -0.22, 0.6, 0.05, 0.1)


def bowl(pen: Pen, colour: Rgb | None) -> None:
    """A deep bowl."""
    glaze = colour or (92, 128, 156)
    pen.shadow(0.06, 0.03, 0.8, 0.1, 0.5)
    pen.oval(0, 0.86, 0.95, 0.16, Ink(darker(glaze, 0.45)))
    side = [(cos(pi + pi * k / 20) * 0.95, 0.86 + sin(pi + pi * k / 20) * 0.82) for k in range(21)]
    rim = [(cos(-pi * k / 20) * 0.95, 0.86 + sin(-pi * k / 20) * 0.16) for k in range(21)]
    pen.poly(side + rim[::-1][::-1], Ink(glaze))
    pen.slab(-0.34, 0, 0.34, 0.08, 0.03, Ink(darker(glaze, 0.25)))
    _shine(pen, -0.5, 0.5, 0.07, 0.16, 30)


def cup(pen: Pen, colour: Rgb | None) -> None:
    """A cup of coffee with steam."""
    glaze = colour or (236, 226, 212)
    pen.shadow(0.06, 0.02, 0.62, 0.08, 0.5)
    pen.oval(0, 0.05, 0.62, 0.08, Ink(lighter(glaze, 0.2)))
    pen.line([(0.36, 0.58), (0.6, 0.56), (0.58, 0.3), (0.3, 0.24)], 0.08, Ink(glaze))
    pen.blob("-.42,.7 -.38,.3 -.22,.08 .22,.08 .38,.3 .42,.7 0,.66", Ink(glaze))
    pen.oval(0, 0.7, 0.42, 0.09, Ink(lighter(glaze, 0.3)))
    pen.oval(0, 0.695, 0.37, 0.07, Ink((92, 58, 40)))
    for x in (-0.12, 0.1):
        steam = Ink((255, 255, 255), alpha=0.35, blur=0.03, lit=True)
        pen.line([(x, 0.78), (x + 0.06, 0.9), (x - 0.03, 1.02), (x + 0.04, 1.14)], 0.05, steam)


def bottle(pen: Pen, colour: Rgb | None) -> None:
    """A glass bottle."""
    glass = colour or (58, 104, 78)
    pen.shadow(0.08, 0.01, 0.24, 0.04, 0.5)
    pen.blob("-.15,.02 -.16,.5 -.06,.7 -.055,.98 .055,.98 .06,.7 .16,.5 .15,.02 0,0", Ink(glass))
    pen.slab(-0.13, 0.18, 0.13, 0.42, 0.02, Ink((244, 236, 216)))
    pen.slab(-0.06, 0.93, 0.06, 1.0, 0.02, Ink((150, 58, 52)))
    _shine(pen, -0.09, 0.52, 0.015, 0.1, 0)


def cake(pen: Pen, colour: Rgb | None) -> None:
    """A layered cake with a candle and icing."""
    icing = colour or (244, 176, 186)
    pen.shadow(0.05, 0.0, 0.75, 0.08, 0.45)
    pen.oval(0, 0.04, 0.78, 0.08, Ink((240, 240, 244)))
    pen.slab(-0.6, 0.04, 0.6, 0.62, 0.06, Ink((222, 172, 116)))
    for y in (0.2, 0.38):
        pen.box(-0.6, y, 0.6, y + 0.06, Ink((252, 240, 222)))
    pen.slab(-0.62, 0.52, 0.62, 0.7, 0.08, Ink(icing))
    for k in range(7):
        pen.slab(-0.6 + 0.175 * k, 0.42 - 0.05 * (k % 2), -0.47 + 0.175 * k, 0.62, 0.06, Ink(icing))
    for x in (-0.4, -0.2, 0.2, 0.4):
        pen.oval(x, 0.73, 0.07, 0.07, Ink((196, 38, 54)))
    pen.slab(-0.03, 0.68, 0.03, 0.88, 0.01, Ink((110, 168, 206)))
    pen.glow(0, 0.95, 0.3, (255, 200, 110), 0.7)
    pen.blob("-.03,.9 0,1.02 .03,.9 0,.87", Ink((255, 214, 110), lit=True))


def vase(pen: Pen, colour: Rgb | None) -> None:
    """A vase with three stems."""
    glaze = colour or (70, 112, 150)
    pen.shadow(0.05, 0.01, 0.28, 0.04, 0.5)
    blooms: tuple[tuple[float, float, Rgb], ...] = (
        (-0.2, 0.84, (236, 116, 120)),
        (0.2, 0.8, (246, 190, 92)),
        (0.0, 0.93, (240, 150, 168)),
    )
    for x, y, petal in blooms:
        pen.line([(0, 0.4), (x * 0.5, 0.6), (x, y)], 0.022, Ink((92, 146, 78)))
        for k in range(6):
            angle = k * pi / 3
            pen.oval(x + cos(angle) * 0.065, y + sin(angle) * 0.065, 0.06, 0.04, Ink(petal), k * 60)
        pen.oval(x, y, 0.042, 0.042, Ink((252, 214, 110)))
    pen.blob("-.08,.5 -.1,.4 -.2,.22 -.12,.02 .12,.02 .2,.22 .1,.4 .08,.5", Ink(glaze))
    _shine(pen, -0.1, 0.24, 0.02, 0.08, 0)


def book(pen: Pen, colour: Rgb | None) -> None:
    """A small stack of books."""
    cover = colour or (178, 66, 62)
    pen.shadow(0.05, 0.02, 0.8, 0.1, 0.45)
    for k, (shade, slip) in enumerate(
        ((cover, 0.0), ((58, 98, 130), 0.07), ((222, 168, 76), -0.05))
    ):
        low = 0.32 * k
        pen.slab(-0.7 + slip, low, 0.7 + slip, low + 0.3, 0.05, Ink(shade))
        pen.box(-0.62 + slip, low + 0.05, 0.72 + slip, low + 0.25, Ink((246, 238, 220)))
