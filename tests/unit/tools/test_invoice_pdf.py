"""An invoice adds up to the cent, whatever the model thinks it comes to."""

import re
from decimal import Decimal
from typing import Any

import pytest

from chat.core.errors import ToolFailed
from chat.tools.invoice_sums import sums_of
from chat.tools.registry import load_tools
from tests.unit.tools.surroundings import run

INVOICE = {
    "number": "2026-17",
    "date_of_issue": "2026-11-30",
    "seller": "Ærø Studio\nHauptstraße 1",
    "buyer": "Zoë Müller\nΑθήνα 5",
    "items": ["3; 49.90; Hours of design", "0.5; 19.999; Licence", "-1; 20; Discount"],
    "currency": "eur",
    "tax_percent": "19",
}


def invoice(**changed: Any) -> Any:
    tool = load_tools()["invoice_pdf"]
    assert (tool.facts.policy, tool.facts.always_asks) == ("ask", True)
    return run(tool, INVOICE | changed)


@pytest.mark.parametrize(
    ("items", "tax", "currency", "sums"),
    [
        (["3; 49.90; a", "0.5; 19.999; b", "-1; 20; c"], "19", "EUR", "139.70 26.54 166.24"),
        (["1; 0.005; a"], "0", "EUR", "0.01 0.00 0.01"),
        (["3; 0.1; a", "3; 0.2; b"], "0", "USD", "0.90 0.00 0.90"),
        (["1; 10.50; a"], "8.875", "USD", "10.50 0.93 11.43"),
        (["3; 33.4; a"], "10", "JPY", "100 10 110"),
        (["1; 1.2345; a"], "5", "KWD", "1.235 0.062 1.297"),
    ],
)
def test_sums_are_exact_and_rounded_to_the_coin(
    items: list[str], tax: str, currency: str, sums: str
) -> None:
    made = sums_of(items, tax, currency)
    assert [made.net, made.tax, made.total] == [Decimal(each) for each in sums.split()]
    assert " ".join(map(str, (made.net, made.tax, made.total))) == sums


def test_the_model_is_told_the_sums_and_the_user_gets_a_file() -> None:
    told, file = invoice(due_date="2026-12-14", notes="Pay soon.\n\tThank you.")
    assert "Net 139.70 EUR, tax 26.54 EUR, total 166.24 EUR" in told
    assert (file.name, file.mime) == ("Invoice 2026-17.pdf", "application/pdf")
    assert file.data.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b(?!s)", file.data)) == 1
    _, long = invoice(items=[f"1; 5; Row {number} {'of many words ' * 15}" for number in range(60)])
    assert len(re.findall(rb"/Type /Page\b(?!s)", long.data)) > 3


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"items": []}, "from 1 to 60"),
        ({"items": ["1; 2; x"] * 61}, "from 1 to 60"),
        ({"items": ["Hours of design"]}, "quantity; price; words"),
        ({"items": ["1; 2; "]}, "quantity; price; words"),
        ({"items": ["1; 49,90; x"]}, "digits with a point"),
        ({"items": ["1; 1e9; x"]}, "digits with a point"),
        ({"items": ["1; NaN; x"]}, "digits with a point"),
        ({"items": ["1; ٣; x"]}, "digits with a point"),
        ({"items": ["9999999999; 9999999999; x"]}, "more than an invoice"),
        ({"tax_percent": "-1"}, "0 to 100"),
        ({"currency": "€"}, "three letters"),
        ({"date_of_issue": "30.11.2026"}, "2026-11-30"),
        ({"due_date": "2026-11-29"}, "due before"),
        ({"number": "1\n2"}, "number"),
        ({"seller": "\n" * 9}, "seller"),
        ({"buyer": "日本"}, "lacks some of these letters: 日 本"),
        ({"notes": "x" * 1_501}, "1,500"),
    ],
)
def test_what_is_no_invoice_is_refused(changed: dict[str, Any], why: str) -> None:
    with pytest.raises(ToolFailed, match=why):
        invoice(**changed)
