"""One picture's pixels blended into another's."""

import numpy as np
from numpy.typing import NDArray

from chat.images.raster import Pixels


def blended(before: Pixels, levels: NDArray[np.float32], share: NDArray[np.float32]) -> Pixels:
    """Both mixed by share; colours weigh as much as they are seen.

    Args:
        before: Shape (height, width, channels), 8 or 16 bits; the result has its form.
        levels: The new colours from 0 to 255, RGB or RGBA; or one channel, over one.
        share: How much of the new is taken, from 0 to 1; shape (height, width, 1).
    """
    most = np.float32(65535 if before.dtype == np.uint16 else 255)
    levels = np.clip(levels, 0, 255) * (most / 255)
    old = before.astype(np.float32)
    alpha = levels[..., 3:] / most if levels.shape[2] == 4 else np.float32(1)
    bands = min(before.shape[2], 3)
    new = levels[..., :bands]
    if before.shape[2] != 4:
        weight = share * alpha
        mixed = old + (new - old) * weight
    else:
        old_alpha = old[..., 3:] / most
        mixed_alpha = old_alpha * (1 - share) + alpha * share
        colours = old[..., :3] * old_alpha * (1 - share) + new * alpha * share
        colours = np.where(mixed_alpha > 0, colours / np.maximum(mixed_alpha, 1e-6), new)
        mixed = np.concatenate((colours, mixed_alpha * most), axis=2)
    return (np.clip(mixed, 0, most) + np.float32(0.5)).astype(before.dtype)
