"""Four-legged animals. The unit of the pen is the height; all face right."""

from chat.sketch.painting.canvas import Ink, Pen, Point
from chat.sketch.painting.colour import Rgb, darker, lighter, luma

_DARK: Rgb = (40, 34, 40)


def eye(pen: Pen, x: float, y: float, r: float) -> None:
    """A dark eye with a light in it."""
    pen.oval(x, y, r, r * 1.15, Ink(_DARK, flat=True))
    pen.oval(x - r * 0.3, y + r * 0.4, r * 0.34, r * 0.34, Ink((255, 255, 255), lit=True))


def _legs(pen: Pen, xs: tuple[float, ...], top: float, width: float, coat: Rgb, hoof: Rgb) -> None:
    for k, x in enumerate(xs):
        shade = darker(coat, 0.3) if k % 2 == 0 else coat
        pen.line([(x, top), (x + 0.01, top * 0.5), (x, 0.03)], width, Ink(shade), width * 0.62)
        pen.slab(x - width * 0.36, 0, x + width * 0.5, 0.05, 0.02, Ink(hoof))


def cat(pen: Pen, colour: Rgb | None) -> None:
    """A sitting cat that looks at us."""
    coat = colour or (226, 150, 84)
    dark = darker(coat, 0.28) if luma(coat) > 60 else lighter(coat, 0.2)
    pale = lighter(coat, 0.6)
    pen.shadow(0.02, 0.01, 0.46, 0.06, 0.42)
    tail: list[Point] = [(0.2, 0.08), (0.5, 0.07), (0.56, 0.3), (0.44, 0.44), (0.5, 0.54)]
    pen.line(tail, 0.1, Ink(coat), 0.06)
    pen.blob("-.27,.02 -.25,.3 -.13,.6 .13,.6 .25,.3 .28,.02 0,0", Ink(coat))
    pen.blob("-.11,.06 -.1,.4 0,.52 .1,.4 .11,.06", Ink(pale, alpha=0.8, blur=0.02))
    for x in (-0.1, 0.1):
        pen.oval(x, 0.035, 0.085, 0.05, Ink(pale))
    for side in (-1, 1):
        pen.poly([(side * 0.24, 0.74), (side * 0.23, 1.0), (side * 0.05, 0.88)], Ink(coat))
        pen.poly([(side * 0.2, 0.79), (side * 0.2, 0.94), (side * 0.1, 0.87)], Ink((232, 158, 150)))
    pen.blob("-.27,.7 -.19,.86 0,.9 .19,.86 .27,.7 .15,.56 0,.53 -.15,.56", Ink(coat))
    for x in (-0.06, 0, 0.06):
        pen.line([(x, 0.89), (x * 0.8, 0.81)], 0.026, Ink(dark, alpha=0.8), 0.01)
    for side in (-1, 1):
        for y in (0.24, 0.34):
            pen.line(
                [(side * 0.25, y), (side * 0.15, y - 0.01)], 0.026, Ink(dark, alpha=0.7), 0.008
            )
    pen.oval(0, 0.615, 0.1, 0.065, Ink(pale, blur=0.01))
    for side in (-1, 1):
        pen.oval(side * 0.115, 0.715, 0.045, 0.05, Ink((146, 190, 104), flat=True))
        pen.oval(side * 0.115, 0.715, 0.02, 0.044, Ink(_DARK, flat=True))
        pen.oval(side * 0.115 - 0.012, 0.732, 0.012, 0.012, Ink((255, 255, 255), lit=True))
        for y in (0.6, 0.63):
            pen.line([(side * 0.1, y), (side * 0.34, y + 0.02)], 0.007, Ink((250, 246, 240)))
    pen.poly([(-0.026, 0.66), (0.026, 0.66), (0, 0.632)], Ink((206, 112, 112)))
    pen.line([(-0.05, 0.6), (0, 0.628), (0.05, 0.6)], 0.01, Ink(dark))


def dog(pen: Pen, colour: Rgb | None) -> None:
    """A standing dog with hanging ears."""
    coat = colour or (184, 128, 80)
    pen.shadow(0, 0.01, 0.62, 0.06, 0.42)
    pen.line([(-0.5, 0.56), (-0.66, 0.72), (-0.66, 0.9)], 0.09, Ink(coat), 0.04)
    _legs(pen, (-0.38, -0.28, 0.2, 0.3), 0.4, 0.13, coat, lighter(coat, 0.4))
    pen.blob("-.54,.52 -.4,.66 .1,.66 .38,.66 .4,.42 .1,.34 -.42,.34", Ink(coat))
    pen.blob([(0.16, 0.5), (0.22, 0.8), (0.42, 0.8), (0.42, 0.46)], Ink(coat))
    pen.box(0.2, 0.64, 0.42, 0.68, Ink((206, 62, 60)))
    pen.oval(0.4, 0.85, 0.2, 0.17, Ink(coat))
    pen.blob([(0.46, 0.9), (0.68, 0.84), (0.7, 0.75), (0.48, 0.72)], Ink(lighter(coat, 0.35)))
    pen.oval(0.69, 0.83, 0.042, 0.035, Ink(_DARK))
    pen.line([(0.52, 0.755), (0.62, 0.75), (0.67, 0.77)], 0.012, Ink(_DARK, alpha=0.7))
    pen.blob(".26,.98 .18,.82 .22,.64 .34,.7 .36,.94", Ink(darker(coat, 0.35)))
    eye(pen, 0.47, 0.9, 0.026)


