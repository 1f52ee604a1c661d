"""Pictures of four fields whose colours are told in every way but sRGB and an ICC profile."""

import zlib
from io import BytesIO

import numpy as np
import pillow_heif
from PIL import Image

from tests.unit.images.pictures import chunk, encoded, png, srgb_profile, swapped_profile

FIELD_PX = 32
FIELDS = ((0.55, 0.3, 0.2), (0.2, 0.5, 0.3), (0.2, 0.3, 0.6), (0.5, 0.45, 0.3))
"""Red, green and blue of each field, as the file codes them, from 0 to 1."""

ADOBE = (31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000)
SRGB = (31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)
P3 = (31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000)


def cicp(primaries: int, transfer: int, full: int = 1) -> bytes:
    return chunk(b"cICP", bytes((primaries, transfer, 0, full)))


def gama(hundred_thousandths: int) -> bytes:
    return chunk(b"gAMA", hundred_thousandths.to_bytes(4, "big"))


def chrm(points: tuple[int, ...]) -> bytes:
    return chunk(b"cHRM", b"".join(point.to_bytes(4, "big") for point in points))


def iccp(profile: bytes) -> bytes:
    return chunk(b"iCCP", b"x\0\0" + zlib.compress(profile))


def _rows(bits: int, alpha: bool = False) -> bytes:
    """Filtered rows of an RGB or RGBA PNG."""
    most = 2**bits - 1
    pixels = [[round(part * most) for part in (*field, *([1.0] * alpha))] for field in FIELDS]
    size = bits // 8
    row = b"".join(
        b"".join(part.to_bytes(size, "big") for part in pixel) * FIELD_PX for pixel in pixels
    )
    return (b"\0" + row) * FIELD_PX


def rgb(bits: int, *before: bytes, alpha: bool = False) -> bytes:
    """A PNG of the fields, with these chunks before its pixels."""
    rows = _rows(bits, alpha)
    return png(FIELD_PX * len(FIELDS), FIELD_PX, bits, 6 if alpha else 2, rows, *before)


def palette(*before: bytes) -> bytes:
    colours = bytes(round(part * 255) for field in FIELDS for part in field)
    row = b"\0" + b"".join(bytes((at,)) * FIELD_PX for at in range(len(FIELDS)))
    chunks = (*before, chunk(b"PLTE", colours))
    return png(FIELD_PX * len(FIELDS), FIELD_PX, 8, 3, row * FIELD_PX, *chunks)


def grey(bits: int, *before: bytes, alpha: bool = False) -> bytes:
    """The red of each field, as a grey."""
    most, size = 2**bits - 1, bits // 8
    row = b"\0" + b"".join(
        (round(red * most).to_bytes(size, "big") + b"\xff" * (size * alpha)) * FIELD_PX
        for red, _, _ in FIELDS
    )
    colour = 4 if alpha else 0
    return png(FIELD_PX * len(FIELDS), FIELD_PX, bits, colour, row * FIELD_PX, *before)


def avif(primaries: int, transfer: int, profile: bytes | None = None) -> bytes:
    """An AVIF whose numbers are the fields, and whose box says what they mean."""
    data = bytearray(
        encoded(_eight_bit(), "AVIF", quality=100, subsampling="4:4:4", icc_profile=profile)
    )
    at = data.rindex(b"colrnclx") + 8
    data[at : at + 4] = primaries.to_bytes(2, "big") + transfer.to_bytes(2, "big")
    return bytes(data)


def heic(primaries: int, transfer: int, bits: int = 8) -> bytes:
    """A HEIC, of eight or ten bits, of the same kind."""
    wide = np.asarray(FIELDS, np.float64)[:, None].repeat(FIELD_PX, 1).reshape(1, -1, 3)
    wide = wide.repeat(FIELD_PX, 0)
    pixels = (wide * (255 if bits == 8 else 65535) + 0.5).astype("uint8" if bits == 8 else "uint16")
    out = BytesIO()
    pillow_heif.options.SAVE_HDR_TO_12_BIT = bits == 12
    try:
        made = pillow_heif.from_bytes(
            "RGB" if bits == 8 else "RGB;16", (pixels.shape[1], pixels.shape[0]), pixels.tobytes()
        )
        made.save(
            out,
            quality=-1,
            chroma=444,
            save_nclx_profile=True,
            color_primaries=primaries,
            transfer_characteristics=transfer,
            matrix_coefficients=6,
            full_range_flag=1,
        )
    finally:
        pillow_heif.options.SAVE_HDR_TO_12_BIT = False
    return out.getvalue()


def _eight_bit() -> Image.Image:
    image = Image.new("RGB", (FIELD_PX * len(FIELDS), FIELD_PX))
    for at, field in enumerate(FIELDS):
        colour = tuple(round(part * 255) for part in field)
        image.paste(colour, (at * FIELD_PX, 0, (at + 1) * FIELD_PX, FIELD_PX))
    return image


