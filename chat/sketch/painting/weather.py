"""Weather between the viewer and the picture: rain, snow, fog, lightning. Works on any picture."""

from math import cos, sin

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from chat.sketch.painting.canvas import Canvas, Ink, Pen


def rained(image: Image.Image, seed: int) -> Image.Image:
    """Slanting streaks of three distances, a little mist in the lower part."""
    width_px, height_px = image.size
    rng = np.random.default_rng(seed)
    layer = Image.new("L", image.size)
    draw = ImageDraw.Draw(layer)
    for count, length, level, thick in (
        (420, 0.03, 58, 1),
        (220, 0.055, 84, 1),
        (80, 0.09, 116, 2),
    ):
        stroke_px = max(1, round(thick * height_px / 640))
        for x, y in rng.random((count, 2)):
            left, top = x * width_px * 1.1, y * height_px * 1.1 - 0.05 * height_px
            reach_px = length * height_px
            end = (left - 0.24 * reach_px, top + reach_px)
            draw.line([(left, top), end], fill=level, width=stroke_px)
    layer = layer.filter(ImageFilter.GaussianBlur(0.6))
    # Under rain everything is a little greyer and darker, or light streaks would not show.
    dull = Image.blend(image, Image.new("RGB", image.size, (104, 118, 138)), 0.2)
    return Image.composite(Image.new("RGB", image.size, (222, 232, 244)), dull, layer)


def snowed(image: Image.Image, seed: int) -> Image.Image:
    """Flakes of three distances; the near ones large and out of focus."""
    width_px, height_px = image.size
    rng = np.random.default_rng(seed)
    layer = Image.new("L", image.size)
    for count, radius, soft, level in (
        (420, 0.0019, 0.5, 205),
        (150, 0.0036, 1.0, 230),
        (36, 0.0085, 4.0, 170),
    ):
        flakes = Image.new("L", image.size)
        draw = ImageDraw.Draw(flakes)
        for x, y, grow in rng.random((count, 3)):
            r = radius * height_px * (0.7 + 0.7 * grow) + 0.4
            at = (x * width_px, y * height_px)
            draw.ellipse([at[0] - r, at[1] - r, at[0] + r, at[1] + r], fill=level)
        layer = ImageChops.lighter(
            layer, flakes.filter(ImageFilter.GaussianBlur(soft * height_px / 700))
        )
    return Image.composite(Image.new("RGB", image.size, (252, 253, 255)), image, layer)


def fogged(image: Image.Image, colour: tuple[int, int, int], horizon: float = 0.6) -> Image.Image:
    """Mist that lies thickest around the horizon."""
    width_px, height_px = image.size
    down = np.linspace(0, 1, height_px, dtype=np.float32)
    thick = 60 + 130 * np.exp(-(((down - horizon) / 0.2) ** 2))
    mask = Image.fromarray(np.repeat(thick[:, None], width_px, axis=1).astype(np.uint8))
    return Image.composite(Image.new("RGB", image.size, colour), image, mask)


def lightning(canvas: Canvas, horizon: float, seed: int) -> None:
    """One forked bolt from the clouds to the horizon."""
    width_px, height_px = canvas.size_px
    rng = np.random.default_rng(seed)
    pen = Pen(canvas, width_px * (0.3 + 0.4 * rng.random()), 0.02 * height_px, height_px * horizon)
    path = [(0.0, 0.0)]
    for k in range(9):
        x, y = path[-1]
        path.append((x + 0.2 * (rng.random() - 0.5) + 0.02 * cos(k), y - 0.105))
    pen.glow(path[5][0], -0.5, 0.7, (186, 196, 255), 0.6)
    bolt = Ink((248, 246, 255), lit=True)
    for k in range(9):
        pen.line(path[k : k + 2], 0.018 - 0.0012 * k, bolt)
    x, y = path[4]
    pen.line([(x, y), (x + 0.12, y - 0.1), (x + 0.1 + 0.08 * sin(seed), y - 0.24)], 0.009, bolt)


def grained(image: Image.Image, seed: int, strength: float = 5.0) -> Image.Image:
    """A film grain and a slight darkening of the corners: paper rather than plastic."""
    width_px, height_px = image.size
    rng = np.random.default_rng(seed)
    grain = rng.standard_normal((height_px, width_px), dtype=np.float32) * strength
    across = np.linspace(-1, 1, width_px, dtype=np.float32)[None, :]
    down = np.linspace(-1, 1, height_px, dtype=np.float32)[:, None]
    corner = 1 - 0.09 * np.clip(across**2 + down**2 - 0.6, 0, 2)
    pixels = np.asarray(image, dtype=np.float32) * corner[:, :, None] + grain[:, :, None]
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
