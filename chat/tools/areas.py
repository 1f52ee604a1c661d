"""A part of a picture as models name it: in percent, since they see it in another size."""

from chat.core.errors import ToolFailed
from chat.images.operations.geometry import Crop


def area(
    size: tuple[int, int], left: float, top: float, width: float, height: float
) -> Crop | None:
    """The rectangle in pixels, at least one each way; ``None`` for the whole picture.

    Args:
        size: width and height of the picture in pixels.
        left: of its width, in percent.
        top: of its height, in percent.
        width: of its width, in percent; what reaches beyond the edge is left out.
        height: of its height, in percent.

    Raises:
        ToolFailed: there is no such part.
    """
    # A comparison with what is no number is false.
    if not (0 <= left < 100 and 0 <= top < 100 and 0 < width <= 100 and 0 < height <= 100):
        raise ToolFailed(
            "A part is given in percent: left and top from 0 to below 100, width and height above "
            "0 and at most 100."
        )
    x_px, width_px = _stretch(size[0], left, width)
    y_px, height_px = _stretch(size[1], top, height)
    whole = (width_px, height_px) == size
    return None if whole else Crop(x_px, y_px, width_px, height_px)


def _stretch(side_px: int, start: float, length: float) -> tuple[int, int]:
    first = min(round(side_px * start / 100), side_px - 1)
    last = min(max(round(side_px * (start + length) / 100), first + 1), side_px)
    return first, last - first
