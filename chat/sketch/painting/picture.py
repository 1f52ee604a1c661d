"""The whole picture: background, things, weather, grain. The only room that paints a scene."""

import numpy as np
from PIL import Image, ImageFilter

from chat.sketch.painting import cards, sky, stages, weather
from chat.sketch.painting.canvas import Canvas, Pen
from chat.sketch.painting.catalogue import CATALOGUE
from chat.sketch.painting.colour import mix
from chat.sketch.painting.layout import Placement, laid_out, stage_of
from chat.sketch.painting.light import Light, light_of
from chat.sketch.painting.outdoors import View, outdoors
from chat.sketch.scene import Scene


def paint(scene: Scene, size_px: tuple[int, int]) -> Image.Image:
    """Paint a scene: RGB, exactly of that size, the same for the same scene."""
    light, stage = light_of(scene), stage_of(scene)
    horizon = 0.5 if stage == "outdoors" and "city" in scene.land else 0.58
    rng = np.random.default_rng(scene.seed)
    canvas = Canvas(sky.sky(size_px, light, horizon), haze=mix(light.horizon, light.middle, 0.3))
    canvas.dark = light.dark
    view = View(canvas, scene, light, horizon, rng)
    if stage == "outdoors":
        outdoors(view)
    elif stage == "sea_bed":
        stages.sea_bed(canvas, rng, view.wished("sea") or scene.sky)
    elif stage == "space":
        stages.space(canvas, rng)
    elif stage == "sheet":
        stages.sheet(canvas, scene.sky)
    elif stage == "card":
        cards.card(canvas, scene)
    else:
        _indoors(view, stage)
    for placement in laid_out(scene, size_px[0] / size_px[1], horizon):
        put(canvas, placement)
    image = canvas.image
    if stage == "outdoors":
        image = _weathered(image, scene, light, horizon)
    if light.dark or scene.time in {"evening", "dawn"}:
        image = _bloomed(image)
    return weather.grained(image, scene.seed)


def put(canvas: Canvas, placement: Placement) -> None:
    """Draw one placed thing on a canvas, which may as well hold a photograph."""
    width_px, height_px = canvas.size_px
    pen = Pen(
        canvas,
        placement.x * width_px,
        placement.y * height_px,
        placement.height * height_px,
        mirrored=placement.mirrored,
        distance=placement.distance,
    )
    kind = CATALOGUE[placement.kind]
    if kind.with_hair is not None:
        kind.with_hair(pen, placement.colour, placement.hair)
    else:
        kind.draw(pen, placement.colour)


def _indoors(view: View, stage: str) -> None:
    red, green, blue = view.light.tint
    # Lamps are on indoors: rooms are never as dark and blue as the night outside.
    lamplight = (0.76, 0.61, 0.48)
    half = (red * 0.6 + 0.4, green * 0.6 + 0.38, blue * 0.6 + 0.36)
    view.canvas.tint = lamplight if view.light.dark else half
    if stage == "room":
        stages.room(view.canvas, view.light, view.rng, view.wished("wall"))
    else:
        stages.table_top(view.canvas, view.light, view.wished("wall") or view.scene.sky)


def _weathered(image: Image.Image, scene: Scene, light: Light, horizon: float) -> Image.Image:
    if "fog" in scene.weather:
        image = weather.fogged(image, mix(light.horizon, (214, 220, 226), 0.5), horizon)
    if scene.weather & {"rain", "storm"}:
        image = weather.rained(image, scene.seed)
    if "snow" in scene.weather:
        image = weather.snowed(image, scene.seed)
    return image


def _bloomed(image: Image.Image) -> Image.Image:
    """Bright parts bleed a little, as through a lens at dusk."""
    small = image.resize((max(1, image.width // 4), max(1, image.height // 4)))
    bright = small.point([max(0, level - 150) for level in range(256)] * 3)
    halo = bright.filter(ImageFilter.GaussianBlur(image.height / 90)).resize(image.size)
    base, light = np.asarray(image, dtype=np.float32), np.asarray(halo, dtype=np.float32)
    return Image.fromarray((255 - (255 - base) * (1 - light / 255 * 0.7)).astype(np.uint8))
