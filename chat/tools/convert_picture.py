"""A picture in another file format."""

from typing import Literal

from chat.core.errors import ToolFailed
from chat.core.tools import Picture, ToolOutput
from chat.images.edits import ImageEditing
from chat.images.operations.convert import Convert
from chat.tools.picture_edits import FACTS, edited
from chat.tools.schema import Needs, with_facts


@with_facts(**FACTS)
async def convert_picture(
    picture: Picture,
    editor: Needs[ImageEditing],
    form: Literal["png", "jpeg", "webp", "avif"],
    quality: int = 92,
) -> list[ToolOutput]:
    """Write a picture of the conversation in another file format, as a new picture.

    Args:
        picture: which.
        editor: does it.
        form: the format. JPEG puts what is see-through on white.
        quality: from 1 to 100; means nothing for PNG, and WebP of 100 is lossless.
    """
    if not 1 <= quality <= 100:
        raise ToolFailed("The quality is from 1 to 100.")
    words = f"As {form.upper()}"
    made = await edited(editor, picture, [Convert(form, quality)], words)
    return [f"{words}: {len(made.data):,} bytes instead of {len(picture.data):,}.", made]
