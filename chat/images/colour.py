"""Colours told by numbers instead of an ICC profile, turned into sRGB as browsers show them.

PNG says them in ``cICP`` or in ``gAMA`` and ``cHRM``, AVIF and HEIC in an ``nclx`` box. Pictures
of high dynamic range (PQ, HLG) are tone-mapped for a screen without it.

Sources: Rec. ITU-T H.273 (code points), Rec. ITU-R BT.2100 (PQ, HLG), SMPTE ST 2094-50
(reference white tone mapping, what Chromium applies).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Floats: TypeAlias = NDArray[np.float32]
Curve: TypeAlias = Callable[[NDArray[np.float64]], NDArray[np.float64]]
Chromaticities: TypeAlias = tuple[float, ...]
"""x and y of white, red, green, blue: eight numbers."""

_D65 = (0.3127, 0.3290)
_C = (0.310, 0.316)
BT709: Chromaticities = (*_D65, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06)
BT2020: Chromaticities = (*_D65, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046)
_SMPTE170: Chromaticities = (*_D65, 0.630, 0.340, 0.310, 0.595, 0.155, 0.070)
# H.273, table 2.
_PRIMARIES: dict[int, Chromaticities] = {
    1: BT709,
    4: (*_C, 0.67, 0.33, 0.21, 0.71, 0.14, 0.08),
    5: (*_D65, 0.64, 0.33, 0.29, 0.60, 0.15, 0.06),
    6: _SMPTE170,
    7: _SMPTE170,
    8: (*_C, 0.681, 0.319, 0.243, 0.692, 0.145, 0.049),
    9: BT2020,
    10: (1 / 3, 1 / 3, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0),
    11: (0.314, 0.351, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060),
    12: (*_D65, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060),
    22: (*_D65, 0.630, 0.340, 0.295, 0.605, 0.155, 0.077),
}
_BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)

PQ, HLG = "pq", "hlg"
_BT1886 = "2.4"
# H.273, table 3. The codes of television name a camera's curve; a PNG of them is shown with the
# curve of a television's screen (BT.1886), an AVIF with that of sRGB.
_TRANSFERS = {
    1: _BT1886, 4: "2.2", 5: "2.8", 6: _BT1886, 7: "smpte240", 8: "1", 11: _BT1886, 12: "srgb",
    13: "srgb", 14: _BT1886, 15: _BT1886, 16: PQ, 17: "smpte428", 18: HLG,
}  # fmt: skip

REFERENCE_WHITE_NITS = 203.0
_HLG_PEAK_NITS = 1000.0
_USUAL_PEAK_NITS = 1000.0
_LUMA_2020 = np.array([0.2627, 0.6780, 0.0593], np.float32)

# Two levels either way is what rounding costs when sRGB is turned into sRGB.
SAME_COLOUR = 3
# libpng's and browsers' threshold: a screen gamma this near to 2.2 means an ordinary picture.
_ORDINARY_GAMMA = 0.05
_STRIP_PIXELS = 1 << 18
_FINE = 65535


@dataclass(frozen=True, slots=True)
class Encoding:
    """What the numbers of a picture mean: the colours of its primaries, and its curve."""

    primaries: Chromaticities
    transfer: str
    """``srgb``, ``pq``, ``hlg``, ``smpte240``, ``smpte428``, or an exponent in digits."""
    peak_nits: float = _USUAL_PEAK_NITS
    """The brightest light of a PQ or HLG picture."""


SRGB = Encoding(BT709, "srgb")


def from_cicp(primaries: int, transfer: int, peak_nits: float | None = None) -> Encoding | None:
    """What a PNG's ``cICP`` says; ``None`` for codes that say nothing (browsers skip the chunk)."""
    if primaries not in _PRIMARIES or transfer not in _TRANSFERS:
        return None
    return Encoding(
        _PRIMARIES[primaries], _TRANSFERS[transfer], _bounded(peak_nits or _USUAL_PEAK_NITS)
    )


def from_nclx(primaries: int, transfer: int, peak_nits: float | None = None) -> Encoding:
    """What an ``nclx`` box says; what it leaves open is as in sRGB."""
    curve = _TRANSFERS.get(transfer, "srgb")
    return Encoding(
        _PRIMARIES.get(primaries, BT709),
        "srgb" if curve == _BT1886 else curve,
        _bounded(peak_nits or _USUAL_PEAK_NITS),
    )


