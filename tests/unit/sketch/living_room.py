"""The photo-like picture of ``assets/samples``, drawn by our own code: a living room to edit.

``python -m tests.unit.sketch.living_room DIR`` writes it to ``DIR/living-room.jpg``.
"""

import io
import sys
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from chat.sketch.painting.canvas import Canvas, Ink, Pen
from chat.sketch.painting.colour import Rgb, darker, lighter
from chat.sketch.painting.plants import potted_plant

WIDTH_PX, HEIGHT_PX = 1280, 960
_FLOOR = 0.3
"""Height of the wall's foot over the lower edge, in picture heights."""
_SOFA: Rgb = (186, 82, 54)
_SEED = 5


@cache
def sample_photo() -> bytes:
    """A living room with a terracotta sofa in daylight, as JPEG of 1280x960 px."""
    rng = np.random.default_rng(_SEED)
    canvas = Canvas(Image.new("RGB", (WIDTH_PX, HEIGHT_PX)))
    pen = Pen(canvas, 0, HEIGHT_PX, HEIGHT_PX)
    _wall(canvas, rng)
    _window(pen)
    _print(pen.moved(0.93, 0.64))
    # What is far away is a little out of focus.
    canvas.image = canvas.image.filter(ImageFilter.GaussianBlur(1.8))
    _floor(canvas, rng)
    pen.box(-0.1, _FLOOR - 0.004, 1.5, _FLOOR + 0.032, Ink((226, 222, 214), to=(204, 198, 188)))
    dark = Ink((40, 26, 18), alpha=0.4, blur=0.008, flat=True)
    pen.box(-0.1, _FLOOR - 0.016, 1.5, _FLOOR - 0.004, dark)
    _rug(pen)
    _lamp(pen.moved(1.19, 0.235))
    potted_plant(pen.moved(0.115, 0.2, 0.44), (206, 200, 192))
    _daylight(pen)
    _sofa(pen.moved(0.655, 0.165, 0.36), rng)
    return _developed(canvas.image, rng)


def _wall(canvas: Canvas, rng: np.random.Generator) -> None:
    across = np.linspace(0, 1, WIDTH_PX, dtype=np.float32)[None, :]
    down = np.linspace(0, 1, HEIGHT_PX, dtype=np.float32)[:, None]
    # Daylight comes from the window on the left and falls off with distance.
    light = 1.02 - 0.34 * across**1.2 - 0.1 * np.abs(down - 0.35)
    light += 0.1 * np.exp(-((across - 0.3) ** 2) / 0.03 - (down - 0.4) ** 2 / 0.08)
    coarse = (rng.random((24, 32)) * 255).astype(np.uint8)
    cloudy = Image.fromarray(coarse).resize((WIDTH_PX, HEIGHT_PX), Image.Resampling.BICUBIC)
    light = light * (1 + (np.asarray(cloudy, dtype=np.float32) / 255 - 0.5) * 0.025)
    plaster = np.array((222, 214, 202), dtype=np.float32)
    pixels = np.clip(light[:, :, None] * plaster, 0, 255).astype(np.uint8)
    canvas.image.paste(Image.fromarray(pixels))


def _window(pen: Pen) -> None:
    frame = Ink((240, 238, 232), to=(214, 212, 206))
    pen.box(0.085, 0.43, 0.425, 0.965, Ink((60, 48, 40), alpha=0.3, blur=0.02, flat=True))
    pen.box(0.08, 0.44, 0.42, 0.96, frame)
    pen.box(0.1, 0.46, 0.4, 0.94, Ink((222, 236, 250), to=(250, 252, 248), lit=True))
    garden = Ink((150, 184, 140), to=(176, 198, 150), lit=True, blur=0.012, alpha=0.85)
    pen.blob(".1,.46 .1,.6 .16,.66 .22,.61 .28,.68 .35,.62 .4,.66 .4,.46", garden)
    for x in (0.1, 0.25, 0.4):
        pen.box(x - 0.008, 0.45, x + 0.008, 0.95, frame)
    pen.box(0.1, 0.735, 0.4, 0.75, frame)
    pen.box(0.06, 0.425, 0.44, 0.447, Ink((236, 232, 226), to=(190, 184, 176)))
    for left, right in ((0.03, 0.115), (0.385, 0.47)):
        for k in range(6):
            x = left + (right - left) * k / 6
            fold = Ink((238, 234, 226), to=(212, 206, 196), alpha=0.86, blur=0.004)
            pen.box(x, 0.33, x + (right - left) / 6 * 1.1, 0.985, fold)
            crease = Ink((150, 142, 132), alpha=0.26, blur=0.004, flat=True)
            pen.box(x, 0.33, x + 0.004, 0.985, crease)
    pen.box(0.0, 0.98, 0.5, 0.99, Ink((96, 78, 64)))
    pen.glow(0.25, 0.72, 0.5, (255, 250, 236), 0.42)


