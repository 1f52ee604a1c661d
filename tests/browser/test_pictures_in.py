"""Pictures that people add: by dialog, clipboard or mouse; the wrong ones are told why."""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen, file, sha
from tests.browser.upstream import Upstream, sent_pictures
from tests.browser.watch import Watch
from tests.unit.images.specimens import MADE
from tests.wire_shapes import data_url, tiny_png

pytestmark = pytest.mark.browser

REFUSED = "415 "

# A transfer with one file in it, as a browser makes it for a paste or a drop. Zeros are appended
# there, because so many bytes take half a minute on their way into the browser.
GIVE = """
([event, target, bytes, zeros]) => {
    const transfer = new DataTransfer();
    const data = Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0));
    const parts = [data, new Uint8Array(zeros)];
    transfer.items.add(new File(parts, 'given.png', { type: 'image/png' }));
    const kinds = { paste: ClipboardEvent, drop: DragEvent };
    const key = event === 'paste' ? 'clipboardData' : 'dataTransfer';
    const options = { bubbles: true, cancelable: true, [key]: transfer };
    document.querySelector(target).dispatchEvent(new kinds[event](event, options));
}
"""


def declared_png(width_px: int, height_px: int) -> bytes:
    """A PNG of a few bytes whose header declares this size."""
    head = struct.pack(">IIBBBBB", width_px, height_px, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    body = struct.pack(">I", len(head)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return b"\x89PNG\r\n\x1a\n" + body + tiny_png(1)[33:]


@pytest.mark.parametrize(("event", "target"), [("paste", "#words"), ("drop", "#pane")])
def test_a_picture_can_be_pasted_or_dropped_anywhere(
    screen: Screen, upstream: Upstream, event: str, target: str
) -> None:
    picture = tiny_png(1, 2, 3)
    base64 = data_url(picture).partition(",")[2]
    screen.page.evaluate(GIVE, [event, target, base64, 0])
    screen.tray_shows(sha(picture))
    screen.told(f"a picture by {event}")
    assert sent_pictures(upstream.asked(f"by {event}")[-1]) == [data_url(picture)]


def test_chosen_pictures_show_before_they_are_sent_and_may_be_taken_out(
    screen: Screen, upstream: Upstream
) -> None:
    pictures = [tiny_png(n, n, 7) for n in range(3)]
    screen.attach(*(file(f"{n}.png", data) for n, data in enumerate(pictures)))
    screen.settled_tray(3)
    expect(screen.chips.locator("img")).to_have_count(3)
    shown = screen.chips.locator("img").evaluate_all("all => Promise.all(all.map(i => i.decode()))")
    assert len(shown) == 3
    screen.chips.filter(has_text="1.png").get_by_role("button", name="Remove").click()
    screen.tray_shows(sha(pictures[0]), sha(pictures[2]))
    screen.told("two of three")
    assert sent_pictures(upstream.asked("two of three")[0]) == [
        data_url(pictures[0]),
        data_url(pictures[2]),
    ]


def test_a_picture_alone_is_a_message(screen: Screen) -> None:
    screen.attach(file("alone.png", tiny_png(77)))
    screen.settled_tray(1)
    expect(screen.send).to_be_enabled()
    screen.send.click()
    screen.ended()  # of the only reply there can be
    expect(screen.questions.last.locator(".pic")).to_have_count(1)


def test_of_forty_files_thirty_two_are_taken_and_a_sentence_says_so(screen: Screen) -> None:
    screen.attach(*(file(f"{n}.png", tiny_png(n, 50, 50)) for n in range(40)))
    screen.toast("At most 32 pictures go with one message; 8 left out.")
    screen.settled_tray(32)
    expect(screen.chips.first).to_contain_text("0.png")
    expect(screen.chips.last).to_contain_text("31.png")


def test_a_text_that_is_named_like_a_picture_is_refused_and_the_words_stay(
    screen: Screen, watch: Watch
) -> None:
    watch.expect(REFUSED)
    screen.words.fill("my words")
    screen.attach(file("notes.png", b"These are notes, not a picture.\n" * 40))
    screen.toast("notes.png: ")
    screen.settled_tray(0)
    expect(screen.words).to_have_value("my words")
    screen.told("my words")


def test_a_bomb_of_many_megapixels_is_refused(screen: Screen, watch: Watch) -> None:
    watch.expect(REFUSED)
    good, bomb = file("good.png", tiny_png(8)), file("bomb.png", declared_png(20_000, 20_000))
    screen.attach(bomb, good)
    screen.toast("megapixels")
    screen.settled_tray(1)
    expect(screen.chips).to_contain_text("good.png")


def test_a_file_that_is_too_large_is_not_even_uploaded(screen: Screen) -> None:
    screen.page.evaluate(GIVE, ["drop", "#pane", "", 20_000_001])
    screen.toast("given.png: larger than 20 MB")
    screen.settled_tray(0)


@pytest.mark.parametrize("name", ["phone.heic", "moving.gif"])
def test_what_phones_and_the_web_are_full_of_can_be_added(
    screen: Screen, upstream: Upstream, name: str
) -> None:
    screen.attach(file(name, MADE[name]().data))
    screen.settled_tray(1)
    screen.told(f"see {name}")
    [address] = sent_pictures(upstream.asked(name)[-1])
    assert address.startswith(("data:image/jpeg", "data:image/png", "data:image/webp"))
    picture = screen.questions.last.locator(".pic img")
    picture.evaluate("image => image.decode()")


def test_a_folder_is_refused_in_words_and_what_lies_beside_it_is_taken(
    screen: Screen, tmp_path: Path
) -> None:
    folder, picture = tmp_path / "Holidays", tmp_path / "beside.png"
    folder.mkdir()
    picture.write_bytes(tiny_png(6))
    (folder / "inside.png").write_bytes(tiny_png(7))
    browser = screen.page.context.new_cdp_session(screen.page)
    data = {"items": [], "files": [str(folder), str(picture)], "dragOperationsMask": 1}
    for step in ("dragEnter", "dragOver", "drop"):
        browser.send("Input.dispatchDragEvent", {"type": step, "x": 640, "y": 300, "data": data})
    screen.toast("“Holidays” is a folder. Open it, and add the files that are in it.")
    screen.tray_shows(sha(tiny_png(6)))


def test_a_phone_offers_its_camera_and_takes_the_photo(
    stranger: Callable[..., Screen],
) -> None:
    phone = stranger(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    phone.page.locator("#attach").tap()
    with phone.page.expect_file_chooser() as asked:
        phone.page.get_by_role("menuitem", name="Take a photo").tap()
    camera = asked.value.element
    assert (camera.get_attribute("capture"), camera.get_attribute("accept")) == (
        "environment",
        "image/*",
    )
    asked.value.set_files(file("photo.png", tiny_png(8)))
    phone.tray_shows(sha(tiny_png(8)))