def from_gamma(gamma: float, chromaticities: Chromaticities | None) -> Encoding | None:
    """What a PNG's ``gAMA`` and ``cHRM`` say; ``None`` for an ordinary picture.

    Args:
        gamma: The exponent that the file was encoded with: 1 / 2.2 for most.
        chromaticities: As in ``cHRM``; ``None`` without that chunk.
    """
    if gamma <= 0 or (chromaticities is None and abs(gamma * 2.2 - 1) < _ORDINARY_GAMMA):
        return None
    if chromaticities is None:
        return Encoding(BT709, repr(1 / gamma))
    return Encoding(chromaticities, repr(1 / gamma)) if _is_possible(chromaticities) else None


def luma_weights(primaries: int) -> tuple[float, float]:
    """How much red and blue of these primaries, a code of H.273, weigh in brightness."""
    red, _, blue = _to_xyz(_PRIMARIES.get(primaries, BT709))[1].tolist()
    return red, blue


def is_srgb(encoding: Encoding) -> bool:
    """Whether :func:`to_srgb` would change no channel by more than rounding does."""
    levels = np.arange(0, 256, 15, dtype=np.uint8)
    swatches = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(-1, 3)
    shown = _shown(swatches, encoding, 255).astype(int)
    return int(np.abs(shown - swatches).max()) <= SAME_COLOUR


