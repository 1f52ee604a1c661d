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

    @classmethod
    def parsed(cls, html: str) -> "Article":
        """From the HTML of an article."""
        body, tail = html.index(BODY) + len(BODY), html.rindex(TAIL)
        return cls(html[:body], html[body:tail].removesuffix("</div>"), html[tail:])

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


def grown_by(reply: Growing, changes: list[Any]) -> None:
    """Take the changes of one frame: ``keep, tail, finished`` again and again."""
    for keep, tail, finished in zip(changes[::3], changes[1::3], changes[2::3], strict=True):
        reply.open = utf16_cut(reply.open, keep) + tail
        if finished:
            reply.finished += reply.open
            reply.open = ""


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

    async def hear(self) -> list[Any] | dict[str, Any]:
        """Take the next thing told."""
        raw = await self.socket.recv()
        assert isinstance(raw, str)
        self.received_bytes += len(raw.encode())
        told: list[Any] | dict[str, Any] = json.loads(raw)
        if isinstance(told, list):
            self._frame(told)
        else:
            self.told.append(told)
            getattr(self, f"_{told['t']}", lambda _: None)(told)
        return told

    async def until(self, enough: Callable[[], bool]) -> None:
        """Listen until something is so."""
        async with asyncio.timeout(20):
            while not enough():
                await self.hear()

    async def next(self, kind: str) -> dict[str, Any]:
        """Listen until something of this kind is told."""
        async with asyncio.timeout(20):
            while True:
                told = await self.hear()
                if isinstance(told, dict) and told["t"] == kind:
                    return told

    async def open(self, conversation: str) -> dict[str, Any]:
        """Show a conversation; what the window says."""
        await self.say({"open": conversation})
        return await self.next("window")

    async def end_of(self, reply_id: str) -> str:
        """Listen until a reply is on the screen and not being written; its body."""
        await self.until(lambda: reply_id in self.ids and not self.article(reply_id).busy)
        return self.article(reply_id).body

    def _window(self, told: dict[str, Any]) -> None:
        self.growing.clear()
        self.articles = [Article.parsed(html) for html in told["add"]]

    def _patch(self, told: dict[str, Any]) -> None:
        for message_id, html in told["set"]:
            self.articles[self.ids.index(message_id)] = Article.parsed(html)
        assert told["keep"] <= len(self.articles)
        self.articles[told["keep"] :] = [Article.parsed(html) for html in told["add"]]

    def _older(self, told: dict[str, Any]) -> None:
        self.articles[:0] = [Article.parsed(html) for html in told["add"]]

    def _live(self, told: dict[str, Any]) -> None:
        assert self.article(told["m"]).busy
        self.growing[told["h"]] = Growing(told["m"])

    def _frame(self, told: list[Any]) -> None:
        self.frames += 1
        handle, *changes = told
        reply = self.growing[handle]
        grown_by(reply, changes)

    def _end(self, told: dict[str, Any]) -> None:
        article = self.article(told["m"])
        article.body = self.body(told["m"]) if told["body"] is None else told["body"]
        article.tail = told["tail"]
        article.head = article.head.replace(' aria-busy="true"', "")
        self.growing = {h: reply for h, reply in self.growing.items() if reply.id != told["m"]}
        self.ended[told["m"]] = told
