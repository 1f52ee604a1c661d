"""Pictures of the conversation, changed by its picture model, where a text model runs its tools."""

from collections.abc import Sequence

from chat.core.errors import ToolFailed
from chat.core.tools import Picture, PictureMaker, ToolOutput
from chat.tools.picture_edits import DRAWN
from chat.tools.schema import Needs, with_facts


@with_facts(**DRAWN)
async def edit_image(
    prompt: str, pictures: list[Picture], maker: Needs[PictureMaker], aspect_ratio: str = ""
) -> Sequence[ToolOutput]:
    """Have the picture model change a picture, or make a new one of several.

    Args:
        prompt: what shall be other, and what shall stay as it is. It sees nothing but this and
            the pictures.
        pictures: the one to change first, then others to take from. Each is one of these.
        maker: draws it.
        aspect_ratio: width to height, such as 16:9; empty for what the user has chosen.
    """
    if not pictures:
        raise ToolFailed("Name at least one picture, or use generate_image for a new one.")
    return await maker.draw(prompt, pictures, aspect_ratio)