def to_srgb(image: Image.Image, encoding: Encoding, low: Image.Image | None = None) -> Image.Image:
    """A new picture in sRGB, made strip by strip.

    Args:
        image: Mode L, RGB or RGBA, 8 bits a channel; alpha is copied.
        encoding: What its numbers mean.
        low: The lower eight bits of each colour channel, of a picture that has sixteen.
    """
    if low is None and image.mode == "L":
        return image.point(grey_levels(encoding, 255))
    done = Image.new(image.mode, image.size)
    rows = max(1, _STRIP_PIXELS // image.width)
    for top in range(0, image.height, rows):
        box = (0, top, image.width, min(top + rows, image.height))
        strip = np.asarray(image.crop(box))
        grey = strip.ndim == 2
        codes = strip[..., None].repeat(3, 2) if grey else strip[..., :3]
        if low is not None:
            fine = np.asarray(low.crop(box))
            fine = fine[..., None] if fine.ndim == 2 else fine[..., :3]
            codes = (codes.astype(np.uint16) << 8) | fine
        shown = _shown(codes, encoding, 255 if low is None else _FINE)
        if grey:
            shown = shown[..., 1]
        elif image.mode == "RGBA":
            shown = np.concatenate((shown, strip[..., 3:]), axis=-1)
        done.paste(Image.fromarray(np.ascontiguousarray(shown)), box)
    return done


def grey_levels(encoding: Encoding, most: int) -> list[int]:
    """The sRGB level of each grey from 0 to ``most``: 255 or 65,535."""
    codes = np.arange(most + 1, dtype=np.uint16)[:, None].repeat(3, 1)
    levels: list[int] = _shown(codes, encoding, most)[:, 1].tolist()
    return levels


def _shown(codes: NDArray[np.generic], encoding: Encoding, most: int) -> NDArray[np.uint8]:
    """Turn RGB code values from 0 to ``most`` into sRGB levels."""
    light: Floats = _light(encoding, most)[codes]
    if encoding.transfer in {PQ, HLG}:
        light = light @ _matrix(encoding.primaries, BT2020)
        if encoding.transfer == HLG:
            brightness = np.maximum(light @ _LUMA_2020, 1e-9)[..., None]
            light = light * brightness ** np.float32(0.2) * (_HLG_PEAK_NITS / REFERENCE_WHITE_NITS)
        light = _tone_mapped(light, encoding.peak_nits) @ _matrix(BT2020, BT709)
    elif encoding.primaries != BT709:
        light = light @ _matrix(encoding.primaries, BT709)
    fine = (np.clip(light, 0, 1) * np.float32(_FINE) + np.float32(0.5)).astype(np.uint16)
    levels: NDArray[np.uint8] = _levels()[fine]
    return levels


def _tone_mapped(light: Floats, peak_nits: float) -> Floats:
    """Bring linear BT.2020, 1 being reference white, into what a screen without HDR can show.

    Half as bright below reference white, then along a curve that reaches 1 at the peak; all
    three channels are scaled alike, by the largest.
    """
    most = max(peak_nits / REFERENCE_WHITE_NITS, 1.001)
    knee = 1 - 0.5 * min(np.log(most) / np.log(_USUAL_PEAK_NITS / REFERENCE_WHITE_NITS), 1)
    middle_x = 0.35 + 0.65 / knee
    middle_y = 0.35 * knee + 0.65
    square_x, line_x = 1 - 2 * middle_x + most, 2 * middle_x - 2
    square_y, line_y = knee - 2 * middle_y + 1, 2 * middle_y - 2 * knee
    largest = light.max(axis=-1, keepdims=True)
    x = np.clip(largest, 1, most)
    root = np.sqrt(np.maximum(line_x * line_x - 4 * square_x * (1 - x), 0))
    # The stable form of the root of a quadratic: square_x may be near zero.
    step = 2 * (x - 1) / np.maximum(line_x + root, 1e-9)
    y = knee + step * (line_y + step * square_y)
    gain = np.where(largest > most, 1 / np.maximum(largest, 1e-9), y / x)
    mapped: Floats = (light * gain).astype(np.float32)
    return mapped


def _is_possible(chromaticities: Chromaticities) -> bool:
    """Whether there can be a screen of such colours: points in the diagram, no two the same."""
    points = [chromaticities[at : at + 2] for at in range(0, 8, 2)]
    if any(x < 0 or y < 0 or x + y > 1 for x, y in points) or points[0][1] == 0:
        return False
    (red_x, red_y), (green_x, green_y), (blue_x, blue_y) = points[1:]
    area = (green_x - red_x) * (blue_y - red_y) - (blue_x - red_x) * (green_y - red_y)
    return abs(area) > 1e-4


def _bounded(nits: float) -> float:
    return min(max(nits, REFERENCE_WHITE_NITS), 10_000.0)


@lru_cache(maxsize=4)
def _light(encoding: Encoding, most: int) -> Floats:
    """Linear light of each code value from 0 to ``most``."""
    codes = np.linspace(0, 1, most + 1)
    curve = _CURVES.get(encoding.transfer)
    light = curve(codes) if curve else codes ** float(encoding.transfer)
    return light.astype(np.float32)


@lru_cache(maxsize=1)
def _levels() -> NDArray[np.uint8]:
    """The sRGB level of each of 65,536 equal steps of linear light."""
    light = np.linspace(0, 1, _FINE + 1)
    curved = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return (curved * 255 + 0.5).astype(np.uint8)


@lru_cache(maxsize=8)
def _matrix(source: Chromaticities, target: Chromaticities) -> Floats:
    """From linear RGB to linear RGB, to be multiplied from the right; white stays white."""
    there, back = _to_xyz(source), np.linalg.inv(_to_xyz(target))
    return (back @ _adapted(source[:2], target[:2]) @ there).T.astype(np.float32)


def _to_xyz(chromaticities: Chromaticities) -> NDArray[np.float64]:
    white, *primaries = (
        _xyz(*chromaticities[at : at + 2]) for at in range(0, len(chromaticities), 2)
    )
    columns = np.array(primaries).T
    scaled: NDArray[np.float64] = columns * np.linalg.solve(columns, white / white[1])
    return scaled


def _xyz(x: float, y: float) -> NDArray[np.float64]:
    return np.array([x, y, 1 - x - y])


def _adapted(source: Chromaticities, target: Chromaticities) -> NDArray[np.float64]:
    """Bradford's adaptation of one white to another."""
    before, after = (_BRADFORD @ (_xyz(*white) / white[1]) for white in (source, target))
    adapted: NDArray[np.float64] = np.linalg.inv(_BRADFORD) @ np.diag(after / before) @ _BRADFORD
    return adapted


def _srgb(code: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)


def _smpte240(code: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(code < 0.0913, code / 4.0, ((code + 0.1115) / 1.1115) ** (1 / 0.45))


def _smpte428(code: NDArray[np.float64]) -> NDArray[np.float64]:
    return code**2.6 * (52.37 / 48)


def _pq(code: NDArray[np.float64]) -> NDArray[np.float64]:
    """Light relative to reference white."""
    root = code ** (32 / 2523)
    ratio = np.maximum(root - 3424 / 4096, 0) / (2413 / 128 - 2392 / 128 * root)
    return 10_000 / REFERENCE_WHITE_NITS * ratio ** (16384 / 2610)


def _hlg(code: NDArray[np.float64]) -> NDArray[np.float64]:
    """Light of the scene, from 0 to 1."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return np.where(code <= 0.5, code**2 / 3, (np.exp((code - c) / a) + b) / 12)


_CURVES: dict[str, Curve] = {
    "srgb": _srgb,
    "smpte240": _smpte240,
    "smpte428": _smpte428,
    PQ: _pq,
    HLG: _hlg,
}
