"""A new picture by the picture model of the conversation, where a text model runs its tools."""

from collections.abc import Sequence

from chat.core.tools import PictureMaker, ToolOutput
from chat.tools.picture_edits import DRAWN
from chat.tools.schema import Needs, with_facts


@with_facts(**DRAWN)
async def generate_image(
    prompt: str, maker: Needs[PictureMaker], aspect_ratio: str = ""
) -> Sequence[ToolOutput]:
    """Have the picture model draw a new picture. It sees nothing but the prompt.

    Args:
        prompt: all that is to be seen, in full sentences: what the user asked for and whatever
            else of the conversation or of other tools belongs into it.
        maker: draws it.
        aspect_ratio: width to height, such as 16:9; empty for what the user has chosen.
    """
    return await maker.draw(prompt, (), aspect_ratio)
