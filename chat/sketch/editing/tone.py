"""Edits that change how light or coloured every pixel is. Each takes RGB and gives RGB."""

from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

_Curve = list[int]


def grey(image: Image.Image) -> Image.Image:
    """Without colour."""
    return ImageOps.grayscale(image).convert("RGB")


def sepia(image: Image.Image) -> Image.Image:
    """Brown like an old print."""
    return ImageOps.colorize(
        ImageOps.grayscale(image), (34, 20, 10), (255, 243, 220), (158, 118, 78)
    )


def inverted(image: Image.Image) -> Image.Image:
    """Every colour its opposite."""
    return ImageOps.invert(image)


def brightened(image: Image.Image, way: float) -> Image.Image:
    """Lighter (+1) or darker (-1) in the mid-tones; black and white stay."""
    gamma = 0.68 if way > 0 else 1.5
    return image.point(_repeated([round(255 * (k / 255) ** gamma) for k in range(256)]))


def warmed(image: Image.Image, way: float) -> Image.Image:
    """Towards amber (+1) or towards blue (-1)."""
    red, green, blue = (1.12, 1.01, 0.82) if way > 0 else (0.86, 0.98, 1.14)
    curves = [min(255, round(k * gain)) for gain in (red, green, blue) for k in range(256)]
    return image.point(curves)


def tinted(image: Image.Image, colour: tuple[int, int, int]) -> Image.Image:
    """Every pixel moved a little towards that colour; light and dark stay."""
    mean = max(1.0, sum(colour) / 3)
    gains = [0.72 + 0.28 * min(2.0, level / mean) for level in colour]
    return image.point([min(255, round(k * gain)) for gain in gains for k in range(256)])


def contrasted(image: Image.Image, way: float) -> Image.Image:
    """More (+1) or less (-1) contrast."""
    return ImageEnhance.Contrast(image).enhance(1.4 if way > 0 else 0.65)


def saturated(image: Image.Image, way: float) -> Image.Image:
    """More (+1) or less (-1) colour."""
    return ImageEnhance.Color(image).enhance(1.6 if way > 0 else 0.45)


def blurred(image: Image.Image) -> Image.Image:
    """Out of focus, by a share of the picture's size."""
    return image.filter(ImageFilter.GaussianBlur(max(1.5, max(image.size) / 130)))


def sharpened(image: Image.Image) -> Image.Image:
    """Crisper edges."""
    return image.filter(ImageFilter.UnsharpMask(radius=2.2, percent=170, threshold=2))


def cartooned(image: Image.Image) -> Image.Image:
    """Flat colours and dark outlines."""
    calm = image.filter(ImageFilter.BoxBlur(max(1.0, max(image.size) / 500)))
    inks = calm.quantize(22, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).convert("RGB")
    flat = ImageEnhance.Color(inks.filter(ImageFilter.MedianFilter(5))).enhance(1.3)
    edges = ImageOps.grayscale(image).filter(ImageFilter.GaussianBlur(1.4))
    edges = edges.filter(ImageFilter.FIND_EDGES).point(
        [min(255, max(0, k - 14) * 8) for k in range(256)]
    )
    # FIND_EDGES marks the outermost pixels whatever they show.
    edges.paste(0, (0, 0, image.width, 2))
    edges.paste(0, (0, image.height - 2, image.width, image.height))
    edges.paste(0, (0, 0, 2, image.height))
    edges.paste(0, (image.width - 2, 0, image.width, image.height))
    return Image.composite(Image.new("RGB", image.size, (28, 24, 36)), flat, edges)


def pixelated(image: Image.Image) -> Image.Image:
    """Big square pixels, 64 along the longer side."""
    block_px = max(2, round(max(image.size) / 64))
    small_px = (max(1, image.width // block_px), max(1, image.height // block_px))
    return image.resize(small_px, Image.Resampling.BOX).resize(image.size, Image.Resampling.NEAREST)


def vignetted(image: Image.Image, strength: float = 0.62) -> Image.Image:
    """Darker towards the corners."""
    across = np.linspace(-1, 1, image.width, dtype=np.float32)[None, :]
    down = np.linspace(-1, 1, image.height, dtype=np.float32)[:, None]
    shade = 1 - strength * np.clip((across**2 + down**2 - 0.25) / 1.75, 0, 1)
    pixels = np.asarray(image, dtype=np.float32) * shade[:, :, None]
    return Image.fromarray(pixels.astype(np.uint8))


def at_hour(image: Image.Image, hour: str) -> Image.Image:
    """The light of evening, dawn, night or day over the whole picture."""
    pixels = np.asarray(image, dtype=np.float32) / 255
    bright = pixels @ np.array([0.299, 0.587, 0.114], dtype=np.float32)
    down = np.linspace(0, 1, image.height, dtype=np.float32)[:, None]
    # What is bright takes the colour of the light itself: windows and sky, and lamps at night.
    shining = np.clip((bright - 0.74) / 0.24, 0, 1) ** 1.5
    if hour == "night":
        warmth = np.clip((pixels[:, :, 0] - pixels[:, :, 2] - 0.08) * 7, 0, 1)
        shining = np.clip((bright - 0.62) / 0.2, 0, 1) * warmth
        muted = pixels * 0.5 + bright[:, :, None] * 0.5
        graded = muted**1.3 * np.array([0.3, 0.37, 0.56], dtype=np.float32)
        graded += _halo(shining, image) * np.array([0.5, 0.34, 0.16], dtype=np.float32) * pixels
        graded = graded * (1 - shining[:, :, None]) + pixels * shining[:, :, None]
    elif hour == "evening":
        graded = pixels**1.18 * np.array([1.0, 0.79, 0.62], dtype=np.float32)
        shine = pixels * np.array([1.02, 0.8, 0.52], dtype=np.float32)
        graded = graded * (1 - shining[:, :, None]) + shine * shining[:, :, None]
        graded += (0.035 * (1 - down))[:, :, None] * np.array([1.0, 0.42, 0.2], dtype=np.float32)
    elif hour == "dawn":
        graded = pixels**1.05 * np.array([1.0, 0.88, 0.9], dtype=np.float32)
        graded += (0.09 * (1 - down))[:, :, None] * np.array([1.0, 0.62, 0.7], dtype=np.float32)
    else:
        graded = pixels**0.8 * np.array([1.0, 1.01, 1.03], dtype=np.float32)
    done = Image.fromarray((np.clip(graded, 0, 1) * 255).astype(np.uint8))
    return vignetted(done, 0.3) if hour in {"evening", "night"} else done


def _halo(shining: npt.NDArray[np.floating[Any]], image: Image.Image) -> npt.NDArray[np.float32]:
    """The light that shining parts throw around them, 0..1, one channel deep."""
    small = Image.fromarray((shining * 255).astype(np.uint8)).reduce(8)
    wide = small.filter(ImageFilter.GaussianBlur(max(image.size) / 8 / 9)).resize(image.size)
    lit = np.clip(np.asarray(wide, dtype=np.float32)[:, :, None] / 255 * 4, 0, 1)
    return lit.astype(np.float32)


def _repeated(curve: _Curve) -> _Curve:
    return curve * 3
