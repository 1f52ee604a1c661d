"""The message box: what is written is sent once, exactly, or kept."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen, file, sha
from tests.browser.upstream import Upstream, question
from tests.loopback import Gate
from tests.patience import PATIENCE_S
from tests.wire_shapes import tiny_png

pytestmark = pytest.mark.browser

MINE = tiny_png(31)
ODD_TEXT = "שלום عالم 👩‍👩‍👧‍👦🏽 e\u0301a\u0308 \u202eabc\u202c \u200b<b>&amp;</b>\ttab 漢字 🇩🇪"


def test_enter_sends_and_shift_enter_begins_a_line(screen: Screen, upstream: Upstream) -> None:
    screen.words.fill("two lines")
    screen.words.press("Shift+Enter")
    screen.words.press_sequentially("of words")
    expect(screen.words).to_have_value("two lines\nof words")
    expect(screen.questions).to_have_count(0)
    screen.words.press("Enter")
    screen.ended()
    assert [question(r) for r in upstream.asked("two lines")] == ["two lines\nof words"]
    expect(screen.words).to_have_value("")
    expect(screen.words).to_be_focused()


@pytest.mark.parametrize("told", [{"isComposing": True}, {"keyCode": 229}], ids=["rest", "Safari"])
def test_enter_that_chooses_a_word_of_an_input_method_does_not_send(
    screen: Screen, told: dict[str, int | bool]
) -> None:
    """Who writes Japanese would send half a word each time."""
    screen.words.fill("にほ")
    screen.words.dispatch_event("keydown", {"key": "Enter", "bubbles": True, **told})
    expect(screen.words).to_have_value("にほ")
    expect(screen.send).to_be_enabled()
    expect(screen.questions).to_have_count(0)
    screen.words.dispatch_event("keydown", {"key": "Enter", "bubbles": True})
    screen.ended()


def test_a_draft_outlives_a_reload_and_belongs_to_its_conversation(screen: Screen) -> None:
    screen.told("The first of two")
    first = screen.conversation
    screen.words.fill("half a thought")
    screen.page.locator("#new").click()
    expect(screen.words).to_have_value("")
    screen.words.fill("quite another")
    screen.reload()
    expect(screen.words).to_have_value("quite another")
    screen.open(first)
    expect(screen.words).to_have_value("half a thought")


def test_pictures_of_a_draft_outlive_a_reload_too(screen: Screen) -> None:
    screen.attach(file("mine.png", MINE))
    screen.tray_shows(sha(MINE))
    screen.reload()
    screen.tray_shows(sha(MINE))
    screen.told("now with words")
    expect(screen.questions.locator(".pic")).to_have_count(1)


def test_a_question_that_was_sent_is_no_draft_any_more(screen: Screen) -> None:
    screen.told("Sent already")
    screen.page.locator("#new").click()
    expect(screen.page.locator("#welcome")).to_be_visible()
    expect(screen.words).to_have_value("")
    screen.reload()
    expect(screen.words).to_have_value("")


def test_words_written_while_a_message_is_on_its_way_are_kept(screen: Screen) -> None:
    """Fast writers begin the next sentence before the server has answered."""
    screen.words.fill("On its way")
    screen.page.evaluate(
        """() => {
            document.querySelector('#send').click();
            const box = document.querySelector('#words');
            box.value = 'And the next';
            box.dispatchEvent(new Event('input'));
        }"""
    )
    screen.ended()
    expect(screen.words).to_have_value("And the next")


def test_stop_ends_a_reply_that_would_never_end_and_keeps_what_had_come(
    screen: Screen, upstream: Upstream
) -> None:
    upstream.says("endless", "Kept for good.", Gate(), "Never seen.")
    screen.ask("An endless story")
    expect(screen.reply).to_contain_text("Kept for good.")
    expect(screen.send).to_have_text("Stop")
    screen.send.click()
    screen.ended("stopped")
    assert upstream.asked("endless")[0].gone.wait(PATIENCE_S), "the model was left working"
    expect(screen.send).to_have_text("Send")
    screen.reload()
    expect(screen.reply).to_contain_text("Kept for good.")
    expect(screen.reply).to_contain_text("Stopped.")
    expect(screen.reply.get_by_role("button", name="Retry")).to_be_visible()


def test_while_a_reply_streams_the_next_question_may_be_written(
    screen: Screen, upstream: Upstream
) -> None:
    gate = Gate()
    upstream.says("slow one", "Beginning.", gate, " End.")
    screen.ask("A slow one")
    expect(screen.send).to_have_text("Stop")
    screen.words.fill("And then?")
    expect(screen.send).to_have_text("Send")
    gate.open()
    screen.ended()
    expect(screen.words).to_have_value("And then?")


def test_two_clicks_on_send_are_one_message(screen: Screen, upstream: Upstream) -> None:
    """Each picture is paid for."""
    screen.words.fill("Only once please")
    screen.page.evaluate(
        "() => { const b = document.querySelector('#send'); b.click(); b.click() }"
    )
    screen.ended()
    screen.words.fill("And once more only")
    screen.send.dblclick()
    expect(screen.replies).to_have_count(2)
    screen.ended()
    screen.reload()
    expect(screen.questions).to_have_count(2)
    assert len(upstream.asked("Only once")) == 1
    assert len(upstream.asked("once more only")) == 1


def test_an_empty_message_cannot_be_sent(screen: Screen) -> None:
    for nothing in ("", "   \n \n"):
        screen.words.fill(nothing)
        expect(screen.send).to_be_disabled()
        screen.words.press("Enter")
    expect(screen.messages).to_have_count(0)
    assert screen.conversation == ""


def test_a_very_long_message_is_sent_whole_and_shown_folded(
    screen: Screen, upstream: Upstream
) -> None:
    text = "long haul " * 20_000
    screen.told(text)
    assert question(upstream.asked("long haul")[0]) == text
    said = screen.questions.last.locator(".said")
    assert len(said.inner_text()) < len(text) / 10
    screen.questions.last.get_by_role("button", name="Show all").click()
    expect(screen.questions.last.get_by_role("button", name="Show less")).to_be_visible()
    assert said.inner_text() == text
    assert screen.page.locator(".said").evaluate("e => e.textContent") == text


def test_every_character_arrives_and_is_shown_as_it_was_written(
    screen: Screen, upstream: Upstream
) -> None:
    screen.words.evaluate(
        "(box, text) => { box.value = text; box.dispatchEvent(new Event('input')) }",
        ODD_TEXT + "\u0000 odd",
    )
    screen.words.press("Enter")
    screen.ended()
    said = screen.questions.last.locator(".said")
    assert said.evaluate("e => e.textContent") == ODD_TEXT + " odd"
    assert question(upstream.asked(" odd")[-1]) == ODD_TEXT + " odd"
    upstream.says("echo this", ODD_TEXT.replace("<b>&amp;</b>\t", ""))
    shown = screen.told("echo this").locator(".body")
    assert ODD_TEXT.replace("<b>&amp;</b>\t", "") in shown.evaluate("e => e.textContent")


def test_whoever_comes_to_a_conversation_can_write_at_once(screen: Screen) -> None:
    expect(screen.words).to_be_focused()
    screen.told("Written without a click")
    screen.page.locator("#new").click()
    expect(screen.words).to_be_focused()
    screen.rows.filter(has_text="Written without a click").locator("a").click()
    expect(screen.words).to_be_focused()


def test_letters_typed_beside_the_box_are_in_it(screen: Screen) -> None:
    screen.told("Something to read")
    screen.pane.focus()
    screen.page.keyboard.type("and then")
    expect(screen.words).to_have_value("and then")
    screen.page.locator("#search").focus()
    screen.page.keyboard.type("to be found")
    expect(screen.words).to_have_value("and then")
    screen.page.locator("#search").fill("")


def test_the_arrow_up_in_an_empty_box_brings_back_what_was_asked(screen: Screen) -> None:
    screen.told("a heron on a pole")
    screen.told("a kite in the wind")
    screen.words.press("ArrowUp")
    expect(screen.words).to_have_value("a kite in the wind")
    screen.words.press("ArrowUp")
    expect(screen.words).to_have_value("a heron on a pole")
    screen.words.press("ArrowDown")
    expect(screen.words).to_have_value("a kite in the wind")
    screen.words.press_sequentially(" at dusk")
    screen.words.press("ArrowUp")
    expect(screen.words).to_have_value("a kite in the wind at dusk")


def test_the_click_that_sent_does_not_stop_what_it_began(
    stranger: Callable[..., Screen], upstream: Upstream
) -> None:
    """The button under the pointer has become Stop; an impatient second click is none."""
    upstream.says("pressed once more", "It is written.", Gate())
    screen = stranger()
    screen.page.clock.set_fixed_time("2031-01-01T12:00:00")
    screen.words.fill("pressed once more")
    screen.send.click()
    expect(screen.send).to_have_text("Stop")
    screen.send.click()
    expect(screen.reply).to_contain_text("It is written.")
    expect(screen.reply).to_have_attribute("data-status", "streaming")
    screen.page.clock.set_fixed_time("2031-01-01T12:00:00.700")
    screen.send.click()
    screen.ended("stopped")


def test_a_line_without_end_is_drawn_as_one_direction(screen: Screen) -> None:
    """With directions by paragraph the browser orders a megabyte anew for each line of it."""
    kept = screen.page.evaluate_handle(
        """() => {
            const at = [];
            addEventListener("input", ({ target }) => {
                const { unicodeBidi, fontFamily } = getComputedStyle(target);
                at.push(unicodeBidi, fontFamily === "monospace");
            }, true);
            return at;
        }"""
    )
    screen.words.fill("hello")
    screen.words.fill("A" * 100_000)
    screen.words.press("b")
    expect(screen.words).to_have_attribute("spellcheck", "false")
    screen.words.fill("hello")
    expect(screen.words).to_have_attribute("spellcheck", "true")
    screen.words.press("b")
    # Before the page hears of what was pasted, the browser has drawn it.
    assert kept.json_value() == ["plaintext", False, *["isolate", True] * 3, "plaintext", False]
