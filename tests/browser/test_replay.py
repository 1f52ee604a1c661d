"""The steps that led to a picture are repeated on another one, in a branch of its own."""

import base64

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.screen import Screen, file, sha
from tests.browser.test_access import violations
from tests.browser.upstream import Upstream, question, sent_pictures
from tests.loopback import Gate
from tests.wire_shapes import openai_stream, tiny_png

pytestmark = pytest.mark.browser

MINE, GREEN, DARK, OTHER, GREEN2, DARK2 = (tiny_png(seed) for seed in range(51, 57))


def edited(screen: Screen, upstream: Upstream, word: str) -> None:
    """A picture that was changed twice."""
    upstream.replies(f"green {word}", openai_stream([GREEN]), openai_stream([GREEN2]))
    upstream.replies(f"darker {word}", openai_stream([DARK]), openai_stream([DARK2]))
    screen.attach(file("mine.png", MINE))
    screen.tray_shows(sha(MINE))
    screen.told(f"make it green {word}")
    screen.tray_shows(sha(GREEN))
    screen.told(f"now darker {word}")


def dialog(screen: Screen) -> Locator:
    """Open the dialog at the last picture."""
    screen.replies.last.locator(".pic .more").click()
    screen.page.get_by_role("menuitem", name="Repeat these steps").click()
    shown = screen.page.locator("#replay")
    expect(shown).to_be_visible()
    return shown


def pictures_of(request: object) -> list[bytes]:
    return [base64.b64decode(url.partition(",")[2]) for url in sent_pictures(request)]  # type: ignore[arg-type]


def test_steps_are_done_to_another_picture_and_its_branch_can_be_shown(
    screen: Screen, upstream: Upstream
) -> None:
    edited(screen, upstream, "sofa")
    shown = dialog(screen)
    expect(shown.locator(".step")).to_have_count(2)
    expect(shown.locator(".go")).to_be_disabled()
    shown.locator('input[type="file"]').set_input_files([file("other.png", OTHER)])
    expect(shown.locator(f'.choice[data-sha="{sha(OTHER)}"] input')).to_be_checked()
    shown.locator("textarea").nth(1).fill("much darker sofa")
    expect(shown.locator(".price")).to_contain_text("Price")
    shown.locator(".go").click()
    expect(shown).to_be_hidden()
    card = screen.page.locator("#replays .replay")
    expect(card).to_have_attribute("data-state", "done")
    first, second = upstream.asked("sofa")[2:]
    assert (question(first), pictures_of(first)) == ("make it green sofa", [OTHER])
    assert (question(second), pictures_of(second)) == ("much darker sofa", [GREEN2])
    expect(screen.pictures.last).to_have_attribute("data-sha", sha(DARK))
    card.get_by_role("button", name="Show").click()
    expect(screen.pictures.last).to_have_attribute("data-sha", sha(DARK2))
    expect(screen.questions).to_have_count(2)
    expect(screen.questions.first.locator(".pic")).to_have_attribute("data-sha", sha(OTHER))
    card.get_by_role("button", name="Put away").click()
    expect(card).to_have_count(0)


def test_a_running_repeat_is_stopped_and_one_step_alone_is_repeated(
    screen: Screen, upstream: Upstream
) -> None:
    edited(screen, upstream, "chair")
    gate = Gate()
    upstream.replies("darker chair", openai_stream(["wait", gate]))
    shown = dialog(screen)
    shown.locator(".step input").first.uncheck()
    shown.locator(f'.choice[data-sha="{sha(MINE)}"] input').check()
    shown.locator(".go").click()
    card = screen.page.locator("#replays .replay")
    expect(card).to_contain_text("Repeating on 1 picture")
    card.get_by_role("button", name="Stop").click()
    expect(card).to_have_attribute("data-state", "stopped")
    gate.open()
    assert [question(each) for each in upstream.asked("chair")][2:] == ["now darker chair"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_dialog_and_a_running_repeat_have_no_barriers(
    screen: Screen, upstream: Upstream, theme: str
) -> None:
    if theme == "dark":
        screen.page.locator("#theme").click()
    edited(screen, upstream, f"desk {theme}")
    gate = Gate()
    upstream.replies(f"green desk {theme}", openai_stream(["wait", gate]))
    shown = dialog(screen)
    shown.locator(f'.choice[data-sha="{sha(MINE)}"] input').check()
    expect(shown.locator(".price")).to_contain_text("Price")
    assert violations(screen.page) == []
    shown.locator(".go").click()
    expect(screen.page.locator("#replays .replay")).to_contain_text("Repeating on 1 picture")
    assert violations(screen.page) == []
    screen.page.locator("#replays .replay").get_by_role("button", name="Stop").click()
    gate.open()
