"""A model's answer inside a region of its source, and a proof that nothing else changed.

The answer is aligned with the source by what lies outside the region, its colours are drawn to
the source's, and it is blended in along an edge that lies wholly inside the region. All else is
copied, not calculated. The file is then decoded again, and its outside pixels are compared with
the source's one by one: no composite leaves here without that.

JPEG is no output: its blocks are calculated anew when it is written, and even at quality 95 with
full colour resolution many pixels outside move by a level or two.

Runs in the picture process.
"""

from collections.abc import Mapping
from dataclasses import asdict, replace

import numpy as np
from numpy.typing import NDArray

from chat.core.parts import Json
from chat.images.alignment import Laid, align, laid_tiles
from chat.images.blending import blended
from chat.images.edits import Box
from chat.images.limits import Limits
from chat.images.masks import bounding_box
from chat.images.pixels import Meaning
from chat.images.raster import (
    MAX_SIDE_PX,
    Output,
    Pixels,
    Raster,
    as_image,
    coloured,
    from_srgb,
    mask_of,
    read,
    read_srgb,
    to_srgb,
    with_alpha,
    write,
)
from chat.images.thumbnails import thumbnail

_GREY_LEVELS = 6
_STRIP_ROWS = 256


def composite_task(
    job: Mapping[str, Json], files: list[bytes], limits: Limits
) -> tuple[dict[str, Json], list[bytes]]:
    """Do :meth:`chat.images.edits.ImageEditing.composite`; files: source, answer, mask."""
    source_file, answer_file, mask_file = files
    source = read(source_file, limits)
    mask = mask_of(mask_file, (source.width, source.height), limits)
    box = bounding_box(mask)
    laid: Laid | None = None
    made = source
    if box is not None:
        # The answer's own pixels are let go of at once: a composite holds few pictures at a time.
        source, made, laid = _answered(source, answer_file, mask, box, job, limits)
    if job["output"] == "webp" and _webp_holds(made):
        made = replace(made, output=Output("webp", 100))
    small = thumbnail(as_image(to_srgb(made).pixels), Meaning())
    data = write(made)
    del made
    outside_px, changed_px = outside_of(data, source, mask, limits)
    if changed_px:
        raise RuntimeError(f"{changed_px} pixels outside the region changed")
    found = {
        "width_px": source.width,
        "height_px": source.height,
        "outside_px": outside_px,
        "changed_outside_px": changed_px,
        "box": None if box is None else asdict(box),
        "alignment": None if laid is None else asdict(laid.found),
        "tone_matched": laid is not None and laid.tone is not None,
        "own_colours": source.own_colours,
    }
    return found, [data, small]


def _answered(
    source: Raster,
    answer_file: bytes,
    mask: NDArray[np.uint8],
    box: Box,
    job: Mapping[str, Json],
    limits: Limits,
) -> tuple[Raster, Raster, Laid]:
    """The source in the colours that are compared, the composite, and how the answer lay."""
    answer = read_srgb(answer_file, limits).pixels
    source, answer = _in_one_space(source, answer)
    laid = align(source.pixels, answer, mask)
    pixels = composed(source.pixels, answer, mask, box, laid, int(job["feather_px"]))
    return source, replace(source, pixels=pixels), laid


def composed(
    source: Pixels,
    answer: Pixels,
    mask: NDArray[np.uint8],
    box: Box,
    laid: Laid,
    feather_px: int,
) -> Pixels:
    """A copy of the source with the answer in the region.

    Args:
        source: Shape (height, width, channels); it is not changed.
        answer: In the source's colours and 8 bits; RGB, RGBA or grey.
        mask: 0 outside, up to 255 wholly inside.
        box: Around the region.
        laid: Where the source's points lie in the answer.
        feather_px: How far inside its edge is blended.
    """
    made = source.copy()
    weight = edge_weights(mask, box, feather_px)
    place = (box.x_px, box.y_px, box.width_px, box.height_px)
    for rows, columns, patch, there in laid_tiles(answer, laid.matrix, place):
        inside = (
            slice(rows.start - box.y_px, rows.stop - box.y_px),
            slice(columns.start - box.x_px, columns.stop - box.x_px),
        )
        share = np.where(there, weight[inside], np.float32(0))[..., None]
        before = source[rows, columns]
        mixed = blended(before, _toned(patch, laid), share)
        made[rows, columns] = np.where(share > 0, mixed, before)
    return made


