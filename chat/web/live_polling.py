"""The live connection by long polling, for pages behind a proxy that lets no WebSocket through.

A page asks, and is answered as soon as there is something to tell, or after a while with nothing.
What was told is kept until the page says that it has arrived: an answer that is lost on its way
is given once more.
"""

import asyncio
import json
import logging
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

from fastapi import HTTPException, Path, Response
from pydantic import Field

from chat.web.api.answers import answer
from chat.web.api.values import Body
from chat.web.live_messages import Told
from chat.web.owner import Owner
from chat.web.routes import Routes

log = logging.getLogger(__name__)

FORGOTTEN_AFTER_S = 60.0
"""A page that has not asked for so long is taken to be gone."""

MAX_PAGES = 200
MAX_SAID = 20
MAX_TOLD = 500
"""So much in one answer; the rest comes with the next."""

GONE = 410
FORGOTTEN = "This page was forgotten; it begins anew."
FULL = "Too many pages are open that no live connection reaches. Close some."

PageId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


class Poll(Body):
    """A page asks what there is."""

    arrived: int = Field(ge=0)
    """The number of the last answer that came; 0: this is its first question."""


class Say(Body):
    """A page says something."""

    begins: bool = False
    """Whether the page may be a new one."""
    said: list[dict[str, Any]] = Field(max_length=MAX_SAID)


@dataclass(frozen=True, kw_only=True)
class Polled:
    """What there was to tell, in order, and the number of this answer."""

    number: int
    told: list[Told]


@dataclass(frozen=True, kw_only=True)
class Taken:
    """So much of what was said is done."""

    taken: int


class PolledPage(Protocol):
    """What a page is to whoever connects it; see ``chat.web.live.Page``."""

    @property
    def out(self) -> "asyncio.Queue[str]":
        """What it is to be told; an empty text: it is to be cut off."""

    async def watch(self) -> None:
        """Tell the page what changes, until cancelled."""

    async def take(self, text: str | None) -> None:
        """Do what the page says."""


class PollingPage:
    """A page that asks by itself."""

    def __init__(self, page: PolledPage) -> None:
        """Watch for this page from now on."""
        self.page = page
        self.watching = asyncio.create_task(page.watch(), name="polled-page")
        self.watching.add_done_callback(_told_of_its_end)
        self.number = 0
        self._given: deque[str] = deque()
        """The answer of that number, which may not have arrived."""
        self._waiting: asyncio.Task[str] | None = None
        self.leave: asyncio.TimerHandle | None = None

    async def answer(self, arrived: int, patience_s: float) -> str | None:
        """What there is to tell; ``None``: the page must begin anew."""
        if self._waiting is not None:
            self._waiting.cancel()  # the question before this one was lost on its way
        if arrived == self.number:
            self._given.clear()
        elif arrived != self.number - 1:
            return None
        if not self._given:
            await self._wait(patience_s)
        if not all(self._given):
            return None
        return f'{{"number":{self.number},"told":[{",".join(self._given)}]}}'

    async def _wait(self, patience_s: float) -> None:
        """Take what there is into the next answer; nothing, where none comes in time."""
        out = self.page.out
        waiting = self._waiting = asyncio.create_task(out.get())
        try:
            await asyncio.wait({waiting}, timeout=patience_s)
        finally:
            waiting.cancel()
        if self._waiting is waiting:
            self._waiting = None
        with suppress(asyncio.CancelledError):
            await waiting
        if waiting.cancelled():
            return
        self._given.append(waiting.result())
        while len(self._given) < MAX_TOLD and not out.empty():
            self._given.append(out.get_nowait())
        self.number += 1


class PolledPages:
    """The pages of a process that poll."""

    def __init__(self, made: Callable[[str], PolledPage], patience_s: float) -> None:
        """``made`` makes a page of an owner; a question is answered after this at the latest."""
        self._made = made
        self._patience_s = patience_s
        self._pages: dict[tuple[str, str], PollingPage] = {}

    def router(self) -> Routes:
        """``/live/{page}``: to poll, and to say something."""
        live = Routes()

        @live.post("/live/{page_id}", response_model=Polled)
        async def poll(owner: Owner, page_id: PageId, asked: Poll) -> Response:
            key = (owner, page_id)
            polled = self._page(key, begins=asked.arrived == 0)
            told = await polled.answer(asked.arrived, self._patience_s)
            if told is None or polled.watching.done():
                self._forget(key)
                raise HTTPException(GONE, FORGOTTEN)
            return Response(told.encode("utf-8", "replace"), media_type="application/json")

        @live.post("/live/{page_id}/say", response_model=Taken)
        async def say(owner: Owner, page_id: PageId, body: Say) -> Response:
            polled = self._page((owner, page_id), begins=body.begins)
            for each in body.said:
                await polled.page.take(json.dumps(each))
            return answer(Taken(taken=len(body.said)))

        return live

    def _page(self, key: tuple[str, str], *, begins: bool) -> PollingPage:
        """A page that is known, or that begins; it lives for a while from now.

        Raises:
            HTTPException: 410 where the page must begin anew, under another name; 503 where
                there are too many.
        """
        polled = self._pages.get(key)
        if polled is None:
            if not begins:
                raise HTTPException(GONE, FORGOTTEN)
            if len(self._pages) >= MAX_PAGES:
                log.warning("%d pages poll already; one more is refused", MAX_PAGES)
                raise HTTPException(503, FULL)
            polled = self._pages[key] = PollingPage(self._made(key[0]))
        if polled.leave is not None:
            polled.leave.cancel()
        after_s = self._patience_s + FORGOTTEN_AFTER_S
        polled.leave = asyncio.get_running_loop().call_later(after_s, self._forget, key)
        return polled

    def _forget(self, key: tuple[str, str]) -> None:
        polled = self._pages.pop(key, None)
        if polled is not None:
            if polled.leave is not None:
                polled.leave.cancel()
            polled.watching.cancel()

    def let_go(self) -> None:
        """Answer every page that waits: it begins anew, with whoever serves it then."""
        for polled in self._pages.values():
            with suppress(asyncio.QueueFull):  # it has an answer already
                polled.page.out.put_nowait("")

    async def close(self) -> None:
        """Forget all; returns when nothing of them runs any more."""
        watching = [polled.watching for polled in self._pages.values()]
        for key in tuple(self._pages):
            self._forget(key)
        if watching:
            await asyncio.wait(watching)


def _told_of_its_end(watching: asyncio.Task[None]) -> None:
    if not watching.cancelled() and (bug := watching.exception()) is not None:
        log.error("a page met a bug", exc_info=bug)
