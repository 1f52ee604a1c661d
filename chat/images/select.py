"""Finds the subject at a click or in a box, as a mask.

With the extra ``subject`` a small network says what stands out, and GrabCut sharpens that;
without it GrabCut alone works from colours and edges. Runs in the picture process.

Sources: Rother et al., "GrabCut: interactive foreground extraction using iterated graph cuts",
2004; Qin et al., "U2-Net: going deeper with nested U-structure for salient object detection",
2020, whose networks take 320 × 320 pixels.
"""

from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from chat.core.errors import MediaRejected
from chat.core.parts import Json
from chat.images.alignment import on_white_rgb
from chat.images.edits import Box
from chat.images.extras import subject_weights
from chat.images.limits import Limits
from chat.images.masks import bounding_box
from chat.images.pixels import within
from chat.images.raster import mask_file, read_srgb

Mask: TypeAlias = NDArray[np.uint8]

_SIDE_PX = 512
_NETWORK_PX = 320
_ROUNDS = 4
_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_SPREAD = np.array([0.229, 0.224, 0.225], np.float32)
_SURE, _LIKELY, _UNLIKELY = 0.9, 0.5, 0.05
# Around a click: surely the subject, and how much of the picture the network is shown, as shares
# of the longer side.
_CLICK = 0.02
_CLICK_REACHES = (1.0, 0.4)
_CLICK_COLOUR = 26
_LEAST_PX = 12
# Of a box: what stands out and is smaller is not what the box was drawn for.
_LEAST_OF_BOX = 0.04
_SOFT_PX = 2


def select_task(
    job: Mapping[str, Json], files: list[bytes], limits: Limits
) -> tuple[dict[str, Json], list[bytes]]:
    """Do :meth:`chat.images.edits.ImageEditing.select`."""
    pixels = read_srgb(files[0], limits).pixels
    height, width = pixels.shape[:2]
    size = within((width, height), _SIDE_PX)
    small = on_white_rgb(pixels, size)
    scale = (size[0] / width, size[1] / height)
    weights = subject_weights() if job["network"] else None
    chosen, method = (
        _boxed(small, _small_box(job["box"], (width, height), scale), weights)
        if job["box"] is not None
        else _clicked(small, _small_point(job["point"], (width, height), scale), weights)
    )
    if int((chosen > 0).sum()) < min(_LEAST_PX, chosen.size):
        raise MediaRejected("No subject was found there. Draw a box around it.")
    mask = _enlarged(chosen, (width, height))
    box = bounding_box((mask >= 128).astype(np.uint8)) or Box(0, 0, width, height)
    found = {
        "box": asdict(box),
        "share": float(np.count_nonzero(mask >= 128)) / mask.size,
        "method": method,
    }
    return found, [mask_file(mask)]


def _small_box(
    asked: Json, size: tuple[int, int], scale: tuple[float, float]
) -> tuple[int, int, int, int]:
    """Left, top, right and bottom in small pixels, inside the picture."""
    x, y, width, height = asked
    left, top = max(0, x), max(0, y)
    right, low = min(size[0], x + width), min(size[1], y + height)
    if right <= left or low <= top:
        raise MediaRejected("The box does not lie in the picture.")
    return (
        int(left * scale[0]),
        int(top * scale[1]),
        max(int(left * scale[0]) + 1, round(right * scale[0])),
        max(int(top * scale[1]) + 1, round(low * scale[1])),
    )


def _small_point(asked: Json, size: tuple[int, int], scale: tuple[float, float]) -> tuple[int, int]:
    x, y = asked
    if not (0 <= x < size[0] and 0 <= y < size[1]):
        raise MediaRejected("The click does not lie in the picture.")
    return int(x * scale[0]), int(y * scale[1])


def _boxed(small: Mask, box: tuple[int, int, int, int], weights: Path | None) -> tuple[Mask, str]:
    left, top, right, low = box
    height, width = small.shape[:2]
    if weights is not None:
        # The network looks for what stands out in all it is shown; some surroundings help it.
        around_x, around_y = (right - left) // 8, (low - top) // 8
        part = (
            slice(max(0, top - around_y), min(height, low + around_y)),
            slice(max(0, left - around_x), min(width, right + around_x)),
        )
        likely = np.zeros((height, width), np.float32)
        likely[part] = _salience(small[part], weights)
        inside = np.zeros((height, width), bool)
        inside[top:low, left:right] = True
        likely[~inside] = 0
        chosen = _cut(small, _seeds(likely))
        if np.count_nonzero(chosen) >= _LEAST_OF_BOX * (right - left) * (low - top):
            return chosen, "u2netp"
    seeds = np.zeros((height, width), np.uint8)  # GC_BGD
    seeds[top:low, left:right] = 3  # GC_PR_FGD
    if right - left == width and low - top == height:
        _frame(seeds)
    return _cut(small, seeds), "grabcut"


