"""What of a reply's pictures is other than was asked for: said under the reply. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from chat.core.asked_for import other_count, other_picture
from chat.core.asked_pictures import pictures_asked
from chat.core.messages import Finish
from chat.core.models import ModelCard
from chat.core.parts import Image, Json, Part, images
from chat.core.regions import proof_of
from chat.core.shapes import SIDES_PX, pixels_of, ratio_of
from chat.images.declared import READ, UNKNOWN_PX
from chat.providers.openai_images.sizes import size_asked
from chat.providers.shared.replies.endings import DRAFT_ALONE

OFF_BY = 0.08
"""Of the logarithm of width by height: models round sides to what they can draw."""

SIZE_OFF_BY = 0.25
"""The same of the side of a square with as many pixels."""

DRAWING = "image/svg+xml"
"""Lines, which have no size in pixels."""


def remarked(
    finish: Finish, card: ModelCard, options: Mapping[str, Json], parts: Sequence[Part]
) -> Finish:
    """The finish with a sentence on all that is not as asked: a draft alone, number, shape, size.

    Args:
        finish: how the reply ended.
        card: the model that answered.
        options: what was chosen in the conversation.
        parts: the reply.
    """
    drawn = [image for image in images(parts) if image.origin != "upload"]
    if not drawn:
        return finish
    whole = [image for image in drawn if not image.draft]
    if not whole:
        sentences = [DRAFT_ALONE]
    else:
        made = [image for image in whole if image.origin == "model"]
        sentences = [_other_count(finish, card, options, made), _other(card, options, made)]
    message = finish.message
    for sentence in sentences:
        if sentence and sentence not in message:
            message = f"{message} {sentence}".strip()
    return finish if message == finish.message else replace(finish, message=message)


def _other_count(
    finish: Finish, card: ModelCard, options: Mapping[str, Json], made: Sequence[Image]
) -> str:
    """Of a model that can be told how many; what stopped half-way says so itself."""
    if card.n_max < 2 or not made or finish.kind != "stop":
        return ""
    return other_count(len(made), pictures_asked(card, options))


def _other(card: ModelCard, options: Mapping[str, Json], made: Sequence[Image]) -> str:
    """The first picture whose shape or size is another."""
    ratio = options.get("aspect_ratio") if options.get("aspect_ratio") in card.aspect_ratios else ""
    word = options.get("image_size") if options.get("image_size") in card.image_sizes else ""
    sent = size_asked(card, options)
    exact = sent if sent and sent == options.get("pixels") else ""
    sides = pixels_of(sent)
    shape = sides or (ratio_of(str(ratio)) if ratio else None)
    area = math.prod(sides) if sides else SIDES_PX.get(str(word), 0) ** 2
    for image in made:
        if proof_of(image) is not None:
            continue  # of its source's shape, as a region of it was asked to change
        came = image.media.width_px, image.media.height_px
        if not all(came) or (came == UNKNOWN_PX and image.media.mime not in READ):
            continue
        sized = image.media.mime != DRAWING
        if exact:
            if sized and came != sides:
                return other_picture(exact.replace("x", " × "), *came)
            continue
        named = [str(ratio)] if ratio and shape and _off(came, shape) > OFF_BY else []
        if word and area and sized and _size_off(came, area) > SIZE_OFF_BY:
            named.append(str(word))
        if named:
            return other_picture(" at ".join(named), *came)
    return ""


def _off(came: tuple[int, int], wanted: tuple[float, float]) -> float:
    return abs(math.log(came[0] * wanted[1] / (came[1] * wanted[0])))


def _size_off(came: tuple[int, int], area: float) -> float:
    return abs(math.log(math.prod(came) / area)) / 2
