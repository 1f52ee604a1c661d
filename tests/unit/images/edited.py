"""Sources, answers and masks for the tests of the studio's work on pictures."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from chat.core.parts import Json
from chat.images.limits import Limits
from chat.images.raster import Pixels, coloured, read, to_srgb
from chat.images.region import composite_task
from tests.unit.images.pictures import encoded

LIMITS = Limits()


def scene(width: int, height: int, seed: int = 3) -> Image.Image:
    """Something like a photograph: large shapes, soft light, a little grain."""
    random = np.random.default_rng(seed)
    image = Image.new("RGB", (width, height), (120, 150, 190))
    draw = ImageDraw.Draw(image)
    for _ in range(40):
        x, y = random.uniform(-0.2, 1, 2) * (width, height)
        reach = random.uniform(0.05, 0.35, 2) * (width, height) + 1
        colour = tuple(int(level) for level in random.integers(0, 256, 3))
        draw.ellipse((x, y, x + reach[0], y + reach[1]), fill=colour)
    soft = np.asarray(image.filter(ImageFilter.GaussianBlur(1.2)), np.float32)
    grain = random.normal(0, 3, soft.shape)
    return Image.fromarray(np.clip(soft + grain, 0, 255).astype(np.uint8))


def repainted(source: Image.Image, shift_px: float = 3, scale: float = 1.004) -> Image.Image:
    """What a model gives back: moved, scaled, smoother, a little warmer, with new grain."""
    import cv2

    pixels = np.asarray(source.convert("RGB"))
    height, width = pixels.shape[:2]
    matrix = np.array(
        [
            [scale, 0, shift_px + (1 - scale) * width / 2],
            [0, scale, shift_px + (1 - scale) * height / 2],
        ]
    )
    moved = cv2.warpAffine(
        pixels, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT
    )
    levels = cv2.bilateralFilter(moved, 5, 20, 3) * np.array([1.03, 0.99, 0.96]) + [4, -2, 5]
    levels += np.random.default_rng(5).normal(0, 2.5, levels.shape)
    return Image.fromarray(np.clip(levels, 0, 255).astype(np.uint8))


def grey_mask(size: tuple[int, int], *boxes: tuple[int, int, int, int]) -> bytes:
    """White rectangles: left, top, right and bottom, the last two not included."""
    mask = np.zeros((size[1], size[0]), np.uint8)
    for left, top, right, low in boxes:
        mask[top:low, left:right] = 255
    return encoded(Image.fromarray(mask), "PNG")


def see_through_mask(size: tuple[int, int], box: tuple[int, int, int, int]) -> bytes:
    """As models take it: see-through where the region is."""
    mask = Image.new("RGBA", size, (0, 0, 0, 255))
    mask.paste((0, 0, 0, 0), box)
    return encoded(mask, "PNG")


def composite(
    source: bytes, answer: bytes, mask: bytes, feather_px: int = 12, output: str = "png"
) -> tuple[Mapping[str, Json], bytes]:
    """What was found, and the file."""
    job = {"feather_px": feather_px, "output": output}
    found, (data, _) = composite_task(job, [source, answer, mask], LIMITS)
    return found, data


def own_pixels(data: bytes) -> Pixels:
    """A file's own numbers, upright; decoded apart from what is tested where Pillow can."""
    return read(data, LIMITS).pixels


def rgb(data: bytes) -> NDArray[Any]:
    """What a file shows, without alpha."""
    return coloured(to_srgb(read(data, LIMITS)).pixels)[..., :3].astype(int)


def region_of(mask: bytes) -> NDArray[np.bool_]:
    """Where a grey mask is not black."""
    with Image.open(BytesIO(mask)) as image:
        return np.asarray(image.convert("L")) > 0
