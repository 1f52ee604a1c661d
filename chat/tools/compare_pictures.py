"""What differs between two pictures."""

from chat.core.errors import ToolFailed
from chat.core.parts import Derivation
from chat.core.tools import Picture, ToolOutput
from chat.images.edits import Comparison, ImageEditing
from chat.tools.picture_edits import FACTS
from chat.tools.schema import Needs, with_facts


@with_facts(
    source=FACTS["source"],
    reach="Draws what differs between two pictures of this conversation; they stay. Reaches "
    "nothing.",
)
async def compare_pictures(
    before: Picture, after: Picture, editor: Needs[ImageEditing], align: bool = False
) -> list[ToolOutput]:
    """Find what differs between two pictures of the conversation.

    You get how much differs and where, and a picture of the difference.

    Args:
        before: the first picture.
        after: the second; it is brought to the size of the first.
        editor: compares them.
        align: whether to lay the second over the first before, if it was moved or scaled.
    """
    found = await editor.compare(before.data, after.data, align=align)
    words = _told(found)
    if found.same:
        return [words]
    if not found.view:
        raise ToolFailed("The difference could not be drawn.")
    names = tuple(name for name in (before.sha256, after.sha256) if name)
    derivation = Derivation(names, "difference") if names else None
    alt = f"What differs, warm where it is much. {words}"[:1000]
    return [words, Picture(found.view, alt, derivation=derivation)]


def _told(found: Comparison) -> str:
    if found.same:
        return "The two pictures are the same, to the pixel."
    figures = f"structural similarity {found.ssim:.3f}, mean ΔE {found.mean_delta_e:.1f}"
    lines = [f"{found.changed_share:.1%} of the area differs ({found.extent}); {figures}."]
    if found.size_before != found.size_after:
        sizes = [f"{w} × {h}" for w, h in (found.size_before, found.size_after)]
        lines.append(f"The sizes are {sizes[0]} and {sizes[1]} pixels.")
    lines += [
        f"- {each.position}: {each.share:.1%} of the area, {each.box.width_px} × "
        f"{each.box.height_px} pixels from ({each.box.x_px}, {each.box.y_px})"
        for each in found.regions
    ]
    return "\n".join(lines)
