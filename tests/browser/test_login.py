"""People sign in on pages that need no script, and each finds the studio as their own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from tests.browser.chromium import chromium_path
from tests.browser.conftest import ARGUMENTS
from tests.browser.screen import Screen
from tests.browser.test_access import violations
from tests.identity_provider import CLIENT, IdentityProvider
from tests.patience import PATIENCE_MS
from tests.program import Program

pytestmark = pytest.mark.browser

PASSWORD = "nine red herons"
PHRASE = "a phrase for friends"
NARROW = {"width": 360, "height": 640}


@pytest.fixture
def context(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browsers of different people."""
    made: list[BrowserContext] = []

    def one(**more: object) -> BrowserContext:
        context = chromium.new_context(**more)  # type: ignore[arg-type] # as they are named there
        context.set_default_timeout(PATIENCE_MS)
        made.append(context)
        return context

    yield one
    for each in made:
        each.close()


@contextmanager
def served(folder: Path, **more: str) -> Iterator[tuple[Program, str]]:
    """An Easel, and the link that it prints beside its address."""
    with Program(folder, **more) as easel:
        yield easel, easel.printed().partition(" at ")[2].strip()


def fits(page: Page) -> bool:
    """Whether nothing stands out of the window to the side."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def assert_for_everybody(page: Page) -> None:
    """No barriers, in a narrow window, in light, dark and a person's own colours."""
    page.set_viewport_size(NARROW)  # type: ignore[arg-type] # a dict of that form
    for media in ({"color_scheme": "light"}, {"color_scheme": "dark"}, {"forced_colors": "active"}):
        page.emulate_media(**media)  # type: ignore[arg-type] # each by its own name
        assert violations(page) == [], media
        assert fits(page), media
    page.emulate_media(forced_colors="none", color_scheme="light")


