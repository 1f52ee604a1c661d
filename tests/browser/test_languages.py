"""The page in other languages: made-up ones show what no catalogue knows, real ones are chosen."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.screen import Screen
from tests.browser.test_access import AT_REST
from tests.browser.watch import Watch
from tests.program import Program

pytestmark = pytest.mark.browser

UNTRANSLATED = """() => {
  const kept = 'script, style, svg, kbd, code, pre, time, [translate=no], [dir=auto]'
    + ', #messages .body, .name, .title, .facts, .version, #topbar-title, #who'
    + ', #conversations .row, #bin-list'
    + ', .preset, .who, .key-page a, .tile, .month, .endpoint h3, #announcer, .words';
  const left = (text) => {
    for (let before = null; before !== text;) {
      before = text;
      text = text.replace(/\\u27e6[^\\u27e6\\u27e7]*\\u27e7/g, '');
    }
    return /\\p{L}{3}/u.test(text.replace(/\\bpx\\b|https?:\\/\\/\\S*/g, ''));
  };
  const found = [];
  for (const element of document.body.querySelectorAll('*')) {
    if (element.closest(kept)) continue;
    if (/^[A-Z][a-z]+ \\d{4}$/.test(element.textContent.trim())) continue; // a month, by Intl
    // Gradio's own, in a panel that nobody has opened yet.
    if (element.textContent.trim() === 'Loading...' && !element.checkVisibility()) continue;
    for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
      const value = element.getAttribute(name);
      if (value && left(value) && !/^https/.test(value)) found.push(`${name}: ${value}`);
    }
    // A sentence with markup in it is told by what it stands in.
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && left(node.data));
    const whole = element.closest('[data-words]') ?? element;
    const bare = whole.cloneNode(true);
    for (const each of bare.querySelectorAll(kept)) each.remove();
    if (own && left(bare.textContent)) found.push(whole.textContent.trim().slice(0, 90));
  }
  return [...new Set(found)];
}"""


@pytest.fixture
def spoken(context: BrowserContext, page: Page, easel: Program) -> Iterator[Screen]:
    """The page in a made-up language whose lines run from right to left."""
    name = f"easel-language-{easel.port}"
    context.add_cookies([{"name": name, "value": "ar-XB", "url": easel.address}])
    yield Screen(page, easel.address).open()
    context.clear_cookies()


def test_every_word_of_the_page_comes_of_a_catalogue(spoken: Screen, watch: Watch) -> None:
    watch.bear("/estimate")
    page = spoken.page
    found: dict[str, list[str]] = {}

    def look(state: str) -> None:
        found[state] = page.evaluate(UNTRANSLATED)

    def closed() -> None:
        page.keyboard.press("Escape")
        expect(page.locator("dialog[open]")).to_have_count(0)

    look("first page")
    spoken.told("A lighthouse")
    look("a reply")
    for opener, opened in (
        ("#model", "#models"),
        ("#tools-open", "#tools"),
        ("#show-help", "#help"),
        ("#show-bin", "#bin"),
        ("#show-shared", "#sharing"),
    ):
        page.locator(opener).click()
        expect(page.locator(opened)).to_be_visible()
        look(opened)
        closed()
    page.locator("#show-library").click()
    expect(page.locator("#pictures")).to_be_visible()
    look("library")
    assert {state: words for state, words in found.items() if words} == {}


OUTSIDE = """() => [
    ...document.querySelectorAll('button, a[href], input, select, summary, textarea')]
  .filter((each) => each.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .filter((each) => !each.closest('.skip, .chips, .filters, #tray, [role=tablist]'))
  .map((each) => [each, each.getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.left < -1 || box.right > innerWidth + 1))
  .map(([each, box]) => `${each.id || each.className}: ${box.left}..${box.right}`)"""
"""Controls that leave the window sideways, apart from rows that scroll by themselves."""


def test_lines_run_from_right_to_left_and_nothing_leaves_the_window(spoken: Screen) -> None:
    page = spoken.page
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    wide = "document.documentElement.scrollWidth - innerWidth"
    middle = "(id) => { const b = document.querySelector(id).getBoundingClientRect();"
    middle += " return (b.left + b.right) / 2 / innerWidth; }"
    page.set_viewport_size({"width": 1280, "height": 800})
    assert page.evaluate(middle, "#sidebar") > 0.5  # the list is where a line begins
    assert page.evaluate(middle, "#send") < 0.5
    spoken.told("A lighthouse")
    for width in (1280, 768, 360):
        page.set_viewport_size({"width": width, "height": 740})
        page.evaluate(AT_REST)
        assert (page.evaluate(wide), page.evaluate(OUTSIDE)) == (0, [])
    for opener, opened in (
        ("#model", "#models"),
        ("#open-settings", "#settings"),
        ("#show-library", "#pictures"),
    ):
        if opener == "#show-library":
            page.set_viewport_size({"width": 1280, "height": 740})
        page.locator(opener).click()
        expect(page.locator(opened)).to_be_in_viewport()
        page.evaluate(AT_REST)
        assert (page.evaluate(wide), page.evaluate(OUTSIDE)) == (0, [])
        page.keyboard.press("Escape")


def test_a_language_is_chosen_in_the_page_and_what_fails_is_said_in_it(
    screen: Screen, watch: Watch
) -> None:
    watch.bear("/versions")  # of a conversation that is not there
    page = screen.page
    page.locator("#language").select_option("de")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    screen.ready()
    expect(page.locator("#new")).to_have_text("Neue Unterhaltung")
    asked = "async () => (await fetch('api/conversations/" + "0" * 32 + "/versions')).text()"
    assert json.loads(page.evaluate(asked)) == {"error": "Diese Unterhaltung gibt es nicht."}
    screen.reload()
    expect(page.locator("#send")).to_have_text("Senden")
    screen.choose_model("Sketch, der eingebaute Maler ohne Netz (kein KI-Modell)")
    reply = screen.told("ein rotes Sofa mit einer Eule")
    expect(reply).to_contain_text("„Eule“ kenne ich nicht")
    expect(reply.locator("img").first).to_have_attribute("alt", re.compile("^Gemälde: "))
