"""One running call of a tool: its progress, its pictures, its time, its end."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from typing import Any

from chat.core.errors import ToolFailed
from chat.core.events import ToolProgress
from chat.core.messages import Message
from chat.core.parts import Image, Part, pictures
from chat.core.ports import Picture, Result
from chat.turns.pictures import Pictures

TOOL_TIMEOUT_S = 30.0
"""From its start, and again from each word of its progress."""

LONGEST_S = 600.0
"""However much progress it reports."""

PROGRESS_S = 0.2
"""Progress is published once in so long: more often nobody reads, and each is remembered."""

NOTE_CHARS = 200
SHORTEST_SHA = 8

Publish = Callable[[ToolProgress], None]


def shown_pictures(branch: Sequence[Message], reply: Sequence[Part]) -> list[Image]:
    """The pictures that a conversation shows, in order: no drafts and no masks."""
    every = [pictures(message.parts) for message in branch] + [pictures(reply)]
    return [image for found in every for image in found]


class ToolRun:
    """Implements ``chat.core.ports.ToolContext``."""

    def __init__(
        self,
        call_id: str,
        owner: str,
        shown: Sequence[Image],
        pictures: Pictures,
        threads: Executor,
        publish: Publish,
    ) -> None:
        """Stand for the call with this id; ``shown`` are the conversation's pictures, in order."""
        self._call_id = call_id
        self._owner = owner
        self._shown = shown
        self._pictures = pictures
        self._threads = threads
        self._publish = publish
        self._loop = asyncio.get_running_loop()
        self._longest = self._loop.time() + LONGEST_S
        self._deadline = asyncio.timeout(TOOL_TIMEOUT_S)
        self._stopped = threading.Event()
        self._latest: ToolProgress | None = None
        self._flush: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> "ToolRun":
        await self._deadline.__aenter__()
        return self

    async def __aexit__(self, *exc: Any) -> None:
        """Raises ``TimeoutError`` where the time was up."""
        self._stopped.set()
        if self._flush is not None:
            self._flush.cancel()
        await self._deadline.__aexit__(*exc)

    @property
    def stopped(self) -> bool:
        """Whether nobody waits for the result any more."""
        return self._stopped.is_set()

    def raise_if_stopped(self) -> None:
        """Give up where nobody waits any more. Raises ``ToolFailed``."""
        if self._stopped.is_set():
            raise ToolFailed("Stopped.")

    def progress(self, note: str, share: float | None = None) -> None:
        """Say how far the work is."""
        # A comparison with what is no number is false.
        share = None if share is None else min(max(0.0, share), 1.0) if share == share else None
        told = ToolProgress(self._call_id, " ".join(note.split())[:NOTE_CHARS], share)
        with suppress(RuntimeError):  # the program ended before a thread of its heard of it
            self._loop.call_soon_threadsafe(self._told, told)

    def _told(self, told: ToolProgress) -> None:
        if self._stopped.is_set():
            return
        until = min(self._loop.time() + TOOL_TIMEOUT_S, self._longest)
        if not self._deadline.expired():
            self._deadline.reschedule(until)
        self._latest = told
        if self._flush is None:
            self._published()

    def _published(self) -> None:
        """Publish the latest, and look again after a while whether there is a later one."""
        self._flush = None
        if self._latest is not None:
            self._publish(self._latest)
            self._latest = None
            self._flush = self._loop.call_later(PROGRESS_S, self._published)

    async def in_thread(self, work: Callable[[], Result]) -> Result:
        """Run blocking work in a thread for tools."""
        return await self._loop.run_in_executor(self._threads, work)

    async def picture(self, name: str) -> Picture:
        """A picture of the conversation. Raises ``ToolFailed``."""
        image = self._found(name.strip().lower())
        if image is None:
            raise ToolFailed(f"There is no picture {name[:80]!r} here. {self._choice()}")
        _, data = await self._pictures.bytes_of(self._owner, image.media.sha256, False)
        return Picture(data, image.alt)

    def _found(self, name: str) -> Image | None:
        distinct = list({image.media.sha256: image for image in self._shown}.values())
        if name == "latest":
            return self._shown[-1] if self._shown else None
        if name.isascii() and name.isdecimal() and len(name) < SHORTEST_SHA:
            number = int(name)
            return distinct[number - 1] if 0 < number <= len(distinct) else None
        matching = [image for image in distinct if image.media.sha256.startswith(name)]
        return matching[0] if len(name) >= SHORTEST_SHA and len(matching) == 1 else None

    def _choice(self) -> str:
        count = len({image.media.sha256 for image in self._shown})
        if not count:
            return "The conversation has none."
        return f"Say “latest”, or a number from 1 to {count}."
