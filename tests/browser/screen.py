"""What a person sees of Easel and does with it, in the words of the page.

Whatever a page does, it does in its own time: each word here waits for what it promises, and
never looks at something older.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import FilePayload, Locator, Page, Response, expect

IMAGE_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".gif": "image/gif",
    ".heic": "image/heic",
}


class Screen:
    """One open page."""

    def __init__(self, page: Page, address: str) -> None:
        """Look at this page of the Easel at this address; nothing is opened yet."""
        self.page = page
        self.address = address
        find = page.locator
        self.composer = find("#composer")
        self.words = find("#words")
        self.send = find("#send")
        self.tray = find("#tray")
        self.chips = find("#tray .chip")
        self.messages = find("#messages .msg")
        self.questions = find("#messages .msg.user")
        self.replies = find("#messages .msg.assistant")
        self.reply = self.replies.last
        self.pictures = find("#messages .pic")
        self.rows = find("#conversations .row")
        self.toasts = find("#toasts .toast")
        self.pane = find("#pane")
        self.model = find("#model")
        self.models = find("#models")

    def open(self, conversation: str | None = None) -> "Screen":
        """Load the page; with an id, that conversation."""
        self.page.goto(self.address + (f"/?c={conversation}" if conversation else "/"))
        return self.ready()

    def reload(self) -> "Screen":
        """Load the page again, as F5 does."""
        self.page.reload()
        return self.ready()

    def ready(self) -> "Screen":
        """Wait until the page has started and is connected."""
        expect(self.page.locator("body[data-easel=ready]")).to_be_attached()
        expect(self.page.locator("#transcript[data-online=true]")).to_be_attached()
        expect(self.page.locator("body[data-settings=shown]")).to_be_attached()
        if self.conversation:
            expect(
                self.page.locator(f"#transcript[data-conv='{self.conversation}']")
            ).to_be_attached()
        return self

    @property
    def conversation(self) -> str:
        """The id in the address bar; empty before the first message."""
        return parse_qs(urlsplit(self.page.url).query).get("c", [""])[0]

    def stands_before_a_new_conversation(self) -> None:
        """Wait until the page shows no conversation, and its address names none."""
        expect(self.page.locator("#welcome")).to_be_visible()
        expect(self.page).not_to_have_url(re.compile(r"[?&]c="))

    def shows(self, conversation: str) -> None:
        """Wait until the page shows this conversation, and its address names it."""
        expect(self.page.locator(f"#transcript[data-conv='{conversation}']")).to_be_attached()
        expect(self.page).to_have_url(re.compile(rf"[?&]c={conversation}\b"))

    def ask(self, text: str) -> Locator:
        """Write, press Enter, and wait until the question stands in the transcript.

        Returns: the reply to it, which may not have begun; never an older one.
        """
        with self.page.expect_response(_to_a_message) as answer:
            self.words.fill(text)
            self.words.press("Enter")
        assert answer.value.ok, answer.value.text()
        started = answer.value.json()
        reply = self.page.locator(f"#m-{started['reply']}")
        expect(self.page.locator(f"#m-{started['question']}")).to_be_attached()
        expect(reply).to_be_attached()
        # Only now has the page heard the answer too, emptied the box and given it the focus.
        expect(self.composer).not_to_have_attribute("data-state", "sending")
        return reply

    def ended(self, status: str = "complete", reply: Locator | None = None) -> Locator:
        """A reply, once it has ended so: the last, where it is known to be the one meant."""
        reply = reply or self.reply
        expect(reply).to_have_attribute("data-status", status)
        return reply

    def told(self, text: str, status: str = "complete") -> Locator:
        """Ask and wait for the end of the reply; that reply."""
        return self.ended(status, self.ask(text))

    def row(self, title: str) -> Locator:
        """The rows of the list whose title or excerpt has these words."""
        return self.rows.filter(has_text=title)

    def row_menu(self, row: Locator) -> Locator:
        """The menu of a row of the list, opened by its button."""
        row.hover()
        row.get_by_role("button", name="More about").click()
        return self.page.get_by_role("menu")

    def do_to(self, row: Locator, command: str) -> None:
        """Choose a command in the menu of a row of the list."""
        self.row_menu(row).get_by_role("menuitem", name=command, exact=True).click()

    def choose_model(self, title: str) -> None:
        """Choose in the menu, and wait until the server has kept it."""
        self.model.click()
        with kept(self.page):
            self.models.get_by_role("option", name=title, exact=True).click()
        expect(self.model.locator(".name")).to_have_text(title.partition(",")[0])

    def attach(self, *files: Path | FilePayload) -> None:
        """Choose these files in the file dialog."""
        chosen = [f if isinstance(f, dict) else file(f.name, f.read_bytes()) for f in files]
        self.page.set_input_files("#files", chosen)

    def settled_tray(self, count: int) -> None:
        """Wait until so many pictures are in the tray and none is still on its way.

        Where as many others may have been there before, only ``tray_shows`` tells them apart.
        """
        expect(self.chips).to_have_count(count)
        expect(self.page.locator("#tray [aria-busy]")).to_have_count(0)

    def tray_shows(self, *shas: str) -> None:
        """Wait until just these pictures are in the tray, in this order."""
        self.settled_tray(len(shas))
        are(self.chips, *shas)

    def shas(self, locator: Locator) -> Sequence[str]:
        """The names of the pictures in these elements."""
        return [str(sha) for sha in locator.evaluate_all("all => all.map(e => e.dataset.sha)")]

    def toast(self, text: str) -> None:
        """Wait for a remark with these words."""
        expect(self.toasts.filter(has_text=text).first).to_be_visible()


def are(pictures: Locator, *shas: str) -> None:
    """Wait until these elements are just these pictures, in this order."""
    expect(pictures).to_have_count(len(shas))
    for at, name in enumerate(shas):
        expect(pictures.nth(at)).to_have_attribute("data-sha", name)


def sha(picture: bytes) -> str:
    """The name under which Easel keeps a picture."""
    return hashlib.sha256(picture).hexdigest()


FLASH = """(element, text) => {
    const shown = new Promise((resolve, reject) => {
        const look = () => element.textContent.includes(text) && resolve();
        new MutationObserver(look).observe(
            element, { subtree: true, childList: true, characterData: true });
        setTimeout(() => reject(new Error(`“${text}” did not come up`)), 30000);
    });
    return { shown };
}"""


@contextmanager
def flashing(element: Locator, text: str) -> Iterator[None]:
    """Around an action: these words come up in an element, for however short a time."""
    seen = element.evaluate_handle(FLASH, text)
    yield
    seen.evaluate("seen => seen.shown")


def kept(page: Page) -> AbstractContextManager[object]:
    """Around a change of a setting: returns when the server has kept it."""
    return page.expect_response(_to_a_setting)


def _to_a_setting(response: Response) -> bool:
    """Whether it answers a change, and no mere reading."""
    path = urlsplit(response.url).path
    return response.request.method == "PATCH" and path.endswith("/settings") and response.ok


def _to_a_message(response: Response) -> bool:
    return response.request.method == "POST" and response.url.endswith("/messages")


def file(name: str, data: bytes) -> FilePayload:
    """A file as a person chooses it; its type is told by its name, as browsers do."""
    mime = IMAGE_TYPES.get(Path(name).suffix, "application/octet-stream")
    return {"name": name, "mimeType": mime, "buffer": data}
