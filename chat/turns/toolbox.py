"""Runs the tools that a model asks for. Never raises: a failing tool is an answer.

Plain functions run in threads of their own: one that computes for long holds up no conversation.
Whether a call may be run is for :mod:`chat.turns.tool_round` to say.
"""

import asyncio
import json
import logging
from collections.abc import Coroutine, Mapping, Sequence
from copy import copy
from dataclasses import replace
from typing import Any

from chat.core.calling import ToolSpec
from chat.core.conversation_settings import ToolPolicy
from chat.core.errors import ChatError
from chat.core.parts import Content, File, Image, Text, ToolCall, ToolResult
from chat.core.text import clean_text
from chat.core.tools import MadeFile, PictureMaker, Tool, ToolOutput, ToolSource
from chat.models.role_rights import UNLIMITED, RoleRights
from chat.tools.tool_policy import acts, may_use, offered, permitted
from chat.turns.pictures import Pictures
from chat.turns.questions import Questions
from chat.turns.tool_names import ToolNames
from chat.turns.tool_run import Publish, ToolRun
from chat.turns.tool_threads import ToolThreads

log = logging.getLogger(__name__)

MAX_RESULT_BYTES = 100_000
"""Of the words of one result, as UTF-8: models are told no more."""
MAX_FILE_NAME_CHARS = 120
MAX_ARGUMENT_CHARACTERS = 100_000

LAST_WORD_S = 1.0
"""How long a tool that is stopped may take to end; then it is left to itself."""

CUT = "\n[The rest was left out: the result is too long.]"
MAY_HAVE_WORKED = " It may have done its work."


class Toolbox:
    """The tools of the house, and where their pictures go."""

    def __init__(
        self,
        tools: Mapping[str, Tool],
        pictures: Pictures,
        resources: Mapping[type, Any] | None = None,
        sources: Sequence[ToolSource] = (),
        rights: RoleRights = UNLIMITED,
    ) -> None:
        """Offer these tools, by name, and those that the sources have at the time.

        ``resources`` are the parts of the house that tools may work with, by type. A tool of the
        house goes before one of a source that has its name. ``rights`` say which are whose.
        """
        self._rights = rights
        self._owner: str | None = None
        self._house = tools
        self._sources = sources
        self._pictures = pictures
        self._resources = resources or {}
        self._threads = ToolThreads()

    def close(self) -> None:
        """Start no more tools; those that run are not waited for. Safe to call twice."""
        self._threads.close()

    def of(self, owner: str) -> "Toolbox":
        """Those that somebody may use, whenever it is looked at; there are no others for them."""
        other = copy(self)
        other._owner = owner
        return other

    def tools(self) -> dict[str, Tool]:
        """Every tool there is now, in order."""
        coming = (item for source in self._sources for item in source.tools().items())
        tools = {**self._house, **{name: tool for name, tool in coming if name not in self._house}}
        if self._owner is None:
            return tools
        return permitted(tools, self._rights.of(self._owner).tools)

    def drawing_with(self, maker: PictureMaker) -> "Toolbox":
        """The same tools for a model that has another one draw."""
        other = copy(self)
        other._resources = {**self._resources, PictureMaker: maker}
        return other

    def names(self) -> ToolNames:
        """Name to title of every tool, in order, as there are whenever it is looked at."""
        return ToolNames(self.tools)

    def offered(self, policy: Mapping[str, ToolPolicy]) -> tuple[ToolSpec, ...]:
        """What a model is told where tools are on."""
        relays = PictureMaker in self._resources
        tools = self.tools()
        here = {name: tool for name, tool in tools.items() if relays or not tool.facts.for_relay}
        return offered(here, policy)

    async def run(
        self,
        call: ToolCall,
        tool: Tool,
        owner: str,
        shown: Sequence[Image] = (),
        publish: Publish = lambda _: None,
        questions: Questions | None = None,
        files: Mapping[int, File] | None = None,
    ) -> ToolResult:
        """Run one call and put its pictures into the store.

        Args:
            call: what the model asked for.
            tool: the one that may be run, as it was decided on: of its name there may be another
                by now.
            owner: whose conversation it is.
            shown: the pictures that the conversation shows, in order: the tool may ask for them.
            publish: is told how far the tool is.
            questions: where the tool may ask the user.
            files: the files that the conversation holds, by number: the tool may ask for them.
        """
        if not may_use(call.name, tool, self._rights.of(owner).tools):
            return unknown_tool(call)  # whatever was decided of it before
        if too_long(call):
            return failed(call, "The arguments are too long.")
        context = ToolRun(
            call.call_id,
            tool,
            owner,
            shown,
            self._pictures,
            self._threads,
            publish,
            self._resources,
            questions,
            files,
        )
        result = await self._answered(call, tool, context)
        return replace(result, took_s=round(context.took_s, 3))

    async def _answered(self, call: ToolCall, tool: Tool, context: ToolRun) -> ToolResult:
        """What a call gives, or a sentence on why it gives nothing."""
        unsure = MAY_HAVE_WORKED if acts(tool) else ""
        try:
            async with context:
                outputs = await _ended(_contained(tool, call, context), call.name)
                content = await self._content(context.owner, outputs)
        except TimeoutError:
            limit_s = tool.facts.timeout_s
            log.warning("tool %s took longer than %s s", call.name, limit_s)
            return failed(call, f"The tool {call.name} took longer than {limit_s:.0f} s.{unsure}")
        except ChatError as error:
            return failed(call, str(error))
        except Exception:  # a bug in a tool must not cost the user the reply; the log has it
            log.exception("tool %s failed", call.name)
            return failed(
                call, f"The tool {call.name} failed inside. The log has the cause.{unsure}"
            )
        return ToolResult(call.call_id, call.name, content)

    async def _content(self, owner: str, outputs: Sequence[ToolOutput]) -> tuple[Content, ...]:
        content: list[Content] = []
        room = MAX_RESULT_BYTES
        for output in outputs:
            if isinstance(output, str):
                words, room = _shortened(output, room)
                if words:
                    content.append(Text(words))
            elif isinstance(output, MadeFile):
                ref = await self._pictures.keep_file(owner, output.data, output.mime)
                content.append(File(ref, clean_text(output.name)[-MAX_FILE_NAME_CHARS:]))
            else:
                ref, _ = await self._pictures.keep(owner, output.data, output.origin)
                content.append(
                    Image(
                        ref,
                        output.origin,
                        output.alt,
                        derivation=output.derivation,
                        caption=output.caption,
                        model=output.model,
                        model_title=output.model_title,
                        cost_usd=output.cost_usd,
                    )
                )
        return tuple(content)


