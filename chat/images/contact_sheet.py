"""Several pictures on one sheet, each in a cell of its own. Runs in the picture process."""

from collections.abc import Mapping
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from chat.core.parts import Json
from chat.images.lettering import font
from chat.images.limits import Limits
from chat.images.pixels import Meaning, on_white
from chat.images.raster import as_image, read_srgb
from chat.images.thumbnails import smaller, thumbnail

_GAP_PX = 16
_LETTERS_PX = 20
_INK = "#22262b"
_PNG_LEVEL = 1


def contact_sheet_task(
    job: Mapping[str, Json], files: list[bytes], limits: Limits
) -> tuple[dict[str, Json], list[bytes]]:
    """Do :meth:`chat.images.edits.ImageEditing.contact_sheet`."""
    columns, cell_px, labels = int(job["columns"]), int(job["cell_px"]), list(job["labels"])
    band_px = _LETTERS_PX + _GAP_PX if any(labels) else 0
    rows = -(-len(files) // columns)
    size = (
        columns * (cell_px + _GAP_PX) + _GAP_PX,
        rows * (cell_px + band_px + _GAP_PX) + _GAP_PX,
    )
    sheet = Image.new("RGB", size, "#ffffff")
    pen, letters = ImageDraw.Draw(sheet), font(_LETTERS_PX)
    for number, data in enumerate(files):
        # One at a time: a sheet of large pictures takes the memory of one.
        shown = smaller(on_white(as_image(read_srgb(data, limits).pixels)), cell_px)
        row, column = divmod(number, columns)
        left = _GAP_PX + column * (cell_px + _GAP_PX)
        top = _GAP_PX + row * (cell_px + band_px + _GAP_PX)
        place = (left + (cell_px - shown.width) // 2, top + (cell_px - shown.height) // 2)
        sheet.paste(shown.convert("RGB"), place)
        if band_px:
            words = _cut(labels[number], letters, cell_px)
            middle = (left + cell_px / 2, top + cell_px + _GAP_PX / 2)
            pen.text(middle, words, fill=_INK, font=letters, anchor="ma")
    out = BytesIO()
    sheet.save(out, "PNG", compress_level=_PNG_LEVEL)
    small = thumbnail(sheet, Meaning())
    return {"width_px": size[0], "height_px": size[1], "note": ""}, [out.getvalue(), small]


def _cut(words: str, letters: ImageFont.FreeTypeFont, width_px: int) -> str:
    if letters.getlength(words) <= width_px:
        return words
    while words and letters.getlength(words + "…") > width_px:
        words = words[:-1]
    return words + "…"
