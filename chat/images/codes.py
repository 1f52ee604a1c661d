"""What QR codes in a picture say. Runs in the picture process."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from chat.core.parts import Json
from chat.images.limits import Limits
from chat.images.raster import coloured, read_srgb, with_alpha

MAX_CODES = 20
_SIDES_PX = (300, 600, 1200, 2400)
"""A code is found where its squares are a few pixels wide, so a picture is tried in some sizes."""
_MARGIN_PX = 24


def codes_task(
    _job: Mapping[str, Json], files: list[bytes], limits: Limits
) -> tuple[dict[str, Json], list[bytes]]:
    """Do :meth:`chat.images.edits.ImageEditing.read_codes`."""
    import cv2

    pixels = with_alpha(read_srgb(files[0], limits).pixels).astype(np.float32)
    alpha = pixels[..., 3:] / 255
    # What is see-through counts as paper.
    shown = (pixels[..., :3] * alpha + 255 * (1 - alpha)).astype(np.uint8)
    grey = cv2.cvtColor(np.ascontiguousarray(coloured(shown)), cv2.COLOR_RGB2GRAY)
    for side_px in (None, *_SIDES_PX):
        if found := _read(_margined(grey, side_px)):
            return {"codes": found[:MAX_CODES]}, []
    return {"codes": []}, []


def _margined(grey: NDArray[np.uint8], side_px: int | None) -> NDArray[np.uint8]:
    """The picture in a size, with a quiet margin: a code that touches the edge is overlooked."""
    import cv2

    longest = max(grey.shape)
    side_px = side_px or min(longest, _SIDES_PX[-1])
    if side_px != longest:
        size = [max(1, round(each * side_px / longest)) for each in (grey.shape[1], grey.shape[0])]
        how = cv2.INTER_AREA if side_px < longest else cv2.INTER_NEAREST
        grey = cv2.resize(grey, size, interpolation=how)
    wide = _MARGIN_PX
    made: NDArray[np.uint8] = cv2.copyMakeBorder(
        grey, wide, wide, wide, wide, cv2.BORDER_CONSTANT, value=255
    )
    return made


def _read(grey: NDArray[np.uint8]) -> list[str]:
    """What all codes say, else what one says: the finder of one copes with more."""
    import cv2

    finder = cv2.QRCodeDetector()
    # As bytes: what is no UTF-8 would end the call.
    _, several, _, _ = finder.detectAndDecodeBytesMulti(grey)
    texts = [bytes(each) for each in several if each]
    if not texts:
        one, _, _ = finder.detectAndDecodeBytes(grey)
        texts = [bytes(one)] if one else []
    return [each.decode("utf-8", "replace") for each in texts]
