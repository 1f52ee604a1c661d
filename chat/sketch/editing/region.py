"""Finding a thing by its colour, and giving it another with its shading kept.

Works in YCbCr: the angle of (Cb, Cr) is the hue, its length over the lightness how strong the
colour is, and both stay nearly the same from light to shade.
"""

from dataclasses import dataclass
from math import atan2, hypot
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from chat.sketch.painting.colour import Rgb, luma

Plane: TypeAlias = npt.NDArray[np.floating[Any]]

_GREENERY = frozenset(
    [
        "grass",
        "lawn",
        "tree",
        "leaf",
        "leaves",
        "bush",
        "meadow",
        "field",
        "plant",
        "forest",
        "hedge",
        "garden",
    ]
)
_WATERS = frozenset(["sea", "water", "lake", "river", "ocean", "pool"])
_LARGE_PALE = frozenset(["wall", "walls", "background", "backdrop", "ceiling"])


@dataclass(frozen=True, slots=True)
class Region:
    """A soft mask, 0..1 per pixel, and the mean colour under it."""

    mask: Plane
    colour: Rgb

    @property
    def share(self) -> float:
        """How much of the picture it covers, 0..1."""
        return float(self.mask.mean())


def region_of(image: Image.Image, target: str, old: Rgb | None) -> Region | None:
    """The region that is meant by a word or a colour, or ``None`` if nothing stands out.

    Without a colour to go by it is the strongest coloured region, the middle preferred.
    """
    small = image.copy()
    small.thumbnail((160, 160))
    hue, strength, light = _planes(small)
    where = _whereabouts(target, light.shape)
    if old is not None and _chroma(old)[1] < 0.09:
        # "The grey wall" may be lighter than grey: the level is that of the greys nearest to it.
        alike = light[(strength < 0.14) & (np.abs(light - luma(old)) < 85)]
        seed = _greys(strength, light, float(np.median(alike)) if alike.size else luma(old))
    elif target in _LARGE_PALE and old is None:
        seed = _greys(strength, light, float(np.median(light)))
    else:
        angle = (
            _chroma(old)[0] if old is not None else _loudest(hue, strength, light, target, where)
        )
        if angle is None:
            return None
        seed = _near(hue, angle, 0.62 if old is not None else 0.42) * _coloured(strength, light)
        if old is not None:
            # "Orange" is the sofa, not the brown floor, as long as something is really orange.
            vivid = seed * (strength > 0.58 * _chroma(old)[1])
            seed = vivid if vivid.sum() > 0.004 * seed.size else seed
    seed = _connected(seed * (where > 0.02), where, everything=old is not None and not target)
    if seed.sum() < 0.0015 * seed.size:
        return None
    return _refined(image, seed, small)


def recoloured(image: Image.Image, region: Region, colour: Rgb) -> Image.Image:
    """The region in another colour: light and shade follow the old ones."""
    pixels = np.asarray(image, dtype=np.float32)
    light = pixels @ np.array([0.299, 0.587, 0.114], dtype=np.float32)
    mean = max(8.0, luma(region.colour))
    strong = _chroma(colour)[1] >= 0.09
    # A colour meets the old lightness half way; white, grey and black insist on their own.
    level = luma(colour) * 0.65 + mean * 0.35 if strong else luma(colour) * 0.92 + mean * 0.08
    target = np.array(colour, dtype=np.float32) * (level / max(8.0, luma(colour)))
    shade = (light / mean)[:, :, None]
    dyed = np.where(
        shade <= 1, target * shade, target + (255 - target) * (1 - 1 / np.maximum(shade, 1)) * 0.7
    )
    mask = region.mask[:, :, None]
    return Image.fromarray(np.clip(pixels * (1 - mask) + dyed * mask, 0, 255).astype(np.uint8))


def _planes(image: Image.Image) -> tuple[Plane, Plane, Plane]:
    """Hue angle, strength of colour and lightness (0..255) of every pixel."""
    ycc = np.asarray(image.convert("YCbCr"), dtype=np.float32)
    light, cb, cr = ycc[:, :, 0], ycc[:, :, 1] - 128, ycc[:, :, 2] - 128
    return np.arctan2(cr, cb), np.hypot(cb, cr) / np.maximum(light, 24), light


def _chroma(colour: Rgb) -> tuple[float, float]:
    red, green, blue = colour
    cb = -0.169 * red - 0.331 * green + 0.5 * blue
    cr = 0.5 * red - 0.419 * green - 0.081 * blue
    return atan2(cr, cb), hypot(cb, cr) / max(24.0, luma(colour))


def _unit(values: Plane) -> Plane:
    bounded: Plane = np.clip(values, 0, 1)
    return bounded


def _near(hue: Plane, angle: float, width: float) -> Plane:
    """1 at that hue, falling to 0 at ``width`` radians away."""
    away = np.abs(np.angle(np.exp(1j * (hue - angle)))).astype(np.float32)
    return _unit((width - away) / (width * 0.35))


