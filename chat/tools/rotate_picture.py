"""A picture turned, straightened or mirrored."""

import math
from typing import Literal

from chat.core.errors import ToolFailed
from chat.core.tools import Picture
from chat.images.edits import ImageEditing
from chat.images.operations.geometry import Flip, Rotate
from chat.images.operations.operation import Operation
from chat.tools.picture_edits import FACTS, edited
from chat.tools.schema import Needs, with_facts


@with_facts(**FACTS)
async def rotate_picture(
    picture: Picture,
    editor: Needs[ImageEditing],
    degrees: float = 0,
    crop_corners: bool = False,
    flip: Literal["none", "horizontal", "vertical"] = "none",
) -> Picture:
    """Turn a picture of the conversation by any angle, or mirror it, as a new picture.

    Args:
        picture: which.
        editor: does it.
        degrees: clockwise, from -360 to 360; quarter turns are without loss.
        crop_corners: whether to keep only what has no empty corner; else corners are see-through.
        flip: "horizontal" changes left and right, "vertical" top and bottom; done after turning.
    """
    if not math.isfinite(degrees) or abs(degrees) > 360:
        raise ToolFailed("The angle is from -360 to 360 degrees.")
    angle = (degrees + 180) % 360 - 180
    steps: list[Operation] = [Rotate(angle, crop_corners)] if angle else []
    if flip != "none":
        steps.append(Flip(flip))
    if not steps:
        raise ToolFailed("Give an angle to turn by, or a direction to mirror in.")
    done = [f"Turned by {angle:g}°"] if angle else []
    done += [f"Mirrored {flip}ly"] if flip != "none" else []
    return await edited(editor, picture, steps, ", ".join(done))
