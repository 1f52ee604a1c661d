"""One server: connected in the background, listed, called, and connected anew where it is lost."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import mcp_types as types
from mcp import Client
from mcp.client.session import IncomingMessage
from mcp.client.subscriptions import ListenNotSupportedError, SubscriptionLost
from mcp.shared.exceptions import MCPError

from chat.core.errors import ChatError, NotFound, ToolFailed
from chat.core.network import Network
from chat.core.parts import Json
from chat.core.tools import ToolContext
from chat.mcp.calls import Calls
from chat.mcp.contents import Inserted, inserted_prompt, inserted_resource
from chat.mcp.ending import Ending
from chat.mcp.faults import leaf, sentence, was_not_sent
from chat.mcp.http import reached
from chat.mcp.insertable import Insertable, Kind
from chat.mcp.offers import Offers, completions, list_insertable, list_tools, tools_of
from chat.mcp.program import started
from chat.mcp.settings import Program, ServerSettings
from chat.mcp.sign_in import WAIT_S, signing_in
from chat.mcp.status import State
from chat.mcp.templates import filled
from chat.version import VERSION

log = logging.getLogger(__name__)

REQUEST_S = 30.0
"""For a list, a prompt or a resource."""
LONGEST_CALL_S = 3_600.0
"""Whoever waits for a call gives up before: a tool has its own time, and a question its own."""
AGAIN_S = (1.0, 2.0, 5.0, 15.0, 30.0, 60.0)
"""Before each further attempt to connect; the last of them holds on."""
OUT_OF_ORDER_S = 300.0
"""The same, for one that was dropped because it floods."""
LISTED_AGAIN_S = 1.0
"""Lists are fetched at most so often, however often a server says that they have changed."""

TAKEN_AT_ONCE = 16
"""Prompts, resources and suggestions that are asked of one server at the same time: each answer may
be large, and people may click often."""

Answer = TypeVar("Answer")

_CHANGES = (
    types.ToolListChangedNotification,
    types.PromptListChangedNotification,
    types.ResourceListChangedNotification,
)


class Server:
    """A server of the host's. ``run`` keeps it connected until it is cancelled."""

    def __init__(
        self,
        settings: ServerSettings,
        network: Network,
        said: Callable[[State, str], None],
        granted: Path | None = None,
    ) -> None:
        """Tell every change of its state to ``said``, with the reason where it is no good one.

        ``granted`` is the file that the server's grants are kept in, where the host signs in.
        """
        self._settings = settings
        self._granted = granted
        self._network = network
        self._said = said
        self._calls = Calls(settings.title, settings.secrets)
        self._taking = 0
        self._client: Client | None = None
        self._ending = Ending()
        self._stale = asyncio.Event()
        self._wanted = asyncio.Event()
        self._attempt: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.offers = Offers()
        """As last listed. They stay while the server is away, so that a call says what is wrong."""

    async def run(self) -> None:
        """Connect, and connect again, until cancelled."""
        failed, told = 0, ""
        while True:
            ending = self._ending = Ending()
            self._wanted.clear()
            self._said("connecting", "")
            try:
                await self._connected(ending)
                reason = f"{self._settings.title} {ending.reason}."
            except Exception as error:
                reason = self._sentence(error, ending)
                log.debug("%s could not be connected", self._settings.id, exc_info=leaf(error))
            # One that is away for a day is told once.
            log.log(logging.DEBUG if reason == told else logging.WARNING, "%s", reason)
            told = reason
            self._said("failed", reason)
            if ending.lasting:
                self.offers = Offers()
            if ending.lasting or not ending.connected:
                # Who waits for a connection that was lost waits for the next attempt.
                self._settle(reason)
                failed += 1
            else:
                failed, told = 0, ""
            pause_s = AGAIN_S[min(failed, len(AGAIN_S) - 1)]
            await self._pause(OUT_OF_ORDER_S if ending.lasting else pause_s, ending.lasting)

    async def _connected(self, ending: Ending) -> None:
        """Be connected until the connection is over."""
        patience = asyncio.timeout(self._settings.start_s)

        def wait_for_host() -> None:
            if ending.connected:
                # In the midst of a call nobody waits for so long.
                ending.because("wants the host to sign in again")
                raise ToolFailed(f"{self._settings.title} {ending.reason}.")
            patience.reschedule(asyncio.get_running_loop().time() + WAIT_S)
            self._said("connecting", "Waits for the host to sign in; the log has the address.")

        client = Client(
            self._transport(ending, wait_for_host),
            mode=self._settings.mode,
            read_timeout_seconds=REQUEST_S,
            elicitation_callback=self._calls.elicit,
            message_handler=self._heard,
            client_info=types.Implementation(name="Easel", version=VERSION),
            cache=None,
        )
        try:
            async with patience, client:
                # The SDK checks answers on the event loop, by a schema that the server chose and
                # that may take forever. Tools check them with bounds, in a thread.
                client.session.validate_tool_result = _unchecked  # type: ignore[method-assign]
                await self._list(client)
                patience.reschedule(None)
                ending.connected = True
                count = len(self.offers.tools)
                log.info("%s has connected; tools: %d", self._settings.title, count)
                self._client = client
                self._said("ready", "")
                self._settle("")
                async with self._listening(client):
                    await self._until(ending, client)
        finally:
            self._client = None

    def _transport(
        self, ending: Ending, wait_for_host: Callable[[], None]
    ) -> AbstractAsyncContextManager[Any]:
        place, title = self._settings.place, self._settings.title
        if isinstance(place, Program):
            return started(place, title, ending)
        auth = signing_in(place, title, self._granted, wait_for_host)
        return reached(place, title, self._network, ending, auth)

    async def _until(self, ending: Ending, client: Client) -> None:
        """List again what has changed, until the connection is over."""
        over = asyncio.ensure_future(ending.happened.wait())
        try:
            while not over.done():
                stale = asyncio.ensure_future(self._stale.wait())
                await asyncio.wait({over, stale}, return_when=asyncio.FIRST_COMPLETED)
                stale.cancel()
                if over.done():
                    return
                self._stale.clear()
                await self._list(client)
                self._said("ready", "")
                await asyncio.wait({over}, timeout=LISTED_AGAIN_S)
        finally:
            over.cancel()

    async def _list(self, client: Client) -> None:
        told = await list_tools(client)
        before, settings = self.offers, self._settings
        tools, kept = await asyncio.to_thread(tools_of, settings, told, self, before)
        insertable = await list_insertable(client)
        completes = client.server_capabilities.completions is not None
        self.offers = Offers(tools, kept, insertable, completes)

    async def _heard(self, message: IncomingMessage) -> None:
        """A server of the older protocol says that its lists have changed."""
        if isinstance(message, _CHANGES):
            self._stale.set()

    @asynccontextmanager
    async def _listening(self, client: Client) -> AsyncIterator[None]:
        """Hear of changes of the lists from a server of the newer protocol."""
        task = asyncio.ensure_future(self._listen(client))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _listen(self, client: Client) -> None:
        can = client.server_capabilities
        tools = bool(can.tools and can.tools.list_changed)
        prompts = bool(can.prompts and can.prompts.list_changed)
        resources = bool(can.resources and can.resources.list_changed)
        lost = 0
        while tools or prompts or resources:
            try:
                async with client.listen(
                    tools_list_changed=tools,
                    prompts_list_changed=prompts,
                    resources_list_changed=resources,
                ) as changes:
                    lost = 0
                    async for _ in changes:
                        self._stale.set()
            except ListenNotSupportedError:
                return
            except (MCPError, SubscriptionLost, TimeoutError) as error:
                log.debug("%s: changes are not heard of: %s", self._settings.id, error)
            await asyncio.sleep(AGAIN_S[min(lost, len(AGAIN_S) - 1)])
            lost += 1
            self._stale.set()  # what changed meanwhile nobody has told

    def _sentence(self, error: Exception, ending: Ending) -> str:
        return sentence(self._settings.title, error, ending, self._settings.secrets)

    def _settle(self, reason: str) -> None:
        """Tell those who wait for an attempt how it ended; who comes now waits for the next."""
        attempt, self._attempt = self._attempt, asyncio.get_running_loop().create_future()
        attempt.set_result(reason)

    async def _pause(self, seconds: float, lasting: bool) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                # Somebody who needs it now does not wait; unless it was dropped for good reason.
                await (asyncio.Event() if lasting else self._wanted).wait()

    async def _ready(self) -> Client:
        """The connection, once it is there. Raises ``ToolFailed``."""
        if self._client is not None and not self._ending.happened.is_set():
            return self._client
        if self._ending.lasting:
            raise ToolFailed(f"{self._settings.title} {self._ending.reason}.")
        self._wanted.set()
        if reason := await asyncio.shield(self._attempt):
            raise ToolFailed(reason)
        if self._client is None:
            raise ToolFailed(f"{self._settings.title} {self._ending.reason or 'broke off'}.")
        return self._client

    async def _asked(self, ask: Callable[[Client], Awaitable[Answer]]) -> Answer:
        """What the server answers; asked once more where it surely heard nothing.

        Raises:
            ToolFailed: it did not; the sentence says why.
        """
        for again in (True, False):
            client, ending = await self._ready(), self._ending
            try:
                return await ask(client)
            except ChatError:
                raise
            except Exception as error:
                if again and was_not_sent(error):
                    continue
                raise ToolFailed(self._sentence(error, ending)) from error
        raise AssertionError  # the second round returns or raises

    async def call(
        self, tool: str, arguments: Mapping[str, Json], context: ToolContext
    ) -> types.CallToolResult:
        """Call a tool. Cancelling it tells the server to stop.

        Raises:
            ToolFailed: it could not be called, or the answer is none.
        """
        with self._calls.running(context) as call:
            result = await self._asked(
                lambda client: client.call_tool(
                    tool, dict(arguments), LONGEST_CALL_S, progress_callback=call.progress
                )
            )
        if result.is_error and call.refused:
            raise ToolFailed(f"{self._settings.title} {call.refused}.")
        return result

    async def insert(self, kind: Kind, name: str, given: Mapping[str, str]) -> Inserted:
        """What is put into a message, with its blanks filled in.

        Raises:
            NotFound: the server lists it no more.
            ToolFailed: a blank is empty, or the server does not give it.
        """
        wanted = self._insertable(kind, name)
        title, secrets = self._settings.title, self._settings.secrets
        wanted.check(given)
        values = wanted.known(given)
        uri = filled(name, values) if kind == "template" else name
        with self._place():
            if kind == "prompt":
                prompt = await self._asked(lambda client: client.get_prompt(name, values))
                return await asyncio.to_thread(inserted_prompt, prompt, title, secrets)
            resource = await self._asked(lambda client: client.read_resource(uri))
            return await asyncio.to_thread(inserted_resource, resource, title, secrets)

    async def completions(
        self, kind: Kind, name: str, blank: str, given: Mapping[str, str]
    ) -> tuple[str, ...]:
        """What a blank may be filled with. Raises ``NotFound``, ``ToolFailed``."""
        wanted = self._insertable(kind, name)
        begun = {"name": wanted.blank(blank).name, "value": given.get(blank, "")}
        if not self.offers.completes:
            return ()
        others = {each: value for each, value in wanted.known(given).items() if each != blank}
        of: types.PromptReference | types.ResourceTemplateReference = (
            types.PromptReference(name=name)
            if kind == "prompt"
            else types.ResourceTemplateReference(uri=name)
        )
        with self._place():
            return completions(
                await self._asked(lambda client: client.complete(of, begun, others or None))
            )

    @contextmanager
    def _place(self) -> Iterator[None]:
        """One of the places for what people ask for. Raises ``ToolFailed`` where none is free."""
        if self._taking >= TAKEN_AT_ONCE:
            raise ToolFailed(f"{self._settings.title} is asked for much just now. Try it again.")
        self._taking += 1
        try:
            yield
        finally:
            self._taking -= 1

    def _insertable(self, kind: Kind, name: str) -> Insertable:
        """One that is listed: no other may be asked for."""
        for each in self.offers.insertable:
            if (each.kind, each.name) == (kind, name):
                return each
        raise NotFound(f"There is no such {kind} any more.")


async def _unchecked(name: str, result: types.CallToolResult) -> None:
    del name, result
