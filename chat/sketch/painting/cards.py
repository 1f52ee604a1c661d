"""A card: paper with a border, and words on it that are as large as they fit."""

from PIL import ImageDraw

from chat.sketch.painting.canvas import Canvas, Ink, Pen
from chat.sketch.painting.colour import Rgb, darker, lighter, luma
from chat.sketch.painting.lettering import font, wrapped
from chat.sketch.scene import Scene

GROUND: Rgb = (253, 247, 233)
FOOT = 0.34
"""The share of the height, at the foot, where things stand."""


def card(canvas: Canvas, scene: Scene) -> None:
    """The paper and the words; what stands below them the layout places."""
    width_px, height_px = canvas.size_px
    ground = scene.sky or GROUND
    canvas.tint = (1.0, 1.0, 1.0)
    canvas.image.paste(ground, (0, 0, width_px, height_px))
    pen = Pen(canvas, 0, height_px, height_px)
    wide, bright = width_px / height_px, luma(ground) > 120
    line: Rgb = darker(ground, 0.35) if bright else lighter(ground, 0.55)
    for edge, thick in ((0.045, 0.006), (0.06, 0.002)):
        for box in (
            (edge, edge, wide - edge, edge + thick),
            (edge, 1 - edge - thick, wide - edge, 1 - edge),
            (edge, edge, edge + thick, 1 - edge),
            (wide - edge - thick, edge, wide - edge, 1 - edge),
        ):
            pen.box(*box, Ink(line, lit=True))
    foot = FOOT if scene.things else 0.1
    _write(canvas, scene.card, 0.1, 1 - foot, (52, 44, 58) if bright else (252, 250, 244))


def _write(canvas: Canvas, text: str, top: float, bottom: float, ink: Rgb) -> None:
    """The words in the middle of that band, shares of the height from above."""
    width_px, height_px = canvas.size_px
    room_px, wide_px = (bottom - top) * height_px, width_px - 0.2 * min(width_px, height_px)
    size_px = max(10, int(min(height_px, width_px) * 0.17))
    while True:
        letters = font(size_px, bold=True)
        lines = wrapped(text, letters, wide_px)
        high_px = len(lines) * size_px * 1.25
        widest = max(letters.getlength(line) for line in lines)
        if (high_px <= room_px and widest <= wide_px) or size_px <= 10:
            break
        size_px = max(10, int(size_px * 0.92))
    draw = ImageDraw.Draw(canvas.image)
    y = top * height_px + (room_px - high_px) / 2
    for line in lines:
        draw.text(((width_px - letters.getlength(line)) / 2, y), line, ink, letters)
        y += size_px * 1.25
