"""Several replies to one question: they come side by side, and one of them is gone on from."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.screen import Screen, sha
from tests.browser.test_access import violations
from tests.browser.upstream import Upstream, question
from tests.loopback import Gate, json_reply
from tests.wire_shapes import openai_stream, tiny_png

pytestmark = pytest.mark.browser

FOXES = [tiny_png(seed) for seed in (41, 42, 43)]


def want(screen: Screen, many: int) -> None:
    """Ask for so many replies to the next message."""
    screen.page.locator("#replies").click()
    screen.page.get_by_role("menuitem", name=f"{many} replies").click()
    expect(screen.page.locator("#replies")).to_have_text(f"{many}×")


def tiles(screen: Screen) -> Locator:
    return screen.page.locator("#variants .variant")


def shown(screen: Screen) -> Locator:
    """The last reply on the screen, where no grid stands in its place."""
    return screen.page.locator("#messages .msg.assistant:visible").last


def ask(screen: Screen, words: str) -> None:
    screen.words.fill(words)
    screen.words.press("Enter")


def foxes(upstream: Upstream, word: str) -> None:
    upstream.replies(word, *(openai_stream([fox]) for fox in FOXES))


def test_variants_arrive_in_a_grid_and_the_chosen_one_is_gone_on_from(
    screen: Screen, upstream: Upstream
) -> None:
    foxes(upstream, "three foxes")
    want(screen, 3)
    ask(screen, "three foxes please")
    pictures = tiles(screen).locator(".pic")
    expect(pictures).to_have_count(3)
    assert {*screen.shas(pictures)} == {sha(fox) for fox in FOXES}
    assert [question(each) for each in upstream.asked("three foxes")] == ["three foxes please"] * 3
    expect(screen.page.locator("#replies")).to_have_text("1×")
    expect(screen.questions).to_have_count(1)
    chosen = screen.shas(pictures)[0]
    tiles(screen).first.get_by_role("button", name="go on with this").click()
    expect(tiles(screen)).to_have_count(0)
    expect(shown(screen).locator(".pic")).to_have_attribute("data-sha", chosen)
    expect(shown(screen).locator(".versions")).to_contain_text("1/3")
    screen.tray_shows(chosen)
    screen.told("further")
    expect(screen.questions).to_have_count(2)
    expect(screen.questions.last.locator(".pic")).to_have_attribute("data-sha", chosen)


def test_a_discarded_variant_leaves_the_grid_and_can_be_brought_back(
    screen: Screen, upstream: Upstream
) -> None:
    foxes(upstream, "shy foxes")
    want(screen, 3)
    ask(screen, "shy foxes")
    expect(tiles(screen).locator(".pic")).to_have_count(3)
    everything = screen.shas(tiles(screen).locator(".pic"))
    tiles(screen).nth(2).get_by_role("button", name="discard").click()
    expect(tiles(screen)).to_have_count(2)
    expect(screen.page.locator("#variants .told")).to_contain_text("variant 2")
    screen.reload()
    expect(tiles(screen)).to_have_count(2)
    screen.page.get_by_role("button", name="Bring back 1 discarded").click()
    expect(tiles(screen)).to_have_count(3)
    assert screen.shas(tiles(screen).locator(".pic")) == everything
    screen.page.get_by_role("button", name="Keep all").click()
    expect(shown(screen).locator(".versions")).to_contain_text("2/3")
    screen.page.get_by_role("button", name="Show 3 variants side by side").click()
    expect(tiles(screen)).to_have_count(3)


def test_one_variant_is_stopped_and_the_other_comes(screen: Screen, upstream: Upstream) -> None:
    gate = Gate()
    upstream.replies(
        "a slow fox", openai_stream(["half", gate, " of it"]), openai_stream(["whole"])
    )
    want(screen, 2)
    ask(screen, "a slow fox")
    busy = tiles(screen).and_(screen.page.locator('[aria-busy="true"]'))
    expect(tiles(screen).filter(has_text="whole")).to_have_count(1)
    expect(busy).to_have_count(1)
    expect(screen.send).to_have_text("Stop")
    busy.get_by_role("button", name="stop").click()
    expect(busy).to_have_count(0)
    expect(tiles(screen).filter(has_text="Stopped")).to_have_count(1)
    expect(screen.send).to_have_text("Send")
    gate.open()


def test_several_models_answer_one_message_and_the_picked_one_goes_on(
    screen: Screen, upstream: Upstream
) -> None:
    upstream.says("two minds", FOXES[0])
    screen.page.locator("#replies").click()
    screen.page.get_by_role("menuitem", name="A reply of several models").click()
    dialog = screen.page.get_by_role("dialog", name="Which models answer?")
    expect(dialog.get_by_role("button", name="Use these")).to_be_disabled()
    for title in ("brush-image", "Sketch, the built-in offline painter"):
        dialog.get_by_role("checkbox", name=title).check()
    dialog.get_by_role("button", name="Use these").click()
    expect(screen.page.locator("#replies")).to_have_text("2 models")
    ask(screen, "two minds: draw a tree")
    expect(tiles(screen).locator(".pic")).to_have_count(2)
    expect(tiles(screen)).to_contain_text(["brush-image", "Sketch"])
    assert len(upstream.asked("two minds")) == 1, "Sketch answers by itself"
    tiles(screen).filter(has_text="Sketch").get_by_role("button", name="go on with this").click()
    expect(tiles(screen)).to_have_count(0)
    expect(screen.model).to_contain_text("Sketch")
    screen.told("now evening light")
    assert len(upstream.asked("evening light")) == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_grid_has_no_barriers(screen: Screen, upstream: Upstream, theme: str) -> None:
    if theme == "dark":
        screen.page.locator("#theme").click()
    gate = Gate()
    refused = json_reply({"error": {"message": "No."}}, 400)
    upstream.replies(
        "barriers", openai_stream(["Here it is.", FOXES[0]]), openai_stream(["Not yet.", gate]),
        refused,
    )  # fmt: skip
    want(screen, 3)
    ask(screen, "no barriers")
    expect(tiles(screen).locator(".pic")).to_have_count(1)
    expect(tiles(screen).locator(".trouble")).to_have_count(1)
    assert violations(screen.page) == []
    gate.open()