def fox(pen: Pen, colour: Rgb | None) -> None:
    """A fox with a brush."""
    coat = colour or (218, 112, 52)
    white: Rgb = (250, 240, 226)
    pen.shadow(-0.1, 0.01, 0.75, 0.06, 0.42)
    pen.blob("-.42,.5 -.7,.56 -1.02,.4 -1.14,.2 -.86,.22 -.5,.36", Ink(coat))
    pen.blob([(-0.98, 0.38), (-1.14, 0.2), (-0.92, 0.22), (-0.92, 0.3)], Ink(white))
    _legs(pen, (-0.36, -0.26, 0.2, 0.29), 0.38, 0.1, coat, _DARK)
    for x in (-0.36, -0.26, 0.2, 0.29):
        pen.line([(x, 0.16), (x, 0.03)], 0.07, Ink((66, 44, 40)), 0.06)
    pen.blob("-.5,.5 -.34,.64 .1,.6 .38,.66 .36,.4 0,.34 -.42,.34", Ink(coat))
    pen.blob([(0.3, 0.62), (0.42, 0.5), (0.3, 0.34), (0.18, 0.42)], Ink(white, blur=0.01))
    for x, lean in ((0.26, -0.04), (0.46, 0.05)):
        pen.poly([(x - 0.09, 0.86), (x + lean, 1.06), (x + 0.09, 0.88)], Ink(coat))
        pen.poly([(x - 0.04, 0.9), (x + lean, 1.0), (x + 0.04, 0.9)], Ink((70, 48, 44)))
    pen.blob(".16,.8 .3,.93 .5,.9 .76,.7 .5,.62 .24,.64", Ink(coat))
    pen.blob([(0.24, 0.7), (0.5, 0.74), (0.76, 0.69), (0.5, 0.61), (0.28, 0.62)], Ink(white))
    pen.oval(0.76, 0.705, 0.035, 0.03, Ink(_DARK))
    eye(pen, 0.47, 0.8, 0.026)


def horse(pen: Pen, colour: Rgb | None) -> None:
    """A standing horse."""
    coat = colour or (142, 90, 60)
    mane = darker(coat, 0.55) if luma(coat) > 50 else lighter(coat, 0.3)
    pen.shadow(0, 0.01, 0.6, 0.045, 0.42)
    pen.blob([(-0.44, 0.64), (-0.6, 0.5), (-0.6, 0.2), (-0.5, 0.3), (-0.42, 0.52)], Ink(mane))
    _legs(pen, (-0.37, -0.28, 0.2, 0.28), 0.46, 0.1, coat, (52, 42, 42))
    pen.blob("-.47,.56 -.34,.68 0,.62 .3,.68 .36,.5 .1,.4 -.38,.42", Ink(coat))
    pen.blob([(0.14, 0.6), (0.3, 0.86), (0.44, 0.96), (0.52, 0.84), (0.36, 0.52)], Ink(coat))
    pen.blob(".36,.96 .5,.97 .7,.76 .66,.68 .56,.7 .42,.82", Ink(coat))
    pen.poly([(0.38, 0.94), (0.4, 1.05), (0.47, 0.95)], Ink(coat))
    pen.blob([(0.4, 1.0), (0.24, 0.88), (0.08, 0.64), (0.18, 0.66), (0.3, 0.8)], Ink(mane))
    pen.oval(0.665, 0.72, 0.016, 0.012, Ink(_DARK))
    eye(pen, 0.51, 0.88, 0.02)


