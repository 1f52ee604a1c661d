"""Opens a picture within its bounds and decodes it once.

Runs in the worker process only: decoders meet hostile bytes here.
"""

import warnings
from dataclasses import replace
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

from chat.core.errors import MediaRejected
from chat.images import bmp, colour, deep, isobmff, png, tiff
from chat.images.bands import PngRows, heic_bands, reduced, turned
from chat.images.formats import (
    AVIF,
    BMP,
    GIF,
    HEIC,
    HEIF,
    JPEG,
    JPEG_2000,
    PNG,
    TIFF,
    WEBP,
    sniff_pixels,
)
from chat.images.limits import (
    DAMAGED,
    Limits,
    cannot_be_scaled,
    too_many_pixels,
)
from chat.images.pixels import Meaning, is_usable, orientation, plain
from chat.images.webp import chunks as webp_chunks
from chat.images.webp import sized as webp_sized

# What decoding whole costs in memory at its peak, measured.
_WHOLE_BYTES_PER_PIXEL = {WEBP: 16, JPEG_2000: 24}
_USUAL_BYTES_PER_PIXEL = 10
_KINDS = {
    BMP: "BMP",
    TIFF: "TIFF",
    WEBP: "WebP",
    GIF: "GIF",
    AVIF: "AVIF",
    HEIC: "HEIC of one piece",
    HEIF: "HEIF",
    JPEG_2000: "JPEG 2000",
}
"""Where it is called otherwise than the decoder calls it."""
_MOVING = {PNG, GIF, WEBP, AVIF}
_SALVAGEABLE = {PNG.name, JPEG.name}


_SUBFILE, _BITS, _COMPRESSION, _PLANES, _DNG_VERSION = 254, 258, 259, 284, 50_706
"""Tags of a TIFF. Source: TIFF 6.0, section 8; DNG specification 1.7, chapter 4."""


