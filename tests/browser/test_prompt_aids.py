"""Help with the words: presets, what was asked before, and the settings of a reply."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.screen import Screen, file
from tests.browser.test_access import violations
from tests.browser.upstream import TALKS, Upstream
from tests.wire_shapes import tiny_png

pytestmark = pytest.mark.browser


def presets(screen: Screen) -> Locator:
    """Open the presets."""
    screen.page.locator("#aids").click()
    screen.page.get_by_role("menuitem", name="Presets").click()
    shown = screen.page.locator("#presets")
    expect(shown.locator(".preset").first).to_be_visible()
    return shown


def test_a_preset_is_filled_in_with_what_was_written_and_nothing_is_sent(screen: Screen) -> None:
    screen.words.fill("a fox in the snow")
    shown = presets(screen)
    shown.get_by_role("button", name="Watercolour").click()
    expect(shown.locator(".variables input")).to_have_value("a fox in the snow")
    shown.get_by_role("button", name="Add to the message").click()
    expect(shown).to_be_hidden()
    text = screen.words.input_value()
    assert text.startswith("a fox in the snow, as a loose watercolour")
    assert "{{" not in text
    expect(screen.questions).to_have_count(0)


def test_own_presets_are_kept_and_leave_and_come_as_a_file(screen: Screen, tmp_path: Path) -> None:
    shown = presets(screen)
    shown.get_by_role("button", name="New preset").click()
    shown.get_by_label("Title").fill("In fog")
    shown.get_by_label("Words", exact=True).fill("{{subject}} in fog at {{time of day}}")
    expect(shown.locator(".variables input")).to_have_count(2)
    shown.get_by_role("button", name="Save as mine").click()
    expect(shown.get_by_role("button", name="In fog")).to_be_visible()
    with screen.page.expect_download() as download:
        shown.get_by_role("button", name="Export mine").click()
    saved = tmp_path / "pack.json"
    download.value.save_as(saved)
    assert json.loads(saved.read_text())["presets"] == [
        {"title": "In fog", "group": "Mine", "text": "{{subject}} in fog at {{time of day}}"}
    ]
    shown.get_by_role("button", name="Delete").click()
    expect(shown.get_by_role("button", name="In fog")).to_have_count(0)
    shown.locator('input[type="file"]').set_input_files(saved)
    expect(shown.get_by_role("button", name="In fog")).to_be_visible()
    expect(shown.locator(".told")).to_have_text("1 preset was added.")
    shown.locator('input[type="file"]').set_input_files([file("odd.json", b"[1, 2")])
    expect(shown.locator(".told")).to_contain_text("no pack of presets")


def test_what_was_asked_before_is_found_by_its_words(screen: Screen, upstream: Upstream) -> None:
    screen.told("a heron at dusk")
    screen.told("a kite over hills")
    screen.page.locator("#aids").click()
    screen.page.get_by_role("menuitem", name="Earlier questions").click()
    shown = screen.page.locator("#earlier")
    expect(shown.get_by_role("option").first).to_have_text("a kite over hills")
    shown.get_by_role("combobox").fill("heron dusk")
    expect(shown.get_by_role("option")).to_have_text(["a heron at dusk"])
    shown.get_by_role("combobox").press("Enter")
    expect(shown).to_be_hidden()
    expect(screen.words).to_have_value("a heron at dusk")
    assert len(upstream.asked("heron")) == 1


def test_the_settings_of_a_reply_are_used_again(screen: Screen, upstream: Upstream) -> None:
    upstream.says("a pear", tiny_png(71))
    screen.told("a pear")
    screen.replies.last.locator(".pic .more").click()
    screen.page.get_by_role("menuitem", name="Use these settings").click()
    screen.toast("with the model and the settings of this one")


def test_better_words_are_shown_as_a_change_and_used_only_when_accepted(
    screen: Screen, upstream: Upstream
) -> None:
    upstream.says("a fox", "a red fox at dusk")
    screen.words.fill("a fox")
    screen.page.locator("#aids").click()
    screen.page.get_by_role("menuitem", name="Improve the words, by").click()
    shown = screen.page.locator("#improve")
    expect(shown.locator("ins").first).to_contain_text("red")
    expect(screen.words).to_have_value("a fox")
    shown.get_by_role("button", name="Use the new words").click()
    expect(screen.words).to_have_value("a red fox at dusk")
    expect(screen.questions).to_have_count(0)
    assert [each.json["model"] for each in upstream.asked("a fox")] == [TALKS]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_help_with_words_has_no_barriers(
    screen: Screen, upstream: Upstream, theme: str
) -> None:
    if theme == "dark":
        screen.page.locator("#theme").click()
    upstream.says("an owl", "a snowy owl at dusk")
    screen.told("an owl, for the history")
    screen.words.fill("an owl")
    shown = presets(screen)
    shown.get_by_role("button", name="Watercolour").click()
    expect(shown.locator(".variables input")).to_have_value("an owl")
    assert violations(screen.page) == []
    screen.page.keyboard.press("Escape")
    for item, dialog in (("Earlier questions", "#earlier"), ("Improve the words, by", "#improve")):
        screen.page.locator("#aids").click()
        assert violations(screen.page) == []
        screen.page.get_by_role("menuitem", name=item).click()
        opened = screen.page.locator(dialog)
        expect(opened.locator("[role=option], ins").first).to_be_visible()
        assert violations(screen.page) == []
        screen.page.keyboard.press("Escape")
        expect(opened).to_be_hidden()
