"""The bin: what was deleted is found there, comes back, or is ended before its time."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.screen import Screen
from tests.browser.watch import Watch

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _bearing(watch: Watch) -> None:
    """What the next words may cost is asked at any moment, also of what is deleted."""
    watch.bear("/estimate")


def deleted(screen: Screen, *titles: str) -> list[str]:
    """Conversations of these titles that were deleted in this order; their ids."""
    made = []
    for title in titles:
        screen.told(title)
        made.append(screen.conversation)
        screen.do_to(screen.page.locator(f"#conversations [data-id='{made[-1]}']"), "Delete")
        screen.stands_before_a_new_conversation()
    return made


def opened(screen: Screen) -> Locator:
    """The bin, once it says what is in it."""
    screen.page.get_by_role("button", name="Bin", exact=True).click()
    found = screen.page.get_by_role("dialog", name="Bin")
    expect(found.get_by_role("status")).not_to_be_empty()
    return found


def row(found: Locator, conversation: str) -> Locator:
    return found.locator(f"li[data-id='{conversation}']")


def test_what_was_deleted_is_listed_with_its_end_and_comes_back_to_every_tab(
    screen: Screen,
) -> None:
    other = Screen(screen.page.context.new_page(), screen.address).open()
    earlier, later = deleted(screen, "Thrown away first", "Thrown away last")
    found = opened(screen)
    expect(found.get_by_role("status")).to_have_text("What is deleted can be had back for 30 days.")
    expect(found.locator("li").nth(0)).to_have_attribute("data-id", later)
    expect(found.locator("li").nth(1)).to_have_attribute("data-id", earlier)
    expect(row(found, later)).to_contain_text("Goes in 30 days")
    elsewhere = opened(other)
    expect(row(elsewhere, earlier)).to_have_count(1)
    found.get_by_role("button", name="Restore “Thrown away first”").click()
    expect(row(found, earlier)).to_have_count(0)
    expect(row(elsewhere, earlier)).to_have_count(0)
    for each in (screen, other):
        expect(each.page.locator(f"#conversations [data-id='{earlier}']")).to_have_count(1)
    screen.page.keyboard.press("Escape")
    screen.page.locator(f"#conversations [data-id='{earlier}'] a").click()
    expect(screen.questions).to_contain_text(["Thrown away first"])


def test_an_end_before_its_time_is_asked_for_once_and_no_keeps_it(screen: Screen) -> None:
    kept, gone = deleted(screen, "Kept after all", "Ended at once")
    found = opened(screen)
    end = row(found, kept).get_by_role("button", name="Delete “Kept after all” for good")
    end.click()
    no = row(found, kept).get_by_role("button", name="Keep")
    expect(no).to_be_focused()
    no.click()
    expect(end).to_be_focused()
    row(found, gone).get_by_role("button", name="Delete “Ended at once” for good").click()
    row(found, gone).get_by_role("button", name="Delete", exact=True).click()
    expect(row(found, gone)).to_have_count(0)
    expect(row(found, kept).get_by_role("button").first).to_be_focused()
    screen.page.goto(f"{screen.address}/?c={gone}")
    screen.ready()
    screen.toast("This conversation is not here")
    expect(row(opened(screen), kept)).to_have_count(1)


def test_the_bin_is_emptied_as_a_whole(screen: Screen) -> None:
    back, _ = deleted(screen, "One of all", "Another of all")
    found = opened(screen)
    found.get_by_role("button", name="Empty the bin").click()
    expect(found).to_contain_text("Everything in the bin goes for good.")
    # Meanwhile another tab has taken one out.
    screen.page.request.post(
        f"{screen.address}/api/conversations/{back}/restore", headers={"Origin": screen.address}
    )
    expect(row(found, back)).to_have_count(0)
    found.get_by_role("button", name="Empty the bin").click()
    expect(found.locator("li")).to_have_count(0)
    expect(found.get_by_role("status")).to_have_text("The bin is empty.")
    found.get_by_role("button", name="Close").click()
    expect(opened(screen).get_by_role("status")).to_have_text("The bin is empty.")