def cow(pen: Pen, colour: Rgb | None) -> None:
    """A spotted cow."""
    coat = colour or (246, 242, 236)
    spot = Ink((58, 50, 52) if luma(coat) > 120 else (240, 236, 230), flat=True, blur=0.01)
    pen.shadow(0, 0.01, 0.75, 0.06, 0.42)
    _legs(pen, (-0.48, -0.36, 0.26, 0.38), 0.42, 0.13, coat, (60, 52, 52))
    pen.line([(-0.6, 0.74), (-0.7, 0.5), (-0.68, 0.3)], 0.04, Ink(coat), 0.03)
    pen.slab(-0.64, 0.34, 0.52, 0.84, 0.2, Ink(coat))
    pen.oval(-0.3, 0.66, 0.17, 0.12, spot)
    pen.oval(0.18, 0.52, 0.14, 0.11, spot)
    pen.oval(-0.16, 0.34, 0.11, 0.06, Ink((240, 184, 178)))
    pen.slab(0.42, 0.56, 0.78, 1.0, 0.14, Ink(coat))
    pen.oval(0.7, 0.63, 0.15, 0.1, Ink((240, 190, 182)))
    for x in (0.44, 0.74):
        pen.line([(x, 0.98), (x + 0.02, 1.08)], 0.035, Ink((226, 212, 180)), 0.014)
    pen.oval(0.4, 0.92, 0.1, 0.05, spot, 20)
    eye(pen, 0.62, 0.85, 0.028)


def sheep(pen: Pen, colour: Rgb | None) -> None:
    """A woolly sheep."""
    wool = colour or (246, 240, 230)
    pen.shadow(0, 0.01, 0.6, 0.07, 0.4)
    _legs(pen, (-0.3, -0.18, 0.18, 0.3), 0.36, 0.1, (74, 64, 66), (52, 46, 50))
    puffs = (
        (-0.44, 0.5),
        (-0.36, 0.7),
        (-0.12, 0.8),
        (0.14, 0.8),
        (0.36, 0.7),
        (0.42, 0.48),
        (0.2, 0.36),
        (-0.06, 0.34),
        (-0.3, 0.36),
        (0, 0.58),
    )
    for x, y in puffs:
        pen.oval(x, y, 0.22, 0.2, Ink(lighter(wool, 0.1), to=darker(wool, 0.08)))
    pen.blob(".44,.86 .62,.84 .7,.6 .6,.5 .46,.6", Ink((84, 72, 74)))
    pen.oval(0.42, 0.8, 0.1, 0.05, Ink((74, 64, 66)), 25)
    pen.oval(0.5, 0.88, 0.14, 0.1, Ink(wool))
    pen.oval(0.59, 0.73, 0.035, 0.04, Ink((250, 250, 250), flat=True))
    eye(pen, 0.6, 0.73, 0.02)


def rabbit(pen: Pen, colour: Rgb | None) -> None:
    """A sitting rabbit from the side."""
    coat = colour or (196, 172, 150)
    pen.shadow(0, 0.01, 0.42, 0.06, 0.42)
    pen.oval(-0.36, 0.2, 0.1, 0.1, Ink((252, 248, 242)))
    pen.blob("-.36,.1 -.32,.36 -.06,.48 .2,.36 .22,.04 -.2,0", Ink(coat))
    pen.oval(-0.14, 0.16, 0.17, 0.15, Ink(darker(coat, 0.08)))
    for x, lean in ((0.1, 18), (0.2, 4)):
        ear = pen.moved(x, 0.62, 1.0, lean)
        ear.oval(0, 0.2, 0.06, 0.21, Ink(coat))
        ear.oval(0, 0.19, 0.03, 0.15, Ink((234, 176, 170)))
    pen.oval(0.2, 0.53, 0.18, 0.16, Ink(coat))
    pen.oval(0.24, 0.04, 0.12, 0.05, Ink(lighter(coat, 0.3)))
    pen.oval(0.375, 0.53, 0.024, 0.02, Ink((214, 120, 120)))
    eye(pen, 0.26, 0.57, 0.03)


def elephant(pen: Pen, colour: Rgb | None) -> None:
    """An elephant with its trunk down."""
    skin = colour or (144, 146, 158)
    pen.shadow(0, 0.01, 0.75, 0.06, 0.42)
    _legs(pen, (-0.42, -0.26, 0.16, 0.32), 0.4, 0.2, skin, (214, 206, 196))
    pen.blob("-.6,.5 -.44,.84 0,.92 .36,.8 .42,.4 0,.28 -.5,.3", Ink(skin))
    pen.oval(0.46, 0.74, 0.26, 0.25, Ink(skin))
    pen.line([(0.62, 0.72), (0.8, 0.5), (0.78, 0.2), (0.9, 0.12)], 0.19, Ink(skin), 0.07)
    pen.line([(0.6, 0.58), (0.72, 0.46), (0.86, 0.48)], 0.05, Ink((246, 238, 220)), 0.015)
    pen.blob(".34,.94 .1,.92 .06,.62 .24,.48 .38,.66", Ink(darker(skin, 0.14)))
    eye(pen, 0.56, 0.8, 0.026)
