"""Places with four walls or none: a room, a table top, the sea bed, outer space, a street.

Each paints the whole background; what stands there is placed by the layout.
"""

from math import sin

import numpy as np
from PIL import Image, ImageFilter

from chat.sketch.painting import sky as heavens
from chat.sketch.painting.buildings import skyscraper
from chat.sketch.painting.canvas import Canvas, Ink, Pen
from chat.sketch.painting.colour import Rgb, darker, lighter, mix, times
from chat.sketch.painting.light import Light
from chat.sketch.painting.plants import potted_plant

WALL: Rgb = (226, 214, 196)


def room(canvas: Canvas, light: Light, rng: np.random.Generator, wall: Rgb | None) -> None:
    """A wall with a window on the hour outside, a plank floor and a rug."""
    width_px, height_px = canvas.size_px
    pen = Pen(canvas, 0, height_px, height_px)
    wide = width_px / height_px
    plaster = wall or WALL
    pen.box(-0.01, 0.28, wide + 0.01, 1.01, Ink(lighter(plaster, 0.12), to=darker(plaster, 0.1)))
    floor: Rgb = (176, 128, 88)
    pen.box(-0.01, -0.01, wide + 0.01, 0.3, Ink(darker(floor, 0.16), to=lighter(floor, 0.1)))
    for k in range(5):
        y = 0.3 * (1 - (k + 1) / 5) ** 1.5
        pen.box(-0.01, y, wide + 0.01, y + 0.0025, Ink(darker(floor, 0.5), alpha=0.5, flat=True))
        for _ in range(4):
            x = rng.random() * wide
            top = 0.3 * (1 - k / 5) ** 1.5
            pen.box(x, y, x + 0.0025, top, Ink(darker(floor, 0.5), alpha=0.35, flat=True))
    pen.box(-0.01, 0.295, wide + 0.01, 0.33, Ink(lighter(plaster, 0.5)))
    _window(canvas, pen.moved(wide * 0.22, 0.5, 1.0), light)
    picture = pen.moved(wide * 0.74, 0.62, 1.0)
    picture.box(-0.105, -0.005, 0.125, 0.265, Ink((30, 26, 30), alpha=0.2, blur=0.012, flat=True))
    picture.box(-0.12, 0, 0.12, 0.28, Ink((116, 84, 62)))
    picture.box(-0.105, 0.015, 0.105, 0.265, Ink((246, 240, 228)))
    picture.oval(0.02, 0.17, 0.05, 0.05, Ink((228, 148, 92)))
    picture.blob("-.09,.04 -.05,.11 0,.08 .06,.13 .095,.04 0,.03", Ink((92, 126, 128)))
    rug = Ink((196, 158, 130), to=(164, 120, 104))
    pen.oval(wide * 0.5, 0.1, wide * 0.36, 0.085, rug)
    pen.oval(wide * 0.5, 0.1, wide * 0.33, 0.073, Ink((224, 198, 168)))
    potted_plant(pen.moved(wide * 0.055, 0.24, 0.3), None)


def _window(canvas: Canvas, pen: Pen, light: Light) -> None:
    half, tall = 0.19, 0.37
    frame = Ink((248, 244, 236))
    pen.box(-half - 0.03, -0.03, half + 0.03, tall + 0.03, frame)
    size_px = (max(2, int(2 * half * pen.unit_px)), max(2, int(tall * pen.unit_px)))
    pane = heavens.sky(size_px, light, 0.8)
    corner = (int(pen.x_px - half * pen.unit_px), int(pen.y_px - tall * pen.unit_px))
    canvas.image.paste(pane, corner)
    hill = Ink(times((112, 146, 98), light.tint), lit=True)
    pen.poly(f"{-half},0 {-half},.09 -.08,.13 .04,.08 .12,.11 {half},.07 {half},0", hill)
    for x in (-half, 0, half):
        pen.box(x - 0.009, 0, x + 0.009, tall, frame)
    pen.box(-half, tall * 0.55, half, tall * 0.55 + 0.014, frame)
    pen.slab(-half - 0.05, -0.055, half + 0.05, -0.025, 0.01, frame)
    if light.dark:
        return
    # Daylight on the floor: the panes again, sheared.
    shine = Ink(light.sun, alpha=0.2, lit=True, blur=0.012)
    for x in (-half, 0.012):
        pen.poly(
            [
                (x + 0.2, -0.24),
                (x + 0.2 + half, -0.24),
                (x + 0.34 + half, -0.42),
                (x + 0.34, -0.42),
            ],
            shine,
        )


