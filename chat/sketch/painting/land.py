"""The ground and the distance: meadows, hills, mountains, water, sand, city skylines, forests.

Coordinates are shares of the picture, 0..1 from the upper left.
"""

from math import sin

import numpy as np
from PIL import Image

from chat.sketch.painting.canvas import Canvas, Ink, Pen, Point
from chat.sketch.painting.colour import Rgb, darker, lighter, mix, times
from chat.sketch.painting.light import Light
from chat.sketch.painting.plants import pine, tree

GRASS: Rgb = (112, 158, 78)
SNOW: Rgb = (236, 241, 247)
SAND: Rgb = (232, 208, 158)


def ridge(
    rng: np.random.Generator, base: float, height: float, rough: int, steps: int = 160
) -> list[Point]:
    """A skyline as points over 0..1: a few sine waves of random phase, never below ``base``."""
    phases = rng.random(4) * 6.28
    points = []
    for k in range(steps + 1):
        x = k / steps
        wave = sum(sin(x * 6.28 * rough * f + phases[j]) / f for j, f in enumerate((0.5, 1.0, 2.1)))
        points.append((x, base - height * (0.5 + wave / 7)))
    return points


def fill_below(canvas: Canvas, top: list[Point], ink: Ink, distance: float = 0.0) -> None:
    """Everything under a skyline down to the bottom edge."""
    width_px, height_px = canvas.size_px
    points = [(x * (width_px + 4) - 2, y * height_px) for x, y in top]
    points += [(width_px + 2, height_px + 2), (-2, height_px + 2)]
    canvas.polygon(points, ink, distance, ink.blur * height_px)


def hills(canvas: Canvas, base: float, rng: np.random.Generator, ground: Rgb) -> None:
    """Three rows of hills, paler with distance."""
    for k, distance in enumerate((0.72, 0.5, 0.26)):
        top = ridge(rng, base + 0.02 * k, 0.15 - 0.035 * k, 1 + k)
        shade = mix(ground, (58, 104, 96), 0.5 - 0.15 * k)
        fill_below(canvas, top, Ink(lighter(shade, 0.08), to=darker(shade, 0.1)), distance)


def mountains(canvas: Canvas, base: float, rng: np.random.Generator, colour: Rgb | None) -> None:
    """Peaks with a lit and a shaded side and snow on their heads."""
    width_px, height_px = canvas.size_px
    rock = colour or (96, 108, 138)
    rows = ((0.66, 5, 0.24), (0.34, 4, 0.33))
    for distance, count, tall in rows:
        for k in rng.permutation(count):
            x = (int(k) + 0.5 + 0.5 * (rng.random() - 0.5)) / count
            pen = Pen(
                canvas,
                x * width_px,
                (base + 0.03) * height_px,
                tall * height_px * (0.72 + 0.45 * rng.random()),
                mirrored=bool(rng.random() < 0.3),
                distance=distance,
            )
            _peak(pen, rock, rng)


def _peak(pen: Pen, rock: Rgb, rng: np.random.Generator) -> None:
    jag = [(rng.random() - 0.5) * 0.06 for _ in range(8)]
    left = [(-1.25, 0), (-0.8, 0.3 + jag[0]), (-0.45, 0.56 + jag[1]), (-0.2, 0.84 + jag[2])]
    right = [(0.16, 0.86 + jag[3]), (0.42, 0.58 + jag[4]), (0.8, 0.32 + jag[5]), (1.3, 0)]
    fold = [(0.1, 0.72), (-0.04, 0.5 + jag[6]), (0.16, 0.26), (0.02, 0)]
    pen.poly([*left, (0, 1), *right], Ink(lighter(rock, 0.1), to=rock))
    pen.poly([(0, 1), *right, *fold[::-1]], Ink(darker(rock, 0.34), to=darker(rock, 0.12)))
    cap = [(-0.3, 0.72), (-0.2, 0.84 + jag[2]), (0, 1), (0.16, 0.86 + jag[3]), (0.3, 0.72)]
    drip = [(0.2, 0.7), (0.13, 0.77), (0.05, 0.64), (-0.04, 0.75), (-0.14, 0.62), (-0.2, 0.73)]
    pen.poly(cap + drip, Ink((246, 249, 253), to=(214, 224, 240)))
    pen.poly([(0, 1), *cap[3:], *drip[:3], (0.1, 0.72)], Ink((190, 204, 228), alpha=0.75))


def meadow(canvas: Canvas, horizon: float, rng: np.random.Generator, ground: Rgb) -> None:
    """The ground in front: a soft rise, lighter afar, with tufts near by."""
    width_px, height_px = canvas.size_px
    top = ridge(rng, horizon + 0.03, 0.035, 1)
    fill_below(canvas, top, Ink(lighter(ground, 0.16), to=darker(ground, 0.18)))
    nearer = ridge(rng, horizon + 0.22, 0.06, 1)
    fill_below(canvas, nearer, Ink(ground, to=darker(ground, 0.3), alpha=0.75, blur=0.004))
    for _ in range(90):
        x, y = rng.random(), horizon + 0.07 + (0.93 - horizon) * rng.random()
        near = (y - horizon) / (1 - horizon)
        pen = Pen(canvas, x * width_px, y * height_px, height_px * (0.006 + 0.022 * near))
        blade = darker(ground, 0.3) if rng.random() < 0.6 else lighter(ground, 0.25)
        for lean in (-0.5, 0.0, 0.45):
            pen.poly([(-0.09, 0), (lean, 1), (0.09, 0)], Ink(blade, alpha=0.7, flat=True))