def test_users_sign_in_without_a_script_and_each_has_a_studio_of_their_own(
    context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    with served(tmp_path / "data", EASEL_LOGIN="users", EASEL_TOKEN="") as (easel, link):
        plain = context(java_script_enabled=False)
        page = plain.new_page()
        page.goto(link)
        page.get_by_label("Name to sign in with").fill("Ada")
        page.get_by_label("What shall you be called?").fill("Ada L.")
        page.get_by_label("New password").fill(PASSWORD)
        page.get_by_label("Once more").fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()
        page.goto(f"{easel.address}/people")
        page.get_by_label("Name to sign in with").fill("bob")
        page.get_by_role("button", name="Add, and make a link").click()
        expect(page.get_by_role("status")).to_contain_text("Give this link to bob")
        invitation = page.get_by_role("status").locator("b").inner_text()

        ada = context().new_page()
        ada.goto(easel.address)
        assert_for_everybody(ada)
        ada.set_viewport_size({"width": 1280, "height": 800})
        ada.get_by_label("Name").fill("ada")
        ada.get_by_label("Password").fill("something else")
        ada.get_by_role("button", name="Sign in").click()
        expect(ada.get_by_role("alert")).to_contain_text("do not go together")
        ada.get_by_label("Password").fill(PASSWORD)
        ada.get_by_role("button", name="Sign in").click()
        hers = Screen(ada, easel.address).ready()
        expect(ada.locator("#who")).to_have_text("Ada L.")
        hers.ask("Draw a heron")
        hers.ended("complete")
        hers.words.fill("a word that is hers")
        conversation = ada.url

        bob = context().new_page()
        bob.goto(invitation)
        assert_for_everybody(bob)
        bob.set_viewport_size({"width": 1280, "height": 800})
        bob.get_by_label("New password").fill(PASSWORD)
        bob.get_by_label("Once more").fill(PASSWORD)
        bob.get_by_role("button", name="Go on").click()
        Screen(bob, easel.address).ready()
        expect(bob.locator("#conversations")).to_contain_text("will be listed here")
        bob.goto(conversation)
        expect(bob.locator("body[data-easel=ready]")).to_be_attached()
        expect(bob.locator("body")).not_to_contain_text("heron")

        # She leaves, and he signs in where she was: nothing of hers is left there.
        ada.locator("#who").click()
        assert_for_everybody(ada)
        ada.get_by_role("link", name="People").click()
        assert_for_everybody(ada)
        ada.go_back()
        ada.get_by_role("button", name="Sign out", exact=True).click()
        expect(ada.get_by_role("status")).to_have_text("You are signed out.")
        assert_for_everybody(ada)
        ada.get_by_role("link", name="Come in again").click()
        ada.set_viewport_size({"width": 1280, "height": 800})
        ada.get_by_label("Name").fill("bob")
        ada.get_by_label("Password").fill(PASSWORD)
        ada.get_by_role("button", name="Sign in").click()
        his = Screen(ada, easel.address).ready()
        expect(ada.locator("#who")).to_have_text("bob")
        expect(his.words).to_have_value("")
        assert "hers" not in str(ada.evaluate("JSON.stringify(localStorage)"))


def test_somebody_signs_in_and_out_by_a_provider_on_another_site(
    driver: Playwright, tmp_path: Path
) -> None:
    elsewhere = "--host-resolver-rules=MAP localhost 127.0.0.1"
    chromium = driver.chromium.launch(executable_path=chromium_path(), args=[*ARGUMENTS, elsewhere])
    with IdentityProvider(host="localhost", authentication="none").served() as provider:
        more = {
            "EASEL_LOGIN": "users", "EASEL_TOKEN": "", "EASEL_OIDC_ISSUER": provider.issuer,
            "EASEL_OIDC_CLIENT_ID": CLIENT, "EASEL_OIDC_TITLE": "the Academy of Painters",
        }  # fmt: skip
        with served(tmp_path / "data", **more) as (easel, _):
            page = chromium.new_page()
            page.set_default_timeout(PATIENCE_MS)
            page.goto(easel.address)
            assert_for_everybody(page)
            provider.answer = {"error": "access_denied"}
            button = page.get_by_role("link", name="Sign in with the Academy of Painters")
            button.click()
            expect(page.get_by_role("alert")).to_contain_text("has not let you in")
            assert_for_everybody(page)
            page.set_viewport_size({"width": 1280, "height": 800})
            provider.answer = None
            button.click()
            Screen(page, easel.address).ready()
            expect(page.locator("#who")).to_have_text("Ada Lovelace")
            assert "entered" not in page.url
            page.locator("#who").click()
            expect(page.locator("main")).to_contain_text("sign in by the Academy of Painters")
            page.get_by_role("button", name="Sign out", exact=True).click()
            # Off to the provider, and back to where one comes in.
            expect(button).to_be_visible()
            assert [each["client_id"] for each in provider.left] == [CLIENT]
    chromium.close()


def test_a_guest_comes_in_by_the_link_and_is_told_how_long_they_stay(
    context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    more = {"EASEL_LOGIN": "guests", "EASEL_PASSPHRASE": PHRASE, "EASEL_GUEST_DAYS": "3"}
    with served(tmp_path / "data", **more) as (easel, link):
        page = context().new_page()
        page.goto(easel.address)
        assert_for_everybody(page)
        page.goto(link)
        assert_for_everybody(page)
        page.set_viewport_size({"width": 1280, "height": 800})
        page.get_by_label("What shall you be called?").fill("Zoë")
        page.get_by_role("button", name="Come in").click()
        Screen(page, easel.address).ready()
        page.locator("#who").click()
        expect(page.locator("main")).to_contain_text("Your space is kept until")
        assert_for_everybody(page)


def test_somebody_makes_a_key_for_a_program_and_revokes_it_without_a_script(
    context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    with served(tmp_path / "data", EASEL_LOGIN="users", EASEL_TOKEN="") as (easel, link):
        page = context(java_script_enabled=False).new_page()
        page.goto(link)
        page.get_by_label("Name to sign in with").fill("ada")
        page.get_by_label("New password").fill(PASSWORD)
        page.get_by_label("Once more").fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()
        page.goto(f"{easel.address}/account")
        page.get_by_label("Name of the key").fill("laptop")
        page.get_by_label("make and edit pictures").uncheck()
        page.get_by_label("It lasts").select_option("a week")
        page.get_by_role("button", name="Make a key").click()
        expect(page.get_by_role("status")).to_contain_text("It is shown once")
        key = page.get_by_role("status").locator("b").inner_text()
        signed = {"Authorization": f"Bearer {key}"}
        models = f"{easel.address}/v1/models"
        assert page.request.get(models, headers=signed).status == 200
        page.goto(f"{easel.address}/account")
        expect(page.get_by_role("listitem")).to_contain_text("chat, read")
        assert key not in page.content()
        page.get_by_role("button", name="Revoke: laptop").click()
        expect(page.get_by_role("listitem")).to_have_count(0)
        assert page.request.get(models, headers=signed).status == 401
        watched = context()
        watched.add_cookies(page.context.cookies())  # type: ignore[arg-type] # as they were
        seen = watched.new_page()
        seen.goto(f"{easel.address}/account")
        assert_for_everybody(seen)
