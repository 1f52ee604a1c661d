"""Pictures of more than eight bits a channel, decoded to sixteen where Pillow gives eight.

Eight bits are too few where colours still have to be converted: linear light, PQ and HLG are
stretched on the way to sRGB, and so is what eight bits rounded off.

A picture of sixteen bits is a pair of Pillow pictures here: the upper and the lower halves of
its channels.
"""

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

from chat.images import colour, isobmff

Halves = tuple[Image.Image, Image.Image]

# By the colour type of a PNG.
_GREY_ALPHA = 4
_LOW_BYTES = {2: "RGB;16L", _GREY_ALPHA: "RGBA", 6: "RGBA;16L"}

# How much red and blue weigh in the luma of each matrix of H.273, table 4.
_WEIGHTS = {
    1: (0.2126, 0.0722), 2: (0.299, 0.114), 4: (0.30, 0.11), 5: (0.299, 0.114),
    6: (0.299, 0.114), 7: (0.212, 0.087), 9: (0.2627, 0.0593), 10: (0.2627, 0.0593),
}  # fmt: skip
_FROM_PRIMARIES = 12
_FILM = 8
_STRIP_ROWS = 64


def png_low_halves(image: ImageFile.ImageFile, colour_type: int) -> Image.Image:
    """The lower halves of a PNG's channels, given the opened file, whose pixels are not loaded.

    Pillow undoes a PNG's filters byte by byte and then takes every other byte; told that the
    numbers are little-endian, it takes the others.
    """
    image.tile = [tile._replace(args=_LOW_BYTES[colour_type]) for tile in image.tile]
    image.load()
    # Grey with alpha has four bytes a pixel; the second is the lower half of the grey.
    return image.getchannel("G") if colour_type == _GREY_ALPHA else image


def png_pixels(
    again: ImageFile.ImageFile, high: Image.Image, colour_type: int
) -> NDArray[np.uint16]:
    """The channels of a PNG of sixteen bits, shape (height, width, channels).

    Args:
        again: The opened file, whose pixels are not loaded.
        high: The upper halves, loaded.
        colour_type: As in the file's header: not plain grey and no palette.
    """
    if colour_type == _GREY_ALPHA:
        again.tile = [tile._replace(args=_LOW_BYTES[colour_type]) for tile in again.tile]
        pairs = np.ascontiguousarray(np.asarray(again))
        return pairs.view(">u2").astype(np.uint16)
    low = png_low_halves(again, colour_type)
    wide: NDArray[np.uint16] = (np.asarray(high).astype(np.uint16) << 8) | np.asarray(low)
    key = high.info.get("transparency")
    if not isinstance(key, tuple):
        return wide
    opaque = (wide != np.array(key, np.uint16)).any(axis=2, keepdims=True)
    return np.concatenate((wide, opaque.astype(np.uint16) * np.uint16(65535)), axis=2)


def heic_halves(data: bytes) -> Halves:
    """A HEIC, both halves. The mode is RGB or RGBA."""
    import pillow_heif

    wide = np.asarray(pillow_heif.open_heif(BytesIO(data), convert_hdr_to_8bit=False))
    return _halved(wide)


def avif_halves(data: bytes, said: isobmff.Nclx) -> Halves | None:
    """An AVIF of ten or twelve bits, both halves; ``None`` where that cannot be.

    The matrix is not known here, or stands in no box of the file.

    Pillow's decoder cuts such pictures to eight bits before it makes RGB of them, but for
    matrices that its fast path does not know: those it calculates in floating point and rounds
    once. So the file is decoded with three such matrices, each is undone and the right one
    applied, and the mean of the three is finer than eight bits.
    """
    right = _weights(said.primaries, said.matrix)
    if right is None or not said.start:
        return None
    wrong = [(_FILM, _FROM_PRIMARIES), (said.primaries, 4), (said.primaries, 7)]
    pictures, turns = [], []
    for primaries, matrix in wrong:
        with Image.open(
            BytesIO(isobmff.with_codes(data, said, primaries, matrix)), formats=("AVIF",)
        ) as image:
            pictures.append(np.asarray(image))
        weights = _weights(primaries, matrix) or right
        turns.append(_rgb_of_yuv(right) @ np.linalg.inv(_rgb_of_yuv(weights)))
    high = pictures[0].copy()
    low = np.zeros((*high.shape[:2], 3), np.uint8)
    for top in range(0, len(high), _STRIP_ROWS):
        rows = slice(top, top + _STRIP_ROWS)
        mean = sum(
            (picture[rows, :, :3].astype(np.float32) @ turn.T.astype(np.float32))
            for picture, turn in zip(pictures, turns, strict=True)
        ) * np.float32(257 / len(pictures))
        wide = np.clip(mean + np.float32(0.5), 0, 65535).astype(np.uint16)
        high[rows, :, :3] = wide >> 8
        low[rows] = wide & 0xFF
    return Image.fromarray(high), Image.fromarray(low)


def _halved(wide: NDArray[np.uint16]) -> Halves:
    return (
        Image.fromarray((wide >> 8).astype(np.uint8)),
        Image.fromarray((wide & 0xFF).astype(np.uint8)),
    )


def _weights(primaries: int, matrix: int) -> tuple[float, float] | None:
    if matrix == _FROM_PRIMARIES:
        return colour.luma_weights(primaries)
    return _WEIGHTS.get(matrix)


def _rgb_of_yuv(weights: tuple[float, float]) -> NDArray[np.float64]:
    """The matrix from luma and two colour differences to RGB."""
    red, blue = weights
    green = 1 - red - blue
    return np.array(
        [
            [1, 0, 2 * (1 - red)],
            [1, -2 * blue * (1 - blue) / green, -2 * red * (1 - red) / green],
            [1, 2 * (1 - blue), 0],
        ]
    )