def _print(pen: Pen) -> None:
    pen.box(-0.165, -0.015, 0.185, 0.25, Ink((40, 34, 30), alpha=0.34, blur=0.016, flat=True))
    pen.box(-0.17, 0, 0.17, 0.26, Ink((84, 64, 50)))
    pen.box(-0.156, 0.014, 0.156, 0.246, Ink((238, 232, 222)))
    pen.box(-0.11, 0.05, 0.11, 0.21, Ink((206, 212, 206), to=(182, 192, 190)))
    pen.oval(0.04, 0.15, 0.03, 0.03, Ink((222, 186, 140)))
    pen.blob("-.11,.05 -.11,.1 -.05,.13 .0,.09 .06,.12 .11,.08 .11,.05", Ink((96, 112, 108)))


def _floor(canvas: Canvas, rng: np.random.Generator) -> None:
    """Oak planks that run away from us, with grain and a sheen under the window."""
    top_px = round(HEIGHT_PX * (1 - _FLOOR))
    rows = np.arange(top_px, HEIGHT_PX, dtype=np.float32)[:, None]
    columns = np.arange(WIDTH_PX, dtype=np.float32)[None, :]
    depth = 1 / ((rows - top_px) / (HEIGHT_PX - top_px) + 0.42)
    u = (columns - WIDTH_PX * 0.46) / WIDTH_PX * depth * 9
    plank = np.floor(u).astype(np.int32)
    tones = rng.random(256).astype(np.float32)
    v = depth * 4 + tones[plank % 256] * 3
    board = tones[(plank * 7 + np.floor(v).astype(np.int32) * 31) % 256]
    grain = np.sin((u - plank) * 34 + np.sin(v * 5 + board * 9) * 1.6 + board * 40) * 0.5
    gap = np.minimum(u - plank, 1 - (u - plank)) < 0.018
    ends = (v - np.floor(v)) < 0.012
    sheen = 0.2 * np.exp(-((columns / WIDTH_PX - 0.3) ** 2) / 0.05) * (1.5 - depth / 2.4)
    light = 0.84 + 0.16 * (board - 0.5) + 0.022 * grain + sheen - 0.1 * columns / WIDTH_PX
    light = light * np.where(gap | ends, 0.66, 1)
    oak = np.array((172, 138, 104), dtype=np.float32)
    pixels = np.clip(light[:, :, None] * oak, 0, 255).astype(np.uint8)
    canvas.image.paste(Image.fromarray(pixels), (0, top_px))


def _rug(pen: Pen) -> None:
    pen.poly("0.22,.05 1.2,.05 1.1,.2 .32,.2", Ink((20, 14, 10), alpha=0.35, blur=0.012, flat=True))
    pen.poly(".2,.06 1.2,.06 1.09,.205 .315,.205", Ink((206, 200, 190), to=(226, 220, 210)))
    stripe = Ink((150, 152, 154), alpha=0.8, flat=True, blur=0.002)
    for low, high in ((0.075, 0.081), (0.09, 0.094), (0.183, 0.187), (0.193, 0.195)):
        slope = 0.77
        pen.poly(
            [
                (0.2 + (low - 0.06) * slope + 0.01, low),
                (1.19 - (low - 0.06) * slope, low),
                (1.19 - (high - 0.06) * slope, high),
                (0.21 + (high - 0.06) * slope, high),
            ],
            stripe,
        )


