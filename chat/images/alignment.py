"""Lays one picture over another: where each point of the first lies in the second.

Models give a picture back a few pixels off, a little larger, and repainted. The transform is
found on small grey copies by ECC, which compares what lies outside the region that was meant to
change, and is kept only if it fits that better than a plain resize does. Source: Evangelidis and
Psarakis, "Parametric Image Alignment Using Enhanced Correlation Coefficient Maximization", 2008.

Runs in the picture process; OpenCV is imported when first needed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from chat.images.edits import Alignment
from chat.images.raster import Pixels, coloured, eight_bits

Matrix: TypeAlias = NDArray[np.float64]
"""3 × 3: from points of the first picture to points of the second, both counted from the middle
of the top left pixel."""

_SIDE_PX = 512
_STEPS = 60
_FINE_ENOUGH = 1e-5
_POOR_CORRELATION = 0.5
_MOST_SCALE = 0.15
_MOST_SHIFT = 0.12
_MOST_SKEW = 0.08
_LEAST_OUTSIDE = 0.03
_FLAT = 2.0
# How far outside the marked region an answer may have painted over its edge, in small pixels.
_SPILL_PX = 7
# Where an answer has another shape than its source, it may have been cut or padded instead.
_OTHER_SHAPE = 0.01
_CLEARLY_BETTER = 0.05

_MOST_GAIN = 0.25
_MOST_OFFSET = 32.0
_OUTLIER_LEVELS = 24.0
_LEAST_GAIN_LEVELS = 0.25

_TILE_PX = 2048
_TILE_ROWS = 256
_MARGIN_PX = 8


@dataclass(frozen=True, slots=True)
class Laid:
    """A transform, how it was found, and how the second picture's colours differ."""

    matrix: Matrix
    found: Alignment
    tone: tuple[NDArray[np.float32], NDArray[np.float32]] | None
    """Gain and offset for each of RGB, in levels of 255, that turn the second picture's colours
    into the first's outside the region; ``None`` where that would not bring them closer."""


def align(first: Pixels, second: Pixels, region: NDArray[np.uint8] | None = None) -> Laid:
    """Find where the first picture's points lie in the second.

    Args:
        first: Shape (height, width, channels).
        second: The same with any size, in the same colours.
        region: Not zero where the pictures are meant to differ; shape (height, width).
    """
    import cv2

    size = _small_size(first)
    one, other = on_white_rgb(first, size), on_white_rgb(second, _small_size(second))
    outside = np.full((size[1], size[0]), 255, np.uint8)
    if region is not None:
        inside = cv2.resize(region, size, interpolation=cv2.INTER_AREA)
        inside = cv2.dilate((inside > 0).astype(np.uint8), np.ones((_SPILL_PX, _SPILL_PX)))
        outside[inside > 0] = 0
    grey, grey_other = (cv2.cvtColor(each, cv2.COLOR_RGB2GRAY) for each in (one, other))
    plain = _stretched(one, other)
    candidates = [plain, *_uniform(one, other)]
    fits = [_fit(grey, grey_other, matrix, outside) for matrix in candidates]
    best = int(np.argmax(fits))
    start = candidates[best] if fits[best] >= fits[0] + _CLEARLY_BETTER else plain
    start_score = _correlation(grey, grey_other, start, outside)
    if not _comparable(grey, outside):
        score = _correlation(grey, grey_other, plain, outside)
        return _laid("resize", plain, score, first, second, None, comparable=False)
    matrix = _refined(grey, grey_other, start, outside)
    score = -1.0 if matrix is None else _correlation(grey, grey_other, matrix, outside)
    if matrix is None or score < max(start_score, _POOR_CORRELATION):
        method_matrix, method_score, method = start, start_score, "resize"
    else:
        method_matrix, method_score, method = matrix, score, "ecc"
    tone = _tone(one, other, method_matrix, outside) if method_score > _POOR_CORRELATION else None
    return _laid(method, method_matrix, method_score, first, second, tone)


