"""Opens a picture within its bounds and decodes it once.

Runs in the worker process only: decoders meet hostile bytes here. Knows nothing of what the
pixels are for.
"""

import warnings
from io import BytesIO

from PIL import Image, ImageFile

from chat.core.errors import MediaRejected
from chat.images import colour, deep, isobmff, png
from chat.images.formats import AVIF, GIF, HEIC, HEIF, JPEG, PNG, WEBP, sniff
from chat.images.limits import DAMAGED, Limits, too_many_frames, too_many_pixels
from chat.images.pixels import Meaning, is_usable, orientation
from chat.images.strip import webp_chunks

_SALVAGEABLE = {PNG.name, JPEG.name}


class Opened:
    """A picture whose header is known and within bounds; its pixels wait for :meth:`load`."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        """Read the header.

        Raises:
            MediaRejected: it is no picture, declares too much, or its header is damaged.
        """
        self.form = sniff(data)
        self.data = data
        self.damaged = False
        self.low: Image.Image | None = None
        """The lower halves of sixteen bits a channel, once loaded, where the colours need them."""
        self._limits = limits
        self._nclx = isobmff.nclx(data) if self.form in {AVIF, HEIC, HEIF} else None
        self._coded = png.for_decoder(data) if self.form == PNG else data
        if self.form == WEBP:
            self._bound(_webp_canvas(data))
        self.image: Image.Image = self._open()
        self.frames = _gif_frames(data, limits) if self.form == GIF else _frames(self.image)
        if self.frames > limits.max_frames:
            raise MediaRejected(too_many_frames(limits.max_frames))
        self.meaning = self._meaning()

    @property
    def animated(self) -> bool:
        """Whether the file moves. A HEIC with several pictures is an album, not an animation."""
        return self.frames > 1 and self.form.name != HEIF.name and self.form != JPEG

    def load(self) -> None:
        """Decode the first frame. A PNG or JPEG that breaks off is read as far as it goes.

        Raises:
            MediaRejected: nothing can be read.
        """
        try:
            self.image.load()
        except (OSError, SyntaxError, ValueError, EOFError) as error:
            if self.form.name not in _SALVAGEABLE:
                raise MediaRejected(DAMAGED) from error
            self._salvage(error)
        except MemoryError:
            raise
        except Exception as error:  # decoders raise whatever comes to hand
            raise MediaRejected(DAMAGED) from error
        self._bound(self.image.size)  # HEIF learns its true size only now
        wide = self.meaning.depth > 8 and self.image.mode in {"RGB", "RGBA"}
        if self.meaning.encoding and wide:
            self._load_deep()

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
        Image.MAX_IMAGE_PIXELS = self._limits.max_pixels
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                warnings.simplefilter("error", Image.DecompressionBombWarning)
                # One parser may see the bytes: that of the format they begin with. Phones' MPO
                # files open as JPEG.
                return Image.open(BytesIO(self._coded), formats=(self.form.name,))
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise MediaRejected(too_many_pixels(self._limits.max_pixels)) from error
        except Exception as error:
            raise MediaRejected(DAMAGED) from error

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
            profile, exif = info.get("icc_profile") or b"", info.get("exif") or b""
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

    def _bound(self, size: tuple[int, int]) -> None:
        if size[0] * size[1] > self._limits.max_pixels:
            raise MediaRejected(too_many_pixels(self._limits.max_pixels))


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
    while at + 10 <= len(data) and frames <= limits.max_frames:
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