def fields(image: Image.Image) -> list[tuple[int, ...]]:
    """The colour in the middle of each field."""
    shown = image.convert("RGB")
    found = [
        shown.getpixel((at * FIELD_PX + FIELD_PX // 2, FIELD_PX // 2)) for at in range(len(FIELDS))
    ]
    return [one for one in found if isinstance(one, tuple)]


SAYS_SRGB = chunk(b"sRGB", b"\0")
LEVEL = chunk(b"cLLI", (4_000_000).to_bytes(4, "big") * 2)
"""The brightest light and the brightest frame: 400 candela a square metre."""

BROWSER_FILES: dict[str, bytes] = {
    "png cICP P3": rgb(8, cicp(12, 13)),
    "png cICP P3, 16 bits": rgb(16, cicp(12, 13)),
    "png cICP BT.2020, the curve of television": rgb(16, cicp(9, 14)),
    "png cICP BT.2020, sRGB's curve": rgb(8, cicp(9, 13)),
    "png cICP DCI-P3": rgb(16, cicp(11, 17)),
    "png cICP linear": rgb(16, cicp(1, 8)),
    "png cICP gamma 2.8": rgb(8, cicp(1, 5)),
    "png cICP SMPTE 240": rgb(8, cicp(7, 7)),
    "png cICP PQ": rgb(16, cicp(9, 16)),
    "png cICP PQ, 8 bits": rgb(8, cicp(9, 16)),
    "png cICP PQ with alpha": rgb(16, cicp(9, 16), alpha=True),
    "png cICP PQ of BT.709": rgb(16, cicp(1, 16)),
    "png cICP PQ, level told": rgb(16, cicp(9, 16), LEVEL),
    "png cICP HLG": rgb(16, cicp(9, 18)),
    "png cICP HLG in grey": grey(8, cicp(9, 18)),
    "png cICP PQ in grey, 16 bits": grey(16, cicp(9, 16)),
    "png cICP PQ in a palette": palette(cicp(9, 16)),
    "png cICP of narrow range is none": rgb(8, cicp(12, 13, full=0)),
    "png cICP before iCCP": rgb(8, cicp(12, 13), iccp(swapped_profile())),
    "png iCCP before sRGB and gAMA": rgb(8, gama(100_000), SAYS_SRGB, iccp(swapped_profile())),
    "png gAMA where iCCP is broken": rgb(8, gama(100_000), iccp(b"nonsense" * 40)),
    "png sRGB before gAMA": rgb(8, gama(100_000), chrm(ADOBE), SAYS_SRGB),
    "png gAMA 1": rgb(16, gama(100_000)),
    "png gAMA 1, 8 bits with alpha": rgb(8, gama(100_000), alpha=True),
    "png gAMA 1 in grey": grey(8, gama(100_000)),
    "png gAMA 1 in grey, 16 bits": grey(16, gama(100_000)),
    "png gAMA 1 in grey with alpha, 16 bits": grey(16, gama(100_000), alpha=True),
    "png gAMA 1 in a palette": palette(gama(100_000)),
    "png gAMA 1/1.8": rgb(8, gama(55_556)),
    "png gAMA as usual": rgb(8, gama(45_455)),
    "png gAMA 0": rgb(8, gama(0)),
    "png gAMA and cHRM of Adobe RGB": rgb(8, gama(45_471), chrm(ADOBE)),
    "png gAMA and cHRM of P3, 16 bits": rgb(16, gama(45_455), chrm(P3)),
    "png gAMA and cHRM of sRGB": rgb(8, gama(45_455), chrm(SRGB)),
    "png cHRM alone": rgb(8, chrm(ADOBE)),
    "png cHRM of nothing": rgb(8, gama(100_000), chrm((0,) * 8)),
    "png gAMA behind the pixels": rgb(8)[:-12] + gama(100_000) + rgb(8)[-12:],
    "avif P3": avif(12, 13),
    "avif BT.2020, television": avif(9, 14),
    "avif PQ": avif(9, 16),
    "avif HLG": avif(9, 18),
    "avif linear": avif(1, 8),
    "avif gamma 2.2": avif(1, 4),
    "avif DCI-P3": avif(11, 17),
    "avif that does not say": avif(2, 2),
    "avif whose profile goes first": avif(9, 16, profile=srgb_profile()),
}  # fmt: skip
"""What a browser can show; the files of a row are alike but for what they say of their colours."""

HEIC_FILES: dict[str, tuple[bytes, str]] = {
    "heic P3": (heic(12, 13), "avif P3"),
    "heic P3, 10 bits": (heic(12, 13, bits=10), "avif P3"),
    "heic P3, 12 bits": (heic(12, 13, bits=12), "avif P3"),
    "heic PQ, 10 bits": (heic(9, 16, bits=10), "png cICP PQ"),
    "heic HLG, 10 bits": (heic(9, 18, bits=10), "png cICP HLG"),
    "heic that says sRGB": (heic(1, 13), "avif that does not say"),
}
"""No Chromium shows HEIC: each is to look as the picture of another format that is named."""