def _coloured(strength: Plane, light: Plane) -> Plane:
    return _unit((strength - 0.12) / 0.1) * _unit((light - 12) / 14)


def _greys(strength: Plane, light: Plane, level: float) -> Plane:
    return _unit((0.17 - strength) / 0.06) * _unit((62 - np.abs(light - level)) / 24)


def _whereabouts(target: str, shape: tuple[int, ...]) -> Plane:
    """Where in the picture such a thing usually is, 0..1."""
    down = np.linspace(0, 1, shape[0], dtype=np.float32)[:, None]
    across = np.linspace(-1, 1, shape[1], dtype=np.float32)[None, :]
    if target == "sky":
        return _unit((0.75 - down) * 4) * np.ones_like(across)
    if target in _WATERS or target in {"floor", "ground", "grass", "lawn", "carpet", "rug"}:
        return _unit((down - 0.35) * 4) * np.ones_like(across)
    if target in _GREENERY:
        return np.ones((shape[0], shape[1]), dtype=np.float32)
    if target in _LARGE_PALE:
        return _unit((0.8 - down) * 5) * np.ones_like(across)
    return np.exp(-((across * 0.9) ** 2) - ((down - 0.55) * 1.7) ** 2).astype(np.float32)


def _loudest(hue: Plane, strength: Plane, light: Plane, target: str, where: Plane) -> float | None:
    """The hue angle of the strongest colour region, or of the colour the word implies."""
    weight = _coloured(strength, light) * np.minimum(strength, 1.2) ** 2 * where
    if target in _GREENERY:
        weight = weight * _near(hue, _chroma((90, 140, 70))[0], 0.75)
    elif target in _WATERS or target == "sky":
        weight = weight * (0.15 + _near(hue, _chroma((110, 165, 220))[0], 0.8))
    if float(weight.sum()) < 0.0006 * weight.size:
        return None
    bins, edges = np.histogram(hue, bins=36, range=(-np.pi, np.pi), weights=weight)
    joined = bins + 0.6 * (np.roll(bins, 1) + np.roll(bins, -1))
    peak = float(edges[int(joined.argmax())] + np.pi / 36)
    pull = weight * _near(hue, peak, 0.4)
    return float(np.angle(np.sum(pull * np.exp(1j * hue))))


def _connected(seed: Plane, where: Plane, everything: bool) -> Plane:
    """The connected part that weighs most, and others of at least a fifth of its weight."""
    solid = seed > 0.35
    labels = np.zeros(seed.shape, dtype=np.int32)
    weights = [0.0]
    for start in np.argwhere(solid):
        y, x = int(start[0]), int(start[1])
        if labels[y, x]:
            continue
        weights.append(_flood(labels, solid, y, x, len(weights), seed * where))
    if everything or len(weights) == 1:
        return seed * solid
    keep = [k for k, weight in enumerate(weights) if k and weight >= 0.3 * max(weights)]
    return seed * np.isin(labels, keep)


def _flood(
    labels: npt.NDArray[np.int32],
    solid: npt.NDArray[np.bool_],
    y: int,
    x: int,
    mark: int,
    weight: Plane,
) -> float:
    total, stack = 0.0, [(y, x)]
    labels[y, x] = mark
    height, width = solid.shape
    while stack:
        y, x = stack.pop()
        total += float(weight[y, x])
        for b, a in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)):
            if 0 <= b < height and 0 <= a < width and solid[b, a] and not labels[b, a]:
                labels[b, a] = mark
                stack.append((b, a))
    return total


def _refined(image: Image.Image, seed: Plane, small: Image.Image) -> Region:
    """The coarse seed as a full-size mask that follows the edges of the colour."""
    hue, strength, light = _planes(small)
    core = seed > 0.35
    angle = float(np.angle(np.sum(seed[core] * strength[core] * np.exp(1j * hue[core]))))
    typical, level = float(np.median(strength[core])), float(np.median(light[core]))
    reach = Image.fromarray((core * 255).astype(np.uint8)).filter(ImageFilter.MaxFilter(3))
    reach = reach.resize(image.size, Image.Resampling.BILINEAR)
    near = np.asarray(
        reach.filter(ImageFilter.GaussianBlur(max(image.size) / 400)), dtype=np.float32
    )
    hue, strength, light = _planes(image.filter(ImageFilter.GaussianBlur(1.0)))
    if typical < 0.13:
        fits = _greys(strength, light, level)
    else:
        weak = _unit((strength - typical * 0.32) / (typical * 0.22))
        fits = _near(hue, angle, 0.46) * weak
    soft = Image.fromarray((fits * near).astype(np.uint8)).filter(ImageFilter.MedianFilter(5))
    soft = soft.filter(ImageFilter.GaussianBlur(0.9))
    mask = np.asarray(soft, dtype=np.float32) / 255
    pixels = np.asarray(image, dtype=np.float32)
    red, green, blue = (int(np.average(pixels[:, :, k], weights=mask + 1e-6)) for k in range(3))
    return Region(mask, (red, green, blue))
