"""An invoice on paper: A4, one accent, figures under figures."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

import matplotlib
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from chat.core.errors import ToolFailed
from chat.tools.invoice_sums import Sums

FONT = "DejaVu"
INK, SOFT, ACCENT, LINE = (31, 35, 40), (98, 106, 115), (43, 90, 140), (208, 213, 219)
WIDTH_MM = 170.0
COLUMNS_MM = (82.0, 22.0, 33.0, 33.0)
MARGIN_MM = 20.0


@dataclass(frozen=True, slots=True)
class Invoice:
    """All that stands on it."""

    number: str
    date: str
    due: str
    seller: str
    buyer: str
    notes: str
    sums: Sums


def drawn(invoice: Invoice) -> bytes:
    """The invoice as PDF.

    Raises:
        ToolFailed: it has letters that the font has not.
    """
    page = _Page(invoice.number)
    _must_be_drawable(page, invoice)
    page.add_page()
    _head(page, invoice)
    _rows(page, invoice.sums)
    _totals(page, invoice.sums)
    if invoice.notes.strip():
        page.ln(10)
        page.set_text_color(*SOFT)
        page.multi_cell(WIDTH_MM, 5, invoice.notes.strip(), align="L")
    return bytes(page.output())


class _Page(FPDF):
    """A4 with its number at the foot."""

    def __init__(self, number: str) -> None:
        super().__init__(format="A4")
        fonts = _fonts()
        self.add_font(FONT, "", fonts / "DejaVuSans.ttf")
        self.add_font(FONT, "B", fonts / "DejaVuSans-Bold.ttf")
        self.set_margins(MARGIN_MM, MARGIN_MM)
        self.set_auto_page_break(auto=True, margin=25)
        self.set_title(f"Invoice {number}")
        self.set_lang("en")
        self.set_creator("Easel")
        self._number = number
        self.set_font(FONT, "", 9)

    def footer(self) -> None:
        """The number of the invoice, and which page of how many."""
        self.set_y(-15)
        self.set_font(FONT, "", 8)
        self.set_text_color(*SOFT)
        self.cell(WIDTH_MM, 5, f"Invoice {self._number} · {self.page_no()} / {{nb}}")


@cache
def _fonts() -> Path:
    """DejaVu comes with the library of charts: Latin, Greek and Cyrillic letters, every sign."""
    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"


def _must_be_drawable(page: FPDF, invoice: Invoice) -> None:
    known = page.fonts[FONT.lower()].cmap  # type: ignore[union-attr]  # a font of a file has one
    words = [invoice.number, invoice.date, invoice.due, invoice.seller, invoice.buyer]
    words += [invoice.notes, *(item.words for item in invoice.sums.items)]
    missing = {letter for letter in "".join(words) if letter != "\n" and ord(letter) not in known}
    if missing:
        shown = " ".join(sorted(letter for letter in missing if letter.isprintable())[:8])
        raise ToolFailed(
            f"The font of invoices lacks some of these letters: {shown or 'controls'}."
        )


def _head(page: FPDF, invoice: Invoice) -> None:
    page.set_font(FONT, "B", 24)
    page.set_text_color(*ACCENT)
    page.cell(WIDTH_MM, 12, "Invoice", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.ln(4)
    top = page.get_y()
    _block(page, "From", invoice.seller, MARGIN_MM, top)
    lowest = page.get_y()
    _block(page, "To", invoice.buyer, MARGIN_MM + 62, top)
    lowest = max(lowest, page.get_y())
    facts = [("Number", invoice.number), ("Date", invoice.date), ("Due", invoice.due)]
    y = top
    for name, value in facts:
        if value:
            _block(page, name, value, MARGIN_MM + 124, y, 46)
            y = page.get_y() + 2
    page.set_xy(MARGIN_MM, max(lowest, y) + 10)


def _block(page: FPDF, name: str, words: str, x: float, y: float, width: float = 58) -> None:
    page.set_xy(x, y)
    page.set_font(FONT, "", 8)
    page.set_text_color(*SOFT)
    page.cell(width, 5, name, new_x=XPos.LEFT, new_y=YPos.NEXT)
    page.set_font(FONT, "", 9.5)
    page.set_text_color(*INK)
    page.multi_cell(width, 5, words.strip(), align="L", new_x=XPos.LEFT, new_y=YPos.NEXT)


def _rows(page: FPDF, sums: Sums) -> None:
    page.set_font(FONT, "", 9)
    page.set_text_color(*INK)
    page.set_draw_color(*LINE)
    with page.table(
        col_widths=COLUMNS_MM,
        width=WIDTH_MM,
        text_align=("LEFT", "RIGHT", "RIGHT", "RIGHT"),
        borders_layout="HORIZONTAL_LINES",
        line_height=5,
        padding=(1.6, 1),
    ) as table:
        table.row(("Description", "Quantity", "Price", "Amount"))
        for item in sums.items:
            price = sums.money(item.price) if item.price == round(item.price, 2) else None
            table.row(
                (
                    item.words,
                    _plain(item.quantity),
                    price or f"{_plain(item.price)} {sums.currency}",
                    sums.money(item.amount),
                )
            )


def _totals(page: FPDF, sums: Sums) -> None:
    lines = [("Net", sums.net, ""), (f"Tax {_plain(sums.tax_percent)} %", sums.tax, "")]
    if not sums.tax_percent:
        lines = []
    if page.will_page_break(8.0 * (len(lines) + 2)):
        page.add_page()
    page.ln(5)
    for name, amount, weight in [*lines, ("Total", sums.total, "B")]:
        page.set_font(FONT, weight, 11 if weight else 9)
        page.set_text_color(*(ACCENT if weight else INK))
        page.set_x(MARGIN_MM + 82)
        page.cell(40, 7, name)
        page.cell(48, 7, sums.money(amount), align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.set_font(FONT, "", 9)


def _plain(number: Decimal) -> str:
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
