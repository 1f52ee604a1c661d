"""Skies: gradient, sun, moon, stars, clouds, rainbow."""

from math import cos, pi, sin

import numpy as np
from PIL import Image, ImageFilter

from chat.sketch.painting.canvas import Canvas, Ink, Pen
from chat.sketch.painting.colour import Rgb, darker, lighter, mix
from chat.sketch.painting.light import Light


def sky(size_px: tuple[int, int], light: Light, horizon: float) -> Image.Image:
    """A sky down to ``horizon`` (0 top, 1 bottom); its horizon colour fills the rest."""
    width_px, height_px = size_px
    stops = np.array([0.0, horizon * 0.55, horizon, 1.0])
    down = np.linspace(0, 1, height_px)
    column = np.stack(
        [
            np.interp(
                down,
                stops,
                [light.zenith[k], light.middle[k], light.horizon[k], light.horizon[k]],
            )
            for k in range(3)
        ],
        axis=1,
    )
    # Half a level of noise hides the bands that eight bits leave in a slow gradient.
    noise = np.random.default_rng(7).random((height_px, width_px, 1), dtype=np.float32)
    pixels = column[:, None, :].astype(np.float32) + noise
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def stars(canvas: Canvas, horizon: float, rng: np.random.Generator, count: int = 150) -> None:
    """Stars of different brightness, fewer near the horizon."""
    width_px, height_px = canvas.size_px
    unit_px = height_px / 600
    for _ in range(count):
        x, y, bright = rng.random(), rng.random() ** 1.5 * horizon * 0.92, rng.random()
        pen = Pen(canvas, x * width_px, y * height_px, unit_px)
        white = Ink((255, 250, 236), alpha=0.35 + 0.6 * bright, lit=True)
        pen.oval(0, 0, 0.6 + bright, 0.6 + bright, white)
        if bright > 0.93:
            pen.glow(0, 0, 9, (190, 210, 255), 0.55)


def sun(pen: Pen, light: Light, colour: Rgb | None) -> None:
    """A disc with a wide glow; the unit is its diameter."""
    disc = colour or light.sun
    pen.glow(0, 0, 5.5, disc, 0.34)
    pen.glow(0, 0, 1.9, disc, 0.6)
    pen.oval(0, 0, 0.5, 0.5, Ink(lighter(disc, 0.35), to=disc, lit=True))


def moon(pen: Pen, colour: Rgb | None) -> None:
    """A full moon with its seas."""
    disc = colour or (243, 240, 222)
    pen.glow(0, 0, 3.6, mix(disc, (160, 190, 255), 0.4), 0.3)
    pen.oval(0, 0, 0.5, 0.5, Ink(disc, to=darker(disc, 0.1), lit=True))
    for x, y, r in (
        (-0.16, 0.13, 0.13),
        (0.12, 0.02, 0.09),
        (-0.05, -0.2, 0.11),
        (0.2, 0.24, 0.06),
    ):
        pen.oval(x, y, r, r * 0.9, Ink(darker(disc, 0.16), lit=True, alpha=0.55, blur=0.02))


def cloud(pen: Pen, light: Light, colour: Rgb | None, rng: np.random.Generator) -> None:
    """A heap of round heads over a flat foot; the unit is its height."""
    top = lighter(colour or light.cloud, 0.25)
    foot = mix(colour or light.cloud, light.middle, 0.42)
    heads = 6
    puffs = []
    for k in range(heads):
        x = (k / (heads - 1) - 0.5) * 2.5
        tall = 0.34 + 0.3 * (1 - abs(x) / 1.4) + 0.1 * rng.random()
        puffs.append((x + 0.1 * (rng.random() - 0.5), tall))
    # The outline of the heads as one shape: overlaps of translucent circles would show.
    outline = []
    for degrees in range(0, 181, 4):
        angle = pi * degrees / 180
        x = cos(angle) * 1.75
        reach = max(
            (
                tall * 0.55 + (max(0.0, tall * tall - (x - at) ** 2)) ** 0.5
                for at, tall in puffs
                if abs(x - at) < tall
            ),
            default=sin(angle) * 0.25,
        )
        outline.append((x, reach))
    pen.blob(
        [(1.75, 0.08), *outline, (-1.75, 0.08), (-1.3, -0.04), (1.3, -0.04)],
        Ink(top, to=foot, lit=True, alpha=0.93, blur=0.035),
    )


def overcast(canvas: Canvas, light: Light, horizon: float, rng: np.random.Generator) -> None:
    """A ceiling of cloud: smooth noise over the whole sky."""
    width_px, height_px = canvas.size_px
    reach_px = max(2, int(height_px * horizon))
    field = np.zeros((reach_px, width_px), dtype=np.float32)
    for cells, weight in ((3, 0.5), (7, 0.3), (15, 0.2)):
        coarse = (rng.random((cells, cells * 2)) * 255).astype(np.uint8)
        grown = Image.fromarray(coarse).resize((width_px, reach_px), Image.Resampling.BICUBIC)
        field += np.asarray(grown, dtype=np.float32) * weight
    fade = np.linspace(1, 0, reach_px, dtype=np.float32)[:, None] ** 0.8
    alpha = np.clip((field - 70) * 1.5, 0, 235) * fade
    mask = Image.fromarray(alpha.astype(np.uint8)).filter(ImageFilter.GaussianBlur(2))
    canvas.image.paste(
        Image.new("RGB", mask.size, mix(light.cloud, light.middle, 0.25)), (0, 0), mask
    )


def rainbow(canvas: Canvas, horizon: float) -> None:
    """A faint arc of the seven colours, standing on the horizon."""
    width_px, height_px = canvas.size_px
    pen = Pen(canvas, width_px * 0.56, height_px * (horizon + 0.1), height_px * horizon * 0.95)
    bands: tuple[Rgb, ...] = (
        (232, 70, 72),
        (244, 146, 62),
        (250, 218, 84),
        (96, 190, 104),
        (70, 142, 220),
        (92, 88, 190),
        (150, 92, 188),
    )
    for k, colour in enumerate(bands):
        outer, inner = 0.98 - 0.026 * k, 0.98 - 0.026 * (k + 1)
        arc = [(cos(pi * t / 60) * outer, sin(pi * t / 60) * outer) for t in range(61)]
        back = [(cos(pi * t / 60) * inner, sin(pi * t / 60) * inner) for t in range(60, -1, -1)]
        pen.poly(arc + back, Ink(colour, lit=True, alpha=0.5, blur=0.006))
