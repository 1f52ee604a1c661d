"""A browser that lets a page keep nothing: all of it works, but drafts."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import chromium_path
from tests.browser.conftest import ARGUMENTS
from tests.browser.screen import Screen, file
from tests.browser.upstream import Upstream
from tests.patience import PATIENCE_MS
from tests.program import Program
from tests.wire_shapes import tiny_png

pytestmark = pytest.mark.browser

PHRASE = "a phrase for a frame"
SPACE = {"SPACE_ID": "me/easel", "SPACE_HOST": "me-easel.hf.example", "EASEL_PASSPHRASE": PHRASE}
BLOCKED = {"profile": {"default_content_setting_values": {"cookies": 2}}}


@pytest.fixture
def blocked(chromium: Browser, tmp_path: Path) -> Iterator[Page]:
    """A page of a browser whose owner has blocked cookies, and storage with them."""
    preferences = tmp_path / "profile" / "Default" / "Preferences"
    preferences.parent.mkdir(parents=True)
    preferences.write_text(json.dumps(BLOCKED), encoding="utf-8")
    context = chromium.browser_type.launch_persistent_context(
        tmp_path / "profile",
        executable_path=chromium_path(),
        # A site that the test makes up may lead to this machine, as a real one leads to a space.
        args=[*ARGUMENTS, "--disable-features=LocalNetworkAccessChecks"],
    )
    context.set_default_timeout(PATIENCE_MS)
    yield context.pages[0]
    context.close()


def test_everything_works_but_drafts_where_the_browser_keeps_nothing(
    blocked: Page, easel: Program
) -> None:
    screen = Screen(blocked, easel.address).open()
    denied = blocked.evaluate("() => { try { localStorage; return false } catch { return true } }")
    assert denied, "this browser does keep something"
    expect(screen.model.locator(".name")).not_to_have_text("…")
    screen.told("Nothing is kept here")
    expect(screen.rows.filter(has_text="Nothing is kept here")).to_have_count(1)
    blocked.locator("#theme").click()
    screen.words.fill("half a thought")
    screen.toast("This browser keeps no drafts")
    blocked.locator("#new").click()
    expect(screen.words).to_have_value("")
    screen.rows.first.locator("a").click()
    expect(screen.words).to_have_value("half a thought")


def test_a_space_in_a_frame_without_cookies_lets_in_who_knows_the_phrase(
    blocked: Page, upstream: Upstream, tmp_path: Path
) -> None:
    with Program(tmp_path / "data", "--port", "0", **SPACE, **upstream.environ) as easel:
        around = f"<iframe src='{easel.address}/' width=1200 height=700></iframe>"
        blocked.route(
            "https://huggingface.co/**",
            lambda route: route.fulfill(content_type="text/html", body=around),
        )
        blocked.goto("https://huggingface.co/spaces/me/easel")
        frame = blocked.frame_locator("iframe")
        frame.get_by_label("Pass phrase").fill("something else")
        frame.get_by_role("button").click()
        expect(frame.get_by_role("status")).to_contain_text("not the pass phrase")
        frame.get_by_label("Pass phrase").fill(PHRASE)
        frame.get_by_role("button").click()
        expect(frame.locator("#transcript[data-online=true]")).to_be_attached()
        frame.locator("#files").set_input_files(file("dot.png", tiny_png(9)))
        expect(frame.locator("#tray .chip[data-sha]:not([data-sha=''])")).to_have_count(1)
        frame.locator("#words").fill("Draw me in")
        frame.locator("#words").press("Enter")
        expect(frame.locator("#messages .assistant")).to_have_attribute("data-status", "complete")
        sent = frame.locator("#messages .user .pic img")
        expect(sent).to_have_js_property("complete", value=True)
        assert sent.evaluate("image => image.naturalWidth") > 0
        # Loaded again in its frame it is let in by the same address.
        inside = blocked.frames[1]
        inside.evaluate("location.reload()")
        expect(frame.locator("#transcript[data-online=true]")).to_be_attached()
        expect(frame.locator("#messages .msg")).to_have_count(2)
        assert blocked.context.cookies() == []


def test_outside_a_frame_a_browser_that_keeps_no_cookies_is_told_so(
    blocked: Page, tmp_path: Path
) -> None:
    with Program(tmp_path / "data", EASEL_PASSPHRASE=PHRASE) as easel:
        blocked.goto(easel.address)
        blocked.get_by_label("Pass phrase").fill(PHRASE)
        blocked.get_by_role("button").click()
        expect(blocked.get_by_role("status")).to_contain_text("keeps no cookies")