def _sofa(pen: Pen, rng: np.random.Generator) -> None:
    """Three seats in terracotta cloth; the unit is its height."""
    wide = 1.22
    pen.oval(0.04, 0.0, wide * 1.05, 0.13, Ink((18, 10, 8), alpha=0.6, blur=0.05, flat=True))
    for x in (-1.05, 1.05):
        pen.poly(
            [(x - 0.04, 0.1), (x + 0.04, 0.1), (x + 0.02, -0.04), (x - 0.02, -0.04)],
            Ink((84, 58, 40)),
        )
    pen.slab(
        -wide + 0.1, 0.2, wide - 0.1, 0.98, 0.1, Ink(darker(_SOFA, 0.12), to=darker(_SOFA, 0.4))
    )
    third = (wide * 2 - 0.42) / 3
    for k in range(3):
        left = -wide + 0.21 + third * k
        _cushion(pen, left, 0.4, left + third - 0.012, 0.96, 0.02)
    pen.slab(
        -wide + 0.12,
        0.08,
        wide - 0.12,
        0.34,
        0.04,
        Ink(darker(_SOFA, 0.14), to=darker(_SOFA, 0.45)),
    )
    for k in range(3):
        left = -wide + 0.21 + third * k
        shade = Ink((30, 8, 4), alpha=0.4, blur=0.03, flat=True)
        pen.box(left, 0.42, left + third, 0.47, shade)
        _cushion(pen, left, 0.27, left + third - 0.01, 0.45, 0.05)
    for side in (-1, 1):
        x = side * (wide - 0.1)
        pen.slab(
            x - 0.15, 0.06, x + 0.15, 0.66, 0.12, Ink(lighter(_SOFA, 0.08), to=darker(_SOFA, 0.36))
        )
        roll = Ink(lighter(_SOFA, 0.22), alpha=0.75, blur=0.03, flat=True)
        pen.slab(x - 0.1, 0.56, x + 0.09, 0.63, 0.04, roll)
        edge = Ink((40, 12, 6), alpha=0.34, blur=0.025, flat=True)
        pen.box(x - side * 0.16 - 0.015, 0.1, x - side * 0.16 + 0.015, 0.6, edge)
    for x, lean, cloth in ((-0.82, 11.0, (220, 208, 186)), (0.84, -9.0, (204, 190, 168))):
        pillow = pen.moved(x, 0.45, 1.0, lean)
        pillow.slab(
            -0.19, -0.03, 0.21, 0.35, 0.09, Ink((30, 8, 4), alpha=0.35, blur=0.03, flat=True)
        )
        pillow.slab(-0.19, 0, 0.19, 0.36, 0.08, Ink(cloth))
        pillow.oval(
            -0.04, 0.22, 0.1, 0.09, Ink(lighter(cloth, 0.4), alpha=0.5, blur=0.05, flat=True)
        )
    for _ in range(26):
        x, y = (rng.random() - 0.5) * 2.0, 0.3 + rng.random() * 0.55
        crease = Ink((44, 12, 6), alpha=0.1, blur=0.01, flat=True)
        pen.line([(x, y), (x + 0.06, y + 0.01), (x + 0.1, y - 0.015)], 0.012, crease, 0.003)


def _cushion(pen: Pen, left: float, low: float, right: float, high: float, soft: float) -> None:
    pen.slab(left, low, right, high, 0.09, Ink(lighter(_SOFA, 0.1), to=darker(_SOFA, 0.26)))
    x, y = (left + right) / 2, low + (high - low) * 0.62
    shine = Ink(lighter(_SOFA, 0.24), alpha=0.5, blur=0.07, flat=True)
    pen.oval(x - 0.06, y, (right - left) * 0.32, (high - low) * 0.26, shine)
    seam = Ink((60, 18, 10), alpha=0.5, blur=0.006, flat=True)
    pen.line([(right - 0.004, low + 0.05), (right - 0.004, high - 0.07)], 0.012, seam)
    pen.line(
        [(left + 0.08, low + soft), (x, low + soft - 0.012), (right - 0.08, low + soft)], 0.01, seam
    )


def _lamp(pen: Pen) -> None:
    pen.oval(0.02, 0, 0.09, 0.016, Ink((20, 12, 8), alpha=0.5, blur=0.012, flat=True))
    pen.oval(0, 0.006, 0.07, 0.014, Ink((52, 46, 42)))
    pen.box(-0.006, 0.01, 0.006, 0.5, Ink((96, 84, 70), to=(48, 42, 38)))
    pen.glow(0, 0.58, 0.34, (255, 224, 170), 0.4)
    shade = Ink((252, 242, 220), to=(236, 210, 166), lit=True)
    pen.poly("-.105,.48 .105,.48 .075,.67 -.075,.67", shade)
    pen.poly("-.105,.48 .105,.48 .104,.486 -.104,.486", Ink((176, 146, 108), lit=True))


def _daylight(pen: Pen) -> None:
    """Sun through the panes, lying across floor and rug."""
    sun = Ink((255, 238, 204), alpha=0.24, blur=0.01, lit=True)
    for x in (0.12, 0.27):
        pen.poly([(x + 0.14, 0.2), (x + 0.27, 0.2), (x + 0.36, 0.03), (x + 0.2, 0.03)], sun)
    pen.glow(0.2, 0.8, 1.0, (255, 240, 214), 0.16)


def _developed(image: Image.Image, rng: np.random.Generator) -> bytes:
    """Lens and film: corners fall off, fine grain, JPEG."""
    across = np.linspace(-1, 1, WIDTH_PX, dtype=np.float32)[None, :]
    down = np.linspace(-1, 1, HEIGHT_PX, dtype=np.float32)[:, None]
    corner = 1 - 0.16 * np.clip(across**2 + down**2 - 0.5, 0, 2)
    grain = rng.standard_normal((HEIGHT_PX, WIDTH_PX), dtype=np.float32) * 3.2
    pixels = np.asarray(image, dtype=np.float32) * corner[:, :, None] + grain[:, :, None]
    out = io.BytesIO()
    shot = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    shot.filter(ImageFilter.GaussianBlur(0.45)).save(out, "JPEG", quality=90)
    return out.getvalue()


def main(folder: str) -> None:
    """Write the picture into a folder, which is made if it is missing."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    (target / "living-room.jpg").write_bytes(sample_photo())


if __name__ == "__main__":
    main(sys.argv[1])
