"""How two pictures differ: how much, where, and a picture of it.

Counted is what compression does not do: a pixel has changed if it differs by more than a few
levels once both pictures were smoothed a little. Runs in the picture process.

Sources: Wang et al., "Image quality assessment: from error visibility to structural similarity",
2004 (SSIM, by Gaussian windows); CIE 15, colour difference of 1976.
"""

from collections.abc import Mapping
from dataclasses import asdict
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from chat.core.parts import Json
from chat.images.alignment import Laid, align, laid_tiles
from chat.images.edits import Box
from chat.images.limits import Limits
from chat.images.pixels import within
from chat.images.raster import Pixels, coloured, read_srgb, with_alpha

_CHANGED_LEVELS = 16
_SMALL_PX = 1024
_REGIONS_PX = 512
_VIEW_PX = 2048
_VIEW_QUALITY = 80
_MAX_REGIONS = 5
_LEAST_REGION = 0.0005
_STRIP_ROWS = 512
_EXTENTS = ((0.0, "none"), (0.001, "traces"), (0.1, "small"), (0.4, "medium"), (0.8, "large"))
# A region that reaches over so much of a side lies in no part of it.
_WIDE = 0.7


def compare_task(
    job: Mapping[str, Json], files: list[bytes], limits: Limits
) -> tuple[dict[str, Json], list[bytes]]:
    """Do :meth:`chat.images.edits.ImageEditing.compare`; files: before, after."""
    before, after = (_shown(read_srgb(data, limits).pixels) for data in files)
    size_before, size_after = _size(before), _size(after)
    before, after = _of_one_kind(before, after)
    laid: Laid | None = None
    if job["align"]:
        laid = align(before, after)
        after = _over(before, after, laid)
    elif size_before != size_after:
        after = _resized(after, size_before)
    levels, total, most = _difference(before, after)
    changed = levels > _CHANGED_LEVELS
    share = int(np.count_nonzero(changed)) / changed.size
    delta_e, ssim = _perceived(before, after, most > 0)
    found = {
        "same": most == 0 and size_before == size_after,
        "changed_share": share,
        "mean_levels": total,
        "mean_delta_e": delta_e,
        "ssim": ssim,
        "size_before": size_before,
        "size_after": size_after,
        "regions": _regions(changed),
        "extent": next((word for most_share, word in _EXTENTS if share <= most_share), "whole"),
        "alignment": None if laid is None else asdict(laid.found),
    }
    return found, [_view(before, levels) if job["view"] else b""]


def position(box: Box, size: tuple[int, int]) -> str:
    """Where a box lies in a picture of that size, width first: ``upper left``, ``centre`` ..."""
    across = _third(box.x_px, box.width_px, size[0], ("left", "", "right"))
    down = _third(box.y_px, box.height_px, size[1], ("upper", "", "lower"))
    if box.width_px >= _WIDE * size[0] and box.height_px >= _WIDE * size[1]:
        return "whole"
    return " ".join(filter(None, (down, across))) or "centre"


def _third(start: int, length: int, side: int, words: tuple[str, str, str]) -> str:
    if length >= _WIDE * side:
        return words[1]
    return words[min(2, int(3 * (start + length / 2) / side))]


def _size(pixels: Pixels) -> tuple[int, int]:
    return int(pixels.shape[1]), int(pixels.shape[0])


def _shown(pixels: Pixels) -> Pixels:
    """What is wholly see-through has no colour."""
    if pixels.shape[2] != 4 or pixels[..., 3].all():
        return pixels
    made = pixels.copy()
    made[pixels[..., 3] == 0] = 0
    return made


def _of_one_kind(one: Pixels, other: Pixels) -> tuple[Pixels, Pixels]:
    if one.shape[2] == other.shape[2]:
        return one, other
    if 4 in {one.shape[2], other.shape[2]}:
        return with_alpha(one), with_alpha(other)
    return coloured(one), coloured(other)