def laid_tiles(
    second: Pixels, matrix: Matrix, box: tuple[int, int, int, int]
) -> Iterator[tuple[slice, slice, Pixels, NDArray[np.bool_]]]:
    """The second picture as it lies over a box of the first, tile by tile.

    Args:
        second: Shape (height, width, channels).
        matrix: From the first picture's points to its points.
        box: Left, top, width and height, in pixels of the first.

    Yields:
        Rows and columns of the first picture, the pixels there, and where the second picture
        has any: elsewhere its edge is repeated.
    """
    import cv2

    ahead = _scale(matrix)
    if ahead > 1.2:  # Lanczos looks at eight pixels only: what is finer would flicker
        height, width = second.shape[:2]
        shrunk = (max(1, round(width / ahead)), max(1, round(height / ahead)))
        second = _three_dimensional(cv2.resize(second, shrunk, interpolation=cv2.INTER_AREA))
        matrix = _between((width, height), shrunk) @ matrix
    left, top, width, height = box
    for y in range(top, top + height, _TILE_ROWS):
        rows = min(_TILE_ROWS, top + height - y)
        for x in range(left, left + width, _TILE_PX):
            columns = min(_TILE_PX, left + width - x)
            pixels, there = _tile(second, matrix, (x, y, columns, rows))
            yield slice(y, y + rows), slice(x, x + columns), pixels, there


def _tile(
    second: Pixels, matrix: Matrix, box: tuple[int, int, int, int]
) -> tuple[Pixels, NDArray[np.bool_]]:
    import cv2

    x, y, columns, rows = box
    height, width = second.shape[:2]
    corners = np.array(
        [[x, x + columns - 1, x, x + columns - 1], [y, y, y + rows - 1, y + rows - 1], [1] * 4],
        float,
    )
    reach = (matrix @ corners)[:2]
    low = np.floor(reach.min(axis=1)).astype(int) - _MARGIN_PX
    high = np.ceil(reach.max(axis=1)).astype(int) + _MARGIN_PX + 1
    x0, y0 = (int(np.clip(low[i], 0, (width, height)[i] - 1)) for i in (0, 1))
    x1, y1 = (int(np.clip(high[i], (x0, y0)[i] + 1, (width, height)[i])) for i in (0, 1))
    part = np.ascontiguousarray(second[y0:y1, x0:x1])
    local = _shift(-x0, -y0) @ matrix @ _shift(x, y)
    laid = cv2.warpAffine(
        part,
        local[:2],
        (columns, rows),
        flags=cv2.INTER_LANCZOS4 | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    inside = (reach.min(axis=1) >= -_MARGIN_PX).all() and (
        reach.max(axis=1) <= np.array([width, height]) + _MARGIN_PX - 1
    ).all()
    there = np.ones((rows, columns), bool)
    if not inside:
        across, down = np.meshgrid(np.arange(x, x + columns), np.arange(y, y + rows))
        in_x = matrix[0, 0] * across + matrix[0, 1] * down + matrix[0, 2]
        in_y = matrix[1, 0] * across + matrix[1, 1] * down + matrix[1, 2]
        there = (np.abs(in_x - (width - 1) / 2) <= (width - 1) / 2 + _MARGIN_PX) & (
            np.abs(in_y - (height - 1) / 2) <= (height - 1) / 2 + _MARGIN_PX
        )
    return _three_dimensional(laid), there


def _laid(
    method: Any,
    small: Matrix,
    score: float,
    first: Pixels,
    second: Pixels,
    tone: Any,
    *,
    comparable: bool = True,
) -> Laid:
    """Bring a transform of the small copies to the pictures' own sizes."""
    (height, width), (height2, width2) = first.shape[:2], second.shape[:2]
    size, size2 = _small_size(first), _small_size(second)
    matrix = _between(size2, (width2, height2)) @ small @ _between((width, height), size)
    middle = np.array([(width - 1) / 2, (height - 1) / 2, 1.0])
    there = (_between((width2, height2), (width, height)) @ matrix @ middle)[:2]
    shift = there - middle[:2]
    scale = _scale(matrix) / np.sqrt(width2 / width * height2 / height)
    score = max(-1.0, min(1.0, score))
    found = Alignment(method, float(shift[0]), float(shift[1]), float(scale), score, comparable)
    return Laid(matrix, found, tone)


def _small_size(pixels: Pixels) -> tuple[int, int]:
    height, width = pixels.shape[:2]
    longest = max(height, width)
    if longest <= _SIDE_PX:
        return width, height
    return max(1, round(width * _SIDE_PX / longest)), max(1, round(height * _SIDE_PX / longest))


def on_white_rgb(pixels: Pixels, size: tuple[int, int]) -> NDArray[np.uint8]:
    """A smaller copy in 8-bit RGB; what is see-through is white, as models are shown it."""
    import cv2

    resized = _three_dimensional(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))
    small = coloured(eight_bits(resized))
    if small.shape[2] == 4:
        alpha = small[..., 3:].astype(np.float32) / 255
        small = (small[..., :3] * alpha + 255 * (1 - alpha) + 0.5).astype(np.uint8)
    return np.ascontiguousarray(small).view(np.uint8)


