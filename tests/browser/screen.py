"""What a person sees of Easel and does with it, in the words of the page."""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import FilePayload, Locator, Page, expect

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
        if self.conversation:
            expect(
                self.page.locator(f"#transcript[data-conv='{self.conversation}']")
            ).to_be_attached()
        return self

    @property
    def conversation(self) -> str:
        """The id in the address bar; empty before the first message."""
        return parse_qs(urlsplit(self.page.url).query).get("c", [""])[0]

    def ask(self, text: str) -> None:
        """Write, press Enter, and wait until the question stands in the transcript."""
        before = self.questions.count()
        self.words.fill(text)
        self.words.press("Enter")
        expect(self.questions).to_have_count(before + 1)

    def ended(self, status: str = "complete") -> Locator:
        """The last reply, once it has ended so."""
        expect(self.reply).to_have_attribute("data-status", status)
        return self.reply

    def told(self, text: str, status: str = "complete") -> Locator:
        """Ask and wait for the end of the reply."""
        self.ask(text)
        return self.ended(status)

    def attach(self, *files: Path | FilePayload) -> None:
        """Choose these files in the file dialog."""
        chosen = [f if isinstance(f, dict) else file(f.name, f.read_bytes()) for f in files]
        self.page.set_input_files("#files", chosen)

    def settled_tray(self, count: int) -> None:
        """Wait until so many pictures are in the tray and none is still on its way."""
        expect(self.chips).to_have_count(count)
        expect(self.page.locator("#tray [aria-busy]")).to_have_count(0)

    def shas(self, locator: Locator) -> Sequence[str]:
        """The names of the pictures in these elements."""
        return [str(sha) for sha in locator.evaluate_all("all => all.map(e => e.dataset.sha)")]

    def toast(self, text: str) -> None:
        """Wait for a remark with these words."""
        expect(self.toasts.filter(has_text=text).first).to_be_visible()


def file(name: str, data: bytes) -> FilePayload:
    """A file as a person chooses it; its type is told by its name, as browsers do."""
    mime = IMAGE_TYPES.get(Path(name).suffix, "application/octet-stream")
    return {"name": name, "mimeType": mime, "buffer": data}
