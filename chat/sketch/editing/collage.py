"""Putting one picture into another: cut out where the background is plain, else a soft oval."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter, ImageOps

from chat.sketch.painting.canvas import Canvas, Pen


@dataclass(frozen=True, slots=True)
class Pasted:
    """The joined picture, and whether the thing could be cut out."""

    image: Image.Image
    cut_out: bool


def put_into(thing: Image.Image, place: Image.Image, alpha: Image.Image | None = None) -> Pasted:
    """Paste the thing into the lower middle of the place, with its light and a shadow."""
    thing = thing.copy()
    thing.thumbnail((1024, 1024))
    mask = alpha.resize(thing.size) if alpha is not None else _cut(thing)
    cut_out = mask is not None
    if mask is None:
        mask = _oval(thing.size)
    box = mask.point([255 if k > 24 else 0 for k in range(256)]).getbbox() or (0, 0, *thing.size)
    thing, mask = thing.crop(box), mask.crop(box)
    scale = min(place.width * 0.5 / thing.width, place.height * 0.55 / thing.height)
    size_px = (max(1, round(thing.width * scale)), max(1, round(thing.height * scale)))
    thing, mask = thing.resize(size_px, Image.Resampling.LANCZOS), mask.resize(size_px)
    left, top = (place.width - size_px[0]) // 2, round(place.height * 0.94) - size_px[1]
    sheet = place.copy()
    if cut_out:
        canvas = Canvas(sheet)
        pen = Pen(canvas, left + size_px[0] / 2, top + size_px[1], size_px[0])
        pen.shadow(0.03, 0.01, 0.46, 0.05, 0.45)
    under = place.crop((left, top, left + size_px[0], top + size_px[1]))
    sheet.paste(_matched(thing, under), (left, top), mask)
    return Pasted(sheet, cut_out)


def _cut(thing: Image.Image) -> Image.Image | None:
    """A mask of what differs from a plain border, or ``None`` where the border is not plain."""
    pixels = np.asarray(thing, dtype=np.float32)
    if min(thing.size) < 8:
        return None
    edge = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    plain = np.median(edge, axis=0)
    away = np.linalg.norm(edge - plain, axis=1)
    if float(np.mean(away < 42)) < 0.86:
        return None
    mask = np.clip((np.linalg.norm(pixels - plain, axis=2) - 30) / 30, 0, 1)
    if not 0.01 < float(mask.mean()) < 0.9:
        return None
    soft = Image.fromarray((mask * 255).astype(np.uint8)).filter(ImageFilter.MedianFilter(5))
    # One pixel is shaved off: it is mixed with the old background and would show as a fringe.
    return soft.filter(ImageFilter.MinFilter(3)).filter(ImageFilter.GaussianBlur(0.8))


def _oval(size_px: tuple[int, int]) -> Image.Image:
    """An oval with a wide soft edge."""
    return (
        ImageOps.invert(Image.radial_gradient("L"))
        .point([min(255, max(0, k - 78) * 6) for k in range(256)])
        .resize(size_px)
    )


def _matched(thing: Image.Image, under: Image.Image) -> Image.Image:
    """A third of the way towards the light of the place."""
    mine = np.asarray(thing, dtype=np.float32)
    theirs = np.asarray(under, dtype=np.float32)
    gain = np.clip(theirs.mean(axis=(0, 1)) / np.maximum(mine.mean(axis=(0, 1)), 1), 0.6, 1.5)
    return Image.fromarray(np.clip(mine * (1 + (gain - 1) * 0.34), 0, 255).astype(np.uint8))
