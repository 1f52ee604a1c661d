"""Pictures too large to be decoded whole, scaled down band by band while they are decoded.

A PNG's compressed rows and a HEIC's tiles come one after the other, so only a band of them need
be in memory. Each band is made into a small file of its own kind and handed to the usual decoder.
"""

import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from chat.images import isobmff, png

Bytes: TypeAlias = NDArray[np.uint8]

_BAND_PIXELS = 1 << 22
_PIECE_BYTES = 1 << 16
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
# The colour type of a PNG of eight bits a channel with so many bytes a pixel.
_BYTES_AS = {1: 0, 2: 4, 3: 2, 4: 6}


class PngRows:
    """The rows of a PNG that is not interlaced, unfiltered a band at a time."""

    def __init__(self, data: bytes) -> None:
        """Read the header; nothing is unpacked yet."""
        self.width, self.height = (int.from_bytes(data[at : at + 4], "big") for at in (16, 20))
        self._depth, self._colour = data[24], data[25]
        bits = self._depth * _CHANNELS[self._colour]
        self._pixel_bytes = max(1, bits // 8)
        self._row_bytes = -(-self.width * bits // 8)
        self._unpacked = _unpacked(data)
        self._before = bytes(self._row_bytes)
        self._notes = b"".join(
            data[chunk.start - 8 : chunk.end + 4]
            for chunk in png.chunks(data)
            if chunk.name in {b"PLTE", b"tRNS"}
        )
        self._left = self.height
        self.broke_off = False

    def bands(self, multiple: int) -> Iterator[bytes]:
        """PNG files of some rows each, that number a multiple of ``multiple`` but for the last."""
        rows = max(1, _BAND_PIXELS // self.width // multiple) * multiple
        while self._left:
            count = min(rows, self._left)
            self._left -= count
            yield self._file(self._band(count), count)

    def _band(self, count: int) -> Bytes:
        """The next rows without their filters: bytes as they lie in the picture."""
        size = count * (1 + self._row_bytes)
        filtered = self._unpacked(size)
        if len(filtered) < size:
            self.broke_off = True
            filtered += bytes(size - len(filtered))
        # A row's filter may look at the row above: that of the band before is put on top.
        packed = _stored(b"\0" + self._before + filtered)
        rows = self._unfiltered(packed, count + 1)[1:]
        self._before = rows[-1].tobytes()
        return rows

    def _unfiltered(self, packed: bytes, count: int) -> Bytes:
        """Let Pillow undo the filters, which work on bytes, whatever these mean.

        Bytes of whole pixels are read as a picture of 8 bits. Where a pixel has six or eight
        bytes there is none, and its upper and lower bytes are read one after the other.
        """
        if self._pixel_bytes <= 4:
            colour = _BYTES_AS[self._pixel_bytes]
            data = _png(self._row_bytes // self._pixel_bytes, count, 8, colour, packed)
            with Image.open(BytesIO(data), formats=("PNG",)) as image:
                return np.asarray(image).reshape(count, -1)
        data = _png(self.width, count, 16, self._colour, packed)
        halves = []
        for order in "BL":
            with Image.open(BytesIO(data), formats=("PNG",)) as image:
                raw_mode = f"{image.mode};16{order}"
                image.tile = [tile._replace(args=raw_mode) for tile in image.tile]
                halves.append(np.asarray(image))
        return np.stack(halves, axis=-1).reshape(count, -1)

    def _file(self, rows: Bytes, count: int) -> bytes:
        unfiltered = np.zeros((count, 1 + self._row_bytes), np.uint8)
        unfiltered[:, 1:] = rows
        packed = _stored(unfiltered.tobytes())
        return _png(self.width, count, self._depth, self._colour, packed, self._notes)


_TURNS = {
    "left": Image.Transpose.ROTATE_90,
    "around": Image.Transpose.ROTATE_180,
    "right": Image.Transpose.ROTATE_270,
    "flip": Image.Transpose.FLIP_TOP_BOTTOM,
    "mirror": Image.Transpose.FLIP_LEFT_RIGHT,
}


def heic_bands(data: bytes, made: isobmff.Grid) -> Iterator[Image.Image]:
    """The rows of a HEIC's tiles, each put together; mode RGB.

    Raises:
        ValueError: the tiles are not all of one size.
    """
    import pillow_heif

    files = isobmff.tile_files(data, made)
    top = 0
    for _ in range(0, len(made.tiles), made.columns):
        tiles = [pillow_heif.open_heif(BytesIO(next(files))) for _ in range(made.columns)]
        sizes = {tile.size for tile in tiles}
        if len(sizes) != 1:
            raise ValueError("tiles of several sizes")
        width, height = sizes.pop()
        band = Image.new("RGB", (made.width, min(height, made.height - top)))
        for column, tile in enumerate(tiles):
            band.paste(tile.to_pillow().convert("RGB"), (column * width, 0))
        top += height
        yield band


def turned(image: Image.Image, data: bytes) -> Image.Image:
    """A picture that was put together of a HEIC's tiles, turned as its boxes say."""
    for turn in isobmff.turns(data):
        image = image.transpose(_TURNS[turn])
    return image


def reduced(bands: Iterator[Image.Image], size: tuple[int, int], factor: int) -> Image.Image:
    """One picture of all bands, each side divided by ``factor`` and rounded up.

    The bands are of mode L, RGB or RGBA, all of the same, and ``size`` is that of them together.
    """
    small: Image.Image | None = None
    top = 0
    for band in bands:
        part = band.reduce(factor)
        if small is None:
            width, height = (-(-side // factor) for side in size)
            small = Image.new(part.mode, (width, height))
        small.paste(part, (0, top))
        top += part.height
    if small is None:
        raise ValueError("a picture without bands")
    return small


def _unpacked(data: bytes) -> Callable[[int], bytes]:
    """A reader of the unpacked pixels: so many bytes, or fewer where the file breaks off."""
    stream = zlib.decompressobj()
    pieces = (
        data[at : min(at + _PIECE_BYTES, chunk.end)]
        for chunk in png.chunks(data, cut=True)
        if chunk.name == b"IDAT"
        for at in range(chunk.start, chunk.end, _PIECE_BYTES)
    )
    waiting = b""

    def read(size: int) -> bytes:
        nonlocal waiting
        parts: list[bytes] = []
        while size and not stream.eof:
            waiting = waiting or next(pieces, b"")
            try:
                part = stream.decompress(waiting, size)
            except zlib.error:
                break
            if not part and not waiting:
                break
            waiting = stream.unconsumed_tail
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    return read


def _stored(rows: bytes) -> bytes:
    return zlib.compress(rows, 0)


def _png(
    width: int, height: int, depth: int, colour: int, packed: bytes, notes: bytes = b""
) -> bytes:
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes((depth, colour, 0, 0, 0))
    chunks = (png.chunk(b"IHDR", header), notes, png.chunk(b"IDAT", packed))
    return png.SIGNATURE + b"".join(chunks) + png.chunk(b"IEND", b"")
