"""Conversations as files, by hand: out as a zip, in again, as an offline page, on paper."""

import hashlib
import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Download, Page, expect

from tests.browser.screen import Screen, file
from tests.browser.upstream import Upstream
from tests.browser.watch import Watch
from tests.loopback import Gate
from tests.unit.turns.workshop import png
from tests.wire_shapes import openai_stream

LONG = 150
"""Messages: more than a page shows at first."""

pytestmark = pytest.mark.browser


def menu(screen: Screen, item: str) -> None:
    screen.page.get_by_role("button", name="Export", exact=True).click()
    screen.page.get_by_role("menuitem", name=item).click()


def downloaded(screen: Screen, item: str) -> Download:
    with screen.page.expect_download() as download:
        menu(screen, item)
    return download.value


def talked(screen: Screen, upstream: Upstream) -> str:
    """A conversation with a picture and two versions of an answer; its id."""
    upstream.says("fox", "**A fox.**", png("orange", 64))
    screen.told("Draw a fox <script>alert(1)</script>")
    screen.reply.get_by_role("button", name="Regenerate").click()
    expect(screen.reply.locator(".versions")).to_contain_text("2/2")
    screen.ended()
    screen.told("And now a word")
    return screen.conversation


def test_a_zip_goes_out_and_comes_in_again_with_its_branches_and_pictures(
    screen: Screen, upstream: Upstream, tmp_path: Path
) -> None:
    conversation = talked(screen, upstream)
    pictures = screen.shas(screen.pictures)
    download = downloaded(screen, "This conversation as a zip")
    assert download.suggested_filename.endswith(".zip")
    download.save_as(tmp_path / "out.zip")
    with zipfile.ZipFile(tmp_path / "out.zip") as packed:
        entries = {name: packed.read(name) for name in packed.namelist()}
    stored = {hashlib.sha256(d).hexdigest() for n, d in entries.items() if "pictures/" in n}
    assert stored == set(pictures)
    assert len(json.loads(entries["conversation.json"])["messages"]) == 5
    screen.page.set_input_files("#import-file", tmp_path / "out.zip")
    screen.toast("Imported 1 conversation from Easel: 5 messages, 1 picture.")
    expect(screen.page).not_to_have_url(re.compile(conversation))
    screen.shows(screen.conversation)
    assert screen.conversation != conversation
    expect(screen.messages).to_have_count(4)
    assert screen.shas(screen.pictures) == pictures
    expect(screen.pictures.first.locator("img")).to_have_js_property("complete", True)
    answer = screen.replies.first
    answer.get_by_role("button", name="Earlier version").click()
    expect(screen.messages).to_have_count(2)
    expect(screen.replies.first.locator(".versions")).to_contain_text("1/2")


def test_a_zip_comes_in_while_a_reply_is_written_and_neither_harms_the_other(
    screen: Screen, upstream: Upstream, tmp_path: Path
) -> None:
    conversation = talked(screen, upstream)
    downloaded(screen, "This conversation as a zip").save_as(tmp_path / "out.zip")
    gate = Gate()
    upstream.replies("slow tale", openai_stream(["Once", gate, " upon a time."]))
    reply = screen.ask("A slow tale")
    expect(reply).to_contain_text("Once")
    screen.page.set_input_files("#import-file", tmp_path / "out.zip")
    screen.toast("Imported 1 conversation from Easel: 5 messages, 1 picture.")
    expect(screen.page).not_to_have_url(re.compile(conversation))
    expect(screen.messages).to_have_count(4)
    gate.open()
    screen.open(conversation)
    screen.ended(reply=reply)
    expect(reply).to_contain_text("Once upon a time.")


def test_a_zip_is_dropped_anywhere_and_a_bad_one_is_told(screen: Screen, watch: Watch) -> None:
    watch.expect("400")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("../out.txt", "x")
    drop = """([bytes, name]) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([new Uint8Array(bytes)], name));
        const event = { dataTransfer: transfer, bubbles: true, cancelable: true };
        document.querySelector("#pane").dispatchEvent(new DragEvent("drop", event));
    }"""
    screen.page.evaluate(drop, [list(packed.getvalue()), "bad.zip"])
    screen.toast("bad.zip: The zip has an entry whose path leads out of it.")
    expect(screen.page.locator("#importing")).to_be_hidden()
    screen.page.set_input_files("#import-file", file("notes.zip", b"no zip at all"))
    screen.toast("notes.zip: This is neither a zip nor a JSON or HTML file of conversations.")
    expect(screen.page.locator("#welcome")).to_be_visible()


