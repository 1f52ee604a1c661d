"""Several pictures side by side on one sheet."""

from chat.core.errors import ToolFailed
from chat.core.tools import Picture
from chat.images.edits import ImageEditing
from chat.tools.picture_edits import FACTS, new_picture
from chat.tools.schema import Needs, with_facts

MAX_PICTURES = 36
MAX_COLUMNS = 12
CELLS_PX = (64, 1024)
_LABEL_CHARS = 80


@with_facts(
    source=FACTS["source"],
    reach="Makes a new picture of several in this conversation; they stay. Reaches nothing.",
)
async def picture_grid(
    pictures: list[Picture],
    editor: Needs[ImageEditing],
    columns: int = 0,
    cell_px: int = 384,
    labels: list[str] | None = None,
) -> Picture:
    """Put pictures of the conversation on one sheet, row by row, to compare or to overlook them.

    Args:
        pictures: at most 36, in order.
        editor: does it.
        columns: how many in a row, at most 12; 0 chooses.
        cell_px: the longest side of each on the sheet, from 64 to 1024 pixels.
        labels: a few words under each picture, as many as there are pictures.
    """
    if not 1 <= len(pictures) <= MAX_PICTURES:
        raise ToolFailed(f"A sheet has from 1 to {MAX_PICTURES} pictures.")
    low, high = CELLS_PX
    if not 0 <= columns <= MAX_COLUMNS or not low <= cell_px <= high:
        raise ToolFailed(
            f"A sheet has at most {MAX_COLUMNS} columns, and cells from {low} to {high} pixels."
        )
    if labels and len(labels) != len(pictures):
        raise ToolFailed(f"There are {len(labels)} labels for {len(pictures)} pictures.")
    across = columns or next(each for each in range(1, 7) if each * each >= len(pictures))
    words = [" ".join(label.split())[:_LABEL_CHARS] for label in labels or []]
    made = await editor.contact_sheet([each.data for each in pictures], across, cell_px, words)
    told = "; ".join(words or [each.alt[:_LABEL_CHARS] for each in pictures if each.alt])
    alt = f"A sheet of {len(pictures)} pictures{f': {told}' if told else ''}"[:1000]
    return new_picture(made, pictures, "contact_sheet", alt, {"columns": across})
