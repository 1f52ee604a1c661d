"""Another file format."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from chat.images.operations.operation import Operation, one_of, whole
from chat.images.raster import Output, Raster

FORMS = ("png", "jpeg", "webp", "avif")


@dataclass(frozen=True)
class Convert(Operation):
    """Write the result as PNG, JPEG (4:4:4), WebP or AVIF; the last conversion counts.

    Quality is from 1 to 100 and means nothing for PNG; WebP of 100 is lossless. JPEG puts what is
    see-through on white. All but PNG keep 8 bits a channel; an ICC profile is kept in all.
    """

    form: str
    quality: int = 92

    name: ClassVar[str] = "convert"

    def __post_init__(self) -> None:
        one_of(self.form, FORMS, "The format")
        whole(self.quality, 1, 100, "The quality")

    def apply(self, picture: Raster, _inputs: Mapping[str, bytes], /) -> Raster:
        """Pixels stay as they are until the file is written."""
        return replace(picture, output=Output(self.form, self.quality))  # type: ignore[arg-type]
