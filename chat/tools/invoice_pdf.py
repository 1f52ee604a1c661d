"""An invoice as a PDF."""

import re
from datetime import date

from chat.core.errors import ToolFailed
from chat.core.text import clean_text
from chat.core.tools import MadeFile, ToolOutput
from chat.tools.invoice_sums import sums_of
from chat.tools.schema import with_facts

MAX_NUMBER_CHARS = 40
MAX_BLOCK_CHARS = 500
MAX_BLOCK_LINES = 8
MAX_NOTES_CHARS = 1_500
_WRONG_DAY = "A date is written as 2026-11-30."


@with_facts(
    reach="Makes a PDF of what is shown, for you to download. Sends it to nobody.",
    policy="ask",
    always_asks=True,
    title="Invoice (PDF)",
)
def invoice_pdf(
    number: str,
    date_of_issue: str,
    seller: str,
    buyer: str,
    items: list[str],
    currency: str,
    tax_percent: str = "0",
    due_date: str = "",
    notes: str = "",
) -> list[ToolOutput]:
    """Make an invoice as a PDF, which the user downloads. All sums are worked out here.

    Args:
        number: of the invoice, at most 40 characters.
        date_of_issue: such as "2026-11-30".
        seller: name and address, a line each, with tax numbers and bank details as needed.
        buyer: name and address, a line each.
        items: each as "quantity; price of one without tax; words", such as
            "3; 49.90; Hours of design".
        currency: three letters, such as EUR.
        tax_percent: such as "19"; "0" for an invoice without tax.
        due_date: such as "2026-12-14".
        notes: what stands below, such as how to pay.
    """
    if not 0 < len(number.strip()) <= MAX_NUMBER_CHARS or not number.isprintable():
        raise ToolFailed(f"An invoice has a number of 1 to {MAX_NUMBER_CHARS} characters.")
    for name, words in (("seller", seller), ("buyer", buyer)):
        lines = words.strip().splitlines()
        if not 0 < len(lines) <= MAX_BLOCK_LINES or len(words) > MAX_BLOCK_CHARS:
            raise ToolFailed(
                f"The {name} has from 1 to {MAX_BLOCK_LINES} lines of name and address."
            )
    if len(notes) > MAX_NOTES_CHARS:
        raise ToolFailed(f"The notes have at most {MAX_NOTES_CHARS:,} characters.")
    issued, due = _day(date_of_issue), _day(due_date) if due_date.strip() else ""
    if due and due < issued:
        raise ToolFailed("The invoice is due before it is issued.")
    sums = sums_of(items, tax_percent, currency)
    # Half a second of imports, which only those who write an invoice wait for.
    from chat.tools.invoice_page import Invoice, drawn

    invoice = Invoice(
        number.strip(), issued, due, _sound(seller), _sound(buyer), _sound(notes), sums
    )
    file = MadeFile(f"Invoice {number.strip()}.pdf", "application/pdf", drawn(invoice))
    told = (
        f"Invoice {number.strip()} is ready for the user. Net {sums.money(sums.net)}, "
        f"tax {sums.money(sums.tax)}, total {sums.money(sums.total)}."
    )
    return [told, file]


def _day(text: str) -> str:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text.strip(), re.ASCII):
        raise ToolFailed(_WRONG_DAY)
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError as error:
        raise ToolFailed(_WRONG_DAY) from error


def _sound(words: str) -> str:
    return "\n".join(line.replace("\t", " ").rstrip() for line in clean_text(words).splitlines())