def edge_weights(mask: NDArray[np.uint8], box: Box, feather_px: int) -> NDArray[np.float32]:
    """How much of the answer shows at each pixel of the box: 0 outside the region, rising inside.

    The edge of the picture is no edge of a region. Each part of a region that is too thin for the
    feather gets one of half its own thickness, so that its middle is wholly the answer.
    """
    import cv2

    height, width = mask.shape
    top, left = box.y_px, box.x_px
    part = mask[top : top + box.height_px, left : left + box.width_px]
    share = part.astype(np.float32) / np.float32(255)
    if feather_px <= 0:
        return share
    ends = (top > 0, top + box.height_px < height, left > 0, left + box.width_px < width)
    marked = (part > 0).astype(np.uint8)
    above, below, before, behind = (1 if end else feather_px + 2 for end in ends)
    framed = cv2.copyMakeBorder(marked, above, below, before, behind, cv2.BORDER_REPLICATE)
    for end, edge in zip(ends, (framed[0], framed[-1], framed[:, 0], framed[:, -1]), strict=True):
        if end:
            edge[...] = 0
    if framed.all():
        return share
    distance = cv2.distanceTransform(framed, cv2.DIST_L2, 5)
    count, labels = cv2.connectedComponents(marked)
    distance = distance[above : above + part.shape[0], before : before + part.shape[1]]
    if count <= 2:
        thickness = np.float32(distance.max())
        feather = np.maximum(1, np.minimum(np.float32(feather_px), thickness / 2))
    else:
        most = np.zeros(count, np.float32)
        np.maximum.at(most, labels.ravel(), distance.ravel())
        feather = np.maximum(1, np.minimum(np.float32(feather_px), most / 2))[labels]
    ramp = np.minimum(distance / feather, 1).astype(np.float32)
    weights: NDArray[np.float32] = ramp * ramp * (3 - 2 * ramp) * share
    return weights


def outside_of(
    data: bytes, source: Raster, mask: NDArray[np.uint8], limits: Limits
) -> tuple[int, int]:
    """How many pixels lie outside the region, and how many of them a file shows otherwise.

    Args:
        data: The file of the composite.
        source: What it was made of.
        mask: Not zero inside the region.
        limits: What decoding may take.
    """
    again = read(data, limits)
    outside_px, changed_px = _differing(again, source, mask)
    if again.profile != source.profile:
        changed_px = max(changed_px, outside_px)  # the same numbers would show other colours
    return outside_px, changed_px


def outside_task(
    job: Mapping[str, Json], files: list[bytes], limits: Limits
) -> tuple[dict[str, Json], list[bytes]]:
    """Do :meth:`chat.images.edits.ImageEditing.outside`; files: result, source, mask.

    Two files in other colours, or of another depth, are compared by what they show.
    """
    del job
    made, source = read(files[0], limits), read(files[1], limits)
    mask = mask_of(files[2], (source.width, source.height), limits)
    if (made.width, made.height) == (source.width, source.height):
        if made.profile != source.profile or made.most != source.most:
            made, source = to_srgb(made), to_srgb(source)
        outside_px, changed_px = _differing(made, source, mask)
    else:
        outside_px = changed_px = int((mask == 0).sum())
    return {"outside_px": outside_px, "changed_outside_px": changed_px}, []


def _differing(again: Raster, source: Raster, mask: NDArray[np.uint8]) -> tuple[int, int]:
    """Pixels outside a region, and those of them whose numbers differ in rasters of one size."""
    one, other = again.pixels, source.pixels
    if one.shape[2] != other.shape[2]:  # WebP has no grey, and drops alpha that is nowhere less
        one, other = with_alpha(one), with_alpha(other)
    outside_px = changed_px = 0
    for top in range(0, source.height, _STRIP_ROWS):
        rows = slice(top, top + _STRIP_ROWS)
        outside = mask[rows] == 0
        differs = (one[rows] != other[rows]).any(axis=2)
        outside_px += int(outside.sum())
        changed_px += int((differs & outside).sum())
    return outside_px, changed_px


def _webp_holds(made: Raster) -> bool:
    """Whether lossless WebP keeps every number; what it cannot hold is written as PNG."""
    grey_profile = made.pixels.shape[2] == 1 and made.profile
    side_px = max(made.width, made.height)
    return made.most == 255 and not grey_profile and side_px <= MAX_SIDE_PX["webp"]


def _in_one_space(source: Raster, answer: Pixels) -> tuple[Raster, Pixels]:
    """Both in the source's colours; a grey source becomes RGB where the answer has colours."""
    grey = source.pixels.shape[2] == 1
    if grey and (not _is_grey(answer) or source.profile):
        if source.profile:
            source = to_srgb(source)
        if not _is_grey(answer):
            source = replace(source, pixels=coloured(source.pixels))
            grey = False
    if grey:
        return source, answer[..., :1]
    return source, from_srgb(coloured(answer), source.profile)


def _is_grey(pixels: Pixels) -> bool:
    if pixels.shape[2] == 1:
        return True
    if pixels.shape[2] == 4:
        return False
    sample = pixels[::4, ::4].astype(np.int16)
    spread = sample.max(axis=2) - sample.min(axis=2)
    return bool((spread <= _GREY_LEVELS).all())


def _toned(patch: Pixels, laid: Laid) -> NDArray[np.float32]:
    """An answer's pixels as numbers, its colours drawn to the source's."""
    levels = patch.astype(np.float32)
    if laid.tone is not None:
        gains, offsets = laid.tone
        if levels.shape[2] == 1:
            gains, offsets = gains[1:2], offsets[1:2]
        bands = min(levels.shape[2], 3)
        levels[..., :bands] = levels[..., :bands] * gains + offsets
    return levels
