"""Runs the tools that a model asks for. Never raises: a failing tool is an answer.

Plain functions run in threads of their own: one that computes for long holds up no conversation.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from chat.core.calling import ToolSpec
from chat.core.conversation_settings import ToolPolicy
from chat.core.errors import ChatError
from chat.core.parts import Image, Text, ToolCall, ToolResult
from chat.core.ports import Tool, ToolOutput
from chat.tools.policy import offered
from chat.turns.pictures import Pictures
from chat.turns.tool_run import TOOL_TIMEOUT_S, Publish, ToolRun

log = logging.getLogger(__name__)

MAX_RESULT_CHARACTERS = 100_000
MAX_ARGUMENT_CHARACTERS = 100_000

_THREADS = 4


class Toolbox:
    """The tools of the house, and where their pictures go."""

    def __init__(self, tools: Mapping[str, Tool], pictures: Pictures) -> None:
        """Offer these tools, by name."""
        self._tools = tools
        self._pictures = pictures
        self._running = ThreadPoolExecutor(_THREADS, thread_name_prefix="tools")

    def close(self) -> None:
        """Start no more tools; those that run are not waited for. Safe to call twice."""
        self._running.shutdown(wait=False, cancel_futures=True)

    def names(self) -> dict[str, str]:
        """Name to title of every tool, in order."""
        return {name: tool.title for name, tool in self._tools.items()}

    def offered(self, tools_on: bool, policy: Mapping[str, ToolPolicy]) -> tuple[ToolSpec, ...]:
        """What a model is told; empty where tools are off."""
        return offered(self._tools, tools_on, policy)

    async def run(
        self,
        call: ToolCall,
        owner: str,
        offered: Sequence[ToolSpec],
        shown: Sequence[Image] = (),
        publish: Publish = lambda _: None,
    ) -> ToolResult:
        """Run one call and put its pictures into the store.

        Args:
            call: what the model asked for.
            owner: whose conversation it is.
            offered: the tools that the model was told of; no other is run.
            shown: the pictures that the conversation shows, in order: the tool may ask for them.
            publish: is told how far the tool is.
        """
        tool = self._tools.get(call.name)
        if tool is None or all(call.name != spec.name for spec in offered):
            return _failed(call, f"There is no tool named {call.name!r} here.")
        if len(json.dumps(call.arguments, default=str)) > MAX_ARGUMENT_CHARACTERS:
            return _failed(call, "The arguments are too long.")
        try:
            context = ToolRun(call.call_id, owner, shown, self._pictures, self._running, publish)
            async with context:
                outputs = await tool.run(call.arguments, context)
                content = await self._content(owner, outputs)
        except TimeoutError:
            log.warning("tool %s took longer than %s s", call.name, TOOL_TIMEOUT_S)
            return _failed(call, f"The tool {call.name} took longer than {TOOL_TIMEOUT_S:.0f} s.")
        except ChatError as error:
            return _failed(call, str(error))
        except Exception:  # a bug in a tool must not cost the user the reply; the log has it
            log.exception("tool %s failed", call.name)
            return _failed(call, f"The tool {call.name} failed inside. The log has the cause.")
        return ToolResult(call.call_id, call.name, content)

    async def _content(self, owner: str, outputs: Sequence[ToolOutput]) -> tuple[Text | Image, ...]:
        content: list[Text | Image] = []
        for output in outputs:
            if isinstance(output, str):
                content.append(Text(_shortened(output)))
            else:
                ref, _ = await self._pictures.keep(owner, output.data, "tool")
                content.append(Image(ref, "tool", output.alt))
        return tuple(content)


def _shortened(text: str) -> str:
    if len(text) <= MAX_RESULT_CHARACTERS:
        return text
    return text[:MAX_RESULT_CHARACTERS] + "\n[The rest was left out: the result is too long.]"


def _failed(call: ToolCall, sentence: str) -> ToolResult:
    return ToolResult(call.call_id, call.name, (Text(sentence),), failed=True)
