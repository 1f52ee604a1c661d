"""A picture with words under it."""

from typing import Literal

from chat.core.tools import Picture
from chat.images.edits import ImageEditing
from chat.images.operations.caption import Caption
from chat.tools.picture_edits import FACTS, edited
from chat.tools.schema import Needs, with_facts


@with_facts(**FACTS)
async def caption_picture(
    picture: Picture,
    editor: Needs[ImageEditing],
    text: str,
    place: Literal["below", "above"] = "below",
) -> Picture:
    """Write a caption on a white band below or above a picture, as a new picture.

    Args:
        picture: which.
        editor: does it.
        text: the words, at most 500 letters.
        place: where the band is.
    """
    step = Caption(text, place)
    return await edited(editor, picture, [step], f"With the caption “{step.text}”")
