"""One running call of a tool: its progress, its pictures, its time, its end."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

from chat.core.errors import NotFound, ToolFailed
from chat.core.events import ToolProgress
from chat.core.file_kinds import FileKind, kind_of_stored
from chat.core.handles import next_number, numbered, numbered_files
from chat.core.messages import Message
from chat.core.parts import File, Image, Json, Part, files, pictures
from chat.core.tools import GivenFile, Picture, Resource, Result, Tool
from chat.turns.pictures import Pictures
from chat.turns.questions import Questions
from chat.turns.tool_threads import ToolThreads

LONGEST_S = 600.0
"""However much progress it reports."""

PROGRESS_S = 0.2
"""Progress is published once in so long: more often nobody reads, and each is remembered."""

NOTE_CHARS = 200
SHORTEST_SHA = 8
MAX_NAMED = 8
"""Files in a sentence that says which there are: the newest."""

Publish = Callable[[ToolProgress], None]


def shown_pictures(branch: Sequence[Message], reply: Sequence[Part]) -> list[Image]:
    """The pictures that a conversation shows, in order: no drafts and no masks.

    Each has the number by which words call it as its handle.
    """
    numbers = numbered(branch)
    found = [image for message in branch for image in pictures(message.parts)]
    for image in pictures(reply):
        numbers.setdefault(image.media.sha256, next_number(numbers.values()))
        found.append(image)
    return [replace(image, handle=numbers[image.media.sha256]) for image in found]


def shown_files(branch: Sequence[Message], reply: Sequence[Part]) -> dict[int, File]:
    """The files of a conversation by number, as they came: users added them, tools made them."""
    numbers = numbered_files(branch)
    found = {file.media.sha256: file for message in branch for file in files(message.parts)}
    for file in files(reply):
        found.setdefault(file.media.sha256, file)
        numbers.setdefault(file.media.sha256, next_number(numbers.values()))
    by_number = {numbers[sha256]: file for sha256, file in found.items()}
    return dict(sorted(by_number.items()))


class ToolRun:
    """Implements ``chat.core.tools.ToolContext``."""

    def __init__(
        self,
        call_id: str,
        tool: Tool,
        owner: str,
        shown: Sequence[Image],
        pictures: Pictures,
        threads: ToolThreads,
        publish: Publish,
        resources: Mapping[type, Any],
        questions: Questions | None = None,
        files: Mapping[int, File] | None = None,
    ) -> None:
        """Stand for the call with this id.

        Args:
            call_id: the call.
            tool: what is called.
            owner: whose conversation it is.
            shown: the conversation's pictures, in order.
            pictures: where their bytes are.
            threads: for blocking work.
            publish: is told how far the tool is.
            resources: the parts of the house that tools may work with.
            questions: where the user is asked; ``None``: nobody can be.
            files: the conversation's files by their numbers.
        """
        self._files = files or {}
        self._call_id = call_id
        self._tool = tool
        self.owner = owner
        self._resources = resources
        self._timeout_s = tool.facts.timeout_s
        self._shown = shown
        self._pictures = pictures
        self._threads = threads
        self._publish = publish
        self._questions = questions
        self._loop = asyncio.get_running_loop()
        self._longest = self._loop.time() + LONGEST_S
        self._deadline = asyncio.timeout(self._timeout_s)
        self._still = 0
        """How many waits there are that are none of the tool's own."""
        self._left_s = 0.0
        self._began_s = self._loop.time()
        self._asked_s = 0.0
        """How long it has waited for the user."""
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
        self._left_s = min(self._timeout_s, self._longest - self._loop.time())
        if not self._still and not self._deadline.expired():
            self._deadline.reschedule(self._loop.time() + self._left_s)
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

    def resource(self, kind: type[Resource]) -> Resource:
        """A part of the house. Raises ``ToolFailed``."""
        if kind not in self._resources:
            raise ToolFailed("This Easel is not set up for that.")
        found: Resource = self._resources[kind]
        return found

    async def ask(self, message: str, form: Mapping[str, Json]) -> Mapping[str, Any] | None:
        """Ask the user. Raises ``ToolFailed`` where nobody can be asked."""
        if self._questions is None:
            raise ToolFailed("Nobody can be asked here.")
        title, source = self._tool.title, self._tool.facts.source
        began_s = self._loop.time()
        try:
            with self._standing_still():
                return await self._questions.ask(self._call_id, title, source, message, form)
        finally:
            self._asked_s += self._loop.time() - began_s

    @property
    def took_s(self) -> float:
        """How long it has been at work, waits for the user apart."""
        return max(0.0, self._loop.time() - self._began_s - self._asked_s)

    async def in_thread(self, work: Callable[[], Result]) -> Result:
        """Run blocking work in a thread for tools."""
        return await self._threads.run(self._tool.spec.name, work, self._standing_still())

    @contextmanager
    def _standing_still(self) -> Iterator[None]:
        """The time of the tool stands still inside."""
        began = self._loop.time()
        if not self._still:
            due = self._deadline.when()
            self._left_s = self._timeout_s if due is None else due - began
            if not self._deadline.expired():
                self._deadline.reschedule(None)
        self._still += 1
        try:
            yield
        finally:
            self._still -= 1
            if not self._still and not self._stopped.is_set() and not self._deadline.expired():
                self._longest += self._loop.time() - began
                self._deadline.reschedule(self._loop.time() + self._left_s)

    async def picture(self, name: str) -> Picture:
        """A picture of the conversation. Raises ``ToolFailed``."""
        image = self._found(name.strip().lower())
        if image is None:
            raise ToolFailed(f"There is no picture {name[:80]!r} here. {self._choice()}")
        _, data = await self._pictures.bytes_of(self.owner, image.media.sha256, False)
        return Picture(data, image.alt, image.media.sha256)

    def file_kinds(self) -> dict[str, FileKind | None]:
        """The files by what they are called; of one name, all but the last by their handles."""
        return {
            name: kind_of_stored(file.media.mime, file.name)
            for name, file in self._by_name().items()
        }

    async def file(self, name: str) -> GivenFile:
        """A file of the conversation. Raises ``ToolFailed``."""
        file = self._found_file(name.strip())
        if file is None:
            raise ToolFailed(f"There is no file {name[:80]!r} here. {self._choice_of_files()}")
        try:
            _, data = await self._pictures.bytes_of(self.owner, file.media.sha256, False)
        except NotFound as error:
            raise ToolFailed(f"The file “{file.name}” is lost.") from error
        return GivenFile(file.name, data)

    def _by_name(self) -> dict[str, File]:
        named: dict[str, File] = {}
        last = {file.name: number for number, file in self._files.items()}
        for number, file in self._files.items():
            named[file.name if last[file.name] == number else f"@file{number}"] = file
        return named

    def _found_file(self, name: str) -> File | None:
        named = self._by_name()
        if name in named:
            return named[name]
        if name.lower() == "latest":
            return self._files[max(self._files)] if self._files else None
        number = name.lower().removeprefix("@").removeprefix("file")
        if number.isascii() and number.isdecimal() and len(number) < SHORTEST_SHA:
            return self._files.get(int(number))
        alike = [file for known, file in named.items() if known.casefold() == name.casefold()]
        return alike[0] if len(alike) == 1 else None

    def _choice_of_files(self) -> str:
        if not self._files:
            return "The conversation has none."
        listed = [f"@file{number} “{file.name[:80]}”" for number, file in self._files.items()]
        more = f" and {len(listed) - MAX_NAMED} more" if len(listed) > MAX_NAMED else ""
        return f"There are: {', '.join(listed[-MAX_NAMED:])}{more}."

    def _found(self, name: str) -> Image | None:
        distinct = list({image.media.sha256: image for image in self._shown}.values())
        if name == "latest":
            return self._shown[-1] if self._shown else None
        number = name.removeprefix("@").removeprefix("img")
        if number.isascii() and number.isdecimal() and len(number) < SHORTEST_SHA:
            return self._by_number().get(int(number))
        matching = [image for image in distinct if image.media.sha256.startswith(name)]
        return matching[0] if len(name) >= SHORTEST_SHA and len(matching) == 1 else None

    def _by_number(self) -> dict[int, Image]:
        distinct = {image.media.sha256: image for image in self._shown}.values()
        return {image.handle or at: image for at, image in enumerate(distinct, 1)}

    def _choice(self) -> str:
        numbers = sorted(self._by_number())
        if not numbers:
            return "The conversation has none."
        if numbers == list(range(1, len(numbers) + 1)):
            return f"Say “latest”, or a number from 1 to {len(numbers)}."
        return f"Say “latest”, or one of the numbers {', '.join(map(str, numbers))}."
