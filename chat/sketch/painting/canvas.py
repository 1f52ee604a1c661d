"""A sheet of paper and the pens that draw on it with smooth edges.

Every shape is drawn three times too large into a mask of its own bounding box and shrunk, so
that edges are antialiased and cost stays local.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import cos, pi, radians, sin
from typing import TypeAlias

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from chat.sketch.painting.colour import Rgb, darker, lighter, mix, times

Point: TypeAlias = tuple[float, float]
Outline: TypeAlias = str | Sequence[Point]
"""Points, or points written as ``"x,y x,y ..."``."""
Corners: TypeAlias = tuple[Rgb, Rgb, Rgb, Rgb]

_OVER = 3
_DAY = (1.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Ink:
    """How a shape is filled. Without ``to``, light falls on it from the upper left."""

    colour: Rgb
    to: Rgb | None = None
    """Colour at the bottom; the fill runs down to it."""
    alpha: float = 1.0
    blur: float = 0.0
    """Softness of the edge, in the pen's units."""
    lit: bool = False
    """It shines by itself: the light of the scene does not touch it."""
    flat: bool = False


class Canvas:
    """An RGB picture being painted, with the light that falls on what is painted next."""

    def __init__(self, image: Image.Image, haze: Rgb = (200, 215, 230)) -> None:
        """Paint on this picture; ``haze`` is the colour that distance fades into."""
        self.image = image
        self.haze = haze
        self.tint: tuple[float, float, float] = _DAY
        self.dark = False

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height."""
        return self.image.size

    def polygon(self, points: Sequence[Point], ink: Ink, distance: float, soft_px: float) -> None:
        """Fill a polygon given in pixels; ``distance`` 0..1 fades it into the haze."""
        width_px, height_px = self.image.size
        pad = int(soft_px * 2.5) + 2
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        left, top = max(0, int(min(xs)) - pad), max(0, int(min(ys)) - pad)
        right, bottom = min(width_px, int(max(xs)) + pad), min(height_px, int(max(ys)) + pad)
        if right <= left or bottom <= top:
            return
        over = _OVER if (right - left) * (bottom - top) < 400_000 else 2
        mask = Image.new("L", ((right - left) * over, (bottom - top) * over))
        shifted = [((x - left) * over, (y - top) * over) for x, y in points]
        ImageDraw.Draw(mask).polygon(shifted, fill=255)
        mask = mask.reduce(over)
        if soft_px > 0.4:
            mask = mask.filter(ImageFilter.GaussianBlur(soft_px))
        if ink.alpha < 1:
            mask = mask.point([round(level * ink.alpha) for level in range(256)])
        fill = _gradient(self._corners(ink, distance), mask.size)
        self.image.paste(fill, (left, top), mask)

    def glow(
        self, x_px: float, y_px: float, radius_px: float, colour: Rgb, strength: float
    ) -> None:
        """Add light around a point, fading to nothing at the radius."""
        width_px, height_px = self.image.size
        left, top = max(0, int(x_px - radius_px)), max(0, int(y_px - radius_px))
        right = min(width_px, int(x_px + radius_px) + 1)
        bottom = min(height_px, int(y_px + radius_px) + 1)
        if right <= left or bottom <= top:
            return
        across = (np.arange(left, right, dtype=np.float32) - x_px) / radius_px
        down = (np.arange(top, bottom, dtype=np.float32) - y_px) / radius_px
        fade = np.clip(1 - np.hypot(across[None, :], down[:, None]), 0, 1) ** 2 * strength
        box = (left, top, right, bottom)
        below = np.asarray(self.image.crop(box), dtype=np.float32)
        light = np.array(colour, dtype=np.float32)
        # Screen, not plain addition: highlights roll off instead of clipping to white.
        shone = 255 - (255 - below) * (1 - light / 255 * fade[:, :, None])
        self.image.paste(Image.fromarray(shone.astype(np.uint8)), box)

    def _corners(self, ink: Ink, distance: float) -> Corners:
        if ink.to is not None:
            four: Corners = (ink.colour, ink.colour, ink.to, ink.to)
        elif ink.lit or ink.flat:
            four = (ink.colour,) * 4
        else:
            shade = darker(ink.colour, 0.2)
            four = (lighter(ink.colour, 0.22), ink.colour, mix(ink.colour, shade, 0.5), shade)
        if ink.lit:
            return four
        a, b, c, d = (mix(times(each, self.tint), self.haze, distance) for each in four)
        return (a, b, c, d)


@dataclass(frozen=True, slots=True)
class Pen:
    """Draws in the units of one thing: x to the right, y up, origin where it stands."""

    canvas: Canvas
    x_px: float
    y_px: float
    unit_px: float
    mirrored: bool = False
    distance: float = 0.0
    lean: float = 0.0
    """Turned by so many degrees, anticlockwise."""

    def moved(self, x: float, y: float, scale: float = 1.0, lean: float = 0.0) -> "Pen":
        """A pen for a part of the thing."""
        x_px, y_px = self._px((x, y))
        return replace(
            self, x_px=x_px, y_px=y_px, unit_px=self.unit_px * scale, lean=self.lean + lean
        )

    def poly(self, outline: Outline, ink: Ink) -> None:
        """A polygon with straight sides."""
        soft_px = ink.blur * self.unit_px
        self.canvas.polygon([self._px(p) for p in points_of(outline)], ink, self.distance, soft_px)

    def blob(self, outline: Outline, ink: Ink) -> None:
        """A closed smooth curve through the points."""
        self.poly(smooth(points_of(outline)), ink)

    def box(self, left: float, bottom: float, right: float, top: float, ink: Ink) -> None:
        """An upright rectangle."""
        self.poly([(left, bottom), (right, bottom), (right, top), (left, top)], ink)

    def slab(
        self, left: float, bottom: float, right: float, top: float, radius: float, ink: Ink
    ) -> None:
        """A rectangle with round corners."""
        r = min(radius, (right - left) / 2, (top - bottom) / 2)
        corners = (
            (right - r, top - r, 0),
            (left + r, top - r, 90),
            (left + r, bottom + r, 180),
            (right - r, bottom + r, 270),
        )
        points = [
            (x + r * cos(radians(start + 15 * k)), y + r * sin(radians(start + 15 * k)))
            for x, y, start in corners
            for k in range(7)
        ]
        self.poly(points, ink)

    def oval(self, x: float, y: float, rx: float, ry: float, ink: Ink, turn: float = 0.0) -> None:
        """An ellipse around a point, turned by so many degrees."""
        c, s = cos(radians(turn)), sin(radians(turn))
        points = []
        for k in range(40):
            dx, dy = rx * cos(2 * pi * k / 40), ry * sin(2 * pi * k / 40)
            points.append((x + dx * c - dy * s, y + dx * s + dy * c))
        self.poly(points, ink)

    def line(self, outline: Outline, width: float, ink: Ink, end: float = -1.0) -> None:
        """A smooth stroke, from ``width`` to ``end`` wide, with round ends."""
        end = width if end < 0 else end
        points = points_of(outline)
        path = smooth(points, closed=False) if len(points) > 2 else list(points)
        left, right = [], []
        for k, (x, y) in enumerate(path):
            before, after = path[max(0, k - 1)], path[min(len(path) - 1, k + 1)]
            dx, dy = after[0] - before[0], after[1] - before[1]
            length = (dx * dx + dy * dy) ** 0.5 or 1.0
            half = (width + (end - width) * k / (len(path) - 1)) / 2
            aside = (dy / length * half, dx / length * half)
            left.append((x - aside[0], y + aside[1]))
            right.append((x + aside[0], y - aside[1]))
        self.poly(left + right[::-1], ink)
        for (x, y), r in ((path[0], width / 2), (path[-1], end / 2)):
            if r * self.unit_px > 1:
                self.oval(x, y, r, r, replace(ink, flat=True))

    def shadow(self, x: float, y: float, rx: float, ry: float, strength: float = 0.35) -> None:
        """A soft dark patch on the ground."""
        dark = Ink((22, 26, 44), alpha=strength, blur=ry * 0.55, flat=True)
        self.oval(x, y, rx, ry, dark)

    def glow(self, x: float, y: float, radius: float, colour: Rgb, strength: float = 0.6) -> None:
        """Light around a point."""
        x_px, y_px = self._px((x, y))
        self.canvas.glow(x_px, y_px, radius * self.unit_px, colour, strength)

    def _px(self, point: Point) -> Point:
        x, y = point
        if self.lean:
            c, s = cos(radians(self.lean)), sin(radians(self.lean))
            x, y = x * c - y * s, x * s + y * c
        x = -x if self.mirrored else x
        return (self.x_px + x * self.unit_px, self.y_px - y * self.unit_px)


def points_of(outline: Outline) -> Sequence[Point]:
    """The points of an outline in either notation."""
    return _parsed(outline) if isinstance(outline, str) else outline


@lru_cache(maxsize=1024)
def _parsed(written: str) -> tuple[Point, ...]:
    pairs = (pair.split(",") for pair in written.split())
    return tuple((float(x), float(y)) for x, y in pairs)


def smooth(points: Sequence[Point], closed: bool = True, steps: int = 8) -> list[Point]:
    """A Catmull-Rom curve through the points, ``steps`` samples between two of them."""
    count = len(points)
    spans = count if closed else count - 1
    curve: list[Point] = []
    for k in range(spans):
        a, b, c, d = (
            points[(k + j) % count] if closed else points[max(0, min(count - 1, k + j))]
            for j in (-1, 0, 1, 2)
        )
        for step in range(steps):
            t = step / steps
            curve.append((_spline(a[0], b[0], c[0], d[0], t), _spline(a[1], b[1], c[1], d[1], t)))
    if not closed:
        curve.append(points[-1])
    return curve


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    cubic = (-a + 3 * b - 3 * c + d) * t**3 + (2 * a - 5 * b + 4 * c - d) * t**2
    return 0.5 * (2 * b + (c - a) * t + cubic)


def _gradient(corners: Corners, size_px: tuple[int, int]) -> Image.Image:
    """Four corner colours (upper left, upper right, lower left, lower right), blended."""
    if len(set(corners)) == 1:
        return Image.new("RGB", size_px, corners[0])
    seed = Image.new("RGB", (2, 2))
    seed.putdata(list(corners))
    return seed.resize(size_px, Image.Resampling.BILINEAR, box=(0.5, 0.5, 1.5, 1.5))
