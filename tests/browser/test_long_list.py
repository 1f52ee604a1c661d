"""A list of conversations that is longer than a page of it."""

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.program import Program
from tests.browser.screen import Screen

pytestmark = pytest.mark.browser

COUNT = 60


def fill(easel: Program) -> None:
    """So many conversations, the first of them called “Oldest of the long list”."""
    with httpx.Client(base_url=easel.address, trust_env=False, timeout=20) as http:
        for number in range(COUNT):
            made = http.post("/api/conversations").json()["id"]
            text = f"Page after page {number}" if number else "Oldest of the long list"
            body = {"text": text, "client_id": f"long-list-{number}"}
            sent = http.post(f"/api/conversations/{made}/messages", json=body)
            while sent.status_code == 422:  # too many replies at once: an earlier one must end
                sent = http.post(f"/api/conversations/{made}/messages", json=body)
            assert sent.status_code == 200, sent.text


def test_an_old_conversation_is_reached_by_scrolling(screen: Screen, easel: Program) -> None:
    fill(easel)
    screen.reload()
    first = screen.rows.filter(has_text="Oldest of the long list")
    expect(screen.rows.filter(has_text=f"Page after page {COUNT - 1}")).to_have_count(1)
    expect(first).to_have_count(0)
    screen.rows.last.scroll_into_view_if_needed()
    expect(first).to_have_count(1)
    first.scroll_into_view_if_needed()
    first.locator("a").click()
    expect(screen.questions).to_contain_text(["Oldest of the long list"])
