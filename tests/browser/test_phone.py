"""An Easel that is installed on a phone: offline it says so, and takes what is shared with it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.screen import Screen, sha
from tests.browser.upstream import Upstream
from tests.patience import PATIENCE_MS
from tests.program import Program
from tests.wire_shapes import tiny_png

pytestmark = pytest.mark.browser

ADD = "Add it"
SHARED = """async ([name, bytes, words, more = 0]) => {
    // As a phone does: a form that the page itself does not send.
    const form = document.createElement("form");
    form.method = "post";
    form.enctype = "multipart/form-data";
    form.action = "share";
    const files = document.createElement("input");
    files.type = "file";
    files.name = "files";
    const held = new DataTransfer();
    for (let n = 0; n <= more; n += 1)
        held.items.add(new File([Uint8Array.from(bytes)], name, { type: "image/png" }));
    files.files = held.files;
    const text = document.createElement("input");
    text.name = "text";
    text.value = words;
    form.append(files, text);
    document.body.append(form);
    form.submit();
}"""


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    """The only profile of the tests whose pages have a worker."""
    context = chromium.new_context(
        viewport={"width": 390, "height": 780}, has_touch=True, is_mobile=True
    )
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture(params=["open", "behind a login"])
def served(
    request: pytest.FixtureRequest, tmp_path: Path, easel: Program
) -> Iterator[tuple[Program, str]]:
    """An Easel, and the address by which one comes in."""
    if request.param == "open":
        yield easel, easel.address
        return
    with Program(tmp_path / "data", EASEL_TOKEN="of-a-phone-that-signs-in") as program:
        yield program, f"{program.address}/?token=of-a-phone-that-signs-in"


def opened(phone: BrowserContext, address: str, enters: str) -> Screen:
    """The page, once its worker answers for it."""
    page = phone.new_page()
    page.goto(enters)
    screen = Screen(page, address).ready()
    page.evaluate("() => navigator.serviceWorker.ready")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    return screen


def test_what_is_shared_with_the_app_lands_in_the_box_and_stays_nowhere(
    phone: BrowserContext, served: tuple[Program, str]
) -> None:
    program, enters = served
    screen = opened(phone, program.address, enters)
    picture = tiny_png(200, 40, 7)
    screen.page.evaluate("caches.open('of-another-app')")
    screen.page.evaluate(SHARED, ["holiday.png", list(picture), "Make it warmer"])
    # Any page of the web can send such a form to a tab.
    asks = screen.page.get_by_role("status").filter(has_text="Something was shared with Easel")
    expect(asks.get_by_role("button", name="Leave it")).to_be_visible()
    expect(screen.words).to_have_value("")
    asks.get_by_role("button", name=ADD).click()
    expect(screen.page.locator("#tray .chip")).to_have_count(1)
    screen.tray_shows(sha(picture))
    expect(screen.words).to_have_value("Make it warmer")
    expect(screen.page).not_to_have_url("**shared**")
    kept = screen.page.evaluate(
        """async () => {
            const names = await caches.keys();
            const keys = async (name) => (await caches.open(name)).keys();
            const all = (await Promise.all(names.map(keys))).flat();
            return all.map(({ url }) => new URL(url).pathname);
        }"""
    )
    assert screen.page.evaluate("caches.has('of-another-app')")
    assert sorted(kept) == ["/easel/icons/easel.svg", "/offline"]
    screen.reload()
    screen.settled_tray(1)  # the draft; shared once, it is there once


def test_what_is_shared_is_handed_to_the_page_of_its_id_once_and_within_bounds(
    phone: BrowserContext, easel: Program
) -> None:
    # The system's own window of an installed app, which no test has.
    phone.add_init_script(
        """{
            const asked = matchMedia.bind(window);
            window.matchMedia = (of) =>
                of === "(display-mode: standalone)" ? { matches: true } : asked(of);
        }"""
    )
    screen = opened(phone, easel.address, easel.address)
    # Somebody shares, and goes away before the page is there.
    screen.page.evaluate(
        """() => {
            const form = new FormData();
            form.set("text", "a secret");
            return fetch("share", { method: "POST", body: form, redirect: "manual" });
        }"""
    )
    other = phone.new_page()
    other.goto(f"{easel.address}/?shared=of-another")
    next_one = Screen(other, easel.address).ready()
    other.wait_for_function("!location.search")
    other.evaluate(
        """() => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = ({ data }) => (document.body.dataset.handed = JSON.stringify(data));
            navigator.serviceWorker.controller.postMessage({ shared: "of-another" }, [port2]);
        }"""
    )
    expect(other.locator("body")).to_have_attribute("data-handed", "null")
    expect(next_one.words).to_have_value("")
    other.evaluate(SHARED, ["one.png", list(tiny_png(200, 40, 7)), "Warmer", 42])
    expect(other.get_by_role("alert").filter(has_text="Part of what was shared")).to_be_visible()
    expect(next_one.words).to_have_value("Warmer")


def test_the_page_without_a_network_speaks_as_the_page_does(
    phone: BrowserContext, easel: Program
) -> None:
    screen = opened(phone, easel.address, easel.address)
    name = f"easel-language-{easel.port}"
    phone.add_cookies([{"name": name, "value": "en-XA", "url": easel.address}])
    screen.reload()
    screen.page.evaluate(
        """() => {
            const address = new URL("offline", location.href).href;
            const look = async () => {
                const kept = await (await caches.match(address)).text();
                document.body.dataset.kept = kept.match(/lang="(.+?)"/)[1];
                requestAnimationFrame(look);
            };
            look();
        }"""
    )
    expect(screen.page.locator("body")).to_have_attribute("data-kept", "en-XA")


def test_without_a_network_the_app_says_so_and_comes_back(
    phone: BrowserContext, easel: Program
) -> None:
    screen = opened(phone, easel.address, easel.address)
    screen.words.fill("a thought on the train")
    phone.set_offline(True)
    screen.page.reload()
    expect(screen.page.get_by_role("heading", name="Easel cannot be reached")).to_be_visible()
    phone.set_offline(False)
    screen.page.get_by_role("link", name="Try again").click()
    screen.ready()
    expect(screen.words).to_have_value("a thought on the train")


def test_the_app_can_be_installed(phone: BrowserContext, easel: Program) -> None:
    """By the browser's own judgement of its manifest."""
    screen = opened(phone, easel.address, easel.address)
    devtools = phone.new_cdp_session(screen.page)
    told = devtools.send("Page.getAppManifest")
    assert told["errors"] == []
    assert told["url"].endswith("/easel/easel.webmanifest")
    assert devtools.send("Page.getInstallabilityErrors")["installabilityErrors"] in (
        [],
        [{"errorId": "in-incognito", "errorArguments": []}],
    )


