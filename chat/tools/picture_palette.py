"""The colours of a picture."""

from chat.core.errors import ToolFailed
from chat.core.tools import Picture
from chat.images.edits import ImageEditing
from chat.tools.picture_edits import LOOKS
from chat.tools.schema import Needs, with_facts

MAX_COLOURS = 16


@with_facts(**LOOKS)
async def picture_palette(picture: Picture, editor: Needs[ImageEditing], most: int = 6) -> str:
    """Tell the main colours of a picture of the conversation, each with its share of the area.

    Args:
        picture: which.
        editor: looks at it.
        most: how many colours at most, from 1 to 16.
    """
    if not 1 <= most <= MAX_COLOURS:
        raise ToolFailed(f"Ask for 1 to {MAX_COLOURS} colours.")
    seen = await editor.palette(picture.data, most)
    lines = [f"{colour}  {share:.1%}" for colour, share in seen.colours]
    if seen.clear_share > 0:
        lines.append(f"See-through: {seen.clear_share:.1%} of the area.")
    return "\n".join(lines)
