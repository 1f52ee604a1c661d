"""People show each other what they made, and take it away again; nobody needs a script to look."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.screen import Screen
from tests.browser.test_login import PASSWORD, assert_for_everybody, context, served
from tests.program import Program

__all__ = ["context"]  # a fixture of theirs

pytestmark = pytest.mark.browser

TOLD = re.compile("The link is copied|This is it: http")
"""What a browser allows to be copied depends on where its focus is."""
WIDE = {"width": 1280, "height": 800}


def chosen(page: Page, name: str) -> None:
    """Choose a password for a new account."""
    if name:
        page.get_by_label("Name to sign in with").fill(name)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("Once more").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()


def shared(page: Page, who: str, names: str = "") -> None:
    """Share what the dialog is open for."""
    dialog = page.locator("#sharing")
    dialog.locator(f"input[value={who}]").check()
    if names:
        dialog.locator("input[name=names]").fill(names)
    dialog.get_by_role("button", name="Share", exact=True).click()


def newest(page: Page) -> str:
    """The address of what was shared last."""
    ask = "async () => (await (await fetch('api/shares')).json()).mine[0].address"
    return str(page.evaluate(ask))


def test_what_is_shared_is_seen_copied_and_gone_when_that_ends(
    context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    with served(tmp_path / "data", EASEL_LOGIN="users", EASEL_TOKEN="") as (easel, link):
        ada = context().new_page()
        ada.goto(link)
        chosen(ada, "ada")
        ada.goto(f"{easel.address}/people")
        ada.get_by_label("Name to sign in with").fill("bob")
        ada.get_by_role("button", name="Add, and make a link").click()
        invitation = ada.get_by_role("status").locator("b").inner_text()
        bob = context().new_page()
        bob.goto(invitation)
        chosen(bob, "")

        for name in ("ada", "bob"):
            row = ada.locator("li", has=ada.locator(f"b:text-is('{name}')"))
            row.locator("summary").click()
            row.get_by_label(f"Groups of {name}").fill("birders")
            row.get_by_role("button", name="Keep").click()
            expect(row).to_contain_text("in birders")
        assert_for_everybody(ada)
        ada.goto(easel.address)
        ada.set_viewport_size(WIDE)  # type: ignore[arg-type] # a dict of that form
        hers = Screen(ada, easel.address).ready()
        hers.told("Draw a lake")
        ada.locator('[data-bar="share"]').click()
        dialog = ada.locator("#sharing")
        expect(dialog.locator("h2")).to_contain_text("Draw a lake")
        shared(ada, "names", "bob, mallory")
        expect(dialog.locator(".told")).to_contain_text("Nobody signs in here as “mallory”.")
        shared(ada, "names", "bob")
        expect(dialog.locator(".mine li")).to_have_count(1)
        shared(ada, "group")
        expect(dialog.locator(".mine li").first).to_contain_text("Whoever is in birders")
        assert_for_everybody(ada)
        ada.set_viewport_size(WIDE)  # type: ignore[arg-type] # a dict of that form
        dialog.get_by_role("button", name="Stop sharing").first.click()
        expect(dialog.locator(".mine li")).to_have_count(1)
        shared(ada, "link")
        expect(dialog.locator(".told")).to_contain_text(TOLD)
        expect(dialog.locator(".mine li")).to_have_count(2)
        assert_for_everybody(ada)
        ada.set_viewport_size(WIDE)  # type: ignore[arg-type] # a dict of that form
        address = f"{easel.address}/{newest(ada)}"

        stranger = context().new_page()
        stranger.goto(address)
        expect(stranger.locator("h1")).to_contain_text("Draw a lake")
        expect(stranger.locator("img")).to_have_count(1)
        assert stranger.locator("img").evaluate("image => image.naturalWidth") > 0
        expect(stranger.get_by_role("button")).to_have_count(0)
        assert_for_everybody(stranger)

        his = Screen(bob, easel.address).ready()
        bob.locator("#show-shared").click()
        listed = bob.locator("#sharing .with-me li")
        expect(listed).to_have_count(1)
        expect(listed).to_contain_text("by ada")
        assert_for_everybody(bob)
        bob.goto(f"{easel.address}/{listed.locator('a').get_attribute('href')}")
        assert_for_everybody(bob)
        bob.get_by_role("button", name="Continue in my own copy").click()
        bob.set_viewport_size(WIDE)  # type: ignore[arg-type] # a dict of that form
        his.ready()
        expect(bob.locator(".msg")).to_have_count(2)
        his.told("Now at night")
        expect(ada.locator(".msg")).to_have_count(2)

        dialog.get_by_role("button", name="Stop sharing").last.click()
        expect(dialog.locator(".mine li")).to_have_count(1)
        dialog.get_by_role("button", name="Stop sharing").click()
        expect(dialog.locator(".mine li")).to_have_count(0)
        assert (gone := stranger.goto(address)) is not None
        assert gone.status == 404
        expect(stranger.get_by_role("status")).to_contain_text("or not any more")
        assert_for_everybody(stranger)
        bob.locator("#show-shared").click()
        expect(bob.locator("#sharing .nothing")).to_be_visible()


def test_a_board_is_shared_from_its_menu_and_a_picture_of_it_copied(
    context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    with Program(tmp_path / "data") as easel:
        page = context().new_page()
        page.set_viewport_size(WIDE)  # type: ignore[arg-type] # a dict of that form
        screen = Screen(page, easel.address).open()
        screen.told("Draw a lake")
        sha = screen.shas(page.locator(".msg .pic"))[0]
        made = page.request.post(
            f"{easel.address}/api/library/boards",
            data={"name": "Birds", "pictures": [sha]},
            headers={"Origin": easel.address},
        )
        assert made.ok
        page.locator("#show-library").click()
        page.locator("#pictures .boards .more").click()
        page.get_by_role("menuitem", name="Share…").click()
        dialog = page.locator("#sharing")
        expect(dialog.locator("h2")).to_have_text("Share “Birds”")
        expect(dialog.locator("[data-people]").first).to_be_hidden()
        shared(page, "link")
        expect(dialog.locator(".told")).to_contain_text(TOLD)
        page.goto(f"{easel.address}/{newest(page)}")
        expect(page.locator(".board img")).to_have_count(1)
        assert page.locator(".board img").evaluate("image => image.naturalWidth") > 0
        assert_for_everybody(page)
        page.get_by_role("button", name="Take a copy of picture 1").click()
        page.set_viewport_size(WIDE)  # type: ignore[arg-type] # a dict of that form
        screen.ready()
        expect(page.locator(".msg .pic")).to_have_count(1)
        assert screen.shas(page.locator(".msg .pic")) == [sha]
