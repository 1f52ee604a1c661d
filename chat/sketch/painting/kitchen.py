"""What a kitchen has on its table: vegetables, pots and plates. The pen's unit is the height."""

from math import cos, pi, sin

from chat.sketch.painting.canvas import Ink, Pen
from chat.sketch.painting.colour import Rgb, darker, lighter

_LEAF: Rgb = (92, 148, 66)
_STEEL: Rgb = (150, 160, 172)


def _shine(pen: Pen, x: float, y: float, rx: float, ry: float, turn: float = 30) -> None:
    pen.oval(x, y, rx, ry, Ink((255, 252, 244), alpha=0.5, lit=True, blur=0.025), turn)


def _steam(pen: Pen, low: float, xs: tuple[float, ...]) -> None:
    for x in xs:
        vapour = Ink((255, 255, 255), alpha=0.32, blur=0.035, lit=True)
        path = [(x, low), (x + 0.07, low + 0.13), (x - 0.03, low + 0.26), (x + 0.05, low + 0.4)]
        pen.line(path, 0.05, vapour, 0.02)


def tomato(pen: Pen, colour: Rgb | None) -> None:
    """A ripe tomato with its green star."""
    skin = colour or (214, 58, 40)
    pen.shadow(0.1, 0.03, 0.56, 0.08, 0.5)
    body = "0,.84 -.28,.88 -.54,.66 -.54,.32 -.3,.04 0,.02 .3,.04 .54,.32 .54,.66 .28,.88"
    pen.blob(body, Ink(darker(skin, 0.22)))
    pen.blob(
        "-.04,.8 -.3,.83 -.5,.62 -.48,.34 -.26,.1 0,.1 .26,.18 .42,.4 .4,.68", Ink(skin, blur=0.05)
    )
    for x in (-0.2, 0.22):
        fold = Ink(darker(skin, 0.35), alpha=0.4, blur=0.02, flat=True)
        pen.line([(x * 0.3, 0.82), (x, 0.7), (x * 1.3, 0.5)], 0.03, fold, 0.005)
    for k in range(5):
        angle = pi * (0.5 + k * 0.4)
        tip = (cos(angle) * 0.3, 0.84 + sin(angle) * 0.11)
        pen.line([(0, 0.85), (tip[0] * 0.6, tip[1] + 0.02), tip], 0.09, Ink(_LEAF), 0.01)
    pen.line([(0, 0.85), (0.02, 0.93), (0.08, 0.99)], 0.05, Ink(darker(_LEAF, 0.2)))
    _shine(pen, -0.28, 0.62, 0.06, 0.12)


def carrot(pen: Pen, colour: Rgb | None) -> None:
    """A carrot lying down, with its greens."""
    skin = colour or (238, 132, 44)
    pen.shadow(0.05, 0.1, 1.3, 0.1, 0.45)
    for x, y in ((1.5, 0.9), (1.7, 0.62), (1.62, 0.34), (1.46, 0.16)):
        pen.line([(0.8, 0.52), (1.15, (0.52 + y) / 2 + 0.04), (x, y)], 0.1, Ink(_LEAF), 0.03)
        pen.oval(x, y, 0.16, 0.1, Ink(lighter(_LEAF, 0.12)), (y - 0.52) * 70)
    pen.blob("-1.5,.42 -.8,.26 .2,.14 .74,.18 .9,.5 .74,.84 .2,.84 -.8,.6", Ink(skin))
    for x, low, high in ((-0.9, 0.44, 0.56), (-0.4, 0.3, 0.44), (0.0, 0.52, 0.72), (0.5, 0.3, 0.5)):
        crease = Ink(darker(skin, 0.3), alpha=0.7, flat=True)
        pen.line([(x, low), (x + 0.04, high)], 0.03, crease)
    pen.oval(-0.1, 0.68, 0.6, 0.06, Ink(lighter(skin, 0.4), alpha=0.5, blur=0.04), -4)


