"""What a user may ask: words, stored pictures, a mask and files, in limits, as parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chat.core.errors import CapabilityError
from chat.core.messages import Message
from chat.core.parts import File, Image, MediaRef, Part, Text, UnknownPart, files, images

MAX_TEXT_CHARACTERS = 400_000
MAX_PICTURES = 32
"""What any message may hold; how many of them a model takes, its card says."""
MAX_FILES = 10
MASK_MIME = "image/png"
MASK_ALT = "Mask: the transparent part may change"


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A stored file that goes along with a message."""

    sha256: str
    name: str
    """What the user calls it, its ending and all."""
    handle: int = 0
    """The number that the words call it by, where it is new to the conversation; 0: none."""


def check(
    text: str,
    shas: Sequence[str],
    masks: Sequence[str] = (),
    files: Sequence[NamedFile] = (),
) -> None:
    """Refuse what cannot be sent, before anything is stored.

    Raises:
        CapabilityError: the message is empty, too long, has too many pictures or files, or a mask
            too many.
    """
    if len(masks) > 1:
        raise CapabilityError("At most one mask goes with a message. Remove the others.")
    if masks and not shas:
        raise CapabilityError("A mask needs the picture it belongs to. Add that picture too.")
    if not text.strip() and not shas and not files:
        raise CapabilityError("Write a message, or add a picture or a file first.")
    if len(text) > MAX_TEXT_CHARACTERS:
        raise CapabilityError(
            f"This message has {len(text):,} characters; "
            f"at most {MAX_TEXT_CHARACTERS:,} can be sent."
        )
    if len(shas) > MAX_PICTURES:
        raise CapabilityError(
            f"This message has {len(shas)} pictures; "
            f"at most {MAX_PICTURES} can be sent at once. Remove some and send again."
        )
    if len(files) > MAX_FILES:
        raise CapabilityError(
            f"This message has {len(files)} files; "
            f"at most {MAX_FILES} can be sent at once. Remove some and send again."
        )


def files_shown(branch: Sequence[Message]) -> dict[str, File]:
    """Every file of a branch by sha256, the newest mention of each."""
    return {each.media.sha256: each for message in branch for each in files(message.parts)}


def shown(branch: Sequence[Message]) -> dict[str, Image]:
    """Every picture of a branch by sha256, the newest mention of each."""
    found: dict[str, Image] = {}
    for message in branch:
        drawn = (image for image in images(message.parts) if not image.mask)
        found.update({image.media.sha256: image for image in drawn})
    return found


def compose(
    text: str,
    refs: Sequence[MediaRef],
    earlier: Mapping[str, Image],
    masks: Sequence[MediaRef] = (),
    replaced: Sequence[Part] = (),
    handles: Mapping[str, int] | None = None,
    attached: Sequence[File] = (),
    *,
    fresh: bool = False,
) -> tuple[Part, ...]:
    """Pictures first, then masks, files, words. A picture seen earlier keeps its origin and alt.

    What this Easel could not read of the question that is asked in other words stays in front.
    ``handles`` are the numbers by which the words call new pictures, by sha256; ``fresh`` keeps
    the pictures above out of the request.

    Raises:
        CapabilityError: a mask is not of the form or the size of the first picture.
    """
    chosen: list[Part] = [part for part in replaced if isinstance(part, UnknownPart)]
    for ref in refs:
        known = earlier.get(ref.sha256)
        chosen.append(
            Image(known.media, known.origin, known.alt)
            if known is not None
            else Image(ref, "upload", handle=(handles or {}).get(ref.sha256, 0))
        )
    for mask in masks:
        _must_match(mask, refs[0])
        chosen.append(Image(mask, "upload", MASK_ALT, mask=True))
    chosen.extend(attached)
    return (*chosen, Text(text, fresh=fresh)) if text.strip() or fresh else tuple(chosen)


def _must_match(mask: MediaRef, picture: MediaRef) -> None:
    if mask.mime != MASK_MIME:
        raise CapabilityError("A mask is a PNG that is transparent where the picture may change.")
    if (mask.width_px, mask.height_px) != (picture.width_px, picture.height_px):
        raise CapabilityError(
            f"The mask has {mask.width_px} × {mask.height_px} pixels and the first picture "
            f"{picture.width_px} × {picture.height_px}. They must be of one size."
        )
