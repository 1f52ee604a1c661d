"""Files that people add to a message: chosen, pasted or dropped, they stay and go along."""

import base64
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen, file, sha
from tests.browser.upstream import Upstream, question
from tests.browser.watch import Watch
from tests.wire_shapes import tiny_png

pytestmark = pytest.mark.browser

SALES = b"month,sum\nMay,17\nJune,23\n"

GIVE = """([way, selector, name, bytes]) => {
    const transfer = new DataTransfer();
    const data = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
    transfer.items.add(new File([data], name));
    const kinds = { paste: ClipboardEvent, drop: DragEvent };
    const key = way === 'paste' ? 'clipboardData' : 'dataTransfer';
    const options = { bubbles: true, cancelable: true, [key]: transfer };
    document.querySelector(selector).dispatchEvent(new kinds[way](way, options));
}"""


def give(screen: Screen, way: str, name: str, data: bytes) -> None:
    """Add a file in one of the ways that there are."""
    if way == "choose":
        screen.attach(file(name, data))
    else:
        where = "#words" if way == "paste" else "#pane"
        screen.page.evaluate(GIVE, [way, where, name, base64.b64encode(data).decode()])


@pytest.mark.parametrize("way", ["choose", "paste", "drop"])
def test_a_file_goes_along_and_is_there_to_be_downloaded(
    screen: Screen, upstream: Upstream, tmp_path: Path, way: str
) -> None:
    name, data = f"sales {way}.csv", SALES + way.encode()
    give(screen, way, name, data)
    screen.tray_shows(sha(data))
    chip = screen.chips.first
    expect(chip).to_contain_text(f"@file1{name}CSV · {len(data)} B")
    expect(chip.locator(".tokens")).to_have_text(re.compile(r"≈ \d tokens"))
    screen.told(f"by {way}")
    said = question(upstream.asked(f"by {way}")[-1])
    assert f"“{name}”" in said
    assert "June,23" in said
    expect(screen.chips).to_have_count(0)
    shown = screen.questions.last.locator(".files .file")
    expect(shown).to_contain_text(f"{name}CSV · {len(data)} B")
    with screen.page.expect_download() as download:
        shown.get_by_role("link", name=f"Download {name}").click()
    assert download.value.suggested_filename == name
    download.value.save_as(tmp_path / "kept")
    assert (tmp_path / "kept").read_bytes() == data


def test_a_draft_keeps_its_file_and_what_is_taken_out_stays_out(
    screen: Screen, upstream: Upstream
) -> None:
    screen.attach(file("one.md", b"# One"), file("two.py", b"two = 2"), file("p.png", tiny_png(5)))
    screen.settled_tray(3)
    screen.words.fill("kept with words")
    screen.reload()
    screen.tray_shows(sha(tiny_png(5)), sha(b"# One"), sha(b"two = 2"))
    expect(screen.words).to_have_value("kept with words")
    remove = screen.chips.nth(1).get_by_role("button", name="Remove: one.md")
    remove.focus()
    screen.page.keyboard.press("Enter")
    screen.tray_shows(sha(tiny_png(5)), sha(b"two = 2"))
    expect(screen.chips.last.locator(".handle")).to_have_text("@file2")
    screen.told("kept with words")
    said = question(upstream.asked("kept with words")[-1])
    assert "two = 2" in said
    assert "# One" not in said


def test_a_file_alone_is_a_message_and_an_edit_keeps_it(screen: Screen, upstream: Upstream) -> None:
    screen.attach(file("alone.txt", b"all alone"))
    screen.settled_tray(1)
    screen.send.click()
    screen.ended()
    screen.questions.first.hover()
    screen.questions.first.get_by_role("button", name="Edit").click()
    screen.tray_shows(sha(b"all alone"))
    screen.words.fill("no more @")
    option = screen.page.get_by_role("listbox", name="Pictures and files to call")
    expect(option.get_by_role("option")).to_contain_text("@file1")
    screen.page.keyboard.press("Enter")
    expect(screen.words).to_have_value("no more @file1 ")
    screen.words.press("Enter")
    expect(screen.questions.last).to_contain_text("no more @file1")
    screen.ended()
    expect(screen.questions.last.locator(".file")).to_contain_text("alone.txt")
    assert "all alone" in question(upstream.asked("no more")[-1])


def test_a_file_further_up_is_called_by_its_handle_and_goes_along_again(screen: Screen) -> None:
    screen.attach(file("above.json", b'{"fox": 1}'))
    screen.settled_tray(1)
    screen.told("look at this")
    screen.words.press_sequentially("again @fi")
    option = screen.page.get_by_role("listbox", name="Pictures and files to call")
    expect(option.get_by_role("option")).to_contain_text("@file1above.json")
    screen.page.keyboard.press("Tab")
    screen.tray_shows(sha(b'{"fox": 1}'))
    screen.told("again @file1")
    expect(screen.questions.last.locator(".file")).to_contain_text("above.json")


def test_what_is_not_taken_is_told_and_the_words_stay(screen: Screen, watch: Watch) -> None:
    watch.expect("415 ")
    screen.words.fill("my words")
    screen.attach(file("tool.exe", b"MZ" + bytes(90)), file("good.txt", b"good"))
    screen.toast("tool.exe: This is no file that Easel takes.")
    screen.tray_shows(sha(b"good"))
    expect(screen.words).to_have_value("my words")
    screen.attach(*(file(f"{n}.txt", b"%d" % n) for n in range(12)))
    screen.toast("At most 10 files go with one message; 3 left out.")
    screen.settled_tray(10)
