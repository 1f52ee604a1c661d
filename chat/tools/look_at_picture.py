"""A closer look at a picture: for models that can see the picture itself, for all its figures."""

from chat.core.errors import ToolFailed
from chat.core.tools import Picture, ToolOutput
from chat.images.edits import ImageEditing, Palette
from chat.images.formats import sniff_made
from chat.images.operations.geometry import Resize
from chat.images.operations.operation import Operation
from chat.tools.areas import area
from chat.tools.picture_edits import LOOKS, edited
from chat.tools.schema import Needs, with_facts

SIDES_PX = (16, 4096)
_COLOURS = 6


@with_facts(**LOOKS)
async def look_at_picture(
    picture: Picture,
    editor: Needs[ImageEditing],
    longest_side_px: int = 1024,
    left: float = 0,
    top: float = 0,
    width: float = 100,
    height: float = 100,
) -> list[ToolOutput]:
    """Look at a picture of the conversation again, whole or at a part of it.

    You get its size, type, colours and description, and the picture itself where you can see.

    Args:
        picture: which.
        editor: looks at it.
        longest_side_px: how large you want to see it, from 16 to 4096; it is never enlarged.
        left: where the part begins, in percent of the width.
        top: where it begins, in percent of the height.
        width: how wide it is, in percent of the width.
        height: how high it is, in percent of the height.
    """
    low, high = SIDES_PX
    if not low <= longest_side_px <= high:
        raise ToolFailed(f"The longest side is from {low} to {high} pixels.")
    seen = await editor.palette(picture.data, _COLOURS)
    size = seen.width_px, seen.height_px
    part = area(size, left, top, width, height)
    steps: list[Operation] = [] if part is None else [part]
    shown = size if part is None else (part.width_px, part.height_px)
    if max(shown) > longest_side_px:
        scale = longest_side_px / max(shown)
        shown = max(1, round(shown[0] * scale)), max(1, round(shown[1] * scale))
        steps.append(Resize(*shown))
    words = _facts(picture, seen)
    if not steps:
        return [words, picture]
    what = "A part, seen closer" if part else "Seen smaller"
    told = f"{words}\nShown: {_part(part)}, at {shown[0]} × {shown[1]} pixels."
    return [told, await edited(editor, picture, steps, what)]


def _facts(picture: Picture, seen: Palette) -> str:
    colours = ", ".join(f"{colour} {share:.0%}" for colour, share in seen.colours)
    file = f"{len(picture.data):,} bytes, {sniff_made(picture.data).mime}"
    lines = [
        f"Size: {seen.width_px} × {seen.height_px} pixels, {file}.",
        f"Colours: {colours}." if colours else "Nothing of it can be seen: it is see-through.",
    ]
    if seen.colours and seen.clear_share > 0:
        lines.append(f"See-through: {seen.clear_share:.0%} of the area.")
    lines.append(f"Description: {picture.alt}" if picture.alt else "It has no description.")
    return "\n".join(lines)


def _part(part: Operation | None) -> str:
    if part is None:
        return "the whole picture"
    crop = part.to_json()
    return f"{crop['width_px']} × {crop['height_px']} pixels from ({crop['x_px']}, {crop['y_px']})"
