"""After signing out nothing comes back: not by Back, from no cache, from nothing that is kept."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.browser.chromium import chromium_path
from tests.browser.conftest import ARGUMENTS
from tests.browser.screen import Screen
from tests.browser.test_login import PASSWORD, served
from tests.patience import PATIENCE_MS

pytestmark = pytest.mark.browser

HOST = "studio.test"
"""A name that no browser takes for its own machine: over http it clears nothing when told to."""


def assert_a_strangers(page: Page) -> None:
    """The page asks who one is, and shows neither words nor a picture of what was here."""
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("Draw a lake")
    assert page.locator("img").count() == 0


@pytest.mark.parametrize("name", ["127.0.0.1", HOST])
def test_back_after_signing_out_shows_no_page_and_no_picture(
    name: str, driver: Playwright, tmp_path: Path
) -> None:
    """With the cache of whole pages on, which drivers of browsers switch off by themselves."""
    chromium = driver.chromium.launch(
        executable_path=chromium_path(),
        args=[*ARGUMENTS, f"--host-resolver-rules=MAP {HOST} 127.0.0.1"],
        ignore_default_args=["--disable-back-forward-cache"],
    )
    more = {"EASEL_HOSTS": HOST, "EASEL_PLAIN_HTTP": "1"} if name == HOST else {}
    with served(tmp_path / "data", EASEL_LOGIN="users", EASEL_TOKEN="", **more) as (easel, link):
        address = easel.address.replace("127.0.0.1", name)
        page = chromium.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(link.replace("127.0.0.1", name))
        page.get_by_label("Name to sign in with").fill("ada")
        page.get_by_label("New password").fill(PASSWORD)
        page.get_by_label("Once more").fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()
        hers = Screen(page, address).ready()
        hers.told("Draw a lake")
        conversation = page.url
        drawn = page.locator(".msg .pic").first
        expect(drawn.locator("img")).to_be_visible()
        pictures = [f"{address}/media/{hers.shas(drawn)[0]}"]
        pictures.append(f"{pictures[0]}/thumb")
        # What is kept of pages is kept of these, too: plain, and without a script.
        for path in ("/account", "/people", "/admin/usage"):
            page.goto(f"{address}{path}")
        page.goto(f"{address}/account")
        page.get_by_role("button", name="Sign out", exact=True).click()
        expect(page.get_by_role("status")).to_have_text("You are signed out.")

        for _ in range(6):
            page.go_back(wait_until="commit")
            if page.url.startswith(address):
                assert page.evaluate(
                    "document.images.length === 0 || document.images[0].naturalWidth === 0"
                )
                assert "Draw a lake" not in page.content()
        page.goto(conversation)
        assert_a_strangers(page)
        for each in pictures:
            answer = page.goto(each)
            assert answer is not None
            assert (answer.status, answer.from_service_worker) == (401, False)
        page.goto(f"{address}/")
        kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
        assert "Draw a lake" not in kept
        assert page.evaluate("indexedDB.databases().then((all) => all.length)") == 0
    chromium.close()
