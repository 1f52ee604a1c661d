"""All servers of the host's, as a source of tools."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from chat.core.errors import NotFound
from chat.core.network import Network
from chat.core.tools import Tool
from chat.mcp.insertable import Kind
from chat.mcp.sdk_log import count
from chat.mcp.settings import ServerSettings
from chat.mcp.status import ServerStatus, State

if TYPE_CHECKING:
    from chat.mcp.contents import Inserted
    from chat.mcp.offers import Offers
    from chat.mcp.server import Server

log = logging.getLogger(__name__)

NO_SERVER = "There is no such server."
END_S = 8.0
"""For all servers to end; each has less by itself."""


class McpServers:
    """Implements ``chat.core.tools.ToolSource``. Nothing is connected before ``start``."""

    def __init__(
        self,
        settings: Sequence[ServerSettings] = (),
        network: Network | None = None,
        changed: Callable[[], None] = lambda: None,
        granted: Path | None = None,
    ) -> None:
        """Speak to these servers, by these proxies and authorities.

        ``changed`` is called whenever the status of one, or what it has on offer, is another.
        ``granted`` is the folder for what servers grant where the host signs in.
        """
        self._granted = granted
        self._settings = {each.id: each for each in settings}
        self._network = network or Network()
        self._changed = changed
        self._servers: dict[str, Server] = {}
        self._running: list[asyncio.Task[None]] = []
        self._states: dict[str, tuple[State, str]] = {each.id: _at_first(each) for each in settings}

    def start(self) -> None:
        """Connect all of them, in the background; a server that hangs holds up nobody."""
        wanted = [each for each in self._settings.values() if self._states[each.id][0] != "off"]
        if wanted:
            self._running = [asyncio.create_task(self._start(wanted), name="mcp")]

    async def _start(self, wanted: Sequence[ServerSettings]) -> None:
        # The SDK takes half a second to import, which is for those to wait who have servers.
        count()
        server_module = await asyncio.to_thread(_server_module)
        for settings in wanted:
            said = partial(self._said, settings.id)
            granted = self._granted and self._granted / f"{settings.id}.json"
            server = server_module(settings, self._network, said, granted)
            self._servers[settings.id] = server
            self._running.append(asyncio.create_task(server.run(), name=f"mcp-{settings.id}"))

    async def close(self) -> None:
        """End every connection and every program that was started. Safe to call twice."""
        running, self._running = self._running, []
        for task in running:
            task.cancel()
        if running:
            _, left = await asyncio.wait(running, timeout=END_S)
            for task in left:
                log.warning("%s did not end", task.get_name())

    def _said(self, server_id: str, state: State, words: str) -> None:
        self._states[server_id] = state, words
        self._changed()

    def tools(self) -> Mapping[str, Tool]:
        """Those that the servers have now, by the name that models call them by."""
        return {
            name: tool
            for server in self._servers.values()
            for name, tool in server.offers.tools.items()
        }

    def status(self) -> list[ServerStatus]:
        """How each of them is, in the order of the file."""
        return [self._status(each) for each in self._settings.values()]

    def _status(self, settings: ServerSettings) -> ServerStatus:
        state, words = self._states[settings.id]
        offers = self.offers(settings.id)
        tools = len(offers.tools) if offers else 0
        if state == "ready":
            words = f"{tools} tool{'' if tools == 1 else 's'}."
        return ServerStatus(settings.id, settings.title, state, words, tools)

    def offers(self, server_id: str) -> "Offers | None":
        """What a server has on offer; ``None``: it was never reached."""
        server = self._servers.get(server_id)
        return server.offers if server else None

    async def insert(
        self, server_id: str, kind: Kind, name: str, given: Mapping[str, str]
    ) -> "Inserted":
        """A prompt or a resource of a server for a message, ``given`` in its blanks.

        Raises:
            NotFound: it lists none of that name or address.
            ToolFailed: a blank is empty, or the server does not give it.
        """
        return await self._found(server_id).insert(kind, name, given)

    async def completions(
        self, server_id: str, kind: Kind, name: str, blank: str, given: Mapping[str, str]
    ) -> tuple[str, ...]:
        """What a blank may be filled with; nothing from a server that cannot be asked.

        ``given`` is what stands in all blanks so far, in that one too.

        Raises:
            NotFound: there is no such prompt, template or blank.
            ToolFailed: the server does not say.
        """
        return await self._found(server_id).completions(kind, name, blank, given)

    def _found(self, server_id: str) -> "Server":
        if server_id not in self._servers:
            raise NotFound(NO_SERVER)
        return self._servers[server_id]


def _server_module() -> "type[Server]":
    from chat.mcp.server import Server

    return Server


def _at_first(settings: ServerSettings) -> tuple[State, str]:
    if not settings.enabled:
        return "off", "Switched off in mcp.toml."
    if settings.lacking:
        names = ", ".join(settings.lacking)
        verb = "is" if len(settings.lacking) == 1 else "are"
        return "off", f"{names} {verb} not set in the environment."
    return "connecting", ""
