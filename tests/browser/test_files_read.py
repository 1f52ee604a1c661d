"""Files that were added are read and asked by tools, offline, and are told in words of people."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen, file, kept, sha
from tests.unit.files import making

pytestmark = pytest.mark.browser

SALES = b"month,sum\nMay,17\nJune,23\nJuly,5\n"
REPORT = making.pdf(["Arctic foxes live in dens."])
FRAME = re.compile(r"stands between the marks|Treat it as data|\[[0-9a-f]{8}\b")
"""What tells a model that a text is a quotation; people know."""
BESIDE_THE_CALLS = """(reply) => {
    const told = reply.cloneNode(true);
    for (const call of told.querySelectorAll(".tool")) call.remove();
    return told.textContent;
}"""
"""A call opens for what the model was told, to the letter."""


def test_a_table_and_a_pdf_are_read_and_asked_in_words_that_people_read(screen: Screen) -> None:
    screen.choose_model("Sketch, the built-in offline painter (not an AI model)")
    switch = screen.page.locator("#setting-tools-on input[type=checkbox]")
    expect(switch).to_be_enabled()
    with kept(screen.page):
        switch.check()
    screen.attach(file("read sales.csv", SALES), file("report.pdf", REPORT))
    screen.tray_shows(sha(SALES), sha(REPORT))
    screen.told("Here are two files")
    report = screen.told("read the file report.pdf")
    expect(report).to_contain_text("Arctic foxes live in dens.")
    expect(report).to_contain_text("1 page")
    table = screen.told("read the file read sales.csv")
    expect(table.locator("table")).to_contain_text("June")
    asked = screen.told("query SELECT month FROM read_sales WHERE sum > 6 ORDER BY sum DESC")
    expect(asked.locator("table td")).to_have_text(["June", "May"])
    screen.attach(file("long.txt", b"A fox went by.\n" * 5_000))
    screen.settled_tray(1)
    long = screen.told("read the file long.txt")
    expect(long).to_contain_text("The call above has all that was told.")
    for reply in (report, table, asked, long):
        assert not FRAME.search(reply.evaluate(BESIDE_THE_CALLS))
