"""The first minutes without a key: Easel's own painter runs every example for real."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.screen import Screen, file, kept, sha
from tests.browser.watch import Watch
from tests.program import Program
from tests.wire_shapes import tiny_png

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def keyless(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """An Easel as it is after the first start: nothing is set up."""
    with Program(tmp_path_factory.mktemp("keyless") / "data") as program:
        yield program


@pytest.fixture
def first(profile: tuple[BrowserContext, Watch], keyless: Program) -> Iterator[Screen]:
    """Its page, before the first message."""
    context, watch = profile
    watch.forget()
    context.set_storage_state({"cookies": [], "origins": []})
    page = context.new_page()
    yield Screen(page, keyless.address).open()
    page.close()
    watch.judge(f"127.0.0.1:{keyless.port}")


def run(screen: Screen, kind: str) -> Locator:
    """Click an example and wait for the end of its reply."""
    screen.page.locator("#welcome [data-text]").filter(has_text=kind).click()
    expect(screen.questions).to_have_count(1)
    reply = screen.ended()
    for image in reply.locator(".pic img").all():
        image.scroll_into_view_if_needed()
        assert image.evaluate("i => i.decode().then(() => i.naturalWidth)") > 100
    return reply


def order(reply: Locator) -> str:
    """The blocks of a reply: ``w`` for words, ``p`` for a picture, ``t`` for a tool."""
    kinds = reply.locator(".body > *").evaluate_all(
        "all => all.map(e => e.matches('.pic') ? 'p' : e.matches('.tool') ? 't' : 'w')"
    )
    return "".join(kinds)


def test_a_picture_is_painted_from_words(first: Screen) -> None:
    reply = run(first, "Paint")
    assert order(reply).count("p") == 1
    # Of several that began with it, each is told apart.
    expect(first.page).to_have_title(re.compile(r"^Paint a .*three birds( \(\d+\))? · Easel$"))


def test_a_picture_is_changed_by_words_and_only_where_they_say(first: Screen) -> None:
    """The sofa turns green; the wall, the lamp and the window stay as they are."""
    reply = run(first, "Edit")
    given = first.questions.locator(".pic")
    expect(given).to_have_count(1)
    assert order(reply).count("p") == 1
    expect(first.pictures).to_have_count(2)
    changed = changed_share(first.page, *first.shas(first.pictures))
    assert 0.02 < changed < 0.5


def test_a_story_is_told_in_words_and_pictures_by_turns(first: Screen) -> None:
    reply = run(first, "Story")
    blocks = order(reply)
    assert blocks.count("p") == 3
    assert "wp" in blocks
    assert "pw" in blocks
    first.reload()
    assert order(first.reply) == blocks


def test_a_tool_is_used_and_its_chart_shown(first: Screen) -> None:
    reply = run(first, "Use a tool")
    blocks = order(reply)
    assert "t" in blocks
    assert blocks.index("t") < blocks.index("p")
    expect(reply.locator(".tool .name")).to_have_text("Chart")
    expect(first.page.locator("#setting-tools-on input[type=checkbox]")).to_be_checked()
    shown = json.loads(reply.locator(".tool pre").first.text_content() or "")
    assert "12" in json.dumps(shown)


def test_what_was_painted_can_be_changed_in_the_next_breath(first: Screen) -> None:
    [painted] = first.shas(run(first, "Paint").locator(".pic"))
    first.tray_shows(painted)
    first.told("Make it night")
    expect(first.pictures).to_have_count(3)
    before, given, after = first.shas(first.pictures)
    assert before == given
    assert after != before


def test_shape_and_size_are_painted_as_chosen(first: Screen) -> None:
    page = first.page
    page.locator("#open-settings").click()
    for menu, option in (("#setting-aspect-ratio", "16:9"), ("#setting-image-size", "512")):
        with kept(page):
            page.locator(f"{menu} input").click()
            page.get_by_role("option", name=option, exact=True).click()
    first.told("Paint a boat on the sea")
    width = int(first.pictures.get_attribute("data-width") or 0)
    height = int(first.pictures.get_attribute("data-height") or 0)
    assert abs(width / height - 16 / 9) < 0.05
    assert max(width, height) < 1_000
    first.reload()
    expect(page.locator("#setting-aspect-ratio input")).to_have_value("16:9")
    expect(page.locator("#setting-image-size input")).to_have_value("512")


def changed_share(page: Page, before: str, after: str) -> float:
    """How much of a picture differs clearly from another, from 0 to 1, as the browser sees it."""
    share: float = page.evaluate(
        """async (shas) => {
            const [a, b] = await Promise.all(shas.map(async (sha) => {
                const image = new Image();
                image.src = `/media/${sha}`;
                await image.decode();
                const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
                canvas.getContext('2d').drawImage(image, 0, 0);
                return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            }));
            if (a.width !== b.width || a.height !== b.height) return 1;
            let changed = 0;
            for (let at = 0; at < a.data.length; at += 4) {
                const far = [0, 1, 2].some((c) => Math.abs(a.data[at + c] - b.data[at + c]) > 24);
                if (far) changed += 1;
            }
            return changed / (a.width * a.height);
        }""",
        [before, after],
    )
    return share


def test_an_example_leaves_the_draft_and_its_picture_where_they_are(first: Screen) -> None:
    mine = tiny_png(77)
    first.attach(file("mine.png", mine))
    first.tray_shows(sha(mine))
    first.words.fill("half a thought")
    run(first, "Paint")
    expect(first.questions.locator(".pic")).to_have_count(0)
    expect(first.words).to_have_value("half a thought")
    first.tray_shows(sha(mine))
    first.reload()
    expect(first.words).to_have_value("half a thought")
    first.tray_shows(sha(mine))


def test_asked_once_more_another_picture_comes_and_the_buttons_stay(first: Screen) -> None:
    reply = run(first, "Paint")
    before = first.shas(reply.locator(".pic"))
    again = first.reply.get_by_role("button", name="Regenerate")
    place = again.bounding_box()
    again.click()
    expect(first.reply.locator(".versions")).to_contain_text("2/2")
    assert first.shas(first.ended().locator(".pic")) != before
    now = again.bounding_box()
    assert place is not None
    assert now is not None
    assert now["x"] == place["x"]


def test_what_sketch_does_not_know_it_answers_with_pictures_to_click(screen: Screen) -> None:
    screen.choose_model("Sketch, the built-in offline painter (not an AI model)")
    reply = screen.told("a dragon")
    ideas = reply.locator("button.idea")
    expect(ideas).to_have_count(6)
    for idea in ideas.all():
        # Each has its picture, and that is there.
        expect(idea.locator("img")).to_have_js_property("naturalWidth", 288)
    words = ideas.nth(2).inner_text()
    ideas.nth(2).click()
    expect(screen.questions.last).to_contain_text(words)
    expect(screen.ended().locator(".pic")).to_have_count(1)
    screen.reload()
    expect(screen.replies.first.locator("button.idea")).to_have_count(6)
