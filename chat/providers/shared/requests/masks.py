"""The mask of the last question: a PNG that is transparent where its first picture may change.

A mask of an earlier question belongs to a picture that has been changed since; it goes nowhere.
"""

from chat.core.calling import ModelRequest
from chat.core.errors import CapabilityError
from chat.core.messages import last_question
from chat.core.parts import Image

_PNG = "image/png"
_COLOUR_TYPE_AT = 25
_WITH_ALPHA = frozenset({4, 6})
_HEAD_BYTES = 4096
"""Within these a palette's transparency is declared, before the pixels."""


def mask_of(request: ModelRequest) -> Image | None:
    """The mask that goes with the last question, if there is one and it can be used.

    Raises:
        CapabilityError: the model takes no mask, or the mask does not fit its picture.
    """
    masks, pictures = _last(request)
    if not masks:
        return None
    title = request.card.title
    if not request.card.mask:
        raise CapabilityError(
            f"{title} takes no mask. Remove it and say in words what to change, or choose a model "
            "that takes masks, such as GPT Image 2."
        )
    if len(masks) > 1:
        raise CapabilityError(f"{title} takes one mask at a time. Remove the others.")
    if not pictures:
        raise CapabilityError("A mask needs the picture it belongs to. Add that picture too.")
    mask, picture = masks[0], pictures[0]
    data = request.media[mask.media.sha256]
    if mask.media.mime != _PNG or not has_alpha(data):
        raise CapabilityError("A mask is a PNG that is transparent where the picture may change.")
    of_mask = (mask.media.width_px, mask.media.height_px)
    of_picture = (picture.media.width_px, picture.media.height_px)
    if of_mask != of_picture:
        raise CapabilityError(
            f"The mask has {of_mask[0]} × {of_mask[1]} pixels and the first picture "
            f"{of_picture[0]} × {of_picture[1]}. They must be of one size."
        )
    return mask


def refuse_mask(request: ModelRequest) -> None:
    """Refuse a mask, on a wire that has no place for one.

    Raises:
        CapabilityError: the last question has a mask.
    """
    if request.media and _last(request)[0]:
        raise CapabilityError(
            f"{request.card.title} takes no mask. Remove it and say in words what to change, or "
            "choose a model that takes masks, such as GPT Image 2."
        )


def _last(request: ModelRequest) -> tuple[list[Image], list[Image]]:
    """Masks and pictures of the last question."""
    asked = last_question(request.messages)
    found = [part for part in asked.parts if isinstance(part, Image)] if asked else []
    return [image for image in found if image.mask], [image for image in found if not image.mask]


def has_alpha(png: bytes) -> bool:
    """Whether a PNG can be transparent, told from its head.

    Source: PNG specification, third edition, IHDR and tRNS (2025-06-24).
    """
    head = png[:_HEAD_BYTES]
    if len(head) <= _COLOUR_TYPE_AT:
        return False
    return head[_COLOUR_TYPE_AT] in _WITH_ALPHA or b"tRNS" in head