def table_top(canvas: Canvas, light: Light, cloth: Rgb | None) -> None:
    """A table against a soft wall, lit from the left, for still lifes."""
    width_px, height_px = canvas.size_px
    pen = Pen(canvas, 0, height_px, height_px)
    wide = width_px / height_px
    wall = cloth or (188, 196, 186)
    pen.box(-0.01, 0.3, wide + 0.01, 1.01, Ink(lighter(wall, 0.25), to=darker(wall, 0.22)))
    pen.glow(wide * 0.16, 0.84, 0.95, (255, 244, 216), 0.1 if light.dark else 0.42)
    wood: Rgb = (168, 116, 78)
    pen.box(-0.01, -0.01, wide + 0.01, 0.38, Ink(darker(wood, 0.2), to=lighter(wood, 0.12)))
    for k in range(26):
        y = 0.37 * (k / 26) ** 1.15
        bend = [(wide * t / 8, y + 0.004 * sin(t * 1.3 + k * 2.1)) for t in range(9)]
        pen.line(bend, 0.0026, Ink(darker(wood, 0.4), alpha=0.22, flat=True))
    pen.box(-0.01, 0.372, wide + 0.01, 0.384, Ink(lighter(wood, 0.4), alpha=0.7))


def sea_bed(canvas: Canvas, rng: np.random.Generator, colour: Rgb | None) -> None:
    """Under water: rays of light, sand, weeds, corals and bubbles."""
    width_px, height_px = canvas.size_px
    pen = Pen(canvas, 0, height_px, height_px)
    wide = width_px / height_px
    blue = colour or (38, 128, 168)
    pen.box(
        -0.01, -0.01, wide + 0.01, 1.01, Ink(lighter(blue, 0.5), to=darker(blue, 0.55), flat=True)
    )
    rays = canvas.image.copy()
    ray_pen = Pen(Canvas(rays), 0, height_px, height_px)
    for _ in range(7):
        x, spread = rng.random() * wide, 0.05 + 0.1 * rng.random()
        fan = [(x, 1.05), (x + spread, 1.05), (x + spread * 2.4 - 0.25, 0.1), (x - 0.35, 0.1)]
        ray_pen.poly(fan, Ink((236, 252, 250), alpha=0.22, lit=True, blur=0.02))
    canvas.image.paste(Image.blend(canvas.image, rays.filter(ImageFilter.GaussianBlur(3)), 0.7))
    dune = [(wide * k / 12, 0.13 + 0.03 * sin(k * 1.1)) for k in range(13)]
    sand = Ink(mix((226, 206, 158), blue, 0.25), to=mix((190, 166, 124), blue, 0.35))
    pen.poly([(0, -0.02), *dune, (wide, -0.02)], sand)
    corals: tuple[Rgb, ...] = ((226, 104, 110), (240, 158, 84), (186, 108, 168))
    for k in range(14):
        x = wide * (k + rng.random()) / 14
        base = pen.moved(x, 0.04 + 0.08 * rng.random(), 0.1 + 0.16 * rng.random())
        if k % 3:
            weed: Rgb = ((52, 132, 92), (92, 152, 84))[k % 2]
            sway = 0.16 * (1 if k % 4 < 2 else -1)
            base.line([(0, 0), (sway, 0.35), (-sway, 0.7), (sway, 1.1)], 0.13, Ink(weed), 0.03)
        else:
            for lean in (-34, -12, 12, 36):
                twig = base.moved(0, 0, 0.8, lean)
                twig.line([(0, 0), (0.03, 0.3), (0, 0.6)], 0.15, Ink(corals[k % 4 % 3]), 0.09)
    for _ in range(24):
        x, y, r = rng.random() * wide, 0.2 + 0.75 * rng.random(), 0.004 + 0.009 * rng.random()
        pen.oval(x, y, r, r, Ink((232, 250, 252), alpha=0.4, lit=True))
        pen.oval(
            x - r * 0.3, y + r * 0.3, r * 0.4, r * 0.4, Ink((255, 255, 255), alpha=0.8, lit=True)
        )


