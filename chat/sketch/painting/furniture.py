"""What stands in rooms. The unit of the pen is the height of the piece."""

from chat.sketch.painting.canvas import Ink, Pen
from chat.sketch.painting.colour import Rgb, darker, lighter

_WOOD: Rgb = (164, 112, 72)


def sofa(pen: Pen, colour: Rgb | None) -> None:
    """A two-seat sofa with cushions."""
    cloth = colour or (188, 88, 66)
    pen.shadow(0.05, 0.0, 1.45, 0.09, 0.45)
    for x in (-1.05, 1.05):
        pen.poly([(x - 0.05, 0.16), (x + 0.05, 0.16), (x + 0.03, 0), (x - 0.03, 0)], Ink(_WOOD))
    pen.slab(-1.12, 0.3, 1.12, 1.0, 0.16, Ink(darker(cloth, 0.08)))
    for left in (-1.0, 0.01):
        pen.slab(left, 0.42, left + 0.99, 0.95, 0.13, Ink(lighter(cloth, 0.06)))
    pen.slab(-1.14, 0.12, 1.14, 0.42, 0.06, Ink(darker(cloth, 0.2)))
    for left in (-1.02, 0.01):
        pen.slab(
            left, 0.3, left + 1.0, 0.52, 0.09, Ink(lighter(cloth, 0.14), to=darker(cloth, 0.1))
        )
    for left in (-1.38, 1.04):
        pen.slab(left, 0.1, left + 0.34, 0.68, 0.15, Ink(cloth))
        pen.slab(
            left + 0.05,
            0.5,
            left + 0.29,
            0.66,
            0.08,
            Ink(lighter(cloth, 0.16), alpha=0.7, blur=0.02),
        )
    pillow = pen.moved(-0.72, 0.5, 1.0, 12)
    pillow.slab(-0.2, 0, 0.2, 0.36, 0.09, Ink((240, 216, 170)))
    pillow = pen.moved(0.74, 0.5, 1.0, -10)
    pillow.slab(-0.19, 0, 0.19, 0.34, 0.09, Ink((94, 134, 138)))


def chair(pen: Pen, colour: Rgb | None) -> None:
    """A wooden chair with a seat cushion."""
    wood = Ink(colour or _WOOD)
    pen.shadow(0.03, 0.0, 0.36, 0.04, 0.4)
    for x in (-0.24, 0.24):
        pen.line([(x, 0.44), (x * 1.15, 0)], 0.055, wood, 0.035)
    pen.line([(-0.24, 0.44), (-0.28, 1.0)], 0.055, wood)
    pen.line([(0.24, 0.44), (0.28, 1.0)], 0.055, wood)
    for y in (0.64, 0.78, 0.92):
        pen.slab(-0.27, y - 0.03, 0.27, y + 0.035, 0.03, wood)
    pen.slab(-0.3, 0.4, 0.3, 0.48, 0.03, Ink(darker(wood.colour, 0.1)))
    pen.slab(-0.28, 0.46, 0.28, 0.53, 0.035, Ink((232, 214, 184)))


def lamp(pen: Pen, colour: Rgb | None) -> None:
    """A floor lamp that shines."""
    shade = colour or (246, 218, 164)
    pen.shadow(0, 0.0, 0.18, 0.025, 0.4)
    pen.slab(-0.12, 0, 0.12, 0.025, 0.012, Ink((92, 74, 62)))
    pen.box(-0.011, 0.02, 0.011, 0.72, Ink((120, 96, 76)))
    pen.glow(0, 0.82, 0.62, (255, 214, 140), 0.75 if pen.canvas.dark else 0.32)
    cone = [(-0.2, 0.7), (0.2, 0.7), (0.12, 1.0), (-0.12, 1.0)]
    pen.poly(cone, Ink(lighter(shade, 0.2), to=shade, lit=True))
    pen.poly("-.2,.7 .2,.7 .192,.72 -.192,.72", Ink(darker(shade, 0.2), lit=True))


def table(pen: Pen, colour: Rgb | None) -> None:
    """A wooden table."""
    wood = colour or _WOOD
    pen.shadow(0.05, 0.0, 1.0, 0.06, 0.4)
    for x in (-0.82, 0.82):
        pen.poly(
            [(x - 0.06, 0.86), (x + 0.06, 0.86), (x + 0.035, 0), (x - 0.035, 0)],
            Ink(darker(wood, 0.2)),
        )
    pen.box(-0.86, 0.76, 0.86, 0.9, Ink(darker(wood, 0.12)))
    pen.slab(-1.0, 0.88, 1.0, 1.0, 0.03, Ink(lighter(wood, 0.12)))


def bed(pen: Pen, colour: Rgb | None) -> None:
    """A made bed."""
    cover = colour or (96, 132, 168)
    pen.shadow(0, 0.0, 1.5, 0.08, 0.4)
    pen.slab(-1.4, 0.0, -1.26, 1.0, 0.05, Ink(_WOOD))
    pen.slab(1.28, 0.0, 1.4, 0.6, 0.05, Ink(_WOOD))
    pen.slab(-1.3, 0.12, 1.32, 0.3, 0.03, Ink(darker(_WOOD, 0.15)))
    pen.slab(-1.28, 0.26, 1.3, 0.5, 0.08, Ink((246, 242, 234)))
    pen.slab(-1.24, 0.44, -0.62, 0.68, 0.1, Ink((252, 250, 246)))
    pen.slab(-0.66, 0.2, 1.32, 0.58, 0.1, Ink(cover))
    pen.slab(-0.72, 0.48, -0.42, 0.6, 0.05, Ink(lighter(cover, 0.5)))


def shelf(pen: Pen, colour: Rgb | None) -> None:
    """A bookcase full of books."""
    wood = colour or _WOOD
    pen.shadow(0.02, 0.0, 0.4, 0.03, 0.4)
    pen.box(-0.36, 0, 0.36, 1, Ink(darker(wood, 0.4)))
    spines: tuple[Rgb, ...] = (
        (178, 70, 62),
        (66, 104, 134),
        (226, 176, 92),
        (92, 130, 96),
        (228, 220, 204),
    )
    for row in range(4):
        low = 0.05 + 0.24 * row
        for k in range(10):
            tall = 0.14 + 0.012 * ((k * 7 + row * 5) % 5)
            left = -0.31 + 0.062 * k
            pen.box(left, low, left + 0.054, low + tall, Ink(spines[(k * 3 + row) % 5]))
        pen.box(-0.36, low - 0.03, 0.36, low, Ink(wood))
    for x in (-0.36, 0.33):
        pen.box(x, 0, x + 0.03, 1, Ink(wood))
    pen.box(-0.36, 0.97, 0.36, 1, Ink(lighter(wood, 0.1)))


def tent(pen: Pen, colour: Rgb | None) -> None:
    """A ridge tent."""
    cloth = colour or (228, 132, 66)
    pen.shadow(0.08, 0.0, 0.95, 0.08, 0.4)
    pen.poly([(-0.5, 0), (0.2, 0.98), (1.0, 0.1), (0.62, 0)], Ink(darker(cloth, 0.3)))
    pen.poly([(-0.9, 0.0), (0.2, 1.0), (0.5, 0)], Ink(cloth))
    pen.poly([(-0.3, 0), (0.18, 0.9), (0.16, 0)], Ink((64, 52, 54)))
    if pen.canvas.dark:
        pen.glow(0, 0.3, 0.9, (255, 180, 90), 0.55)
