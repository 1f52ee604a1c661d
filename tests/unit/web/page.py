"""What a page makes of what it is told, in the words of ``assets/js/transcript.js``.

Strings are cut in UTF-16 units, as a browser does. It knows no HTML beyond the frame of an
article, and so shows exactly the strings that a browser would parse.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from websockets.asyncio.client import ClientConnection

from tests.patience import PATIENCE_S

BODY, TAIL = '<div class="body">', '<div class="tail">'


def utf16_cut(text: str, units: int) -> str:
    """``text.slice(0, units)`` of JavaScript."""
    return text.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le")


@dataclass
class Article:
    """One message on the screen."""

    head: str
    body: str
    tail: str
    stamp: str

    @classmethod
    def parsed(cls, drawn: dict[str, str]) -> "Article":
        """From a drawn message."""
        html = drawn["html"]
        body, tail = html.index(BODY) + len(BODY), html.rindex(TAIL)
        return cls(html[:body], html[body:tail].removesuffix("</div>"), html[tail:], drawn["stamp"])

    @property
    def id(self) -> str:
        """The message's id."""
        return self.head.partition('data-id="')[2][:32]

    @property
    def busy(self) -> bool:
        """Whether it says that it is being written."""
        return 'aria-busy="true"' in self.head


@dataclass
class Growing:
    """A reply that is being written."""

    id: str
    finished: str = ""
    open: str = ""
    blocks: int = 0


def grown_by(reply: Growing, changes: list[dict[str, Any]]) -> None:
    """Take the changes of one frame."""
    for change in changes:
        reply.open = utf16_cut(reply.open, change["keep"]) + change["tail"]
        if change["finished"]:
            reply.finished += reply.open
            reply.open = ""
            reply.blocks += 1


class Page:
    """The transcript of one page."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.articles: list[Article] = []
        self.growing: dict[int, Growing] = {}
        self.told: list[dict[str, Any]] = []
        """Everything but frames, in order."""
        self.received_bytes = 0
        self.frames = 0
        self.ended: dict[str, dict[str, Any]] = {}

    def article(self, message_id: str) -> Article:
        """The one that shows this message."""
        return next(article for article in self.articles if article.id == message_id)

    def body(self, message_id: str) -> str:
        """The HTML in the body of a message, grown or drawn."""
        for reply in self.growing.values():
            if reply.id == message_id:
                return reply.finished + reply.open
        return self.article(message_id).body

    @property
    def ids(self) -> list[str]:
        """The messages on the screen, from the top."""
        return [article.id for article in self.articles]

    async def say(self, message: Any) -> None:
        """Tell the server; a ``str`` or ``bytes`` goes as it is."""
        raw = message if isinstance(message, str | bytes) else json.dumps(message)
        await self.socket.send(raw)

    async def hear(self) -> dict[str, Any]:
        """Take the next thing told."""
        raw = await self.socket.recv()
        assert isinstance(raw, str)
        self.received_bytes += len(raw.encode())
        told: dict[str, Any] = json.loads(raw)
        if told["type"] != "frame":
            self.told.append(told)
        getattr(self, f"_{told['type']}", lambda _: None)(told)
        return told

    async def until(self, enough: Callable[[], bool]) -> None:
        """Listen until something is so."""
        async with asyncio.timeout(PATIENCE_S):
            while not enough():
                await self.hear()

    async def next(self, kind: str) -> dict[str, Any]:
        """Listen until something of this kind is told."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                told = await self.hear()
                if told["type"] == kind:
                    return told

    async def open(self, conversation: str) -> dict[str, Any]:
        """Show a conversation; what the window says."""
        await self.say({"type": "open", "conversation": conversation})
        return await self.next("window")

    async def end_of(self, reply_id: str) -> str:
        """Listen until a reply is on the screen and not being written; its body."""
        await self.until(lambda: reply_id in self.ids and not self.article(reply_id).busy)
        return self.article(reply_id).body

    def _window(self, told: dict[str, Any]) -> None:
        self.growing.clear()
        self.articles = [Article.parsed(each) for each in told["added"]]

    def _patch(self, told: dict[str, Any]) -> None:
        for drawn in told["redrawn"]:
            self.articles[self.ids.index(drawn["id"])] = Article.parsed(drawn)
        assert told["keep"] <= len(self.articles)
        self.articles[told["keep"] :] = [Article.parsed(each) for each in told["added"]]

    def _older(self, told: dict[str, Any]) -> None:
        self.articles[:0] = [Article.parsed(each) for each in told["added"]]

    def _stream(self, told: dict[str, Any]) -> None:
        assert self.article(told["reply"]).busy
        known = next((each for each in self.growing.values() if each.id == told["reply"]), None)
        self.growing = {s: each for s, each in self.growing.items() if each is not known}
        if known is None or not told["held"]:
            known = Growing(told["reply"])
        assert known.blocks == told["held"]
        known.open = ""
        self.growing[told["stream"]] = known

    def _frame(self, told: dict[str, Any]) -> None:
        self.frames += 1
        grown_by(self.growing[told["stream"]], told["changes"])

    def _end(self, told: dict[str, Any]) -> None:
        article = self.article(told["reply"])
        article.body = self.body(told["reply"]) if told["body"] is None else told["body"]
        article.tail = told["tail"]
        article.head = article.head.replace(' aria-busy="true"', "")
        article.stamp = told["stamp"]
        self.growing = {s: each for s, each in self.growing.items() if each.id != told["reply"]}
        self.ended[told["reply"]] = told
