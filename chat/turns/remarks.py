"""What of a reply's pictures is other than was asked for: said under the reply. Pure."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from chat.core.messages import Finish
from chat.core.models import ModelCard
from chat.core.parts import Image, Json, Part, images
from chat.providers.endings import DRAFT_ALONE
from chat.providers.openai_images.sizes import best_size

OFF_BY = 0.08
"""Of the logarithm of width by height: models round sides to what they can draw."""

_PAIR = re.compile(r"([0-9]{1,5})[:x]([0-9]{1,5})")


def remarked(
    finish: Finish, card: ModelCard, options: Mapping[str, Json], parts: Sequence[Part]
) -> Finish:
    """The finish with a sentence on a draft that stayed one, and on a shape that was not asked.

    Args:
        finish: how the reply ended.
        card: the model that answered.
        options: what was chosen in the conversation.
        parts: the reply.
    """
    drawn = [image for image in images(parts) if image.origin != "upload"]
    whole = [image for image in drawn if not image.draft]
    sentence = DRAFT_ALONE if drawn and not whole else _other_shape(card, options, whole)
    if not sentence or sentence in finish.message:
        return finish
    return replace(finish, message=f"{finish.message} {sentence}".strip())


def _other_shape(card: ModelCard, options: Mapping[str, Json], whole: Sequence[Image]) -> str:
    ratio = options.get("aspect_ratio")
    if not isinstance(ratio, str) or ratio not in card.aspect_ratios:
        return ""
    size = options.get("image_size")
    size = size if isinstance(size, str) and size in card.image_sizes else ""
    wanted = _shape(best_size(card.sizes, ratio, size)) or _shape(ratio)
    if wanted is None:
        return ""
    for image in whole:
        width_px, height_px = image.media.width_px, image.media.height_px
        came = _shape(f"{width_px}x{height_px}")
        if image.origin == "model" and came is not None and abs(came - wanted) > OFF_BY:
            return f"{ratio} was asked for; the picture came with {width_px} × {height_px} pixels."
    return ""


def _shape(text: str) -> float | None:
    """The logarithm of width by height; ``None`` where the text names none."""
    found = _PAIR.fullmatch(text)
    if found is None or not (int(found[1]) and int(found[2])):
        return None
    return math.log(int(found[1]) / int(found[2]))
