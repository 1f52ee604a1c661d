"""A picture whose model was told where it may change, and the proof that nothing else did.

The model's own picture stands in the reply right before the one that was made of it: as a draft,
so that it is neither taken as the result nor sent again. What was measured lies in the
derivation of the result. Pure.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from chat.core.parts import Derivation, Image, Json

REGION = "region"
"""The operation of a picture that is its source, but for what a model made of the region."""

_SHA256 = re.compile("[0-9a-f]{64}")

REGION_ANSWER = "region_answer"
"""The operation of the model's own picture, from which the region was taken."""


@dataclass(frozen=True, slots=True)
class RegionProof:
    """What a result says of itself."""

    outside_px: int
    """Pixels outside the region."""
    changed_outside_px: int
    """Those of them that differ from the source."""
    source: str
    """The sha256 of the picture that was changed."""
    answer: str
    """The sha256 of the model's own picture; empty where it is not said."""
    mask: str
    """The sha256 of the mask that marked the region; empty where it is not said."""
    checked: bool = True
    """Whether it was counted here; a file that was taken in may say anything."""
    own_colours: bool = True
    """Whether the numbers of the source's file are compared; else it is what that shows."""


def answer_of(source: str, mask: str) -> Derivation:
    """The derivation of a model's own picture, beside the result."""
    return Derivation((source,), REGION_ANSWER, {"mask": mask})


def is_answer(image: Image) -> bool:
    """Whether it is a model's own picture, kept beside the result that was made of it."""
    return image.derivation is not None and image.derivation.operation == REGION_ANSWER


def proof_of(image: Image) -> RegionProof | None:
    """What a result says of itself; ``None`` for any other picture, or where that is no proof."""
    derivation = image.derivation
    if derivation is None or derivation.operation != REGION or not derivation.parents:
        return None
    measured = derivation.details.get("proof")
    if not isinstance(measured, Mapping):
        return None
    counts = [_count(measured.get(key)) for key in ("outside_px", "changed_outside_px")]
    outside_px, changed_px = counts
    if outside_px is None or changed_px is None:
        return None
    answer, mask = (_name(derivation.details.get(key)) for key in ("raw", "mask"))
    return RegionProof(
        outside_px,
        changed_px,
        derivation.parents[0],
        answer,
        mask,
        measured.get("checked") is not False,
        measured.get("own_colours") is not False,
    )


def recounted(image: Image, found: tuple[int, int] | None) -> Image:
    """A result whose proof says what was counted anew; the very picture where it said that.

    Args:
        image: A result with a proof.
        found: Pixels outside the region, and those of them that differ; ``None``: nobody counted.
    """
    derivation = image.derivation
    if derivation is None:
        return image
    before = derivation.details["proof"]
    if found is None:
        proof = {**before, "checked": False}
    else:
        proof = {name: value for name, value in before.items() if name != "checked"}
        proof |= {"outside_px": found[0], "changed_outside_px": found[1]}
    if proof == before:
        return image
    details = {**derivation.details, "proof": proof}
    return replace(image, derivation=replace(derivation, details=details))


def _name(value: Json) -> str:
    return value if isinstance(value, str) and _SHA256.fullmatch(value) else ""


def _count(value: Json) -> int | None:
    is_count = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return value if is_count else None