def space(canvas: Canvas, rng: np.random.Generator) -> None:
    """Deep space with a ringed planet and a far nebula."""
    width_px, height_px = canvas.size_px
    canvas.image.paste((10, 10, 28), (0, 0, width_px, height_px))
    pen = Pen(canvas, 0, height_px, height_px)
    wide = width_px / height_px
    clouds: tuple[Rgb, ...] = ((120, 60, 160), (40, 90, 170), (190, 80, 120))
    for k in range(9):
        x, y = rng.random() * wide, rng.random()
        pen.glow(x, y, 0.3 + 0.3 * rng.random(), clouds[k % 3], 0.3)
    heavens.stars(canvas, 1.08, rng, 260)
    planet = pen.moved(wide * 0.74, 0.62, 1.0)
    planet.glow(0, 0, 0.36, (240, 180, 130), 0.3)
    ring = Ink((236, 214, 178), alpha=0.8, lit=True)
    disc = Ink((238, 178, 120), to=(142, 74, 84), lit=True)
    planet.line("-.33,.06 -.2,.06 0,.03 .2,-.03 .33,-.1", 0.02, ring)
    planet.oval(0, 0, 0.17, 0.17, disc)
    planet.line("-.33,.06 -.3,.0 0,-.06 .26,-.12 .33,-.1", 0.02, ring)


def city(canvas: Canvas, base: float, rng: np.random.Generator) -> None:
    """A skyline in two rows."""
    width_px, height_px = canvas.size_px
    for distance, count, tall in ((0.55, 13, 0.34), (0.2, 10, 0.42)):
        for k in rng.permutation(count):
            x = (int(k) + 0.5 + 0.6 * (rng.random() - 0.5)) / count
            unit_px = height_px * tall * (0.5 + 0.75 * rng.random())
            y_px = (base + 0.06 - 0.05 * distance) * height_px
            skyscraper(Pen(canvas, x * width_px, y_px, unit_px, distance=distance), None)


def street(canvas: Canvas, base: float) -> None:
    """Asphalt with a kerb and lane marks."""
    width_px, height_px = canvas.size_px
    pen = Pen(canvas, 0, height_px, height_px)
    wide, top = width_px / height_px, 1 - base
    pen.box(-0.01, -0.01, wide + 0.01, top, Ink((126, 128, 136), to=(84, 86, 98)))
    pen.box(-0.01, top - 0.07, wide + 0.01, top, Ink((196, 192, 186), to=(164, 160, 156)))
    for k in range(9):
        x = wide * k / 8
        pen.poly(
            [(x, 0.13), (x + 0.1, 0.13), (x + 0.08, 0.115), (x - 0.02, 0.115)],
            Ink((232, 228, 214), flat=True),
        )


PAPER: Rgb = (247, 245, 239)


def sheet(canvas: Canvas, ground: Rgb | None) -> None:
    """A plain sheet of paper, or of the colour that was asked for."""
    width_px, height_px = canvas.size_px
    canvas.tint = (1.0, 1.0, 1.0)
    canvas.image.paste(ground or PAPER, (0, 0, width_px, height_px))
