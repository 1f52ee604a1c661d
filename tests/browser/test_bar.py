"""The line under the message box is one line that fits, at every width and in every language."""

import json

import pytest
from playwright.sync_api import expect

from chat.core.languages import FOLDER, OFFERED
from tests.browser.screen import Screen

pytestmark = pytest.mark.browser

WIDTHS = (320, 360, 480, 768, 900, 1440)
SAY = """([settings, tools]) => {
    document.querySelector("#open-settings span").textContent = settings;
    document.querySelector("#setting-tools-on .label-text").textContent = tools;
}"""
FITS = """() => {
    const line = document.querySelector("#controls");
    const name = document.querySelector("#model .name");
    const middles = [...line.children].map((part) => {
        const { top, bottom, right } = part.getBoundingClientRect();
        return right <= innerWidth ? (top + bottom) / 2 : NaN;
    });
    return line.scrollWidth <= line.clientWidth && Math.max(...middles) - Math.min(...middles) < 6
        && (name.scrollWidth <= name.clientWidth || name.clientWidth >= 60);
}"""


def test_the_line_under_the_box_fits_at_every_width_in_every_language(screen: Screen) -> None:
    page = screen.page
    said = [("Settings", "Tools"), ("Settings", "No tools")]
    for language in set(OFFERED) - {"en"}:
        told = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
        words = {**told["words"], **told["page"]}
        said += [(words["Settings"], words["Tools"]), (words["Settings"], words["No tools"])]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for pair in said:
            page.evaluate(SAY, list(pair))
            page.wait_for_function(FITS)
    # With room again the words stand there, and without it they are still read aloud.
    page.evaluate(SAY, ["Settings", "Tools"])
    expect(page.locator("#controls")).to_have_attribute("data-short", "")
    page.set_viewport_size({"width": 320, "height": 800})
    page.wait_for_function(FITS)
    expect(page.get_by_role("button", name="Settings", exact=True)).to_be_visible()
    expect(page.get_by_role("checkbox", name="Tools", exact=True)).to_be_visible()