def _three_dimensional(pixels: Any) -> Pixels:
    made: Pixels = pixels[..., None] if pixels.ndim == 2 else pixels
    return made


def _between(one: tuple[int, int], other: tuple[int, int]) -> Matrix:
    """From points of a picture of one size, width first, to those of it in another size."""
    x, y = other[0] / one[0], other[1] / one[1]
    return np.array([[x, 0, (x - 1) / 2], [0, y, (y - 1) / 2], [0, 0, 1]])


def _shift(x: float, y: float) -> Matrix:
    return np.array([[1, 0, x], [0, 1, y], [0, 0, 1]], float)


def _scale(matrix: Matrix) -> float:
    return float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))


def _stretched(one: Any, other: Any) -> Matrix:
    return _between((one.shape[1], one.shape[0]), (other.shape[1], other.shape[0]))


def _uniform(one: Any, other: Any) -> list[Matrix]:
    """The other ways to bring a picture into another shape: cut, or padded, at both sides."""
    across, down = other.shape[1] / one.shape[1], other.shape[0] / one.shape[0]
    if abs(across / down - 1) < _OTHER_SHAPE:
        return []
    made = []
    for scale in (min(across, down), max(across, down)):
        x = (other.shape[1] - 1) / 2 - scale * (one.shape[1] - 1) / 2
        y = (other.shape[0] - 1) / 2 - scale * (one.shape[0] - 1) / 2
        made.append(np.array([[scale, 0, x], [0, scale, y], [0, 0, 1]]))
    return made


def _comparable(grey: NDArray[np.uint8], outside: NDArray[np.uint8]) -> bool:
    """Whether enough lies outside the region, and is not all of one level."""
    seen = grey[outside > 0]
    return seen.size >= max(64, _LEAST_OUTSIDE * grey.size) and float(seen.std()) >= _FLAT


def _over(small: Any, matrix: Matrix, size: tuple[int, int], border: int = 0) -> Any:
    import cv2

    return cv2.warpAffine(
        small, matrix[:2], size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderValue=border
    )


