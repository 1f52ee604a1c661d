"""Things that carry people. The unit of the pen is the height; all face right."""

from math import cos, pi, sin

from chat.sketch.painting.canvas import Ink, Pen
from chat.sketch.painting.colour import Rgb, darker, lighter

_GLASS = Ink((176, 208, 226), to=(104, 140, 168), flat=True)


def _wheel(pen: Pen, x: float, r: float) -> None:
    pen.oval(x, r, r, r, Ink((40, 42, 50)))
    pen.oval(x, r, r * 0.55, r * 0.55, Ink((190, 194, 200)))
    pen.oval(x, r, r * 0.18, r * 0.18, Ink((92, 96, 104)))


def car(pen: Pen, colour: Rgb | None) -> None:
    """A rounded small car."""
    paint = colour or (214, 64, 58)
    pen.shadow(0, 0.02, 1.35, 0.12, 0.45)
    pen.blob(
        [(-0.86, 0.56), (-0.62, 0.9), (-0.1, 1.0), (0.34, 0.93), (0.76, 0.58), (0, 0.5)], Ink(paint)
    )
    pen.blob([(-0.68, 0.6), (-0.5, 0.83), (-0.13, 0.9), (-0.1, 0.6)], _GLASS)
    pen.blob([(0, 0.6), (-0.02, 0.9), (0.28, 0.84), (0.56, 0.6)], _GLASS)
    body = "-1.22,.2 -1.24,.5 -.8,.62 0,.62 .75,.6 1.2,.48 1.26,.22 0,.16"
    pen.blob(body, Ink(lighter(paint, 0.1), to=darker(paint, 0.25)))
    pen.line([(-1.1, 0.52), (0, 0.56), (1.05, 0.5)], 0.025, Ink(lighter(paint, 0.45), alpha=0.7))
    pen.line([(-0.06, 0.55), (-0.08, 0.24)], 0.014, Ink(darker(paint, 0.4)))
    pen.slab(0.02, 0.47, 0.16, 0.5, 0.015, Ink((230, 230, 232)))
    pen.oval(1.14, 0.42, 0.08, 0.07, Ink((255, 240, 190), lit=True))
    if pen.canvas.dark:
        pen.glow(1.2, 0.42, 1.1, (255, 236, 170), 0.6)
    pen.slab(-1.26, 0.38, -1.18, 0.48, 0.02, Ink((200, 40, 40)))
    for x in (-0.72, 0.74):
        pen.oval(x, 0.26, 0.29, 0.29, Ink(darker(paint, 0.6)))
        _wheel(pen, x, 0.24)


def bus(pen: Pen, colour: Rgb | None) -> None:
    """A bus with a row of windows."""
    paint = colour or (236, 178, 60)
    pen.shadow(0, 0.02, 1.5, 0.1, 0.4)
    pen.slab(-1.4, 0.14, 1.4, 1.0, 0.14, Ink(paint))
    pen.box(-1.4, 0.3, 1.4, 0.36, Ink(darker(paint, 0.35)))
    for k in range(5):
        pen.slab(-1.3 + 0.46 * k, 0.5, -0.92 + 0.46 * k, 0.86, 0.05, _GLASS)
    pen.slab(1.04, 0.2, 1.3, 0.86, 0.04, _GLASS)
    for x in (-0.85, 0.75):
        _wheel(pen, x, 0.17)


def truck(pen: Pen, colour: Rgb | None) -> None:
    """A lorry."""
    paint = colour or (66, 124, 178)
    pen.shadow(0, 0.02, 1.4, 0.1, 0.4)
    pen.slab(-1.3, 0.22, 0.42, 1.0, 0.05, Ink((236, 232, 224)))
    pen.slab(0.46, 0.2, 1.26, 0.8, 0.14, Ink(paint))
    pen.slab(0.78, 0.48, 1.2, 0.74, 0.07, _GLASS)
    pen.box(-1.3, 0.16, 1.26, 0.25, Ink((72, 74, 82)))
    for x in (-0.92, -0.5, 0.86):
        _wheel(pen, x, 0.18)


