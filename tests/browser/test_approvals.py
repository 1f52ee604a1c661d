"""Nothing acts before its user has decided, and the decision is theirs wherever they are."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.belfry import LOG
from tests.browser.screen import Screen, kept
from tests.browser.test_access import violations
from tests.browser.test_tool_cards import call
from tests.browser.test_variants import tiles, want
from tests.browser.upstream import TALKS, Upstream
from tests.patience import PATIENCE_MS
from tests.program import ROOT, Program, lasting_port
from tests.wire_shapes import openai_stream

pytestmark = pytest.mark.browser

SIGN = "\u202e"
"""Turns the direction of what follows: it must be seen."""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """What the bell did."""
    (tmp_path / "belfry.log").touch()
    return tmp_path / "belfry.log"


@pytest.fixture
def program(upstream: Upstream, log: Path, tmp_path: Path) -> Iterator[Program]:
    environ = {LOG: str(log), "PYTHONPATH": str(ROOT), **upstream.environ}
    arguments = ("-m", "tests.browser.belfry", "--port", str(lasting_port()))
    with Program(tmp_path / "data", *arguments, program=sys.executable, **environ) as program:
        yield program


@pytest.fixture
def screen(chromium: Browser, program: Program) -> Iterator[Screen]:
    """A conversation with tools; what the page says while its server is gone is no fault."""
    context = chromium.new_context()
    context.set_default_timeout(PATIENCE_MS)
    screen = Screen(context.new_page(), program.address).open()
    screen.choose_model(TALKS)
    with kept(screen.page):
        screen.page.locator("#setting-tools-on input[type=checkbox]").check()
    yield screen
    context.close()


def card_of(screen: Screen) -> Locator:
    return screen.reply.locator(".approval")


def test_a_call_waits_through_reload_restart_and_in_two_windows_and_runs_once(
    screen: Screen, program: Program, upstream: Upstream, log: Path
) -> None:
    asked = call("ring", {"times": 3, "tune": f"<img src=x>{SIGN}gnos"})
    upstream.replies(
        "the bell",
        openai_stream(["Up the stairs. ", asked], finish="tool_calls"),
        openai_stream(["It has rung."]),
    )
    screen.ask("Ring the bell")
    card = card_of(screen)
    expect(card.get_by_role("heading")).to_have_text("A call waits for you")
    expect(card).to_contain_text("Rings the bell of the tower.")
    expect(card.locator("dd pre").last).to_have_text("<img src=x>U+202Egnos")
    expect(card.locator("img")).to_have_count(0)
    expect(screen.page.locator("#announcer")).to_have_text("The reply waits for you: Ring")
    screen.ended("waiting")
    screen.reload()
    expect(card).to_be_visible()
    program.kill()
    program.start()
    expect(screen.page.locator("#offline")).to_be_hidden()
    other = Screen(screen.page.context.new_page(), program.address).open(screen.conversation)
    expect(card_of(other)).to_be_visible()
    for seen in (screen, other):
        expect(seen.rows.first.get_by_role("link")).to_have_accessible_name(
            re.compile("Ring the bell.*Waits for you")
        )
    assert log.read_text() == ""

    card.get_by_role("button", name="Allow once").press("Enter")
    screen.ended()
    expect(screen.reply).to_contain_text("It has rung.")
    expect(screen.reply.locator(".tool .state")).to_have_text("answered, as you allowed")
    expect(screen.reply).to_be_focused()
    other.ended()
    expect(other.reply).to_contain_text("It has rung.")
    for seen in (screen, other):
        expect(seen.rows.first).not_to_contain_text("Waits for you")
    expect(other.toasts).to_contain_text("decided on in another window")
    expect(screen.toasts).to_have_count(0)
    assert log.read_text().count("ring 3") == 1


def test_several_calls_are_decided_in_one_card(
    screen: Screen, upstream: Upstream, log: Path
) -> None:
    first, second = (call("ring", {"times": n})["tool_calls"][0] for n in (1, 2))
    both = {"tool_calls": [first, {**second, "index": 1, "id": "call-2"}]}
    upstream.replies(
        "both bells",
        openai_stream([both], finish="tool_calls"),
        openai_stream(["One has rung."]),
    )
    screen.ask("Ring both bells")
    card, calls = card_of(screen), card_of(screen).locator(".call")
    expect(card.get_by_role("heading")).to_have_text("2 calls wait for you")
    go = card.get_by_role("button", name="Go on")
    calls.nth(1).get_by_role("button", name="Allow once").click()
    expect(go).to_be_disabled()
    calls.nth(0).get_by_label("Word to the model").fill("Not so early")
    calls.nth(0).get_by_role("button", name="Deny").click()
    go.click()
    screen.ended()
    assert log.read_text().split() == ["ring", "2"]
    told = upstream.asked("both bells")[-1].json["messages"]
    answers = [each["content"] for each in told if each["role"] == "tool"]
    assert answers == [
        "Error: The user did not allow this. They say: Not so early",
        "It rang 2 times.",
    ]


def test_a_tool_asks_and_every_window_shows_the_question_until_one_answers(
    screen: Screen, program: Program, upstream: Upstream
) -> None:
    upstream.replies(
        "a visit",
        openai_stream([call("book", {})], finish="tool_calls"),
        openai_stream(["See you."]),
    )
    screen.ask("Book a visit")
    form = screen.reply.locator("form.question")
    expect(form).to_contain_text("Who comes to the tower?")
    form.get_by_label("Your name").fill("A")
    form.get_by_label("Take the stairs").check()
    form.get_by_label("tour").select_option(label="Long")
    form.get_by_role("button", name="Answer").click()
    expect(form.get_by_role("alert")).to_have_text("“Your name” must have at least 2 characters.")
    other = Screen(screen.page.context.new_page(), program.address).open(screen.conversation)
    late = other.reply.locator("form.question")
    expect(late.get_by_label("guests")).to_have_value("2")
    expect(form.get_by_label("Your name")).to_have_value("A")
    form.get_by_label("Your name").fill("Ada")
    form.get_by_label("Your name").press("Enter")
    screen.ended()
    expect(form).to_have_count(0)
    expect(late).to_have_count(0)
    screen.reply.locator(".tool summary").click()
    expect(screen.reply.locator(".tool .answer")).to_have_text(
        "Booked: {'name': 'Ada', 'guests': 2, 'stairs': True, 'tour': 'l'}"
    )


def test_variants_that_wait_are_seen_and_decided_on_side_by_side(
    screen: Screen, upstream: Upstream, log: Path
) -> None:
    rings = [openai_stream([call("ring", {"times": n})], finish="tool_calls") for n in (1, 2)]
    upstream.replies("either bell", *rings, openai_stream(["Done."]))
    want(screen, 2)
    screen.words.fill("Ring either bell")
    screen.words.press("Enter")
    cards = tiles(screen).locator(".approval")
    expect(cards).to_have_count(2)
    expect(screen.page.locator("#announcer")).to_have_text("All variants are here. 2 wait for you.")
    assert violations(screen.page) == []
    # The word that is being written in one stays while the other is decided on.
    word = tiles(screen).nth(1).get_by_label("Word to the model")
    word.fill("Too lo")
    cards.nth(0).get_by_role("button", name="Allow once").evaluate("button => button.click()")
    expect(tiles(screen).nth(0)).to_contain_text("Done.")
    expect(word).to_be_focused()
    word.press_sequentially("ud")
    word.press("Enter")
    expect(tiles(screen).nth(1)).to_contain_text("Done.")
    expect(cards).to_have_count(0)
    assert sorted(log.read_text().split()) in (["1", "ring"], ["2", "ring"])
    told = [each.json["messages"][-1]["content"] for each in upstream.asked("either bell")]
    assert "Error: The user did not allow this. They say: Too loud" in told


@pytest.mark.parametrize("tint", ["light", "dark"])
def test_cards_and_questions_have_no_barriers(
    screen: Screen, upstream: Upstream, tint: str
) -> None:
    page = screen.page
    if tint == "dark":
        page.locator("#theme").click()
    upstream.replies("a visit", openai_stream([call("book", {})], finish="tool_calls"))
    screen.ask("Book a visit")
    form = screen.reply.locator("form.question")
    form.get_by_role("button", name="Answer").click()
    expect(form.get_by_role("alert")).to_be_visible()
    assert violations(page) == []
    screen.send.click()
    screen.ended("stopped")
    first, second = (call("ring", {"times": n, "tune": SIGN})["tool_calls"][0] for n in (1, 2))
    both = {"tool_calls": [first, {**second, "index": 1, "id": "call-2"}]}
    upstream.replies("both bells", openai_stream([both], finish="tool_calls"))
    screen.ask("Ring both bells")
    card = card_of(screen)
    card.get_by_text("As JSON").first.click()
    card.get_by_role("button", name="Deny", exact=True).first.click()
    expect(screen.rows.first).to_contain_text("Waits for you")
    assert violations(page) == []
