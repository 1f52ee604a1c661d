"""A list of conversations that is longer than a page of it."""

import json

import pytest
from playwright.sync_api import expect
from websockets.sync.client import ClientConnection, connect

from tests.browser.screen import Screen
from tests.patience import PATIENCE_S
from tests.program import Program

pytestmark = pytest.mark.browser

COUNT = 60


def fill(easel: Program) -> None:
    """So many conversations, the first of them called “Oldest of the long list”."""
    with connect(f"ws://127.0.0.1:{easel.port}/live", proxy=None, max_size=None) as line:
        for number in range(COUNT):
            made = easel.http.post("/api/conversations").json()["id"]
            text = f"Page after page {number}" if number else "Oldest of the long list"
            body = {"text": text, "client_id": f"long-list-{number}"}
            sent = easel.http.post(f"/api/conversations/{made}/messages", json=body)
            assert sent.status_code == 200, sent.text
            answered(line, made)


def answered(line: ClientConnection, conversation: str) -> None:
    """Listen until the list says that nothing is written in a conversation any more."""
    while True:
        told = json.loads(line.recv(timeout=PATIENCE_S))
        row = told.get("row", {}) if isinstance(told, dict) else {}
        if row.get("id") == conversation and not row["running"]:
            return


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
