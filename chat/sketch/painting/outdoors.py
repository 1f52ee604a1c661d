"""The open air behind the things: which sky, which ground, what water, in which order."""

from dataclasses import dataclass, replace

import numpy as np

from chat.sketch.painting import land, sky, stages, weather
from chat.sketch.painting.canvas import Canvas, Ink, Pen
from chat.sketch.painting.colour import Rgb, mix
from chat.sketch.painting.layout import has_shore, waterside
from chat.sketch.painting.light import Light
from chat.sketch.scene import Scene

GLOOM = frozenset({"rain", "storm", "overcast", "snow", "fog"})
"""Weather that hides sun and stars."""


@dataclass(frozen=True, slots=True)
class View:
    """What every part of the background needs to know."""

    canvas: Canvas
    scene: Scene
    light: Light
    horizon: float
    rng: np.random.Generator

    @property
    def clear(self) -> bool:
        """Whether the sky can be seen."""
        return not self.scene.weather & GLOOM

    def wished(self, kind: str) -> Rgb | None:
        """The colour that was asked for."""
        return next((t.colour for t in self.scene.things if t.kind == kind), None)

    def names(self, kind: str) -> bool:
        """Whether the scene names the thing."""
        return any(t.kind == kind for t in self.scene.things)


def outdoors(view: View) -> None:
    """Paint sky, distance, water and ground, in that order."""
    canvas, rng, horizon, has = view.canvas, view.rng, view.horizon, set(view.scene.land)
    _heavens(view)
    canvas.tint = view.light.tint
    wet, snowy = waterside(view.scene), "snow" in view.scene.weather
    grass = view.wished("meadow") or (land.SNOW if snowy else land.GRASS)
    if "mountains" in has:
        land.mountains(canvas, horizon, rng, view.wished("mountains"))
    if "city" in has:
        stages.city(canvas, horizon, rng)
    if "hills" in has or not (has - {"meadow", "river"} or wet):
        land.hills(canvas, horizon + 0.03, rng, view.wished("hills") or grass)
    if wet:
        _water(view, grass)
    elif "desert" in has:
        land.dunes(canvas, horizon, rng)
    elif "city" in has:
        stages.street(canvas, horizon + 0.1)
    else:
        land.meadow(canvas, horizon, rng, grass)
    if "forest" in has:
        land.woods(canvas, horizon, rng, snowy)
    if "river" in has:
        land.river(canvas, horizon, view.light, view.wished("river"))


def _water(view: View, grass: Rgb) -> None:
    canvas, rng, horizon, has = view.canvas, view.rng, view.horizon, set(view.scene.land)
    if not has & {"beach", "city", "mountains"}:
        coast = land.ridge(rng, horizon + 0.012, 0.03, 1)
        land.fill_below(canvas, coast, Ink(mix((78, 104, 112), grass, 0.25)), distance=0.6)
    land.water(canvas, horizon, view.light, rng, view.wished("sea"))
    if view.clear:
        land.glitter(canvas, sun_x(view.scene), horizon, view.light.sun, rng)
    if "beach" in has:
        land.sand(canvas, 0.72, rng)
    elif has_shore(view.scene):
        land.meadow(canvas, 0.7, rng, grass)


def _heavens(view: View) -> None:
    if view.light.dark and (view.clear or "stars" in view.scene.weather):
        sky.stars(view.canvas, view.horizon, view.rng)
    _discs(view)
    if not view.clear:
        sky.overcast(view.canvas, view.light, view.horizon, view.rng)
    _clouds(view)
    if "rainbow" in view.scene.weather:
        sky.rainbow(view.canvas, view.horizon)
    if "storm" in view.scene.weather:
        weather.lightning(view.canvas, view.horizon, view.scene.seed)


def _discs(view: View) -> None:
    """Sun and moon: one of them by the hour, the other where it is asked for."""
    width_px, height_px = view.canvas.size_px
    dark = view.light.dark
    size = next((t.size for t in view.scene.things if t.kind in {"sun", "moon"}), 1.0)
    heights = {"dawn": view.horizon - 0.09, "evening": view.horizon - 0.075}
    y = heights.get(view.scene.time, 0.2)
    x_px, disc_px = sun_x(view.scene) * width_px, height_px * 0.11 * size
    pen = Pen(view.canvas, x_px, y * height_px, disc_px)
    aside = replace(pen, x_px=width_px - x_px, y_px=0.2 * height_px)
    if view.names("moon") or (dark and view.clear and "nomoon" not in view.scene.weather):
        sky.moon(pen if dark else aside, view.wished("moon"))
    if view.names("sun") or (not dark and view.clear and "nosun" not in view.scene.weather):
        sky.sun(aside if dark else pen, view.light, view.wished("sun"))


def _clouds(view: View) -> None:
    wish = next((t for t in view.scene.things if t.kind == "cloud"), None)
    if wish is None and (view.light.dark or not view.clear or "nocloud" in view.scene.weather):
        return
    count, size, colour = (wish.count, wish.size * 1.2, wish.colour) if wish else (3, 0.85, None)
    width_px, height_px = view.canvas.size_px
    for k in range(count):
        x, y, tall = view.rng.random(3).tolist()
        pen = Pen(
            view.canvas,
            (k + 0.2 + 0.6 * x) / count * width_px,
            (0.14 + 0.24 * y) * height_px,
            height_px * (0.05 + 0.05 * tall) * size,
            mirrored=x < 0.5,
        )
        sky.cloud(pen, view.light, colour, view.rng)


def sun_x(scene: Scene) -> float:
    """Where sun or moon stands, 0..1: as wished, else left or right by the seed."""
    wish = next((t.place for t in scene.things if t.kind in {"sun", "moon"}), "")
    return {"left": 0.2, "middle": 0.5, "right": 0.8}.get(wish, 0.74 if scene.seed % 2 else 0.27)
