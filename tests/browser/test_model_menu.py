"""The model menu: found by a word, chosen by key or mouse, honest about what cannot be used."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.menu import active, name, opened, option, options, search, shelf
from tests.browser.menu_server import HEIR, KEY, LEAVING, LOCKED_REASON, MANY, ODD_TITLE, MenuServer
from tests.browser.screen import Screen, kept
from tests.browser.test_access import violations
from tests.browser.test_layout import fits
from tests.program import Program

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def shops() -> Iterator[MenuServer]:
    with MenuServer() as server:
        yield server


@pytest.fixture(scope="module")
def rows_file(shops: MenuServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("menu") / "rows.toml"
    file.write_text(shops.rows(), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def program(rows_file: Path) -> Iterator[Program]:
    """An Easel of its own: the others have few models."""
    named = {"EASEL_MODELS": str(rows_file), "MENU_KEY": KEY}
    with Program(rows_file.with_name("data"), **named) as running:
        yield running


def test_a_model_is_found_by_a_word_and_chosen_without_a_mouse(screen: Screen) -> None:
    page = screen.page
    expect(name(screen)).to_have_text(LEAVING)
    screen.words.press("Alt+m")
    expect(search(screen)).to_be_focused()
    search(screen).fill("number 13")
    expect(options(screen)).to_have_count(12)
    expect(active(screen)).to_have_count(1)
    search(screen).press("ArrowDown")
    expect(active(screen).locator(".title")).to_have_text("Model number 113")
    told = active(screen).get_attribute("id")
    expect(search(screen)).to_have_attribute("aria-activedescendant", str(told))
    with kept(page):
        search(screen).press("Enter")
    expect(screen.models).to_be_hidden()
    expect(screen.words).to_be_focused()
    expect(name(screen)).to_have_text("Model number 113")
    expect(screen.model).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize("key", ["Enter", "Space", "ArrowDown"])
def test_the_button_opens_by_key_and_escape_gives_the_focus_back(screen: Screen, key: str) -> None:
    expect(name(screen)).to_have_text(LEAVING)
    screen.model.press(key)
    expect(search(screen)).to_be_focused()
    expect(screen.model).to_have_attribute("aria-expanded", "true")
    expect(active(screen)).to_have_attribute("aria-selected", "true")
    search(screen).press("Escape")
    expect(screen.models).to_be_hidden()
    expect(screen.model).to_be_focused()
    expect(name(screen)).to_have_text(LEAVING)


def test_each_conversation_keeps_the_model_that_was_clicked_for_it(screen: Screen) -> None:
    screen.choose_model(HEIR)
    screen.told("With the new brush")
    expect(screen.reply.locator(".who")).to_have_text(HEIR)
    first = screen.conversation
    screen.reload()
    expect(name(screen)).to_have_text(HEIR)
    opened(screen)
    expect(option(screen, HEIR)).to_have_attribute("aria-selected", "true")
    search(screen).press("Escape")
    screen.page.locator("#new").click()
    expect(name(screen)).to_have_text(HEIR)  # what was chosen last is what the next begins with
    screen.choose_model("Model number 7")
    screen.open(first)
    expect(name(screen)).to_have_text(HEIR)


def test_another_page_of_the_conversation_follows_the_choice(screen: Screen) -> None:
    screen.told("Seen twice")
    other = Screen(screen.page.context.new_page(), screen.address).open(screen.conversation)
    expect(name(other)).to_have_text(LEAVING)
    screen.choose_model("Model number 7")
    expect(name(other)).to_have_text("Model number 7")


def test_a_model_that_cannot_be_used_says_why_and_is_not_chosen(screen: Screen) -> None:
    opened(screen)
    expect(shelf(screen, "locked")).to_be_hidden()
    screen.models.get_by_text("Add a model").click()
    shut = option(screen, "Behind the key")
    expect(shut).to_have_attribute("aria-disabled", "true")
    expect(shelf(screen, "locked").locator(".why")).to_have_text(LOCKED_REASON)
    shut.click(force=True)  # a person may click what is greyed out
    expect(screen.models.get_by_role("status").last).to_contain_text(LOCKED_REASON)
    search(screen).fill("behind the key")
    search(screen).press("Enter")
    expect(screen.models).to_be_visible()
    search(screen).press("Escape")
    expect(name(screen)).to_have_text(LEAVING)
    opened(screen)
    expect(shelf(screen, "locked").get_by_role("button", name="Test connection")).to_be_hidden()


def test_a_search_ignores_accents_and_capitals_and_says_when_nothing_fits(screen: Screen) -> None:
    opened(screen)
    search(screen).fill("MODEL number")
    expect(options(screen)).to_have_count(MANY)
    search(screen).fill("TRES belle")
    expect(options(screen)).to_have_count(1)
    expect(option(screen, ODD_TITLE)).to_be_visible()
    search(screen).fill("nowhere at all")
    expect(options(screen)).to_have_count(0)
    expect(screen.models).to_contain_text("No model is called “nowhere at all”.")
    search(screen).press("Enter")
    expect(screen.models).to_be_visible()
    search(screen).fill("")
    expect(option(screen, HEIR)).to_be_visible()
    expect(option(screen, "Behind the key")).to_have_count(0)  # folded again


def test_a_name_is_shown_as_it_is_and_never_becomes_a_part_of_the_page(screen: Screen) -> None:
    screen.choose_model(ODD_TITLE)
    opened(screen)
    row = option(screen, ODD_TITLE)
    expect(row.locator(".note")).to_have_text("Many models: Straße, très <b>belle</b>.")
    expect(screen.page.locator("#models img, #model img, #models b")).to_have_count(0)


def test_a_row_says_what_the_model_can_do_costs_and_when_it_ends(screen: Screen) -> None:
    opened(screen)
    new = option(screen, HEIR)
    expect(new.locator(".badge")).to_have_text(["text", "picture", "edit", "tools"])
    expect(new.locator(".price")).to_have_text("about $0.04 a picture")
    expect(option(screen, LEAVING).locator(".ends")).to_contain_text("ends ")
    expect(option(screen, "Model number 1").locator(".price")).to_have_text("price unknown")


def test_a_model_that_will_end_offers_the_one_that_takes_its_place(screen: Screen) -> None:
    notice = screen.page.locator("#model-notice")
    expect(notice).to_contain_text(LEAVING)
    with kept(screen.page):
        notice.get_by_role("button", name=f"Use {HEIR}").click()
    expect(name(screen)).to_have_text(HEIR)
    expect(notice).to_be_hidden()


def test_a_connection_is_tested_and_told_in_a_sentence(screen: Screen) -> None:
    opened(screen)
    for endpoint, told, works in (
        ("many", "Works: 14 models, ", "true"),
        ("broken", "Broken proxy did not accept the key. Check MENU_KEY.", "false"),
    ):
        place = shelf(screen, endpoint)
        place.get_by_role("button", name="Test connection").click()
        expect(place.locator(".told")).to_contain_text(told)
        expect(place.locator(".told")).to_have_attribute("data-works", works)
        expect(screen.models).not_to_contain_text(KEY)


def test_models_that_an_endpoint_names_later_join_the_menu_at_once(
    screen: Screen, shops: MenuServer
) -> None:
    opened(screen)
    late = shelf(screen, "late")
    test = late.get_by_role("button", name="Test connection")
    test.click()
    expect(late.locator(".told")).to_have_attribute("data-works", "false")
    shops.lists("brush-image-9", "parrot-9")
    test.click()
    expect(late.locator(".told")).to_contain_text("Works: 2 models, 2 new in the menu, ")
    expect(test).to_be_focused()
    expect(late.get_by_role("option")).to_have_count(2)
    search(screen).fill("parrot-9")
    with kept(screen.page):
        search(screen).press("Enter")
    expect(name(screen)).to_have_text("parrot-9")
    screen.told("Speak")
    expect(screen.reply.locator(".who")).to_have_text("parrot-9")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_menu_has_no_barriers(screen: Screen, scheme: str) -> None:
    if scheme == "dark":
        screen.page.locator("#theme").click()
    opened(screen)
    shelf(screen, "broken").get_by_role("button", name="Test connection").click()
    expect(shelf(screen, "broken").locator(".told")).to_have_attribute("data-works", "false")
    assert violations(screen.page) == []
    search(screen).fill("nothing like this")
    expect(options(screen)).to_have_count(0)
    assert violations(screen.page) == []


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_the_menu_fits_every_screen(stranger: Callable[..., Screen], width: int) -> None:
    screen = stranger(viewport={"width": width, "height": 700})
    opened(screen)
    expect(option(screen, LEAVING)).to_be_in_viewport(ratio=1)
    box = screen.models.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] >= 0
    fits(screen.page)
    wide = "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).length"
    assert screen.models.locator(".shelves, .shelf, .option").evaluate_all(wide) == 0
    screen.page.mouse.click(width / 2, 5)
    expect(screen.models).to_be_hidden()


def test_favourites_and_what_was_used_last_stand_in_front(screen: Screen) -> None:
    opened(screen)
    search(screen).fill("number 105")
    screen.models.get_by_role("button", name="Favourite: Model number 105").click()
    star = screen.models.get_by_role("button", name="Favourite: Model number 105")
    expect(star).to_have_attribute("aria-pressed", "true")
    search(screen).fill("number 106")
    with screen.page.expect_response("**/api/models/favourites"):
        search(screen).press("Alt+Enter")
    search(screen).press("Escape")
    screen.choose_model("Model number 7")
    screen.reload()
    expect(name(screen)).to_have_text("Model number 7")
    opened(screen)
    in_front = shelf(screen, "favourites").get_by_role("option")
    expect(in_front.locator(".title")).to_have_text(["Model number 105", "Model number 106"])
    last = shelf(screen, "recent").get_by_role("option")
    expect(last.locator(".title")).to_have_text(["Model number 7"])
    expect(shelf(screen, "recent").get_by_role("button", name="Test connection")).to_be_hidden()
    assert violations(screen.page) == []


def test_a_new_conversation_begins_with_the_shape_and_tools_that_were_chosen_last(
    screen: Screen,
) -> None:
    screen.choose_model(HEIR)
    switch = "#setting-tools-on input[type=checkbox]"
    with kept(screen.page):
        screen.page.locator(switch).check()
    screen.told("One with tools")
    screen.page.locator("#new").click()
    screen.stands_before_a_new_conversation()
    expect(name(screen)).to_have_text(HEIR)
    expect(screen.page.locator(switch)).to_be_checked()
    with kept(screen.page):
        screen.page.locator(switch).uncheck()
    screen.reload()
    expect(screen.page.locator(switch)).not_to_be_checked()
