"""The background made see-through."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from chat.core.errors import MediaRejected
from chat.images.limits import Limits
from chat.images.operations.geometry import kept_profile
from chat.images.operations.operation import Operation, sha256
from chat.images.raster import Raster, mask_of, with_alpha


@dataclass(frozen=True)
class CutOut(Operation):
    """Keep what a mask marks, and make all else see-through.

    The mask is one of the picture's size by then: without alpha its white parts are kept, as in
    a selection; with alpha its see-through parts.
    """

    mask: str
    """The mask file's sha256."""

    name: ClassVar[str] = "cut_out"

    def __post_init__(self) -> None:
        sha256(self.mask, "The mask")

    @property
    def inputs(self) -> tuple[str, ...]:
        """The mask."""
        return (self.mask,)

    def apply(self, picture: Raster, inputs: Mapping[str, bytes], /) -> Raster:
        """Colours stay as they are, also where they cannot be seen any more."""
        mask = mask_of(inputs[self.mask], (picture.width, picture.height), Limits())
        if not mask.any():
            raise MediaRejected("The mask marks nothing; the picture would be empty.")
        pixels = with_alpha(picture.pixels)
        made = pixels.copy() if pixels is picture.pixels else pixels
        alpha = made[..., 3].astype(np.uint32) * mask
        made[..., 3] = ((alpha + 127) // 255).astype(made.dtype)
        return replace(picture, pixels=made, profile=kept_profile(picture, made))