def water(
    canvas: Canvas, top: float, light: Light, rng: np.random.Generator, colour: Rgb | None
) -> None:
    """Water from ``top`` down: the sky mirrored, deeper towards us, with glints."""
    width_px, height_px = canvas.size_px
    start_px = int(top * height_px)
    deep = colour or times((30, 96, 132), light.tint)
    far = mix(light.horizon, deep, 0.5 if colour is None else 0.8)
    rows = np.linspace(0, 1, height_px - start_px)[:, None]
    column = np.array(far) * (1 - rows) + np.array(mix(deep, light.zenith, 0.25)) * rows
    # Long flat waves: noise stretched sideways, coarser towards the viewer.
    ripple = np.zeros((height_px - start_px, width_px), dtype=np.float32)
    for cells, weight in ((9, 7.0), (28, 5.0), (70, 4.0)):
        noise = (rng.random((cells * 4, cells)) * 255).astype(np.uint8)
        grown = Image.fromarray(noise).resize(ripple.shape[::-1], Image.Resampling.BICUBIC)
        ripple += (np.asarray(grown, dtype=np.float32) / 128 - 1) * weight
    pixels = column[:, None, :].astype(np.float32) + ripple[:, :, None]
    canvas.image.paste(Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)), (0, start_px))
    for _ in range(70):
        depth = rng.random() ** 1.7
        y, half = top + 0.012 + depth * (0.97 - top), 0.004 + 0.02 * depth * rng.random()
        pen = Pen(canvas, rng.random() * width_px, y * height_px, width_px)
        glint = Ink(lighter(light.horizon, 0.3), alpha=0.28, lit=True)
        pen.oval(0, 0, half, 0.0007 + 0.001 * depth, glint)


def glitter(canvas: Canvas, x: float, top: float, colour: Rgb, rng: np.random.Generator) -> None:
    """The path of light that sun or moon lays on water."""
    width_px, height_px = canvas.size_px
    for k in range(46):
        depth = k / 46
        y = top + 0.006 + depth * (0.95 - top)
        spread = 0.012 + 0.05 * depth
        pen = Pen(canvas, (x + (rng.random() - 0.5) * spread) * width_px, y * height_px, width_px)
        half = (0.006 + 0.022 * rng.random()) * (0.5 + depth)
        pen.oval(
            0, 0, half, 0.0012 + 0.0012 * depth, Ink(colour, alpha=0.6 - 0.4 * depth, lit=True)
        )


def sand(canvas: Canvas, top: float, rng: np.random.Generator) -> None:
    """A beach from ``top`` down, with a wet edge."""
    edge = ridge(rng, top + 0.03, 0.05, 1)
    foam = [(x, y - 0.012) for x, y in edge]
    fill_below(canvas, foam, Ink((244, 250, 250), alpha=0.75, flat=True, blur=0.003))
    fill_below(canvas, edge, Ink(darker(SAND, 0.14), to=SAND))
    dry = [(x, y + 0.03) for x, y in edge]
    fill_below(canvas, dry, Ink(SAND, to=darker(SAND, 0.1), blur=0.01))


def dunes(canvas: Canvas, horizon: float, rng: np.random.Generator) -> None:
    """A desert of three rows of dunes."""
    for k, distance in enumerate((0.5, 0.25, 0.0)):
        top = ridge(rng, horizon + 0.02 + 0.12 * k, 0.09, 1)
        shade: Rgb = mix((236, 190, 122), (206, 138, 82), k / 2)
        fill_below(canvas, top, Ink(lighter(shade, 0.2), to=darker(shade, 0.16)), distance)


def river(canvas: Canvas, horizon: float, light: Light, colour: Rgb | None) -> None:
    """A river winding from the horizon to the lower edge."""
    width_px, height_px = canvas.size_px
    blue = colour or mix(light.middle, times((44, 110, 150), light.tint), 0.55)
    left, right = [], []
    for k in range(41):
        t = k / 40
        x = 0.6 + 0.11 * sin(t * 5.2) * (0.25 + t) - 0.16 * t
        y, half = horizon + 0.035 + (1.0 - horizon) * t**1.5, 0.006 + 0.13 * t**1.7
        left.append(((x - half) * width_px, y * height_px))
        right.append(((x + half) * width_px, y * height_px))
    bank = Ink(darker(times(GRASS, light.tint), 0.35), alpha=0.55, lit=True)
    ribbon = left + right[::-1]
    canvas.polygon([(x, y - 0.005 * height_px) for x, y in ribbon], bank, 0.0, 2.0)
    canvas.polygon(ribbon, Ink(lighter(light.horizon, 0.1), to=blue, lit=True), 0.0, 0.0)


def woods(canvas: Canvas, horizon: float, rng: np.random.Generator, snowy: bool) -> None:
    """Rows of trees, the far ones small and pale."""
    width_px, height_px = canvas.size_px
    for distance, count, tall in ((0.62, 30, 0.15), (0.4, 20, 0.22), (0.16, 11, 0.33)):
        y = horizon + 0.05 - 0.06 * distance
        for k in rng.permutation(count):
            x = (int(k) + rng.random()) / count
            unit_px = height_px * tall * (0.75 + 0.5 * rng.random())
            pen = Pen(canvas, x * width_px, y * height_px, unit_px, distance=distance)
            if rng.random() < 0.7:
                pine(pen, (214, 226, 234) if snowy else None)
            else:
                tree(pen, (88, 132, 78))
