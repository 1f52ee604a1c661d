"""Carries orders out, one after the other, and says what it did."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image

from chat.sketch.editing import form, region, tone
from chat.sketch.editing.opening import uncovered
from chat.sketch.order import Order
from chat.sketch.painting import weather
from chat.sketch.painting.colour import Rgb
from chat.sketch.painting.lettering import unwritable

_Tone = Callable[[Image.Image, float], Image.Image]

_TONES: dict[str, tuple[_Tone, str, str]] = {
    "grey": (lambda image, _: tone.grey(image), "turned it to greyscale", ""),
    "sepia": (lambda image, _: tone.sepia(image), "toned it sepia", ""),
    "invert": (lambda image, _: tone.inverted(image), "inverted its colours", ""),
    "bright": (tone.brightened, "made it brighter", "made it darker"),
    "warm": (tone.warmed, "made it warmer", "made it cooler"),
    "contrast": (tone.contrasted, "raised the contrast", "lowered the contrast"),
    "saturate": (tone.saturated, "made the colours stronger", "made the colours weaker"),
    "blur": (lambda image, _: tone.blurred(image), "blurred it", ""),
    "sharpen": (lambda image, _: tone.sharpened(image), "sharpened it", ""),
    "cartoon": (lambda image, _: tone.cartooned(image), "turned it into a cartoon", ""),
    "pixelate": (lambda image, _: tone.pixelated(image), "pixelated it", ""),
    "vignette": (lambda image, _: tone.vignetted(image), "darkened the corners", ""),
}
_HOURS = {
    "evening": "gave it evening light",
    "night": "turned day into night",
    "dawn": "gave it the light of dawn",
    "day": "gave it daylight",
}


_HUES = (
    *((16, "red"), (45, "orange"), (70, "yellow"), (165, "green"), (200, "turquoise")),
    *((255, "blue"), (290, "violet"), (345, "pink"), (361, "red")),
)
"""Where each name of a hue ends, in degrees."""


@dataclass(frozen=True, slots=True)
class Done:
    """The picture after the orders, and a clause for each, fit to follow "I"."""

    image: Image.Image
    said: tuple[str, ...]
    failed: tuple[str, ...]
    """What was asked for and left every pixel as it was: sentences without a full stop."""
    orders: tuple[Order, ...]
    """Those that were done."""
    alpha: Image.Image | None = None
    """How opaque each pixel is, mode L; ``None`` for a picture that is opaque."""


def no_letters(strange: str) -> str:
    """A sentence, without its full stop, for letters that cannot be written."""
    return f"I cannot write “{strange[:40]}”: my letters are Latin, Greek and Cyrillic"


def told(said: tuple[str, ...]) -> str:
    """The clauses as one sentence."""
    clauses = [f"I {said[0]}", *said[1:]]
    if len(clauses) == 1:
        return clauses[0] + "."
    return ", ".join(clauses[:-1]) + " and " + clauses[-1] + "."


def carried_out(
    image: Image.Image,
    orders: tuple[Order, ...],
    seed: int,
    alpha: Image.Image | None = None,
) -> Done:
    """Do all of it, in order. What cannot be done is said and skipped."""
    said: list[str] = []
    failed: list[str] = []
    done: list[Order] = []
    for order in orders:
        if order.name == "caption" and (strange := unwritable(order.text)):
            failed.append(no_letters(strange))
            continue
        after, clause = _one(image, order, seed)
        if clause.startswith("found no"):
            failed.append("I " + clause)
            continue
        alpha_after = _alpha_after(alpha, order, image, after) if alpha is not None else None
        if _is_same(image, after) and _is_same(alpha, alpha_after):
            failed.append(f"I {clause}, but it looks the same as before")
            continue
        image, alpha = after, alpha_after
        said.append(clause)
        done.append(order)
    return Done(image, tuple(said), tuple(failed), tuple(done), alpha)


def _is_same(before: Image.Image | None, after: Image.Image | None) -> bool:
    if before is None or after is None:
        return before is after
    return before.size == after.size and before.tobytes() == after.tobytes()


def _alpha_after(
    alpha: Image.Image, order: Order, before: Image.Image, after: Image.Image
) -> Image.Image:
    """How opaque the picture is after an order: moved as its pixels are, or painted over."""
    if order.name == "frame":
        sheet = Image.new("L", after.size, 255)
        left, top = ((new - old) // 2 for new, old in zip(after.size, before.size, strict=True))
        sheet.paste(alpha, (left, top))
        return sheet
    if order.name == "caption":
        return uncovered(alpha, before, after)
    if order.name == "rotate":
        grey = Image.merge("RGB", (alpha, alpha, alpha))
        return form.rotated(grey, order.amount, (0, 0, 0)).getchannel(0)
    if order.name == "flip":
        return form.flipped(alpha, order.amount < 0)
    if order.name == "crop":
        return form.cropped(alpha, order.amount)
    return alpha if alpha.size == after.size else form.resized(alpha, after.size)


def _one(image: Image.Image, order: Order, seed: int) -> tuple[Image.Image, str]:
    if order.name in _TONES:
        work, more, less = _TONES[order.name]
        return work(image, order.amount), more if order.amount >= 0 or not less else less
    if order.name == "tint" and order.colour is not None:
        return tone.tinted(image, order.colour), f"made it {order.colour_name}"
    if order.name == "dye":
        return _dyed(image, order)
    if order.name == "hour":
        return tone.at_hour(image, order.text), _HOURS.get(order.text, "changed the light")
    if order.name == "snow":
        return weather.snowed(image, seed), "let it snow"
    if order.name == "rain":
        return weather.rained(image, seed), "let it rain"
    if order.name == "fog":
        return weather.fogged(image, (212, 218, 224)), "laid fog over it"
    return _formed(image, order)


def _formed(image: Image.Image, order: Order) -> tuple[Image.Image, str]:
    if order.name == "rotate":
        left = order.amount > 180
        turn = f"{360 - order.amount:g}° anticlockwise" if left else f"{order.amount:g}° clockwise"
        return form.rotated(image, order.amount), f"rotated it by {turn}"
    if order.name == "flip":
        upside_down = order.amount < 0
        way = "upside down" if upside_down else "left to right"
        return form.flipped(image, upside_down), f"flipped it {way}"
    if order.name == "crop":
        done = form.cropped(image, order.amount)
        return done, f"cropped it to {done.width}×{done.height} px"
    if order.name == "frame":
        return form.framed(
            image, order.colour or (250, 248, 244)
        ), f"added a {order.colour_name} border"
    if order.name == "caption":
        upper = order.place == "top"
        return form.captioned(
            image, order.text, upper
        ), f"wrote “{order.text[:80]}” {'at the top' if upper else 'at the bottom'}"
    done = form.resized(image, _size_px(image, order))
    return done, f"resized it to {done.width}×{done.height} px"


def _size_px(image: Image.Image, order: Order) -> tuple[int, int]:
    if not order.text:
        return round(image.width * order.amount), round(image.height * order.amount)
    width_px, height_px = (int(side) for side in order.text.split("x"))
    width_px = max(1, width_px)
    return width_px, height_px or max(1, round(image.height * width_px / image.width))


def _dyed(image: Image.Image, order: Order) -> tuple[Image.Image, str]:
    noun = order.target.rsplit(" ", 1)[-1]
    found = region.region_of(image, noun, order.old)
    wanted = f"the {order.target}" if order.target else "it"
    if found is None or order.colour is None:
        return image, f"found no {order.old_name or 'coloured'} area that could be {wanted}"
    done = region.recoloured(image, found, order.colour)
    if order.old_name:
        return done, f"made the {order.old_name} {order.target or 'parts'} {order.colour_name}"
    where = f"the {hue_name(found.colour)} area, {found.share:.0%} of the picture"
    return done, f"took {wanted} to be {where}, and made it {order.colour_name}"


def hue_name(colour: Rgb) -> str:
    """A plain word for the colour of a region."""
    red, green, blue = (level / 255 for level in colour)
    high, low = max(red, green, blue), min(red, green, blue)
    if high - low < 0.09:
        return "white" if low > 0.8 else "black" if high < 0.2 else "grey"
    angle = float(np.degrees(np.arctan2(3**0.5 * (green - blue), 2 * red - green - blue))) % 360
    if 12 <= angle < 50 and high < 0.6:
        return "brown"
    return next(name for limit, name in _HUES if angle < limit)
