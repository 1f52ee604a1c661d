"""The library: every picture of the user in one view, found, chosen and worked with."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from PIL import Image as Pillow
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.screen import Screen
from tests.browser.test_access import violations
from tests.browser.watch import Watch
from tests.program import Program
from tests.seeded_library import colour, picture, seed

pytestmark = pytest.mark.browser

COUNT = 130
"""More than two pages of the list."""

NEWEST = datetime(2026, 11, 20, 12, tzinfo=UTC)
MONTHS = {"November 2026": 40, "October 2026": 62, "September 2026": 28}
"""How many pictures each has, two a day."""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Program, list[str]]]:
    """An Easel that has been in use, and its pictures, oldest first."""
    folder: Path = tmp_path_factory.mktemp("library") / "data"
    shas = seed(folder, COUNT, newest=NEWEST, apart=timedelta(hours=12))
    with Program(folder) as running:
        yield running, shas


@pytest.fixture
def shas(filled: tuple[Program, list[str]]) -> list[str]:
    """The pictures, newest first: as the library shows them."""
    return filled[1][::-1]


@pytest.fixture
def easel(filled: tuple[Program, list[str]]) -> Program:
    """In place of the Easel of all tests."""
    return filled[0]


@pytest.fixture
def screen(page: Page, easel: Program) -> Screen:
    """The library, open."""
    shown = Screen(page, easel.address).open()
    return opened(shown)


def opened(screen: Screen) -> Screen:
    screen.page.locator("#show-library").click()
    expect(screen.page.locator("#pictures")).to_be_visible()
    expect(tile(screen, 0)).to_be_visible()
    return screen


def tile(screen: Screen, at: int) -> Locator:
    return screen.page.locator(f"#pictures .tile[data-at='{at}']")


def order(screen: Screen) -> list[str]:
    """The pictures that stand in the page, by their place."""
    shown: list[str] = screen.page.eval_on_selector_all(
        "#pictures .tile",
        "tiles => tiles.sort((a, b) => a.dataset.at - b.dataset.at).map((t) => t.dataset.sha)",
    )
    return shown


DRAWN = """async (image) => {
    await image.decode();
    for (let frames = 0; frames < 2; frames += 1) await new Promise(requestAnimationFrame);
}"""


def middle(shown: Locator) -> tuple[int, int, int]:
    """The colour in the middle of a picture as it stands on the screen, once it is drawn."""
    shown.locator("img[src]").evaluate(DRAWN)
    seen = Pillow.open(io.BytesIO(shown.screenshot())).convert("RGB")
    red, green, blue = seen.getpixel((seen.width // 2, seen.height // 2))  # type: ignore[misc]
    return red, green, blue


def alike(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    return all(abs(a - b) <= 6 for a, b in zip(one, other, strict=True))


def test_pictures_of_all_conversations_stand_newest_first(screen: Screen, shas: list[str]) -> None:
    shown = order(screen)
    assert shown == shas[: len(shown)]
    for at in (0, 7):
        assert alike(middle(tile(screen, at)), colour(COUNT - 1 - at))
    columns = [tile(screen, at).bounding_box() for at in (0, 1)]
    assert columns[0] is not None
    assert columns[1] is not None
    assert columns[0]["y"] == columns[1]["y"]
    assert columns[0]["x"] < columns[1]["x"]


def test_scrolling_reaches_the_oldest_and_keeps_few_in_the_page(
    screen: Screen, shas: list[str]
) -> None:
    pane = screen.page.locator("#pictures .pane")
    last = tile(screen, COUNT - 1)
    while not last.count():
        before = pane.evaluate("pane => pane.scrollTop")
        pane.evaluate("pane => pane.scrollTo(0, pane.scrollHeight)")
        screen.page.wait_for_function(
            "before => document.querySelector('#pictures .pane').scrollTop > before"
            " || document.querySelector('#pictures .tile[data-at=\"129\"]')",
            arg=before,
        )
    last.scroll_into_view_if_needed()
    expect(last).to_have_attribute("data-sha", shas[-1])
    assert alike(middle(last), colour(0))
    assert len(order(screen)) < 100


def test_the_number_of_what_is_found_is_told_and_months_stand_over_their_pictures(
    screen: Screen, shas: list[str]
) -> None:
    page, total = screen.page, screen.page.locator("#pictures .total")
    months = page.locator("#pictures [data-months]")
    heads = page.locator("#pictures .month")
    expect(total).to_have_text(f"{COUNT} pictures")
    expect(heads.first).to_have_text("November 2026")
    expect(months).to_have_text("November 2026")
    months.click()
    expect(page.locator("#menu button")).to_have_text(
        [f"{name} · {count}" for name, count in MONTHS.items()]
    )
    command(screen, "September 2026 · 28")
    first = COUNT - MONTHS["September 2026"]
    expect(tile(screen, first)).to_be_focused()
    expect(tile(screen, first)).to_have_attribute("data-sha", shas[first])
    expect(months).to_have_text("September 2026")
    expect(heads.filter(has_text="September 2026")).to_be_in_viewport()
    page.keyboard.press("ArrowUp")
    above = tile(screen, first - 1).bounding_box()
    focused = page.locator("#pictures .tile:focus").bounding_box()
    assert above is not None
    assert focused is not None
    assert focused["y"] == above["y"], "the last row of the month before"
    page.keyboard.press("ArrowDown")
    expect(tile(screen, first)).to_be_focused()
    page.locator("#pictures-search").fill("wall 117")
    expect(total).to_have_text("1 picture")
    expect(months).to_be_hidden()
    page.locator("#pictures-search").fill("no such thing")
    expect(total).to_have_text("0 pictures")


def test_a_search_finds_pictures_by_the_words_that_asked_for_them(
    screen: Screen, shas: list[str]
) -> None:
    screen.page.locator("#pictures-search").fill("WALL 117")
    expect(screen.page.locator("#pictures .tile")).to_have_count(1)
    assert order(screen) == [shas[COUNT - 1 - 117]]
    screen.page.locator("#pictures-search").fill("no such thing")
    expect(screen.page.locator("#pictures .nothing:visible")).to_have_text("Nothing found.")
    assert order(screen) == []


def test_back_and_escape_close_it_and_the_conversation_is_as_it_was(screen: Screen) -> None:
    page, library = screen.page, screen.page.locator("#pictures")
    page.go_back()
    expect(library).to_be_hidden()
    page.go_forward()
    expect(library).to_be_visible()
    page.keyboard.press("Escape")
    expect(library).to_be_hidden()
    expect(page).not_to_have_url("#library")
    screen.rows.first.locator("a").click()
    expect(screen.replies.last).to_be_visible()
    opened(screen)
    expect(page.locator("#words")).not_to_be_focused()
    screen.rows.nth(1).locator("a").click()
    expect(library).to_be_hidden()
    screen.shows(screen.conversation)


def test_it_stays_open_when_the_page_is_loaded_again(screen: Screen, shas: list[str]) -> None:
    screen.reload()
    expect(tile(screen, 0)).to_be_visible()
    assert order(screen)[:3] == shas[:3]


def test_a_phone_shows_three_in_a_row(chromium: Browser, easel: Program) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    screen = Screen(context.new_page(), f"{easel.address}/#library")
    screen.page.goto(screen.address)
    expect(tile(screen, 3)).to_be_visible()
    # In one look: the rows above the grid are filled meanwhile, and move it.
    tops = screen.page.eval_on_selector_all(
        "#pictures .tile",
        "all => all.sort((a, b) => a.dataset.at - b.dataset.at).map((tile) => tile.offsetTop"
        " + new DOMMatrix(getComputedStyle(tile).transform).f)",
    )
    assert tops[0] == tops[1] == tops[2] < tops[3]
    context.close()


def selected(screen: Screen) -> list[int]:
    places = screen.page.eval_on_selector_all(
        "#pictures .tile[aria-selected=true]", "tiles => tiles.map((tile) => +tile.dataset.at)"
    )
    return sorted(places)


def choose(screen: Screen, *places: int) -> None:
    """With the mouse, each by itself."""
    for at in places:
        tile(screen, at).click(modifiers=["Control"])


def way(screen: Screen, name: str) -> Locator:
    return screen.page.locator(f"#pictures .chosen [data-way={name}]")


def command(screen: Screen, label: str) -> None:
    screen.page.locator("#menu").get_by_role("menuitem", name=label, exact=True).click()


def test_pictures_are_selected_by_clicks_a_range_and_keys(screen: Screen) -> None:
    keys = screen.page.keyboard
    tile(screen, 1).hover()
    tile(screen, 1).locator(".check").click()
    assert selected(screen) == [1]
    tile(screen, 4).click(modifiers=["Shift"])
    assert selected(screen) == [1, 2, 3, 4]
    tile(screen, 2).click()
    assert selected(screen) == [1, 3, 4]
    expect(screen.page.locator("#pictures .chosen .count")).to_have_text("3 selected")
    keys.press("Escape")
    assert selected(screen) == []
    keys.press("Home")
    expect(tile(screen, 0)).to_be_focused()
    keys.press("ArrowRight")
    keys.press("Space")
    keys.press("Shift+ArrowRight")
    keys.press("Shift+ArrowRight")
    assert selected(screen) == [1, 2, 3]
    keys.press("ArrowDown")
    below = tile(screen, 3).bounding_box()
    focused = screen.page.locator("#pictures .tile:focus").bounding_box()
    assert below is not None
    assert focused is not None
    assert focused["x"] == below["x"]
    assert focused["y"] > below["y"]


def test_enter_opens_the_viewer_at_that_picture_and_it_walks_the_library(
    screen: Screen, shas: list[str]
) -> None:
    screen.page.locator("#pictures-search").press("ArrowDown")
    screen.page.keyboard.press("ArrowRight")
    screen.page.keyboard.press("Enter")
    shown = screen.page.locator("#viewer img").first
    expect(shown).to_have_attribute("src", f"media/{shas[1]}")
    screen.page.keyboard.press("ArrowRight")
    expect(shown).to_have_attribute("src", f"media/{shas[2]}")
    screen.page.keyboard.press("Escape")
    expect(screen.page.locator("#pictures")).to_be_visible()
    expect(tile(screen, 1)).to_be_focused()


def test_selected_pictures_go_into_the_tray_in_their_order(screen: Screen, shas: list[str]) -> None:
    choose(screen, 3, 1)
    way(screen, "edit").click()
    expect(screen.page.locator("#pictures")).to_be_hidden()
    expect(screen.chips).to_have_count(2)
    sources = screen.page.eval_on_selector_all(
        "#tray .chip img", "images => images.map((image) => image.getAttribute('src'))"
    )
    assert [source.split("/")[1] for source in sources] == [shas[1], shas[3]]
    expect(screen.words).to_be_focused()


def test_two_pictures_and_no_other_number_are_compared_the_older_as_what_was_before(
    screen: Screen, shas: list[str]
) -> None:
    choose(screen, 0)
    expect(way(screen, "compare")).to_be_disabled()
    choose(screen, 2, 3)
    expect(way(screen, "compare")).to_be_disabled()
    choose(screen, 3)
    way(screen, "compare").click()
    before, after = (
        screen.page.locator(f"#compare img.{name}").first for name in ("before", "after")
    )
    expect(before).to_have_attribute("src", f"media/{shas[2]}")
    expect(after).to_have_attribute("src", f"media/{shas[0]}")


def test_a_zip_holds_the_files_of_the_selected_pictures(screen: Screen, tmp_path: Path) -> None:
    choose(screen, 0, 5)
    with screen.page.expect_download() as download:
        way(screen, "zip").click()
    assert download.value.suggested_filename == "2 pictures.zip"
    saved = tmp_path / "pictures.zip"
    download.value.save_as(saved)
    with ZipFile(saved) as made:
        files = [made.read(name) for name in made.namelist()]
    assert files == [picture(COUNT - 1)[0], picture(COUNT - 6)[0]]


def test_favourites_are_marked_by_a_key_and_found(screen: Screen, shas: list[str]) -> None:
    tile(screen, 0).locator("img").hover()
    screen.page.locator("#pictures-search").press("ArrowDown")
    screen.page.keyboard.press("ArrowRight")
    screen.page.keyboard.press("f")
    expect(tile(screen, 1).locator(".star")).to_be_visible()
    screen.page.get_by_role("button", name="Favourites").click()
    expect(screen.page.locator("#pictures .tile")).to_have_count(1)
    assert order(screen) == [shas[1]]
    choose(screen, 0)
    way(screen, "favourite").click()
    screen.page.get_by_role("button", name="Favourites").click()
    expect(tile(screen, 1)).to_be_visible()
    expect(screen.page.locator("#pictures .star:visible")).to_have_count(0)


def test_a_board_is_made_filled_ordered_renamed_and_deleted_with_undo(
    screen: Screen, shas: list[str]
) -> None:
    page = screen.page
    choose(screen, 2, 0)
    way(screen, "board").click()
    command(screen, "New board…")
    page.locator("#pictures .ask input").fill("Walls")
    page.keyboard.press("Enter")
    board = page.locator("#pictures .boards li", has_text="Walls")
    expect(board.locator(".count")).to_have_text("2")
    page.keyboard.press("Escape")
    tile(screen, 4).drag_to(board)
    expect(board.locator(".count")).to_have_text("3")
    board.locator(".board").click()
    expect(page.locator("#pictures .tile")).to_have_count(3)
    assert order(screen) == [shas[0], shas[2], shas[4]]
    choose(screen, 2)
    way(screen, "earlier").click()
    expect(tile(screen, 1)).to_have_attribute("data-sha", shas[4])
    assert order(screen) == [shas[0], shas[4], shas[2]]
    tile(screen, 2).drag_to(tile(screen, 0))
    expect(tile(screen, 0)).to_have_attribute("data-sha", shas[2])
    choose(screen, 0)
    way(screen, "off").click()
    expect(page.locator("#pictures .tile")).to_have_count(2)
    board.locator(".more").click()
    command(screen, "Rename")
    page.locator("#pictures .ask input").fill("Ceilings")
    page.keyboard.press("Enter")
    board = page.locator("#pictures .boards li", has_text="Ceilings")
    board.locator(".more").click()
    command(screen, "Delete board")
    expect(board).to_have_count(0)
    expect(tile(screen, 2)).to_be_visible()
    screen.toasts.get_by_role("button", name="Undo").last.click()
    expect(board.locator(".count")).to_have_text("2")
    board.locator(".more").click()
    command(screen, "Delete board")
    expect(board).to_have_count(0)


def test_boards_are_moved_among_each_other(screen: Screen, easel: Program) -> None:
    ids = [
        easel.http.post("/api/library/boards", json={"name": name}).json()["id"]
        for name in ("First", "Second")
    ]
    screen.reload()
    rows = screen.page.locator("#pictures .boards li .name")
    expect(rows).to_have_text(["All pictures", "First", "Second"])
    screen.page.get_by_role("button", name="More to do with the board Second").click()
    command(screen, "Move up")
    expect(rows).to_have_text(["All pictures", "Second", "First"])
    lines = screen.page.locator("#pictures .boards li")
    lines.nth(1).drag_to(lines.nth(2))
    expect(rows).to_have_text(["All pictures", "First", "Second"])
    for board in ids:
        easel.http.delete(f"/api/library/boards/{board}")


def test_a_deletion_tells_what_shows_the_picture_and_is_undone(
    screen: Screen, shas: list[str], watch: Watch
) -> None:
    page, wanted = screen.page, shas[7]
    watch.bear(f"404 {screen.address}/media/{wanted}")
    choose(screen, 7)
    way(screen, "delete").click()
    asked = page.locator("#pictures .ask")
    expect(asked.locator("h3")).to_have_text("Delete this picture?")
    expect(asked.locator("li")).to_have_text(["Room 5"])
    asked.get_by_role("button", name="Cancel").click()
    assert wanted in order(screen)
    way(screen, "delete").click()
    asked.get_by_role("button", name="Delete picture").click()
    expect(page.locator(f"#pictures .tile[data-sha='{wanted}']")).to_have_count(0)
    expect(tile(screen, 7)).to_have_attribute("data-sha", shas[8])
    gone = page.request.get(f"{screen.address}/media/{wanted}/thumb")
    assert gone.status == 404
    undo = screen.toasts.get_by_role("button", name="Undo").last
    undo.click()
    expect(tile(screen, 7)).to_have_attribute("data-sha", wanted)
    assert alike(middle(tile(screen, 7)), colour(COUNT - 8))


def test_the_conversation_shows_the_frame_of_a_lost_picture_in_its_place(
    screen: Screen, shas: list[str], watch: Watch
) -> None:
    page, wanted = screen.page, shas[9]
    watch.bear(f"404 {screen.address}/media/{wanted}")
    choose(screen, 9)
    way(screen, "conversation").click()
    frame = screen.replies.locator(f".pic[data-sha='{wanted}']")
    expect(frame).to_be_in_viewport()
    opened(screen)
    choose(screen, 9)
    way(screen, "delete").click()
    page.locator("#pictures .ask").get_by_role("button", name="Delete picture").click()
    expect(tile(screen, 9)).to_have_attribute("data-sha", shas[10])
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(frame.locator(".gone")).to_contain_text("The file of this picture is lost.")
    screen.reload()
    frame.scroll_into_view_if_needed()
    expect(frame.locator(".gone")).to_be_visible()
    assert page.request.post(
        f"{screen.address}/api/library/restore", data={"pictures": [wanted]}
    ).ok


def test_the_way_to_the_conversation_ends_at_the_message(screen: Screen, shas: list[str]) -> None:
    screen.page.locator("#pictures-search").fill("102")
    expect(screen.page.locator("#pictures .tile")).to_have_count(1)
    choose(screen, 0)
    way(screen, "conversation").click()
    expect(screen.page.locator("#pictures")).to_be_hidden()
    expect(screen.page.locator(f".assistant .pic[data-sha='{shas[-103]}']")).to_be_in_viewport()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_library_has_no_barriers(screen: Screen, theme: str) -> None:
    if theme == "dark":
        screen.page.locator("#theme").click()
    choose(screen, 0, 1)
    assert violations(screen.page) == []
    way(screen, "delete").click()
    expect(screen.page.locator("#pictures .ask h3")).to_be_visible()
    assert violations(screen.page) == []
    screen.page.keyboard.press("Escape")
    screen.page.locator("#pictures-search").fill("no such thing")
    expect(screen.page.locator("#pictures .nothing")).to_be_visible()
    assert violations(screen.page) == []
