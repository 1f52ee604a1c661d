"""Real servers for tests, connected as Easel connects them."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from chat.core.errors import ToolFailed
from chat.core.tools import Tool, ToolOutput
from chat.mcp.servers import McpServers
from chat.mcp.settings import Program, ServerSettings
from chat.mcp.status import ServerStatus
from tests.patience import PATIENCE_S
from tests.unit.tools.surroundings import Surroundings

HERE = Path(__file__).parent
OWN = str(HERE / "own_server.py")


RAW = str(HERE / "raw_server.py")


def program(way: str, *words: str, **more: Any) -> ServerSettings:
    """A server that behaves as its name says."""
    place = Program(sys.executable, ("-I", RAW, way, *words))
    return ServerSettings("raw", "Raw", place, mode="legacy", **more)


class Asked(Surroundings):
    """A user who answers questions with what is given here, and remembers them."""

    def __init__(self, answer: Mapping[str, Any] | None = None) -> None:
        super().__init__()
        self.answer = answer
        self.questions: list[str] = []
        self.progressed = asyncio.Event()

    def progress(self, note: str, share: float | None = None) -> None:
        super().progress(note, share)
        self.progressed.set()

    async def ask(self, message: str, form: Mapping[str, Any]) -> Mapping[str, Any] | None:
        assert form["properties"]
        self.questions.append(message)
        return self.answer


class Connected:
    """Servers, and what becomes of them."""

    def __init__(self, settings: Sequence[ServerSettings], granted: Path | None = None) -> None:
        self._news = asyncio.Event()
        self.changes = 0
        self.servers = McpServers(settings, changed=self._changed, granted=granted)

    def _changed(self) -> None:
        self.changes += 1
        self._news.set()

    @property
    def status(self) -> ServerStatus:
        """Of the first."""
        return self.servers.status()[0]

    async def until(self, seen: Callable[["Connected"], bool]) -> None:
        """Wait for a change after which this is so."""
        async with asyncio.timeout(PATIENCE_S):
            while not seen(self):
                self._news.clear()
                await self._news.wait()

    async def call(
        self, tool: str | Tool, context: "Asked | None" = None, **arguments: Any
    ) -> list[ToolOutput]:
        """What a tool gives, its words out of their quotation. Raises ``ToolFailed``."""
        found = self.servers.tools()[tool] if isinstance(tool, str) else tool
        given = await found.run(arguments, context or Asked())
        return [_unquoted(each) if isinstance(each, str) else each for each in given]

    async def failed(self, tool: str | Tool, **arguments: Any) -> str:
        """Why a tool does not give anything."""
        try:
            outputs = await self.call(tool, **arguments)
        except ToolFailed as error:
            return str(error)
        raise AssertionError(outputs)


def _unquoted(said: str) -> str:
    """The words of a server, which are told as a stranger's."""
    quotation = re.search(r"\n\n\[([0-9a-f]{8})\n(.*)\n\1\]$", said, re.DOTALL)
    assert quotation is not None, said
    return quotation[2]


@asynccontextmanager
async def connected(
    *settings: ServerSettings, state: str = "ready", granted: Path | None = None
) -> AsyncIterator[Connected]:
    """Servers that were started, once all of them are in this state."""
    made = Connected(settings, granted)
    made.servers.start()
    try:
        await made.until(lambda it: all(each.state == state for each in it.servers.status()))
        yield made
    finally:
        await made.servers.close()
