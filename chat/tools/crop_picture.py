"""A part of a picture as a picture of its own."""

from chat.core.errors import ToolFailed
from chat.core.tools import Picture
from chat.images.edits import ImageEditing
from chat.tools.areas import area
from chat.tools.picture_edits import FACTS, edited
from chat.tools.schema import Needs, with_facts


@with_facts(**FACTS)
async def crop_picture(
    picture: Picture,
    editor: Needs[ImageEditing],
    left: float,
    top: float,
    width: float,
    height: float,
) -> Picture:
    """Cut a rectangle out of a picture of the conversation, as a new picture without loss.

    Args:
        picture: which.
        editor: does it.
        left: where the part begins, in percent of the width.
        top: where it begins, in percent of the height.
        width: how wide it is, in percent of the width.
        height: how high it is, in percent of the height.
    """
    seen = await editor.palette(picture.data, 1)
    part = area((seen.width_px, seen.height_px), left, top, width, height)
    if part is None:
        raise ToolFailed("That is the whole picture; name a part of it.")
    return await edited(editor, picture, [part], f"Cropped to {part.width_px} × {part.height_px}")