def onion(pen: Pen, colour: Rgb | None) -> None:
    """A brown onion."""
    skin = colour or (206, 142, 72)
    pen.shadow(0.08, 0.04, 0.5, 0.08, 0.5)
    body = "0,1 -.06,.84 -.3,.74 -.5,.46 -.4,.16 -.1,.05 .1,.05 .4,.16 .5,.46 .3,.74 .06,.84"
    pen.blob(body, Ink(skin))
    for x in (-0.34, -0.16, 0.04, 0.24, 0.38):
        rib = Ink(darker(skin, 0.3), alpha=0.55, flat=True)
        pen.line([(x * 0.15, 0.84), (x, 0.45), (x * 0.25, 0.08)], 0.018, rib)
    pen.line([(-0.04, 0.05), (-0.08, 0.0)], 0.02, Ink((226, 206, 170)))
    pen.line([(0.04, 0.05), (0.07, 0.0)], 0.02, Ink((226, 206, 170)))
    _shine(pen, -0.24, 0.56, 0.06, 0.13)


def grapes(pen: Pen, colour: Rgb | None) -> None:
    """A bunch of grapes."""
    skin = colour or (112, 62, 138)
    pen.shadow(0.06, 0.03, 0.42, 0.07, 0.45)
    pen.line([(0.0, 0.8), (0.03, 0.92), (0.12, 1.0)], 0.04, Ink((110, 84, 52)))
    pen.blob(".02,.88 .2,1.02 .48,.98 .4,.8 .2,.76", Ink(_LEAF))
    rows = ((0.12, 1), (0.25, 2), (0.39, 3), (0.54, 4), (0.69, 5), (0.8, 4))
    for y, number in reversed(rows):
        for k in range(number):
            x = (k - (number - 1) / 2) * 0.17 + (0.02 if number % 2 else -0.02)
            pen.oval(x, y, 0.112, 0.112, Ink(darker(skin, 0.25)))
            pen.oval(x - 0.012, y + 0.012, 0.095, 0.095, Ink(skin, blur=0.02))
            _shine(pen, x - 0.04, y + 0.045, 0.022, 0.03)


def bread(pen: Pen, colour: Rgb | None) -> None:
    """A round loaf with three cuts."""
    crust = colour or (192, 124, 62)
    pen.shadow(0.06, 0.04, 0.95, 0.1, 0.5)
    body = "-.95,.2 -.9,.55 -.55,.88 0,.98 .55,.88 .9,.55 .95,.2 .6,.04 0,0 -.6,.04"
    pen.blob(body, Ink(crust, to=darker(crust, 0.28)))
    pen.oval(-0.1, 0.72, 0.6, 0.18, Ink(lighter(crust, 0.3), alpha=0.6, blur=0.1))
    for x in (-0.45, 0.0, 0.45):
        cut = Ink((240, 214, 164))
        pen.line([(x - 0.1, 0.42), (x + 0.04, 0.64), (x + 0.1, 0.84)], 0.03, cut, 0.09)
        pen.line([(x - 0.13, 0.44), (x, 0.66), (x + 0.05, 0.86)], 0.03, Ink(darker(crust, 0.3)))


def pot(pen: Pen, colour: Rgb | None) -> None:
    """A cooking pot, steaming."""
    metal = colour or _STEEL
    pen.shadow(0.08, 0.02, 0.9, 0.09, 0.5)
    for side in (-1, 1):
        handle = [(side * 0.74, 0.56), (side * 0.98, 0.58), (side * 0.98, 0.42), (side * 0.74, 0.4)]
        pen.line(handle, 0.07, Ink(darker(metal, 0.45)))
    pen.blob("-.78,.7 -.78,.2 -.7,.04 -.4,0 .4,0 .7,.04 .78,.2 .78,.7 .4,.66 -.4,.66", Ink(metal))
    pen.oval(0, 0.7, 0.8, 0.13, Ink(lighter(metal, 0.35)))
    pen.oval(0, 0.69, 0.72, 0.105, Ink((206, 112, 52)))
    pieces: tuple[tuple[float, float, Rgb], ...] = (
        (-0.3, 0.7, (238, 160, 60)),
        (0.1, 0.66, (104, 156, 72)),
        (0.4, 0.71, (240, 210, 130)),
    )
    for x, y, chop in pieces:
        pen.oval(x, y, 0.09, 0.03, Ink(chop))
    _shine(pen, -0.56, 0.36, 0.05, 0.2, 4)
    _steam(pen, 0.78, (-0.3, 0.05, 0.36))