def _clicked(small: Mask, point: tuple[int, int], weights: Path | None) -> tuple[Mask, str]:
    height, width = small.shape[:2]
    x, y = point
    for reach in _CLICK_REACHES:
        if weights is None:
            break
        side = max(16, round(max(height, width) * reach))
        left = max(0, min(x - side // 2, width - side))
        top = max(0, min(y - side // 2, height - side))
        part = (slice(top, min(height, top + side)), slice(left, min(width, left + side)))
        likely = np.zeros((height, width), np.float32)
        likely[part] = _salience(small[part], weights)
        if likely[y, x] >= _LIKELY:
            seeds = _seeds(likely)
            seeds[y, x] = 1
            return _part_at(_cut(small, seeds), point), "u2netp"
    return _part_at(_cut(small, _click_seeds(small, point)), point), "grabcut"


def _click_seeds(small: Mask, point: tuple[int, int]) -> Mask:
    """What has the clicked place's colours and hangs together with it is likely the subject."""
    import cv2

    height, width = small.shape[:2]
    smooth = cv2.bilateralFilter(small, 7, 30, 7)
    filled = np.zeros((height + 2, width + 2), np.uint8)
    apart = (_CLICK_COLOUR,) * 3
    flags = 4 | (1 << 8) | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE
    cv2.floodFill(smooth, filled, point, 0, apart, apart, flags)
    alike = filled[1:-1, 1:-1] > 0
    seeds = np.full((height, width), 2, np.uint8)  # GC_PR_BGD
    near = np.zeros((height, width), np.uint8)
    radius = max(2, round(max(height, width) * 0.15))
    cv2.circle(near, point, radius, 1, -1)
    seeds[(near > 0) | alike] = 3
    _frame(seeds, keep=alike)
    sure = np.zeros((height, width), np.uint8)
    cv2.circle(sure, point, max(1, round(max(height, width) * _CLICK)), 1, -1)
    seeds[sure > 0] = 1
    return seeds


def _frame(seeds: Mask, keep: Any = False) -> None:
    """The picture's edge is background: a subject rarely fills the whole of it."""
    edge = np.zeros(seeds.shape, bool)
    edge[:2] = edge[-2:] = True
    edge[:, :2] = edge[:, -2:] = True
    seeds[edge & ~np.asarray(keep)] = 0


def _seeds(likely: NDArray[np.float32]) -> Mask:
    seeds = np.zeros(likely.shape, np.uint8)
    seeds[likely > _UNLIKELY] = 2
    seeds[likely >= _LIKELY] = 3
    seeds[likely >= _SURE] = 1
    return seeds


def _cut(small: Mask, seeds: Mask) -> Mask:
    """GrabCut from seeds: 255 on the subject."""
    import cv2

    subject, rest = np.isin(seeds, (1, 3)), np.isin(seeds, (0, 2))
    if not subject.any() or not rest.any():
        return (subject * 255).astype(np.uint8)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    labels = seeds.copy()
    cv2.setRNGSeed(1)  # the same click finds the same subject
    try:
        cv2.grabCut(
            np.ascontiguousarray(small[..., ::-1]),
            labels,
            None,
            *models,
            _ROUNDS,
            cv2.GC_INIT_WITH_MASK,
        )
    except cv2.error:  # all of one colour: there is nothing to learn from
        labels = seeds
    chosen = (np.isin(labels, (1, 3)) * 255).astype(np.uint8)
    made: Mask = cv2.morphologyEx(chosen, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    return made if made.any() else chosen


def _part_at(chosen: Mask, point: tuple[int, int]) -> Mask:
    """Only the part that holds the click; all of it where the click is in none."""
    import cv2

    _, labels = cv2.connectedComponents(chosen)
    label = labels[point[1], point[0]]
    return np.where(labels == label, chosen, 0).astype(np.uint8) if label else chosen


@lru_cache(maxsize=1)
def _network(weights: Path) -> Any:
    import cv2

    return cv2.dnn.readNetFromONNX(str(weights))


def _salience(small: Mask, weights: Path) -> NDArray[np.float32]:
    """How much each pixel belongs to what stands out, from 0 to 1."""
    import cv2

    height, width = small.shape[:2]
    side = (_NETWORK_PX, _NETWORK_PX)
    levels = cv2.resize(small, side, interpolation=cv2.INTER_AREA).astype(np.float32)
    levels = (levels / max(1.0, float(levels.max())) - _MEAN) / _SPREAD
    network = _network(weights)
    network.setInput(np.ascontiguousarray(levels.transpose(2, 0, 1)[None], np.float32))
    answer = network.forward(network.getUnconnectedOutLayersNames()[0])[0, 0]
    low, high = float(answer.min()), float(answer.max())
    spread = (answer - low) / max(high - low, 1e-6)
    made: NDArray[np.float32] = cv2.resize(spread, (width, height), interpolation=cv2.INTER_LINEAR)
    return made


def _enlarged(chosen: Mask, size: tuple[int, int]) -> Mask:
    """At full size, its edge smooth and a little soft."""
    import cv2

    if size == (chosen.shape[1], chosen.shape[0]):
        return chosen
    smooth = cv2.GaussianBlur(chosen, (0, 0), 1.0)
    large = cv2.resize(smooth, size, interpolation=cv2.INTER_CUBIC)
    # The blur spreads the edge over some small pixels; it is drawn together again.
    soft_px = max(1.0, size[0] / chosen.shape[1])
    gain = max(1.0, soft_px / _SOFT_PX)
    levels = np.clip((large.astype(np.float32) - 127.5) * np.float32(gain) + 127.5, 0, 255)
    made: Mask = levels.astype(np.uint8)
    return made
