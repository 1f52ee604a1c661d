"""The pictures above the box: which go along, in what order, by what name, and what stays."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.drawing.server import PEN, PRICED, WEB_PICTURE, Drawing
from tests.browser.screen import Screen, file, sha
from tests.browser.upstream import question, sent_pictures
from tests.browser.watch import Watch
from tests.wire_shapes import data_url, tiny_png

pytestmark = pytest.mark.browser

PICTURES = [tiny_png(200, 10 * n, side_px=32) for n in range(12)]
RED, GREEN, BLUE = tiny_png(200), tiny_png(0, 200), tiny_png(0, 0, 200)


def attach(screen: Screen, *pictures: bytes) -> None:
    screen.attach(*(file(f"fox {n}.png", data) for n, data in enumerate(pictures)))
    screen.settled_tray(len(pictures))


def handles(screen: Screen) -> Locator:
    return screen.chips.locator(".handle")


def drag(screen: Screen, one: int, other: int) -> None:
    """With the mouse, in steps, past the middle of the other picture."""
    # Read in one look: chips are drawn anew when what they take is known.
    grip, onto = screen.page.evaluate(
        """([one, other]) => {
            const chips = document.querySelectorAll("#tray .chip");
            return [chips[one].querySelector(".grip"), chips[other]]
                .map((each) => each.getBoundingClientRect().toJSON());
        }""",
        [one, other],
    )
    mouse = screen.page.mouse
    mouse.move(grip["x"] + 8, grip["y"] + 8)
    mouse.down()
    share = 0.9 if onto["x"] > grip["x"] else 0.1
    mouse.move(onto["x"] + onto["width"] * share, onto["y"] + 10, steps=8)
    mouse.up()


def test_the_model_sees_the_pictures_in_the_order_in_which_they_were_dragged(
    screen: Screen, upstream: Drawing
) -> None:
    attach(screen, RED, GREEN, BLUE)
    expect(handles(screen)).to_have_text(["@img1", "@img2", "@img3"])
    drag(screen, 0, 2)
    screen.tray_shows(sha(GREEN), sha(BLUE), sha(RED))
    # Their names are what they were, whatever their order.
    expect(handles(screen)).to_have_text(["@img2", "@img3", "@img1"])
    expect(screen.words).to_have_value("")
    screen.told("dragged: put @img1 on @img2")
    asked = upstream.asked("dragged")[-1]
    assert sent_pictures(asked) == [data_url(each) for each in (GREEN, BLUE, RED)]
    assert question(asked) == "dragged: put @img1 (picture 3) on @img2 (picture 1)"
    expect(screen.questions.last).to_contain_text("put @img1 on @img2")


def test_the_order_is_changed_by_keys_and_said(screen: Screen, upstream: Drawing) -> None:
    attach(screen, RED, GREEN, BLUE)
    screen.chips.nth(2).locator(".grip").focus()
    screen.page.keyboard.press("Alt+ArrowLeft")
    screen.tray_shows(sha(RED), sha(BLUE), sha(GREEN))
    expect(screen.page.locator("#tray-told")).to_have_text("fox 2.png: 2 of 3.")
    screen.page.keyboard.press("Alt+ArrowLeft")
    screen.tray_shows(sha(BLUE), sha(RED), sha(GREEN))
    screen.page.keyboard.press("Alt+ArrowLeft")
    expect(screen.chips.nth(0).locator(".grip")).to_be_focused()
    screen.told("by keys")
    assert sent_pictures(upstream.asked("by keys")[-1]) == [
        data_url(each) for each in (BLUE, RED, GREEN)
    ]


def test_a_picture_is_called_by_its_handle_with_completion(
    screen: Screen, upstream: Drawing
) -> None:
    attach(screen, RED, GREEN)
    screen.words.press_sequentially("complete: put @")
    options = screen.page.get_by_role("listbox", name="Pictures and files to call").get_by_role(
        "option"
    )
    expect(options).to_have_count(2)
    expect(options.locator("img")).to_have_count(2)
    screen.page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    screen.page.keyboard.press("Enter")
    expect(screen.words).to_have_value("complete: put @img2 ")
    screen.words.press_sequentially("on @im")
    screen.page.keyboard.press("Tab")
    expect(screen.words).to_have_value("complete: put @img2 on @img1 ")
    expect(screen.words).to_be_focused()
    screen.words.press_sequentially("@")
    expect(options.first).to_be_visible()
    screen.page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    screen.page.keyboard.press("Backspace")
    screen.page.keyboard.press("Enter")
    screen.ended()
    assert question(upstream.asked("complete")[-1]).startswith(
        "complete: put @img2 (picture 2) on @img1 (picture 1)"
    )


def test_a_picture_of_the_conversation_that_is_called_goes_along(
    screen: Screen, upstream: Drawing
) -> None:
    attach(screen, RED, GREEN)
    screen.told("first ones")
    attach(screen, BLUE)
    expect(handles(screen)).to_have_text(["@img3"])
    screen.words.press_sequentially("called: @img1")
    options = screen.page.get_by_role("listbox", name="Pictures and files to call").get_by_role(
        "option"
    )
    expect(options).to_contain_text(["@img1"])
    screen.page.keyboard.press("Enter")
    screen.tray_shows(sha(BLUE), sha(RED))
    screen.page.keyboard.press("Enter")
    screen.ended(reply=screen.replies.nth(1))
    asked = upstream.asked("called")[-1]
    assert sent_pictures(asked) == [data_url(BLUE), data_url(RED)]
    assert question(asked).endswith("called: @img1 (picture 2) ")


def test_what_the_model_does_not_take_is_said_before_it_is_sent_and_stays(
    screen: Screen, upstream: Drawing
) -> None:
    screen.choose_model(PEN)
    attach(screen, *PICTURES)
    budget = screen.page.locator("#budget")
    expect(budget).to_contain_text(re.compile(r"10 of 10 pictures · .* · 2 stay here"))
    fallen = screen.chips.filter(has_text="Stays here: Pen takes 10 at once")
    expect(fallen).to_have_count(2)
    screen.words.fill("as many as it takes")
    screen.send.click()
    screen.ended()
    _, fields = upstream.drawn()[-1]
    assert fields["image"] == PICTURES[:10]
    screen.tray_shows(*map(sha, PICTURES[10:]))
    expect(fallen).to_have_count(0)


def test_a_pinned_picture_goes_along_again_and_again(screen: Screen, upstream: Drawing) -> None:
    screen.choose_model(PEN)
    attach(screen, RED)
    screen.chips.get_by_role("button", name="Pin").click()
    for _ in range(2):
        screen.told("once more")
        screen.settled_tray(2)
    expect(screen.chips.first.locator(".words")).to_have_text("Editing this picture")
    screen.told("and again")
    _, fields = upstream.drawn()[-1]
    assert len(fields["image"]) == 2
    assert fields["image"][1] == RED
    screen.reload()
    screen.settled_tray(2)
    expect(screen.chips.last.get_by_role("button", name="Pin")).to_have_attribute(
        "aria-pressed", "true"
    )


def test_without_the_latest_picture_nothing_of_the_history_is_shown_again(
    screen: Screen, upstream: Drawing
) -> None:
    upstream.says("a fox", "Here: ", GREEN)
    screen.told("a fox")
    screen.tray_shows(sha(GREEN))
    gauge = screen.page.locator("#gauge")
    expect(gauge).to_contain_text("History: 2 messages and 1 picture go along.")
    screen.chips.get_by_role("button", name="Remove").click()
    expect(gauge).to_contain_text("This message starts fresh: 2 messages go along, and no picture.")
    gauge.locator("summary").click()
    expect(gauge.get_by_role("button", name="Take @img1 along")).to_be_visible()
    screen.page.get_by_role("button", name="Take the latest picture along").click()
    screen.tray_shows(sha(GREEN))
    screen.chips.get_by_role("button", name="Remove").click()
    screen.told("something fresh")
    assert data_url(GREEN) not in upstream.asked("something fresh")[-1].body.decode()
    screen.told("and on")
    assert upstream.asked("and on")[-1].body.decode().count(data_url(GREEN)) == 1


def test_size_bytes_and_tokens_stand_at_each_picture(screen: Screen) -> None:
    screen.choose_model(PRICED)
    attach(screen, tiny_png(9, 9, side_px=32))
    expect(screen.chips).to_contain_text(re.compile(r"32 × 32 · \d+ B"))
    expect(screen.chips).to_contain_text("≈ 1,120 tokens")


def test_words_of_a_draft_call_the_same_pictures_after_a_reload(screen: Screen) -> None:
    attach(screen, RED, GREEN)
    screen.chips.nth(1).locator(".grip").focus()
    screen.page.keyboard.press("Alt+ArrowLeft")
    screen.words.fill("only @img2")
    screen.reload()
    screen.tray_shows(sha(GREEN), sha(RED))
    expect(handles(screen)).to_have_text(["@img2", "@img1"])
    screen.chips.nth(0).locator(".grip").click()
    expect(screen.words).to_have_value("only @img2 @img2 ")


def web_address(upstream: Drawing) -> str:
    return upstream.environ["OPENAI_BASE_URL"].removesuffix("/v1") + "/pictures/a%20fox.png"


def test_a_picture_of_the_web_is_fetched_when_a_click_says_so(
    screen: Screen, upstream: Drawing
) -> None:
    screen.page.get_by_role("button", name="Add pictures or files").click()
    screen.page.get_by_role("menuitem", name="Picture at an address…").click()
    box = screen.page.get_by_role("textbox", name="Address of a picture")
    expect(box).to_be_focused()
    box.fill(web_address(upstream))
    assert upstream.fetched() == 0
    box.press("Enter")
    screen.tray_shows(sha(WEB_PICTURE))
    expect(screen.chips.locator(".words")).to_have_text("a fox.png")
    expect(box).to_be_hidden()
    expect(screen.words).to_be_focused()
    assert upstream.fetched() == 1


def test_an_address_that_is_pasted_is_offered_and_opened_by_nobody_else(
    screen: Screen, upstream: Drawing
) -> None:
    address = web_address(upstream)
    screen.page.evaluate("text => navigator.clipboard.writeText(text)", address)
    screen.words.fill("look: ")
    screen.words.press("End")
    screen.page.keyboard.press("Control+v")
    add = screen.page.get_by_role("button", name="Add the picture at this address")
    expect(add).to_be_visible()
    expect(screen.words).to_have_value(f"look: {address}")
    assert upstream.fetched() == 0
    add.click()
    screen.tray_shows(sha(WEB_PICTURE))
    expect(screen.words).to_have_value("look:")


def test_an_address_inside_a_network_is_refused_in_words(screen: Screen, watch: Watch) -> None:
    watch.expect("415 ")
    screen.page.get_by_role("button", name="Add pictures or files").click()
    screen.page.get_by_role("menuitem", name="Picture at an address…").click()
    screen.page.get_by_role("textbox", name="Address of a picture").fill("http://10.0.0.1/x.png")
    screen.page.get_by_role("button", name="Add the picture at this address").click()
    screen.toast("This is a link into a private network; it was not opened.")
    screen.settled_tray(0)