def pan(pen: Pen, colour: Rgb | None) -> None:
    """A frying pan with something golden in it."""
    iron = colour or (66, 68, 76)
    pen.shadow(0.3, 0.06, 1.7, 0.16, 0.45)
    pen.line([(0.95, 0.52), (1.6, 0.68), (2.2, 0.86)], 0.2, Ink(darker(iron, 0.2)), 0.26)
    side = [(cos(pi + pi * k / 20) * 1.15, 0.6 + sin(pi + pi * k / 20) * 0.56) for k in range(21)]
    pen.poly(side, Ink(darker(iron, 0.25)))
    pen.oval(0, 0.6, 1.16, 0.36, Ink(lighter(iron, 0.25)))
    pen.oval(0, 0.57, 1.04, 0.29, Ink(iron))
    pen.oval(-0.02, 0.56, 0.72, 0.19, Ink((198, 130, 58)))
    pen.oval(-0.04, 0.59, 0.66, 0.165, Ink((236, 184, 92)))
    pen.oval(-0.14, 0.6, 0.34, 0.07, Ink((204, 136, 62), alpha=0.7, blur=0.08))
    _steam(pen, 0.9, (-0.3, 0.25))


def soup(pen: Pen, colour: Rgb | None) -> None:
    """A plate of soup with herbs, a spoon beside it."""
    broth = colour or (222, 130, 52)
    china: Rgb = (240, 238, 232)
    pen.shadow(0.06, 0.04, 1.5, 0.12, 0.5)
    pen.oval(0, 0.16, 1.5, 0.2, Ink(darker(china, 0.06)))
    side = [(cos(pi + pi * k / 20) * 1.1, 0.72 + sin(pi + pi * k / 20) * 0.62) for k in range(21)]
    pen.poly(side, Ink(china))
    pen.oval(0, 0.72, 1.12, 0.25, Ink(lighter(china, 0.4)))
    pen.oval(0, 0.7, 0.98, 0.19, Ink(broth))
    pen.oval(-0.2, 0.74, 0.5, 0.08, Ink(lighter(broth, 0.3), alpha=0.6, blur=0.07))
    swirl = Ink((255, 246, 226), alpha=0.85)
    pen.line([(-0.3, 0.68), (0.0, 0.61), (0.34, 0.68), (0.1, 0.75), (-0.1, 0.71)], 0.045, swirl)
    for x, y, turn in ((-0.5, 0.72, 30), (0.5, 0.75, -20), (0.16, 0.68, 60)):
        pen.oval(x, y, 0.09, 0.035, Ink((86, 146, 62)), turn)
    _steam(pen, 0.86, (-0.3, 0.3))


def pancakes(pen: Pen, colour: Rgb | None) -> None:
    """A stack of pancakes with butter and syrup."""
    batter = colour or (224, 164, 84)
    pen.shadow(0.06, 0.03, 1.25, 0.1, 0.5)
    pen.oval(0, 0.1, 1.2, 0.13, Ink((240, 240, 242)))
    for k in range(5):
        y, slip = 0.17 + 0.14 * k, (0.05, -0.04, 0.03, -0.05, 0.0)[k]
        pen.slab(slip - 0.86, y - 0.05, slip + 0.86, y + 0.09, 0.07, Ink(lighter(batter, 0.25)))
        pen.oval(slip, y + 0.08, 0.86, 0.1, Ink(darker(batter, 0.12)))
    syrup = Ink((150, 78, 26), alpha=0.9)
    pen.oval(0.0, 0.82, 0.6, 0.07, syrup)
    for x, low in ((-0.5, 0.5), (0.1, 0.56), (0.46, 0.36)):
        pen.line([(x, 0.82), (x + 0.02, (0.82 + low) / 2), (x, low)], 0.1, syrup, 0.08)
    pen.slab(-0.15, 0.8, 0.17, 0.98, 0.03, Ink((252, 226, 120)))
    _shine(pen, -0.34, 0.84, 0.12, 0.015, 0)