def _seen(other: Any, matrix: Matrix, outside: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Where both pictures have pixels and neither is meant to differ."""
    there = _over(np.full(other.shape[:2], 255, np.uint8), matrix, outside.shape[::-1])
    seen: NDArray[np.bool_] = (there == 255) & (outside > 0)
    return seen


def _correlation(
    grey: NDArray[np.uint8], other: NDArray[np.uint8], matrix: Matrix, outside: NDArray[np.uint8]
) -> float:
    seen = _seen(other, matrix, outside)
    if int(seen.sum()) < 16:
        return -1.0
    one = grey[seen].astype(np.float32)
    two = _over(other, matrix, grey.shape[::-1])[seen].astype(np.float32)
    one -= one.mean()
    two -= two.mean()
    spread = float(np.sqrt((one @ one) * (two @ two)))
    return float(one @ two) / spread if spread > 0 else 0.0


def _fit(
    grey: NDArray[np.uint8], other: NDArray[np.uint8], matrix: Matrix, outside: NDArray[np.uint8]
) -> float:
    """The correlation, less where little is covered: that may fit by chance."""
    seen_px, outside_px = (
        int(np.count_nonzero(each)) for each in (_seen(other, matrix, outside), outside)
    )
    covered = seen_px / max(1, outside_px)
    return _correlation(grey, other, matrix, outside) * (0.5 + covered / 2)


def _refined(
    grey: NDArray[np.uint8], other: NDArray[np.uint8], start: Matrix, outside: NDArray[np.uint8]
) -> Matrix | None:
    """The transform by ECC; ``None`` where it does not converge or leads somewhere absurd."""
    import cv2

    laid = _over(other, start, grey.shape[::-1])
    there = _seen(other, start, outside).astype(np.uint8) * 255
    step = np.eye(2, 3, dtype=np.float32)
    until = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, _STEPS, _FINE_ENOUGH)
    try:
        _, step = cv2.findTransformECC(grey, laid, step, cv2.MOTION_AFFINE, until, there, 5)
    except cv2.error:
        return None
    if not np.isfinite(step).all() or not _is_slight(step, max(grey.shape)):
        return None
    found: Matrix = start @ np.vstack((step.astype(float), [0, 0, 1]))
    return found


def _is_slight(step: NDArray[np.float32], side_px: int) -> bool:
    turn = step[:, :2] - np.eye(2)
    height_shift = np.abs(step[:, 2] + turn @ np.array([side_px / 2, side_px / 2]))
    return bool(
        np.abs(np.diag(turn)).max() <= _MOST_SCALE
        and max(abs(turn[0, 1]), abs(turn[1, 0])) <= _MOST_SKEW
        and height_shift.max() <= _MOST_SHIFT * side_px
    )


def _tone(
    one: NDArray[np.uint8],
    other: NDArray[np.uint8],
    matrix: Matrix,
    outside: NDArray[np.uint8],
) -> tuple[NDArray[np.float32], NDArray[np.float32]] | None:
    """Gain and offset by least squares, without what was plainly repainted."""
    seen = _seen(other, matrix, outside)
    wanted = one[seen].astype(np.float32)
    given = _over(other, matrix, (one.shape[1], one.shape[0]))[seen].astype(np.float32)
    if len(wanted) < 64:
        return None
    shift = np.median(wanted - given, axis=0)
    near = (np.abs(wanted - given - shift) <= _OUTLIER_LEVELS).all(axis=1)
    if near.mean() < 0.5:
        return None
    wanted, given = wanted[near], given[near]
    gains, offsets = np.ones(3, np.float32), np.zeros(3, np.float32)
    for band in range(3):
        x, y = given[:, band], wanted[:, band]
        spread = float(x.var())
        slope = float(((x - x.mean()) * (y - y.mean())).mean()) / spread if spread > 4 else 1.0
        gains[band] = np.clip(slope, 1 - _MOST_GAIN, 1 + _MOST_GAIN)
        offsets[band] = np.clip(y.mean() - gains[band] * x.mean(), -_MOST_OFFSET, _MOST_OFFSET)
    before = float(np.abs(wanted - given).mean())
    after = float(np.abs(wanted - (given * gains + offsets)).mean())
    return (gains, offsets) if before - after >= _LEAST_GAIN_LEVELS else None