def offline(chromium: Browser, address: str) -> Page:
    """A document opened from the disk; whatever it asks for fails, and is a failure."""
    page = chromium.new_context(offline=True).new_page()
    page.on("requestfailed", lambda request: pytest.fail(f"it asked for {request.url}"))
    page.on("dialog", lambda dialog: pytest.fail(f"it ran: {dialog.message}"))
    page.goto(address)
    return page


@pytest.mark.parametrize("kind", ["zip", "html"])
def test_what_was_exported_opens_offline_with_its_pictures(
    screen: Screen, upstream: Upstream, chromium: Browser, tmp_path: Path, kind: str
) -> None:
    talked(screen, upstream)
    if kind == "zip":
        downloaded(screen, "This conversation as a zip").save_as(tmp_path / "out.zip")
        with zipfile.ZipFile(tmp_path / "out.zip") as packed:
            packed.extractall(tmp_path)
    else:
        downloaded(screen, "One HTML file to send").save_as(tmp_path / "index.html")
    page = offline(chromium, (tmp_path / "index.html").as_uri())
    try:
        expect(page.locator("h1")).to_contain_text("Draw a fox <script>alert(1)</script>")
        widths = page.evaluate("[...document.images].map(i => i.naturalWidth)")
        assert widths == [64, 64], "as it was drawn, and as it went along"
        expect(page.locator(".msg strong").first).to_have_text("A fox.")
        expect(page.locator("#others li")).to_have_count(1)
        assert page.locator("script").count() == 0
        page.emulate_media(color_scheme="dark")
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert paper == "rgb(23, 25, 24)"
    finally:
        page.context.close()


def test_paper_shows_the_whole_conversation_and_nothing_else(screen: Screen) -> None:
    said = {
        f"m{n}": {
            "parentId": f"m{n - 1}",
            "role": "assistant" if n % 2 else "user",
            "content": f"Message {n}.",
        }
        for n in range(LONG)
    }
    long = [{"chat": {"title": "Long", "history": {"messages": said}}}]
    screen.page.set_input_files("#import-file", file("long.json", json.dumps(long).encode()))
    expect(screen.messages.last).to_contain_text(f"Message {LONG - 1}.")
    expect(screen.page.locator("#older")).to_be_visible()
    screen.page.evaluate("window.print = () => (document.body.dataset.printed = 'yes')")
    menu(screen, "Print or save as PDF")
    expect(screen.page.locator("body[data-printed=yes]")).to_be_attached()
    expect(screen.messages).to_have_count(LONG)
    screen.page.emulate_media(media="print")
    for hidden in ("#sidebar", "#dock", "#topbar-actions", "#older"):
        expect(screen.page.locator(hidden)).to_be_hidden()
    first, last = screen.questions.first.bounding_box(), screen.replies.last.bounding_box()
    assert first is not None
    assert last is not None
    assert first["y"] >= 0
    pane = screen.pane.bounding_box()
    assert pane is not None
    assert pane["y"] + pane["height"] >= last["y"] + last["height"]


def test_before_the_first_message_only_other_conversations_can_be_exported(screen: Screen) -> None:
    screen.page.get_by_role("button", name="Export", exact=True).click()
    items = screen.page.get_by_role("menuitem")
    for name in ("This conversation as a zip", "Print or save as PDF", "Some of its messages…"):
        expect(items.filter(has_text=name)).to_be_disabled()
    expect(items.filter(has_text="All conversations")).to_be_enabled()


def test_chosen_messages_leave_and_no_others(screen: Screen, tmp_path: Path) -> None:
    screen.told("Keep this one")
    screen.told("Not this one")
    menu(screen, "Some of its messages…")
    bar = screen.page.get_by_role("group", name="Messages to export")
    expect(bar.get_by_role("button", name="Save as zip")).to_be_disabled()
    for number in (0, 1):
        screen.messages.nth(number).get_by_role("checkbox").check()
    expect(bar).to_contain_text("2 messages")
    with screen.page.expect_download() as download:
        bar.get_by_role("button", name="Save as zip").click()
    expect(bar).to_have_count(0)
    download.value.save_as(tmp_path / "out.zip")
    with zipfile.ZipFile(tmp_path / "out.zip") as packed:
        text = packed.read("conversation.md").decode()
    assert "Keep this one" in text
    assert "\nNot this one" not in text
    menu(screen, "Some of its messages…")
    screen.page.keyboard.press("Escape")
    expect(screen.page.get_by_role("checkbox", name="Choose:")).to_have_count(0)


def test_all_conversations_leave_as_folders_of_one_zip(screen: Screen, tmp_path: Path) -> None:
    screen.told("One more conversation")
    download = downloaded(screen, "All conversations as a zip")
    download.save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as packed:
        assert sum(name.endswith("/conversation.json") for name in packed.namelist()) > 1
