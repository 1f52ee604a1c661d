"""How the light of an hour falls: colours of the sky and the tint on everything below it."""

from dataclasses import dataclass, replace

from chat.sketch.painting.colour import Rgb, luma, mix
from chat.sketch.scene import Scene


@dataclass(frozen=True, slots=True)
class Light:
    """The sky from zenith to horizon, the haze of distance, and the tint on surfaces."""

    zenith: Rgb
    middle: Rgb
    horizon: Rgb
    tint: tuple[float, float, float]
    sun: Rgb
    cloud: Rgb
    dark: bool = False
    """Lamps and windows shine."""


_HOURS = {
    "day": Light(
        (58, 132, 205),
        (128, 186, 228),
        (221, 236, 236),
        (1, 1, 1),
        (255, 246, 214),
        (250, 251, 252),
    ),
    "dawn": Light(
        (92, 118, 178),
        (222, 168, 178),
        (255, 219, 178),
        (1.0, 0.88, 0.86),
        (255, 236, 196),
        (255, 214, 204),
    ),
    "evening": Light(
        (66, 66, 126),
        (216, 120, 112),
        (255, 204, 138),
        (0.96, 0.79, 0.68),
        (255, 226, 150),
        (246, 172, 148),
    ),
    "night": Light(
        (8, 13, 38),
        (22, 38, 84),
        (58, 84, 130),
        (0.42, 0.46, 0.64),
        (244, 242, 220),
        (58, 70, 108),
        dark=True,
    ),
}


def light_of(scene: Scene) -> Light:
    """The light of a scene: its hour, greyed by its weather, turned by a wished sky colour."""
    light = _HOURS[scene.time or "day"]
    if scene.weather & {"rain", "storm", "overcast", "snow", "fog"}:
        grey = 0.72 if "storm" in scene.weather else 0.5
        gloom: Rgb = (88, 98, 116) if "storm" in scene.weather else (150, 160, 172)
        if scene.weather & {"snow", "fog"} and "storm" not in scene.weather:
            gloom = (188, 198, 210)
        gloom = mix(gloom, (16, 22, 40), 0.75) if light.dark else gloom
        dim = 0.8 if "storm" in scene.weather else 0.93
        red, green, blue = light.tint
        light = replace(
            light,
            zenith=mix(light.zenith, gloom, grey),
            middle=mix(light.middle, gloom, grey),
            horizon=mix(light.horizon, gloom, grey * 0.7),
            cloud=mix(light.cloud, gloom, 0.4 if "storm" not in scene.weather else 0.75),
            tint=(red * dim, green * dim, blue * dim),
        )
    if scene.sky is not None:
        wished = scene.sky
        light = replace(
            light,
            zenith=mix(light.zenith, wished, 0.86),
            middle=mix(wished, (255, 255, 255), 0.12 if luma(wished) > 60 else 0.02),
            horizon=mix(mix(wished, (255, 250, 240), 0.45), light.horizon, 0.15),
        )
    return light