def train(pen: Pen, colour: Rgb | None) -> None:
    """A steam engine with its cloud."""
    paint = colour or (54, 106, 92)
    for k in range(5):
        puff = Ink((246, 246, 248), alpha=0.75 - 0.1 * k, blur=0.04)
        pen.oval(0.72 - 0.34 * k, 1.14 + 0.1 * k, 0.14 + 0.05 * k, 0.12 + 0.035 * k, puff)
    pen.shadow(0, 0.02, 1.5, 0.08, 0.4)
    pen.box(-1.6, 0.0, 1.6, 0.03, Ink((96, 84, 78)))
    pen.slab(-0.5, 0.3, 1.1, 0.74, 0.18, Ink(paint))
    pen.slab(-1.2, 0.26, -0.4, 1.0, 0.05, Ink(darker(paint, 0.1)))
    pen.box(-1.28, 0.96, -0.32, 1.04, Ink((60, 56, 60)))
    pen.slab(-1.04, 0.58, -0.6, 0.88, 0.04, _GLASS)
    pen.poly([(0.64, 0.7), (0.84, 0.7), (0.9, 1.04), (0.58, 1.04)], Ink((58, 56, 62)))
    pen.oval(0.2, 0.76, 0.13, 0.09, Ink((214, 172, 80)))
    pen.box(-1.2, 0.22, 1.16, 0.32, Ink((168, 54, 48)))
    pen.poly([(1.1, 0.05), (1.4, 0.03), (1.12, 0.3)], Ink((168, 54, 48)))
    for x, r in ((-0.85, 0.19), (-0.3, 0.19), (0.3, 0.14), (0.8, 0.14)):
        _wheel(pen, x, r)


def boat(pen: Pen, colour: Rgb | None) -> None:
    """A sailing boat; its origin is the water line."""
    hull = colour or (186, 74, 60)
    pen.oval(0, -0.05, 0.62, 0.05, Ink((16, 40, 62), alpha=0.35, blur=0.03, flat=True))
    pen.line([(0, 0.14), (0, 1.0)], 0.022, Ink((120, 88, 62)))
    main: Rgb = (250, 246, 236)
    pen.blob(".03,.24 .06,.6 .02,.97 .34,.58 .5,.26 .25,.22", Ink(main))
    pen.blob("-.03,.26 -.05,.6 -.02,.86 -.28,.5 -.4,.26", Ink(darker(main, 0.06)))
    pen.poly([(0, 1.0), (-0.14, 0.965), (0, 0.93)], Ink((214, 72, 70)))
    body = "-.56,.17 -.3,.13 .1,.12 .66,.2 .44,-.02 .2,-.06 -.38,-.05"
    pen.blob(body, Ink(hull))
    pen.line([(-0.53, 0.15), (0, 0.115), (0.6, 0.18)], 0.028, Ink(lighter(hull, 0.5)))
    foam = Ink((240, 248, 250), alpha=0.7, blur=0.01, flat=True)
    pen.oval(-0.1, -0.05, 0.46, 0.014, foam)


def ship(pen: Pen, colour: Rgb | None) -> None:
    """A steamship with two funnels."""
    hull = colour or (44, 62, 96)
    pen.oval(0, -0.03, 1.25, 0.06, Ink((16, 40, 62), alpha=0.35, blur=0.03, flat=True))
    for x in (-0.2, 0.24):
        pen.poly(
            [(x - 0.1, 0.6), (x + 0.1, 0.6), (x + 0.06, 1.0), (x - 0.13, 1.0)], Ink((204, 70, 60))
        )
        pen.poly(
            [(x - 0.125, 0.92), (x + 0.068, 0.92), (x + 0.06, 1.0), (x - 0.13, 1.0)],
            Ink((40, 42, 52)),
        )
    pen.slab(-0.62, 0.4, 0.58, 0.64, 0.04, Ink((248, 246, 240)))
    pen.slab(-0.82, 0.28, 0.78, 0.46, 0.04, Ink((240, 236, 228)))
    for k in range(9):
        pen.oval(-0.6 + 0.15 * k, 0.37, 0.026, 0.026, Ink((80, 120, 160), flat=True))
    pen.poly([(-1.1, 0.3), (1.24, 0.36), (0.98, -0.04), (-0.98, -0.04)], Ink(hull))
    pen.line([(-1.08, 0.26), (1.2, 0.31)], 0.02, Ink((236, 220, 180)))


def plane(pen: Pen, colour: Rgb | None) -> None:
    """An airliner, nose to the right and a little up."""
    stripe = colour or (64, 116, 190)
    pen = pen.moved(0, 0, 1.0, 8)
    pen.poly([(-0.1, 0.02), (0.25, 0.06), (-0.35, 0.62), (-0.52, 0.6)], Ink((176, 186, 200)))
    pen.blob("-1.2,.1 -.6,.2 .6,.21 1.14,.1 1.28,0 .9,-.13 -.6,-.1", Ink((250, 250, 252)))
    pen.poly([(-1.2, 0.1), (-1.42, 0.6), (-1.18, 0.6), (-0.78, 0.16)], Ink(stripe))
    pen.poly("-1.1,.06 -1.5,-.1 -1.3,-.12 -.84,.02", Ink(darker(stripe, 0.1)))
    pen.line([(-1.05, 0.0), (0, -0.01), (1.16, 0.01)], 0.05, Ink(stripe))
    for k in range(10):
        pen.oval(-0.66 + 0.16 * k, 0.1, 0.03, 0.035, Ink((92, 122, 156), flat=True))
    pen.poly([(0.3, -0.04), (-0.1, -0.06), (-0.7, -0.62), (-0.5, -0.62)], Ink((206, 214, 224)))


