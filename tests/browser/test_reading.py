"""Looking at what was made: pictures whole and to the byte, code to copy, formulas and tables."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.screen import Screen, flashing, sha
from tests.browser.upstream import Upstream
from tests.wire_shapes import tiny_png

pytestmark = pytest.mark.browser

PICTURES = [tiny_png(10 * n, 99, side_px=20 + n) for n in range(3)]
CODE = "def f(x):\n    return f'<b>{x}</b>'\n"
RICH = (
    f"```python\n{CODE}```\n\nEuler: $e^{{i\\pi}} + 1 = 0$ and\n\n$$\\frac{{a}}{{b}}$$\n\n"
    "| fruit | count |\n|:--|--:|\n| pear | 3 |\n\n- [x] done\n\n> quoted\n"
)


@pytest.fixture
def gallery(screen: Screen, upstream: Upstream) -> Screen:
    """A reply with three pictures."""
    upstream.says("gallery", "One.", PICTURES[0], "Two.", PICTURES[1], "Three.", PICTURES[2])
    screen.told("a gallery")
    return screen


def viewer(screen: Screen) -> Locator:
    return screen.page.locator("#viewer")


def test_pictures_open_at_full_size_and_arrows_walk_through_them(gallery: Screen) -> None:
    link = gallery.pictures.nth(1).locator("a.open")
    link.click()
    dialog, page = viewer(gallery), gallery.page
    expect(dialog).to_be_visible()
    expect(dialog.locator(".facts")).to_have_text("21 × 21 px")
    assert dialog.locator("img").evaluate("i => i.decode().then(() => i.naturalWidth)") == 21
    page.keyboard.press("ArrowRight")
    expect(dialog.locator(".facts")).to_have_text("22 × 22 px")
    expect(dialog.locator(".next")).to_be_disabled()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(dialog.locator(".facts")).to_have_text("20 × 20 px")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(link).to_be_focused()


def test_a_picture_seen_at_full_size_can_be_used_at_once(gallery: Screen) -> None:
    gallery.pictures.first.locator("a.open").click()
    viewer(gallery).get_by_role("button", name="Edit this").click()
    expect(viewer(gallery)).to_be_hidden()
    gallery.tray_shows(sha(PICTURES[0]))
    expect(gallery.words).to_be_focused()


def test_a_download_has_every_byte_that_the_model_sent(gallery: Screen) -> None:
    """Signatures and credentials are bound to the bytes."""
    for picture, sent in zip(gallery.pictures.all(), PICTURES, strict=True):
        with gallery.page.expect_download() as download:
            picture.get_by_role("link", name="Download").click()
        assert download.value.suggested_filename.endswith(".png")
        assert Path(download.value.path()).read_bytes() == sent
        expect(picture).to_have_attribute("data-sha", sha(sent))
    gallery.pictures.first.locator("a.open").click()
    with gallery.page.expect_download() as download:
        viewer(gallery).get_by_role("link", name="Download").click()
    assert Path(download.value.path()).read_bytes() == PICTURES[0]


def test_code_is_copied_exactly(screen: Screen, upstream: Upstream) -> None:
    upstream.says("some code", RICH)
    reply = screen.told("some code")
    with flashing(reply.locator(".code"), "Copied"):
        reply.locator(".code").get_by_role("button", name="Copy").click()
    assert screen.page.evaluate("navigator.clipboard.readText()") == CODE


def copied(screen: Screen, message: Locator) -> str:
    foot = message.locator(".foot")
    with flashing(foot, "Copied"):
        foot.get_by_role("button", name="Copy").click()
    return str(screen.page.evaluate("navigator.clipboard.readText()"))


def test_a_reply_is_copied_without_the_labels_of_its_buttons(
    screen: Screen, upstream: Upstream
) -> None:
    thought = {"reasoning": "Hm."}
    upstream.says("copy me", thought, "To keep.\n\n```python\nx = 1\n```\n", PICTURES[0], "End.")
    reply = screen.told("please copy me")
    assert copied(screen, reply).split() == ["To", "keep.", "x", "=", "1", "End."]
    expect(reply.locator(".pic")).to_be_visible()
    expect(reply.locator(".code-head")).to_be_visible()


def test_a_question_is_copied_whole_though_it_is_folded(screen: Screen) -> None:
    text = "fold this " * 1_000 + "to its end"
    screen.told(text)
    assert copied(screen, screen.questions.last) == text


def test_a_models_thinking_is_folded_and_can_be_opened(screen: Screen, upstream: Upstream) -> None:
    upstream.says("think hard", {"reasoning": "First this, "}, {"reasoning": "then that."}, "So.")
    thinking = screen.told("think hard").locator("details.thinking")
    expect(thinking.get_by_text("First this, then that.")).to_be_hidden()
    thinking.locator("summary").click()
    expect(thinking.get_by_text("First this, then that.")).to_be_visible()


def test_a_footnote_is_reached_and_left_by_keyboard_within_its_own_message(
    screen: Screen, upstream: Upstream
) -> None:
    lines = "A line.\n\n" * 60
    upstream.says("sources", f"First.[^1] Second.[^1] Lost.[^9]\n\n{lines}[^1]: A source.")
    other, reply = screen.told("sources"), screen.told("sources again")
    keys, sign = screen.page.keyboard, reply.get_by_role("button", name="Note 1", exact=True).last
    note = reply.get_by_role("button", name="Note 1, back to the text")
    sign.focus()
    keys.press("Enter")
    expect(note).to_be_focused()
    expect(note).to_be_in_viewport()
    expect(sign).not_to_be_in_viewport()
    expect(other.locator(":focus")).to_have_count(0)
    keys.press("Enter")
    expect(sign).to_be_focused()
    expect(sign).to_be_in_viewport()
    assert copied(screen, reply).startswith("First.1 Second.1 Lost.9")
    reply.get_by_role("button", name="Note 9").click()
    screen.toast("This message has no such note.")


def test_formulas_tables_and_lists_are_drawn(screen: Screen, upstream: Upstream) -> None:
    upstream.says("rich text", *(RICH[n : n + 7] for n in range(0, len(RICH), 7)))
    body = screen.told("rich text").locator(".body")
    expect(body.locator("math")).to_have_count(2)
    expect(body.locator("math mfrac")).to_be_visible()
    expect(body.locator("td").last).to_have_text("3")
    expect(body.locator("li input[type=checkbox]")).to_be_checked()
    expect(body.locator("blockquote")).to_have_text("quoted")
    expect(body.locator(".code-lang")).to_have_text("python")
    streamed = body.inner_html()
    screen.reload()
    assert body.inner_html() == streamed
