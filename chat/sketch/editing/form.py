"""Edits that move pixels or add to the edges: turning, cropping, sizes, frames, captions."""

from PIL import Image, ImageDraw, ImageOps

from chat.sketch.painting.colour import Rgb, luma
from chat.sketch.painting.lettering import font as letters
from chat.sketch.painting.lettering import wrapped

_LONGEST_PX = 4096


def rotated(image: Image.Image, degrees: float, ground: Rgb = (255, 255, 255)) -> Image.Image:
    """Turned clockwise; a quarter turn is exact, other angles grow the sheet."""
    if degrees % 90 == 0:
        quarters = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180}
        quarters[270] = Image.Transpose.ROTATE_90
        turn = quarters.get(int(degrees % 360))
        return image.transpose(turn) if turn is not None else image.copy()
    return image.rotate(-degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=ground)


def flipped(image: Image.Image, upside_down: bool) -> Image.Image:
    """Mirrored left to right, or top to bottom."""
    if upside_down:
        return image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def cropped(image: Image.Image, ratio: float) -> Image.Image:
    """The largest middle part of that width over height."""
    width_px = min(image.width, max(1, round(image.height * ratio)))
    height_px = min(image.height, max(1, round(image.width / ratio)))
    left, top = (image.width - width_px) // 2, (image.height - height_px) // 2
    return image.crop((left, top, left + width_px, top + height_px))


def resized(image: Image.Image, size_px: tuple[int, int]) -> Image.Image:
    """To that width and height, at most 4096 px a side."""
    width_px, height_px = (max(1, min(_LONGEST_PX, side)) for side in size_px)
    return image.resize((width_px, height_px), Image.Resampling.LANCZOS)


def framed(image: Image.Image, colour: Rgb) -> Image.Image:
    """A border around the picture with a hairline inside; the picture keeps its size."""
    edge_px = max(6, round(min(image.size) * 0.05))
    sheet = Image.new("RGB", (image.width + 2 * edge_px, image.height + 2 * edge_px), colour)
    line_px = max(1, edge_px // 10)
    hairline = (30, 30, 34) if luma(colour) > 128 else (214, 206, 190)
    inner = (
        edge_px - 2 * line_px,
        edge_px - 2 * line_px,
        image.width + edge_px + 2 * line_px - 1,
        image.height + edge_px + 2 * line_px - 1,
    )
    ImageDraw.Draw(sheet).rectangle(inner, outline=hairline, width=line_px)
    sheet.paste(image, (edge_px, edge_px))
    return sheet


def captioned(image: Image.Image, text: str, upper: bool = False) -> Image.Image:
    """Words on a dark band along the lower or upper edge, as large as three lines allow."""
    words = " ".join(text.split())[:160]
    size_px = max(11, image.height // 15)
    while True:
        font = letters(size_px)
        lines = wrapped(words, font, image.width * 0.92)
        widest = max(font.getlength(line) for line in lines)
        if (len(lines) <= 3 and widest <= image.width * 0.94) or size_px <= 9:
            lines = lines[:3]
            break
        size_px -= 2
    leading = round(size_px * 1.3)
    band_px = leading * len(lines) + size_px
    sheet = image.copy()
    band = Image.new("L", (image.width, band_px))
    for row in range(band_px):
        band.paste(
            round(190 * min(1.0, (row + 1) / (size_px * 1.2))), (0, row, image.width, row + 1)
        )
    dark = Image.new("RGB", band.size, (14, 14, 22))
    top_px = 0 if upper else image.height - band_px
    sheet.paste(dark, (0, top_px), ImageOps.flip(band) if upper else band)
    draw = ImageDraw.Draw(sheet)
    for k, line in enumerate(lines):
        y = top_px + size_px * (0.3 if upper else 0.55) + leading * k
        draw.text(((image.width - font.getlength(line)) / 2, y), line, (255, 252, 244), font)
    return sheet