async def _contained(tool: Tool, call: ToolCall, context: ToolRun) -> Sequence[ToolOutput]:
    """Run a tool so that nothing it raises ends the program."""
    try:
        return await tool.run(call.arguments, context)
    except (SystemExit, KeyboardInterrupt) as error:
        raise RuntimeError(f"{type(error).__name__} in a tool") from error


async def _ended(
    work: Coroutine[Any, Any, Sequence[ToolOutput]], name: str
) -> Sequence[ToolOutput]:
    """What a tool gives. One that does not heed its cancellation is not waited for."""
    task = asyncio.create_task(work, name=f"tool-{name}")
    try:
        await asyncio.wait({task})
    except asyncio.CancelledError:
        task.cancel()
        await asyncio.wait({task}, timeout=LAST_WORD_S)
        if not task.done():
            log.warning("tool %s does not heed that it is stopped", name)
        task.add_done_callback(_retrieved)
        raise
    return task.result()


def _retrieved(task: "asyncio.Task[Sequence[ToolOutput]]") -> None:
    """Nobody waits any more for what it raises."""
    if not task.cancelled():
        task.exception()


def _shortened(text: str, room_bytes: int) -> tuple[str, int]:
    """As much of a text as there is room for, and the room that is left; -1: it was cut."""
    if room_bytes < 0:
        return "", room_bytes
    data = text.encode("utf-8", "replace")
    if len(data) <= room_bytes:
        return text, room_bytes - len(data)
    return data[:room_bytes].decode("utf-8", "ignore") + CUT, -1


def too_long(call: ToolCall) -> bool:
    """Whether the arguments of a call are more than any tool takes."""
    return len(json.dumps(call.arguments, default=str)) > MAX_ARGUMENT_CHARACTERS


def unknown_tool(call: ToolCall) -> ToolResult:
    """The answer to a call of what is not there, or not here."""
    return failed(call, f"There is no tool named {call.name[:80]!r} here.")


def failed(call: ToolCall, sentence: str) -> ToolResult:
    """The answer to a call that gave nothing, with a sentence for the model and the user."""
    return ToolResult(call.call_id, call.name, (Text(sentence),), failed=True)
