"""Carries orders out, one after the other, and says what it did."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image

from chat.core.languages import later, say
from chat.sketch.editing import form, region, tone
from chat.sketch.editing.opening import uncovered
from chat.sketch.order import Order
from chat.sketch.painting import weather
from chat.sketch.painting.colour import Rgb
from chat.sketch.painting.lettering import unwritable
from chat.sketch.tongues.naming import named, stopped, the

_Tone = Callable[[Image.Image, float], Image.Image]

_TONES: dict[str, tuple[_Tone, str, str]] = {
    "grey": (lambda image, _: tone.grey(image), later("turned it to greyscale"), ""),
    "sepia": (lambda image, _: tone.sepia(image), later("toned it sepia"), ""),
    "invert": (lambda image, _: tone.inverted(image), later("inverted its colours"), ""),
    "bright": (tone.brightened, later("made it brighter"), later("made it darker")),
    "warm": (tone.warmed, later("made it warmer"), later("made it cooler")),
    "contrast": (tone.contrasted, later("raised the contrast"), later("lowered the contrast")),
    "saturate": (
        tone.saturated,
        later("made the colours stronger"),
        later("made the colours weaker"),
    ),
    "blur": (lambda image, _: tone.blurred(image), later("blurred it"), ""),
    "sharpen": (lambda image, _: tone.sharpened(image), later("sharpened it"), ""),
    "cartoon": (lambda image, _: tone.cartooned(image), later("turned it into a cartoon"), ""),
    "pixelate": (lambda image, _: tone.pixelated(image), later("pixelated it"), ""),
    "vignette": (lambda image, _: tone.vignetted(image), later("darkened the corners"), ""),
}
_HOURS = {
    "evening": later("gave it evening light"),
    "night": later("turned day into night"),
    "dawn": later("gave it the light of dawn"),
    "day": later("gave it daylight"),
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
    return say(
        "I cannot write “{words}”: my letters are Latin, Greek and Cyrillic", words=strange[:40]
    )


def told(said: tuple[str, ...]) -> str:
    """The clauses as one sentence."""
    done = said[-1]
    if len(said) > 1:
        done = say("{things} and {thing}", things=", ".join(said[:-1]), thing=said[-1])
    return stopped(say("I {done}", done=done))


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
        after, clause = (_dyed if order.name == "dye" else _one)(image, order, seed)
        if after is None:
            failed.append(clause)
            continue
        alpha_after = _alpha_after(alpha, order, image, after) if alpha is not None else None
        if _is_same(image, after) and _is_same(alpha, alpha_after):
            failed.append(say("I {done}, but it looks the same as before", done=clause))
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
        return work(image, order.amount), say(more if order.amount >= 0 or not less else less)
    if order.name == "tint" and order.colour is not None:
        return tone.tinted(image, order.colour), _tinted(order.colour_name)
    if order.name == "hour":
        return tone.at_hour(image, order.text), say(
            _HOURS.get(order.text, later("changed the light"))
        )
    if order.name == "snow":
        return weather.snowed(image, seed), say("let it snow")
    if order.name == "rain":
        return weather.rained(image, seed), say("let it rain")
    if order.name == "fog":
        return weather.fogged(image, (212, 218, 224)), say("laid fog over it")
    return _formed(image, order)


def _formed(image: Image.Image, order: Order) -> tuple[Image.Image, str]:
    if order.name == "rotate":
        left = order.amount > 180
        turned = form.rotated(image, order.amount)
        if left:
            return turned, say("rotated it by {n}° anticlockwise", n=f"{360 - order.amount:g}")
        return turned, say("rotated it by {n}° clockwise", n=f"{order.amount:g}")
    if order.name == "flip":
        upside_down = order.amount < 0
        flipped = form.flipped(image, upside_down)
        if upside_down:
            return flipped, say("flipped it upside down")
        return flipped, say("flipped it left to right")
    if order.name == "crop":
        done = form.cropped(image, order.amount)
        return done, say("cropped it to {width}×{height} px", width=done.width, height=done.height)
    if order.name == "frame":
        framed = form.framed(image, order.colour or (250, 248, 244))
        return framed, say("added a {colour} border", colour=named(order.colour_name))
    if order.name == "caption":
        upper = order.place == "top"
        written, words = form.captioned(image, order.text, upper), order.text[:80]
        if upper:
            return written, say("wrote “{words}” at the top", words=words)
        return written, say("wrote “{words}” at the bottom", words=words)
    done = form.resized(image, _size_px(image, order))
    return done, say("resized it to {width}×{height} px", width=done.width, height=done.height)


def _size_px(image: Image.Image, order: Order) -> tuple[int, int]:
    if not order.text:
        return round(image.width * order.amount), round(image.height * order.amount)
    width_px, height_px = (int(side) for side in order.text.split("x"))
    width_px = max(1, width_px)
    return width_px, height_px or max(1, round(image.height * width_px / image.width))


def _tinted(colour: str) -> str:
    if colour.startswith("more "):
        return say("made it more {colour}", colour=named(colour.removeprefix("more ")))
    return say("made it {colour}", colour=named(colour))


def _dyed(image: Image.Image, order: Order, _: int) -> tuple[Image.Image | None, str]:
    """The picture and a clause; ``None`` and a sentence without its full stop: nothing is there."""
    noun = order.target.rsplit(" ", 1)[-1]
    found = region.region_of(image, noun, order.old)
    wanted = the(order.target) if order.target else say("it")
    if found is None or order.colour is None:
        if order.old_name:
            old = named(order.old_name)
            return None, say(
                "I found no {colour} area that could be {thing}", colour=old, thing=wanted
            )
        return None, say("I found no coloured area that could be {thing}", thing=wanted)
    done, colour = region.recoloured(image, found, order.colour), named(order.colour_name)
    if order.old_name:
        old = f"{order.old_name} {order.target or 'parts'}"
        return done, say("made the {things} {colour}", things=named(old), colour=colour)
    return done, say(
        "took {thing} to be the {old} area, {share} of the picture, and made it {colour}",
        thing=wanted, old=named(hue_name(found.colour)), share=f"{found.share:.0%}", colour=colour,
    )  # fmt: skip


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