def balloon(pen: Pen, colour: Rgb | None) -> None:
    """A hot-air balloon of bright gores; its origin is the foot of the basket."""
    first = colour or (224, 86, 68)
    second: Rgb = (250, 206, 104) if colour is None else lighter(first, 0.6)

    def gore(left: float, right: float, ink: Ink) -> None:
        def edge(share: float, t: float) -> tuple[float, float]:
            angle = -pi / 2 + pi * t
            r = cos(angle) if t > 0.3 else cos(angle) * (0.5 + 0.5 * t / 0.3) + 0.1 * (1 - t / 0.3)
            return (share * r * 0.36, 0.62 + 0.38 * sin(angle))

        up = [edge(left, k / 18) for k in range(19)]
        down = [edge(right, k / 18) for k in range(18, -1, -1)]
        pen.poly(up + down, ink)

    cuts = (-1, -0.78, -0.42, 0, 0.42, 0.78, 1)
    for k in range(6):
        shade = first if k % 2 else second
        shade = lighter(shade, 0.22 - 0.13 * k) if k < 2 else darker(shade, 0.06 * (k - 2))
        gore(cuts[k], cuts[k + 1], Ink(shade, to=darker(shade, 0.16)))
    for x in (-0.045, 0.045):
        pen.line([(x, 0.1), (x * 1.6, 0.25)], 0.008, Ink((94, 72, 56)))
    pen.slab(-0.07, 0, 0.07, 0.11, 0.02, Ink((160, 112, 70)))
    pen.box(-0.075, 0.095, 0.075, 0.12, Ink((122, 82, 52)))
    if pen.canvas.dark:
        pen.glow(0, 0.45, 0.5, (255, 180, 90), 0.55)


def rocket(pen: Pen, colour: Rgb | None) -> None:
    """A rocket on its flame."""
    fin = colour or (214, 66, 62)
    pen.glow(0, 0.05, 0.5, (255, 170, 80), 0.8)
    pen.blob(
        [(-0.1, 0.22), (0, -0.14), (0.1, 0.22)], Ink((255, 200, 90), to=(240, 96, 50), lit=True)
    )
    for side in (-1, 1):
        pen.blob([(side * 0.13, 0.42), (side * 0.3, 0.16), (side * 0.12, 0.24)], Ink(fin))
    pen.blob("-.15,.25 -.18,.55 0,1.02 .18,.55 .15,.25 0,.2", Ink((240, 240, 244)))
    pen.blob([(-0.1, 0.84), (0, 1.03), (0.1, 0.84), (0, 0.8)], Ink(fin))
    pen.oval(0, 0.62, 0.085, 0.085, Ink((150, 154, 166)))
    pen.oval(0, 0.62, 0.062, 0.062, Ink((116, 180, 220)))


def bicycle(pen: Pen, colour: Rgb | None) -> None:
    """A bicycle from the side."""
    frame = Ink(colour or (46, 128, 138))
    pen.shadow(0, 0.01, 0.85, 0.05)
    for x in (-0.52, 0.52):
        rim = [(x + 0.34 * cos(pi * k / 20), 0.34 + 0.34 * sin(pi * k / 20)) for k in range(41)]
        pen.line(rim, 0.04, Ink((44, 44, 52), flat=True))
        for k in range(6):
            angle = pi * k / 6
            dx, dy = 0.33 * cos(angle), 0.33 * sin(angle)
            pen.line([(x - dx, 0.34 - dy), (x + dx, 0.34 + dy)], 0.008, Ink((150, 152, 158)))
    joints = ((-0.52, 0.34), (-0.18, 0.78), (0.38, 0.8), (-0.06, 0.32))
    for a, b in ((0, 1), (1, 2), (1, 3), (2, 3), (0, 3)):
        pen.line([joints[a], joints[b]], 0.045, frame)
    pen.line([(0.52, 0.34), (0.36, 0.96)], 0.045, frame)
    pen.line([(0.24, 0.98), (0.36, 0.98), (0.46, 0.92)], 0.04, Ink((60, 50, 46)))
    pen.line([(-0.18, 0.78), (-0.21, 0.88)], 0.03, Ink((90, 90, 96)))
    pen.slab(-0.34, 0.87, -0.08, 0.94, 0.03, Ink((70, 50, 42)))