def test_with_the_keyboard_up_the_last_lines_and_the_box_are_seen(
    stranger: Callable[..., Screen], screen: Screen, upstream: Upstream
) -> None:
    upstream.says("with a keyboard", tiny_png(9, side_px=400), "The last line of all.")
    screen.told("with a keyboard")
    phone = stranger(
        screen.conversation, viewport={"width": 360, "height": 350}, has_touch=True, is_mobile=True
    )
    phone.settled_tray(1)
    phone.words.tap()
    expect(phone.page.locator("#controls")).to_be_hidden()
    expect(phone.reply.get_by_text("The last line of all.")).to_be_in_viewport(ratio=1)
    for part in (phone.words, phone.send, phone.chips.first):
        expect(part).to_be_in_viewport(ratio=1)
    box = phone.page.locator("#composer").bounding_box()
    assert box is not None
    assert box["height"] <= 150
    phone.words.blur()
    expect(phone.page.locator("#controls")).to_be_visible()


def test_a_keyboard_does_not_hide_the_box(phone: BrowserContext, easel: Program) -> None:
    screen = opened(phone, easel.address, easel.address)
    screen.page.evaluate(
        """() => {
            // A keyboard that lies over the page, as where browsers make no room for it.
            Object.defineProperty(visualViewport, "height", { get: () => innerHeight - 300 });
            visualViewport.dispatchEvent(new Event("resize"));
        }"""
    )
    expect(screen.words).to_be_in_viewport(ratio=1)
    box = screen.page.locator("#composer").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 480
