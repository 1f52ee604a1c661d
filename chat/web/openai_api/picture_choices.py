"""What may be chosen for pictures, in OpenAI's words, and what that is among Easel's settings."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from chat.core.conversation_settings import SETTINGS, ConversationSettings, Known
from chat.core.errors import CapabilityError
from chat.core.models import ModelCard
from chat.core.parts import Json
from chat.core.shapes import SIDES_PX, pixels_of, ratio_of

Choice = Annotated[str, Field(max_length=100)] | None

USUAL = frozenset({"", "auto", "standard"})
"""Words by which clients leave the choice to the model; some always send one."""


class PictureChoices(BaseModel):
    """The part of a request that is about pictures; ``None`` leaves the choice to the model."""

    model_config = ConfigDict(extra="allow")

    size: Choice = None
    """Width and height in pixels, such as ``1536x1024``."""
    aspect_ratio: Choice = None
    """Such as ``16:9``; it goes before the shape of ``size``."""
    image_size: Choice = None
    """Such as ``2K``."""
    quality: Choice = None
    background: Choice = None
    style: Choice = None
    output_format: Choice = None
    negative_prompt: Annotated[str, Field(max_length=1_000)] | None = None


def chosen(
    card: ModelCard, asked: PictureChoices, known: Known, more: Mapping[str, str | None]
) -> tuple[dict[str, Json], list[str]]:
    """The options of a request, and the names of choices that this model does not have.

    Args:
        card: the model that is asked.
        asked: what was chosen.
        known: what values are checked against.
        more: choices from another part of the request, which go before the same of ``asked``.

    Raises:
        CapabilityError: the model has that choice, and not this value of it.
    """
    names = ("aspect_ratio", "image_size", "quality", "background", "style", "output_format")
    words = {name: more.get(name) or getattr(asked, name) for name in names}
    words["negative_prompt"] = asked.negative_prompt
    found = {name: word for name, word in words.items() if word is not None and word not in USUAL}
    size, nothing = (asked.size or "").strip().lower(), list[str]()
    if size not in USUAL:
        sized = _sized(card, size)
        if not sized:
            nothing.append("size")
        found = {**sized, **found}
    options: dict[str, Json] = {}
    usual = ConversationSettings()
    for setting in SETTINGS:
        if setting.name not in found:
            continue
        if not setting.offered(card):
            nothing.append(setting.name)
            continue
        kept = getattr(usual, setting.name)
        value = setting.checked(found[setting.name], kept, known, card)
        if value != setting.default:
            options[setting.name] = value
    return options, nothing


def _sized(card: ModelCard, size: str) -> dict[str, str]:
    """What comes closest to a size in pixels; nothing where the model has no choice of size."""
    sides = pixels_of(size)
    if sides is None:
        raise CapabilityError("“size” is a width and a height in pixels, such as 1024x1024.")
    if card.size_limits is not None:
        return {"pixels": size}
    found: dict[str, str] = {}
    shape = math.log(sides[0] / sides[1])
    if ratio := _nearest(card.aspect_ratios, shape, _shape_of):
        found["aspect_ratio"] = ratio
    side = math.log(math.sqrt(sides[0] * sides[1]))
    if scale := _nearest(card.image_sizes, side, _side_of):
        found["image_size"] = scale
    return found


def _nearest(choices: Sequence[str], wanted: float, of: Callable[[str], float | None]) -> str:
    measured = {word: figure for word in choices if (figure := of(word)) is not None}
    return min(measured, key=lambda word: abs(measured[word] - wanted), default="")


def _shape_of(word: str) -> float | None:
    sides = ratio_of(word)
    return None if sides is None else math.log(sides[0] / sides[1])


def _side_of(word: str) -> float | None:
    side_px = SIDES_PX.get(word)
    return None if side_px is None else math.log(side_px)
