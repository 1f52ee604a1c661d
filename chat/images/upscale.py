"""Enlarges a picture 2, 3 or 4 times with a small network: Real-ESRGAN's, run by ncnn.

Tile by tile, so that memory stays bounded; the tiles overlap by more than the network looks
around. Runs in the picture process; both parts are installed by who wants them. Source: Wang et
al., "Real-ESRGAN: training real-world blind super-resolution with pure synthetic data", 2021.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from chat.core.errors import MediaRejected
from chat.core.parts import Json
from chat.images.extras import upscale_weights
from chat.images.limits import Limits
from chat.images.pixels import Meaning
from chat.images.raster import as_image, coloured, from_srgb, read, to_srgb, write
from chat.images.thumbnails import thumbnail

MAX_PIXELS = 2_500_000
"""Of the picture before: about half a minute of one processor."""
_TILE_PX = 192
_AROUND_PX = 20


def upscale_task(
    job: Mapping[str, Json], files: list[bytes], limits: Limits
) -> tuple[dict[str, Json], list[bytes]]:
    """Do :meth:`chat.images.edits.ImageEditing.upscale`."""
    import cv2

    factor = int(job["factor"])
    picture = read(files[0], limits)
    if picture.width * picture.height > MAX_PIXELS:
        raise MediaRejected(
            f"Only pictures of up to {MAX_PIXELS / 1_000_000:g} megapixels can be enlarged here."
        )
    shown = to_srgb(picture)
    made = _enlarged(coloured(shown.pixels)[..., :3].astype(np.uint8), factor)
    profile = picture.profile if picture.pixels.shape[2] != 1 else b""
    pixels = from_srgb(made, profile)
    if shown.pixels.shape[2] == 1:
        pixels = pixels[..., 1:2]
    if shown.has_alpha:
        size = (picture.width * factor, picture.height * factor)
        alpha = cv2.resize(shown.pixels[..., 3], size, interpolation=cv2.INTER_CUBIC)
        pixels = np.dstack((pixels, alpha))
    done = replace(picture, pixels=pixels, profile=profile)
    small = thumbnail(as_image(to_srgb(done).pixels), Meaning())
    found = {"width_px": done.width, "height_px": done.height, "note": picture.note}
    return found, [write(done), small]


def _enlarged(pixels: NDArray[np.uint8], factor: int) -> NDArray[np.uint8]:
    import ncnn

    weights = upscale_weights(factor)
    if weights is None:
        raise MediaRejected("The part that enlarges pictures is not installed.")
    network = ncnn.Net()
    network.opt.use_vulkan_compute = False
    network.opt.num_threads = 1
    network.load_param(str(weights.with_suffix(".param")))
    network.load_model(str(weights.with_suffix(".bin")))
    height, width = pixels.shape[:2]
    # Where the picture ends it goes on as its own mirror image.
    framed = np.pad(pixels, ((_AROUND_PX,) * 2, (_AROUND_PX,) * 2, (0, 0)), mode="symmetric")
    made = np.empty((height * factor, width * factor, 3), np.uint8)
    cut = _AROUND_PX * factor
    for top in range(0, height, _TILE_PX):
        for left in range(0, width, _TILE_PX):
            rows, columns = min(_TILE_PX, height - top), min(_TILE_PX, width - left)
            part = framed[top : top + rows + 2 * _AROUND_PX, left : left + columns + 2 * _AROUND_PX]
            levels = np.ascontiguousarray(part.transpose(2, 0, 1), np.float32) / np.float32(255)
            run = network.create_extractor()
            run.input("data", ncnn.Mat(levels))
            _, answer = run.extract("output")
            tile = np.clip(np.array(answer) * 255 + 0.5, 0, 255).astype(np.uint8)
            made[
                top * factor : (top + rows) * factor, left * factor : (left + columns) * factor
            ] = tile[:, cut : cut + rows * factor, cut : cut + columns * factor].transpose(1, 2, 0)
    return made
