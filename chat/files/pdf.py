"""PDF: the text of its pages, its tables as Markdown, and pages as pictures."""

from ctypes import c_float
from io import BytesIO
from math import pi
from typing import Any

from chat.core.errors import ToolFailed
from chat.files.limits import MAX_PICTURE_BYTES, PICTURE_SIDE_PX
from chat.files.pdf_lines import Piece, markdown
from chat.files.pdf_notes import marks
from chat.files.pdf_rules import Point, grids, rules
from chat.files.pdf_turns import Quarter, turned_point, upright

_PASSWORD = 4
_SECURITY = 5
_HYPHENS = {0xFFFE: "-", 0x02: "-", 0xAD: "-"}
"""What PDFium tells a hyphen at the end of a line as."""
_QUARTERS: dict[int, Quarter] = {1: 1, 3: 3}
"""Of what stands on its head the order is right as it is."""
_MAX_PIECES = 20_000
"""On one page; what is made of more is no text."""
_MAX_SEGMENTS = 4_000
"""On one page; more are a drawing."""


class Pdf:
    """An open PDF."""

    def __init__(self, data: bytes) -> None:
        """Open it. Raises ``ToolFailed``."""
        import pypdfium2 as pdfium

        self._broken = pdfium.PdfiumError
        try:
            self._document = pdfium.PdfDocument(data)
            # Before any page is opened: what was filled in stands in no page.
            self._document.init_forms()
            self.count = len(self._document)
        except self._broken as error:
            raise ToolFailed(_refusal(getattr(error, "err_code", None))) from error
        if self.count == 0:
            raise ToolFailed("The PDF has no pages.")

    @property
    def title(self) -> str:
        """What its maker called it; mostly empty."""
        return " ".join(str(self._document.get_metadata_value("Title")).split())[:200]

    def text(self, number: int) -> str:
        """What stands on a page, counted from 1, tables as Markdown; empty where it is a scan."""
        try:
            page = self._document[number - 1]
        except self._broken:
            return "(This page is damaged and cannot be read.)"
        try:
            beside = marks(page, self._document.formenv)
            return "\n".join(filter(None, (_words(page), *beside)))
        except self._broken:
            return "(The text of this page cannot be read.)"
        finally:
            page.close()

    def picture(self, number: int) -> bytes:
        """A page as PNG, or as JPEG where that is much smaller. Raises ``ToolFailed``."""
        try:
            page = self._document[number - 1]
            scale = PICTURE_SIDE_PX / max(*page.get_size(), 1)
            image = page.render(scale=scale).to_pil().convert("RGB")
        except self._broken as error:
            raise ToolFailed(f"Page {number} is damaged and cannot be drawn.") from error
        return _encoded(image)


def _words(page: Any) -> str:
    """The text of a page, tables as Markdown; what is written sideways in lines of its own."""
    words = page.get_textpage()
    count = words.count_rects()
    if count > _MAX_PIECES:
        return str(words.get_text_bounded()).replace("\r\n", "\n")
    pieces = [piece for piece in (_piece(words, at) for at in range(count)) if piece.text]
    # Only where anything is higher than wide, each piece is looked at closer: a number is narrow.
    sideways = any(_quarter(words, piece) for piece in pieces if piece.is_high)
    turned: dict[Quarter, list[Piece]] = {}
    for piece in pieces:
        turned.setdefault(_quarter(words, piece) if sideways else 0, []).append(piece)
    paths = _paths(page)
    return "\n".join(
        markdown([upright(piece, by) for piece in pieces],
                 grids(rules([[turned_point(point, by) for point in path] for path in paths])))
        for by, pieces in turned.items()
    )  # fmt: skip


def _quarter(words: Any, piece: Piece) -> Quarter:
    """How a piece is to be turned to be read."""
    import pypdfium2.raw as raw

    # The middle of a piece may be between two of its letters.
    across, near = (piece.left + piece.right) / 2, min(piece.height, piece.right - piece.left) / 4
    for share in (0.5, 0.25, 0.75):
        up = piece.bottom + share * piece.height
        at = raw.FPDFText_GetCharIndexAtPos(words, across, up, near, near)
        angle = raw.FPDFText_GetCharAngle(words, at) if at >= 0 else -1.0
        if angle >= 0:
            return _QUARTERS.get(round(angle / (pi / 2)) % 4, 0)
    return 0


def _paths(page: Any) -> list[list[Point]]:
    """What is drawn on a page, point by point; nothing where it is more than a table has."""
    import pypdfium2.raw as raw

    paths: list[list[Point]] = []
    count = 0
    for drawn in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=1):
        segments = raw.FPDFPath_CountSegments(drawn)
        count += segments
        if count > _MAX_SEGMENTS:
            return []
        matrix = drawn.get_matrix()
        path: list[Point] = []
        for at in range(segments):
            segment = raw.FPDFPath_GetPathSegment(drawn, at)
            if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO:
                paths.append(path)
                path = []
            x, y = c_float(), c_float()
            raw.FPDFPathSegment_GetPoint(segment, x, y)
            path.append(matrix.on_point(x.value, y.value))
            if raw.FPDFPathSegment_GetClose(segment):
                path.append(path[0])
        paths.append(path)
    return paths


def _piece(words: Any, at: int) -> Piece:
    left, bottom, right, top = words.get_rect(at)
    text = str(words.get_text_bounded(left, bottom, right, top))
    return Piece(left, bottom, right, top, " ".join(text.translate(_HYPHENS).split()))


def _encoded(image: Any) -> bytes:
    out = BytesIO()
    image.save(out, "PNG")
    for quality in (90, 75, 50):
        if out.tell() <= MAX_PICTURE_BYTES:
            break
        out = BytesIO()
        image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def _refusal(code: int | None) -> str:
    if code in (_PASSWORD, _SECURITY):
        return "The PDF is locked with a password; save it without one."
    return "The PDF is damaged and cannot be opened."
