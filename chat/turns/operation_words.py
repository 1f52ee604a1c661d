"""What was done to a picture, in words: the question of an exchange that no model answered."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chat.core.languages import later
from chat.core.parts import Derivation, Json

TURNS = {1: "to the right", 2: "by half a turn", 3: "to the left"}
SIDES = (("left_px", "left"), ("top_px", "top"), ("right_px", "right"), ("bottom_px", "bottom"))
TONES = ("exposure_stops", "contrast", "warmth", "saturation")
FORMS = {"png": "PNG", "jpeg": "JPEG", "webp": "WebP", "avif": "AVIF"}


def described(recipe: Sequence[Mapping[str, Json]]) -> str:
    """A recipe in a sentence: ``Crop to 640 × 480, then turn to the right``.

    Args:
        recipe: the JSON form of each operation, in order.
    """
    words = [_one(step) for step in recipe]
    return ", then ".join([words[0], *(each[:1].lower() + each[1:] for each in words[1:])])


def done(derivation: Derivation | None) -> str:
    """What was done to a picture without a model, in words; empty: nothing.

    What came in a file, or was kept by a newer Easel, may have a form that nobody here knows: then
    the operation's name has to do.
    """
    if derivation is None or not derivation.operation:
        return ""
    steps = derivation.details.get("recipe")
    try:
        return described(steps) if isinstance(steps, list) and steps else _titled(derivation)
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError):
        return _titled(derivation)


def _titled(derivation: Derivation) -> str:
    return derivation.operation.replace("_", " ").capitalize()


def _one(step: Mapping[str, Json]) -> str:
    name = str(step["operation"])
    tell = _WORDS.get(name)
    return tell(step) if tell else name.replace("_", " ").capitalize()


def _extended(step: Mapping[str, Any]) -> str:
    sides = [f"{word} by {step[side]} px" for side, word in SIDES if step.get(side)]
    return later(f"Extend the canvas: {', '.join(sides)}")


def _adjusted(step: Mapping[str, Any]) -> str:
    tones = [f"{tone.removesuffix('_stops')} {step[tone]:+.2g}" for tone in TONES if step.get(tone)]
    return later(f"Adjust {', '.join(tones)}") if tones else later("Adjust nothing")


def _annotated(step: Mapping[str, Any]) -> str:
    count = len(step["marks"])
    return later("Draw 1 mark") if count == 1 else later(f"Draw {count} marks")


_WORDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "crop": lambda step: later(f"Crop to {step['width_px']} × {step['height_px']}"),
    "turn": lambda step: later(f"Turn {TURNS[step['quarters']]}"),
    "flip": lambda step: (
        later("Flip horizontally")
        if step["direction"] == "horizontal"
        else later("Flip vertically")
    ),
    "rotate": lambda step: later(f"Rotate by {step['degrees']:g}°"),
    "resize": lambda step: later(f"Resize to {step['width_px']} × {step['height_px']}"),
    "extend": _extended,
    "adjust": _adjusted,
    "annotate": _annotated,
    "cut_out": lambda _: later("Make the background transparent"),
    "caption": lambda step: later(f"Write “{step['text']}” {step.get('place', 'below')} it"),
    "convert": lambda step: later(f"Convert to {FORMS.get(step['form'], step['form'])}"),
    "upscale": lambda step: later(f"Enlarge {step['factor']} times"),
}