class DecodedImage:
    """A picture whose header is known and within bounds; its pixels wait for :meth:`load`."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        """Read the header.

        Raises:
            MediaRejected: it is no picture, declares too much, or its header is damaged.
        """
        self.form = sniff_pixels(data)
        self.data = data = webp_sized(data) if self.form == WEBP else data
        self.damaged = False
        self.low: Image.Image | None = None
        """The lower halves of sixteen bits a channel, once loaded, where the colours need them."""
        self._limits = limits
        self._nclx = isobmff.nclx(data) if self.form in {AVIF, HEIC, HEIF} else None
        self._grid = isobmff.grid(data) if self.form in {HEIC, HEIF} else None
        self._coded = self._for_decoder(data)
        if self.form == WEBP:
            self._bound(_webp_canvas(data))
        self.image: Image.Image = self._open()
        self.size = self.image.size
        """As the file declares it, not turned."""
        self.frames = self._counted()
        self.meaning = self._meaning()

    def _for_decoder(self, data: bytes) -> bytes:
        """The file as its decoder reads it."""
        if self.form == PNG:
            return png.for_decoder(data)
        if self.form != BMP:
            return data
        try:
            return bmp.for_decoder(data, self._most_pixels)
        except ValueError as error:
            raise MediaRejected(DAMAGED) from error

    def _fault(self, *, opened: bool) -> MediaRejected:
        """What to say of a file that is not read: of which kind it is, or that it is damaged."""
        kind = bmp.unread(self.data) if self.form == BMP else ""
        kind = tiff.unread(self.data, opened=opened) if self.form == TIFF else kind
        return MediaRejected(f"{kind} is not supported. Export it as PNG." if kind else DAMAGED)

    def _counted(self) -> int:
        if self.form == GIF:
            return _gif_frames(self.data, self._limits)
        if self.form != TIFF:
            return _frames(self.image)
        _must_be_whole(self.image)
        try:
            # Whether there is a second page; to count more takes as long as the file says.
            self._open().seek(1)
        except EOFError:
            return 1
        except Exception:  # what stands behind the first page is not used
            return 2
        return 2

    @property
    def animated(self) -> bool:
        """Whether the file moves. A HEIC with several pictures is an album, not an animation."""
        return self.frames > 1 and self.form in _MOVING

    @property
    def factor(self) -> int:
        """What each side is divided by while decoding: 1, or a power of two for a large picture."""
        width, height = self.size
        factor = 1
        if width * height > self._limits.max_pixels:
            while width * height > self._limits.scaled_pixels * factor**2:
                factor *= 2
        return factor

    def load(self) -> None:
        """Decode the first frame. A PNG or JPEG that breaks off is read as far as it goes.

        A picture with more pixels than are decoded whole is scaled down on the way.

        Raises:
            MediaRejected: nothing can be read.
        """
        if self.factor > 1 and self._is_banded:
            self._load_in_bands()
            return
        if self.factor > 1 and self.form == JPEG and self.image.size == self.size:
            self.image.draft(None, (self.size[0] // self.factor, self.size[1] // self.factor))
        self._load_whole()
        if self.factor > 1 and self.form != JPEG:
            self._keep(plain(self.image, self._upright).reduce(self.factor))

    def deep_pixels(self) -> NDArray[np.uint16] | None:
        """All sixteen bits of a PNG that was loaded; ``None`` for any other picture.

        Not turned; shape (height, width, channels): RGB, RGBA, or 2 for grey with alpha. A colour
        that the file names as see-through is told in alpha.
        """
        if self.form != PNG or self.data[24] != 16 or self.image.mode not in {"RGB", "RGBA"}:
            return None
        try:
            ImageFile.LOAD_TRUNCATED_IMAGES = self.damaged
            return deep.png_pixels(self._open(), self.image, self.data[25])
        except MemoryError:
            raise
        except Exception as error:
            raise MediaRejected(DAMAGED) from error
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = False

    def _load_whole(self) -> None:
        try:
            self.image.load()
        except (OSError, SyntaxError, ValueError, EOFError) as error:
            if self.form.name not in _SALVAGEABLE:
                raise self._fault(opened=True) from error
            self._salvage(error)
        except MemoryError:
            raise
        except Exception as error:  # decoders raise whatever comes to hand
            raise self._fault(opened=True) from error
        self._bound(self.image.size)  # HEIF learns its true size only now
        wide = self.meaning.depth > 8 and self.image.mode in {"RGB", "RGBA"}
        if self.meaning.encoding and wide:
            self._load_deep()

    @property
    def _is_banded(self) -> bool:
        """Whether the format lets a part be decoded without the rest."""
        return self._grid is not None or (self.form == PNG and self.data[28] == 0)

    @property
    def _upright(self) -> Meaning:
        return replace(self.meaning, orientation=1)

    def _keep(self, image: Image.Image) -> None:
        """Hold a picture whose pixels need no more conversion than to be turned."""
        self.image = image
        self.low = None
        self.meaning = Meaning(self.meaning.orientation)

    def _load_in_bands(self) -> None:
        try:
            if self._grid is not None:
                parts = (plain(band, self._upright) for band in heic_bands(self.data, self._grid))
                whole = reduced(parts, (self._grid.width, self._grid.height), self.factor)
                self._keep(turned(whole, self.data))
                return
            rows = PngRows(self._coded)
            parts = (self._plain_band(band) for band in rows.bands(self.factor))
            self._keep(reduced(parts, self.size, self.factor))
            self.damaged = rows.broke_off
        except MemoryError:
            raise
        except Exception as error:
            raise MediaRejected(DAMAGED) from error
        if self.damaged and _mostly_filler(self.image):
            raise MediaRejected(DAMAGED)

    def _plain_band(self, data: bytes) -> Image.Image:
        """Some rows of a PNG, all of one mode whatever is in them."""
        colour_type, deep_bits = data[25], self.meaning.depth == 16
        low = None
        if self.meaning.encoding and deep_bits and colour_type:
            with Image.open(BytesIO(data), formats=(PNG.name,)) as again:
                low = deep.png_low_halves(again, colour_type)
        with Image.open(BytesIO(data), formats=(PNG.name,)) as band:
            has_alpha = colour_type in {4, 6} or "transparency" in band.info
            mode = "RGBA" if has_alpha else "RGB" if colour_type else "L"
            return plain(band, self._upright, low).convert(mode)

    def _salvage(self, reason: Exception) -> None:
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        try:
            self.image = self._open()
            self.image.load()
        except MemoryError:
            raise
        except Exception as error:
            raise MediaRejected(DAMAGED) from error
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = False
        if _mostly_filler(self.image):
            raise MediaRejected(DAMAGED) from reason
        self.damaged = True

    def _open(self) -> ImageFile.ImageFile:
        if self.form.name == HEIF.name:
            # Only now: most pictures never need libheif in memory.
            import pillow_heif

            pillow_heif.register_heif_opener(thumbnails=False)
        # Pillow checks every header against this, and frames that are larger than their canvas.
        Image.MAX_IMAGE_PIXELS = self._most_pixels
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                warnings.simplefilter("error", Image.DecompressionBombWarning)
                # One parser may see the bytes: that of the format they begin with. Phones' MPO
                # files open as JPEG.
                image = Image.open(BytesIO(self._coded), formats=(self.form.name,))
                # Pillow 12.3 turns a TIFF by what its XMP says, while it decodes it.
                image.info.pop("xmp", None)
                return image
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise self._too_large() from error
        except Exception as error:
            raise self._fault(opened=False) from error

    def _meaning(self) -> Meaning:
        """What the file says of its pixels, in the order in which browsers believe it."""
        mode, info = self.image.mode, self.image.info
        if self.form == PNG:
            chunks = png.colours(self.data)
            profile = b"" if chunks.cicp or not is_usable(chunks.profile, mode) else chunks.profile
            encoding = chunks.cicp or (None if profile else chunks.gamma)
            exif = png.orientation_exif(self.data)
            depth = self.data[24]
        else:
            profile = info.get("icc_profile") or b""
            # Chromium turns no WebP by its EXIF.
            exif = info.get("exif") or b"" if self.form != WEBP else b""
            said = self._nclx
            encoding = None if said is None or is_usable(profile, mode) else said.encoding()
            depth = isobmff.bits(self.data) if self._nclx else 8
        if encoding and colour.is_srgb(encoding):
            encoding = None
        return Meaning(orientation(exif), profile, encoding, depth)

    def _load_deep(self) -> None:
        """Decode to sixteen bits, for colours that are yet to be converted."""
        try:
            if self.form == PNG:
                ImageFile.LOAD_TRUNCATED_IMAGES = self.damaged
                self.low = deep.png_low_halves(self._open(), self.data[25])
            elif self.form != AVIF:
                self.image, self.low = deep.heic_halves(self.data)
            elif halves := (self._nclx and deep.avif_halves(self.data, self._nclx)):
                self.image, self.low = halves
        except MemoryError:
            raise
        except Exception as error:
            raise MediaRejected(DAMAGED) from error
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = False

    @property
    def _most_pixels(self) -> int:
        most = self._limits.max_scaled_pixels
        if self.form == JPEG or self._is_banded:
            return most
        each = _WHOLE_BYTES_PER_PIXEL.get(self.form, _USUAL_BYTES_PER_PIXEL)
        return min(most, self._limits.max_whole_bytes // each)

    def _bound(self, size: tuple[int, int]) -> None:
        if size[0] * size[1] > self._most_pixels:
            raise self._too_large()

    def _too_large(self) -> MediaRejected:
        if self._most_pixels == self._limits.max_scaled_pixels:
            return MediaRejected(too_many_pixels(self._most_pixels))
        kind = "PNG in seven passes" if self.form == PNG else _KINDS.get(self.form, self.form.name)
        return MediaRejected(cannot_be_scaled(kind, self._most_pixels))


def _must_be_whole(image: Image.Image) -> None:
    """Refuse the TIFFs of cameras: their first page is a small preview, or not developed.

    And those whose colours lie in planes of 16 bits that are not packed: Pillow 12.3 reads them as
    planes of 8, which makes another picture.

    Raises:
        MediaRejected: it is one.
    """
    tags = getattr(image, "tag_v2", {})
    deep = max(tags.get(_BITS, (8,))) > 8
    if deep and tags.get(_PLANES, 1) == 2 and tags.get(_COMPRESSION, 1) == 1:
        raise MediaRejected(
            "A TIFF with planes of 16 bits is not supported unless it is packed. Export it as PNG."
        )
    if tags.get(_SUBFILE, 0) & 1 or _DNG_VERSION in tags:
        raise MediaRejected("Camera raw is not supported. Export it as JPEG or PNG.")


def _mostly_filler(image: Image.Image) -> bool:
    """Whether there is no picture but what decoders put where data is missing: black or grey."""
    counts = image.convert("L").histogram()
    filler = max(counts[0], counts[127] + counts[128])
    return filler >= 0.99 * sum(counts)


def _frames(image: Image.Image) -> int:
    return int(getattr(image, "n_frames", 1))


def _webp_canvas(data: bytes) -> tuple[int, int]:
    """The declared canvas, read here because Pillow allocates it twice before it tells."""
    header = next((content for name, content in webp_chunks(data) if name == b"VP8X"), b"")
    if len(header) < 10:
        return (0, 0)
    return (
        1 + int.from_bytes(header[4:7], "little"),
        1 + int.from_bytes(header[7:10], "little"),
    )


def _gif_frames(data: bytes, limits: Limits) -> int:
    """Count frames without decoding one, and no further than the limit.

    Pillow would take half a minute over a million frames of twelve bytes.
    """
    at = 13 + _colour_table_bytes(data[10])
    frames = 0
    while at + 10 <= len(data) and frames <= limits.counted_frames:
        if data[at] == 0x2C:
            frames += 1
            at += 11 + _colour_table_bytes(data[at + 9])
        elif data[at] == 0x21:
            at += 2
        else:
            break
        while at < len(data) and data[at]:
            at += 1 + data[at]
        at += 1
    return max(frames, 1)


def _colour_table_bytes(flags: int) -> int:
    return 3 << (1 + (flags & 7)) if flags & 0x80 else 0
