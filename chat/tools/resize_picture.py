"""A picture in another size."""

from chat.core.errors import ToolFailed
from chat.core.tools import Picture
from chat.images.edits import ImageEditing
from chat.images.operations.geometry import Resize
from chat.tools.picture_edits import FACTS, edited
from chat.tools.schema import Needs, with_facts

MAX_SIDE_PX = 8192


@with_facts(**FACTS)
async def resize_picture(
    picture: Picture, editor: Needs[ImageEditing], width_px: int = 0, height_px: int = 0
) -> Picture:
    """Make a picture of the conversation smaller or larger, as a new picture.

    With one of the two, the other follows by the picture's proportions.

    Args:
        picture: which.
        editor: does it.
        width_px: the new width in pixels; 0 follows the height.
        height_px: the new height in pixels; 0 follows the width.
    """
    given = width_px, height_px
    if not any(given) or not all(0 <= side <= MAX_SIDE_PX for side in given):
        raise ToolFailed(
            f"Give the new width, the new height or both, from 1 to {MAX_SIDE_PX} pixels."
        )
    if not all(given):
        seen = await editor.palette(picture.data, 1)
        width_px = width_px or round(seen.width_px * height_px / seen.height_px)
        height_px = height_px or round(seen.height_px * width_px / seen.width_px)
    size = max(1, width_px), max(1, height_px)
    return await edited(editor, picture, [Resize(*size)], f"Resized to {size[0]} × {size[1]}")