def _resized(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    import cv2

    smaller = size[0] <= pixels.shape[1] and size[1] <= pixels.shape[0]
    how = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    return _deep(cv2.resize(pixels, size, interpolation=how))


def _over(before: Pixels, after: Pixels, laid: Laid) -> Pixels:
    """The second picture where it lies over the first; elsewhere the first itself."""
    made = before.copy()
    width, height = _size(before)
    for rows, columns, pixels, there in laid_tiles(after, laid.matrix, (0, 0, width, height)):
        made[rows, columns] = np.where(there[..., None], pixels, before[rows, columns])
    return made


def _difference(before: Pixels, after: Pixels) -> tuple[NDArray[np.uint8], float, int]:
    """The largest difference of a channel at each pixel, smoothed; the mean one; the largest."""
    import cv2

    levels = np.empty(before.shape[:2], np.uint8)
    total, most = 0.0, 0
    for top in range(0, len(before), _STRIP_ROWS):
        rows = slice(top, top + _STRIP_ROWS)
        apart = _deep(cv2.absdiff(before[rows], after[rows]))
        total += float(sum(cv2.sumElems(apart)))
        parts = cv2.split(apart)
        largest = parts[0]
        for part in parts[1:]:
            largest = cv2.max(largest, part)
        most = max(most, int(largest.max()))
        levels[rows] = largest
    return cv2.blur(levels, (3, 3)), total / before.size, most


def _perceived(before: Pixels, after: Pixels, differ: bool) -> tuple[float, float]:
    """The mean colour difference, and the structural similarity, at 1024 px."""
    import cv2

    if not differ:
        return 0.0, 1.0
    size = within(_size(before), _SMALL_PX)
    small = [_opaque(_resized(each, size)) for each in (before, after)]
    labs = [cv2.cvtColor(each.astype(np.float32) / 255, cv2.COLOR_RGB2LAB) for each in small]
    delta_e = float(np.sqrt(((labs[0] - labs[1]) ** 2).sum(axis=2)).mean())
    one, two = (cv2.cvtColor(each, cv2.COLOR_RGB2GRAY).astype(np.float32) for each in small)
    return delta_e, _ssim(one, two)


def _ssim(one: Any, two: Any) -> float:
    import cv2

    def smooth(each: Any) -> Any:
        return cv2.GaussianBlur(each, (11, 11), 1.5)

    mean_one, mean_two = smooth(one), smooth(two)
    spread_one = smooth(one * one) - mean_one * mean_one
    spread_two = smooth(two * two) - mean_two * mean_two
    shared = smooth(one * two) - mean_one * mean_two
    light, contrast = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    above = (2 * mean_one * mean_two + light) * (2 * shared + contrast)
    below = (mean_one**2 + mean_two**2 + light) * (spread_one + spread_two + contrast)
    return float((above / below).mean())


def _opaque(pixels: Pixels) -> NDArray[np.uint8]:
    """RGB, on white."""
    rgb = coloured(pixels)
    if rgb.shape[2] == 4:
        alpha = rgb[..., 3:].astype(np.float32) / 255
        rgb = (rgb[..., :3] * alpha + 255 * (1 - alpha) + 0.5).astype(np.uint8)
    return np.ascontiguousarray(rgb).view(np.uint8)


def _regions(changed: NDArray[np.bool_]) -> list[Json]:
    """The largest connected areas, found at 512 px, told in pixels of the picture."""
    import cv2

    height, width = changed.shape
    if not changed.any():
        return []
    size = within((width, height), _REGIONS_PX)
    small = cv2.resize(changed.astype(np.uint8) * 255, size, interpolation=cv2.INTER_AREA)
    marked = (small > (48 if size != (width, height) else 0)).astype(np.uint8)
    marked = cv2.morphologyEx(marked, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(marked)
    across, down = width / size[0], height / size[1]
    found: list[Json] = []
    for left, top, columns, rows, count in sorted(
        stats[1:].tolist(), key=lambda each: each[4], reverse=True
    )[:_MAX_REGIONS]:
        share = count / (size[0] * size[1])
        if found and share < _LEAST_REGION:
            break
        x, y = int(left * across), int(top * down)
        right = min(width, int(np.ceil((left + columns) * across)))
        low = min(height, int(np.ceil((top + rows) * down)))
        box = Box(x, y, right - x, low - y)
        found.append(
            {"box": asdict(box), "share": share, "position": position(box, (width, height))}
        )
    return found


def _view(before: Pixels, levels: NDArray[np.uint8]) -> bytes:
    """Heat over grey: the darker the picture, the more it differs where it glows."""
    import cv2

    size = within(_size(before), _VIEW_PX)
    small = _opaque(_resized(before, size)) if size != _size(before) else _opaque(before)
    heat = (
        cv2.resize(levels, size, interpolation=cv2.INTER_AREA) if size != _size(before) else levels
    )
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    strength = cv2.LUT(heat, _STRENGTH)
    paper = cv2.cvtColor(cv2.LUT(grey, _PALE), cv2.COLOR_GRAY2RGB)
    glow = cv2.applyColorMap(cv2.LUT(heat, _GLOW), cv2.COLORMAP_INFERNO)[..., ::-1]
    weight = strength.astype(np.float32) / 255
    mixed = cv2.blendLinear(np.ascontiguousarray(glow), paper, weight, 1 - weight)
    out = BytesIO()
    Image.fromarray(mixed).save(out, "WEBP", quality=_VIEW_QUALITY, method=0)
    return out.getvalue()


def _deep(pixels: Any) -> Pixels:
    """OpenCV drops the axis of a lone channel."""
    made: Pixels = pixels[..., None] if pixels.ndim == 2 else pixels
    return made


_LEVELS = np.arange(256)
_STRENGTH = np.clip((_LEVELS - _CHANGED_LEVELS / 2) * 255 / 40, 0, 230).astype(np.uint8)
_GLOW = np.clip(90 + _LEVELS * 1.4, 0, 245).astype(np.uint8)
_PALE = np.clip(_LEVELS * 0.55 + 20, 0, 255).astype(np.uint8)
