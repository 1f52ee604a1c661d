"""PDF: the text of its pages, its tables as Markdown, and pages as pictures."""

from ctypes import c_float
from io import BytesIO
from typing import Any

from chat.core.errors import ToolFailed
from chat.files.limits import MAX_PICTURE_BYTES, PICTURE_SIDE_PX
from chat.files.pdf_lines import Piece, markdown
from chat.files.pdf_rules import Point, Rule, grids, rules

_PASSWORD = 4
_SECURITY = 5
_HYPHENS = {0xFFFE: "-", 0x02: "-", 0xAD: "-"}
"""What PDFium tells a hyphen at the end of a line as."""
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
            words = page.get_textpage()
            count = words.count_rects()
            if count > _MAX_PIECES:
                return str(words.get_text_bounded())
            pieces = [_piece(words, at) for at in range(count)]
            return markdown([piece for piece in pieces if piece.text], grids(_rules(page)))
        except self._broken:
            return "(The text of this page cannot be read.)"
        finally:
            page.close()

    def picture(self, number: int) -> bytes:
        """A page as PNG, or as JPEG where that is much smaller. Raises ``ToolFailed``."""
        try:
            page = self._document[number - 1]
            scale = PICTURE_SIDE_PX / max(*page.get_size(), 1)
            image = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
        except self._broken as error:
            raise ToolFailed(f"Page {number} is damaged and cannot be drawn.") from error
        return _encoded(image)


def _rules(page: Any) -> list[Rule]:
    """The lines that are drawn on a page; none where they are more than a table has."""
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
    return rules(paths)


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
