"""One round of tools: which calls are run, which the user is asked for, and what the rest is told.

Calls that are allowed run side by side; their results stand in the order of the calls. What is
about to run is saved first, so that after a crash it is known to have begun.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from chat.core.calling import ToolSpec
from chat.core.messages import Conversation, Message
from chat.core.parts import ToolCall, ToolResult
from chat.core.tools import Tool
from chat.tools.tool_policy import acts, outgrown, policy_of
from chat.turns.approvals import asked_for, denied, digest_of
from chat.turns.jobs import Job
from chat.turns.reply import Reply
from chat.turns.save import ReplySaver
from chat.turns.tool_run import shown_files, shown_pictures
from chat.turns.toolbox import MAY_HAVE_WORKED, Toolbox, failed, too_long, unknown_tool
from chat.turns.writer import ReplyWriter, too_many

log = logging.getLogger(__name__)

MAX_CALLS_PER_ROUND = 8

SWITCHED_OFF = "Tools were switched off meanwhile, so this was not run."
CHANGED = "The tool has changed since this was allowed, so it was not run."
CUT_SHORT = "Stopped while it ran."

Verdict: TypeAlias = ToolResult | Literal["run", "ask"]


@dataclass(frozen=True, slots=True)
class ToolRound:
    """The calls of a reply that have no answer yet, and what answers them."""

    job: Job
    branch: Sequence[Message]
    """The way down to the question."""
    reply: Reply
    writer: ReplyWriter
    saver: ReplySaver
    toolbox: Toolbox

    async def answer(
        self, conversation: Conversation, offered: Sequence[ToolSpec] | None = None
    ) -> None:
        """Answer every call, but for those that the user has to decide on.

        Args:
            conversation: what holds now for its tools.
            offered: what the model was told of; ``None``: it was told in an earlier turn.
        """
        tools = self.toolbox.tools()
        names = None if offered is None else {spec.name for spec in offered}
        calls = self.reply.unanswered()
        verdicts = {
            call.call_id: self._verdict(number, call, tools, names, conversation)
            for number, call in enumerate(calls)
        }
        asked = [call for call in calls if verdicts[call.call_id] == "ask"]
        # Before the others run: after a crash it is known that these had not begun.
        for call in asked:
            tool = tools[call.name]
            self.reply.ask_for(asked_for(call, tool, outgrown=_outgrown(call, tool, conversation)))
        await self._run(calls, verdicts, tools)
        if not asked:
            self.reply.in_order()
        await self.saver.save()

    def _verdict(
        self,
        number: int,
        call: ToolCall,
        tools: Mapping[str, Tool],
        names: set[str] | None,
        conversation: Conversation,
    ) -> Verdict:
        tool, decision = tools.get(call.name), call.asked.decision if call.asked else ""
        if number >= MAX_CALLS_PER_ROUND:
            return too_many(call, MAX_CALLS_PER_ROUND)
        if decision == "deny" and call.asked is not None:
            return denied(call, call.asked.word)
        if tool is None or (names is not None and call.name not in names):
            return unknown_tool(call)
        if not conversation.tools_on:
            return failed(call, SWITCHED_OFF)
        policy = policy_of(call.name, tool, conversation.tool_policy, conversation.tool_schemas)
        if policy == "deny":
            return unknown_tool(call)
        if decision and call.asked is not None:
            same = call.asked.digest == digest_of(call, tool, call.asked.note)
            return "run" if same else failed(call, CHANGED)
        if too_long(call) or policy == "allow":
            return "run"  # what is too long is refused there
        return "ask"

    async def _run(
        self, calls: Sequence[ToolCall], verdicts: Mapping[str, Verdict], tools: Mapping[str, Tool]
    ) -> None:
        """Add the results in the order of the calls, each as soon as those before it are there."""
        running = [call for call in calls if verdicts[call.call_id] == "run"]
        if running:
            self.reply.tools_at_work(True)
            await self.saver.save()
        shown = shown_pictures(self.branch, self.reply.parts)
        files = shown_files(self.branch, self.reply.parts)
        job, toolbox = self.job, self.toolbox
        tasks = {
            call.call_id: asyncio.create_task(
                toolbox.run(
                    call, tools[call.name], job.owner, shown, job.publish, job.questions, files
                ),
                name=f"call-{call.call_id}",
            )
            for call in running
        }
        added = 0
        try:
            for call in calls:
                task, verdict = tasks.get(call.call_id), verdicts[call.call_id]
                if task is not None:
                    self.writer.add(await task)
                elif isinstance(verdict, ToolResult):
                    self.writer.add(verdict)
                added += 1
        except asyncio.CancelledError:
            await _cancelled(list(tasks.values()))
            self._cut_short(calls[added:], tasks, tools)
            raise
        finally:
            self.reply.tools_at_work(False)

    def _cut_short(
        self,
        calls: Sequence[ToolCall],
        tasks: Mapping[str, "asyncio.Task[ToolResult]"],
        tools: Mapping[str, Tool],
    ) -> None:
        """Keep what was done by then; of what acts, say or ask that it may have been done."""
        # A shutdown is nobody's wish: the user is asked whether it shall be run again.
        shutdown = self.job.ending and not self.job.stopped_by_user
        for call in calls:
            task = tasks.get(call.call_id)
            if task is None:
                continue
            if task.done() and not task.cancelled():
                self.writer.add(task.result())
            elif acts(tools[call.name]) and shutdown:
                self.reply.ask_for(asked_for(call, tools[call.name], begun=True))
            elif acts(tools[call.name]):
                self.writer.add(failed(call, CUT_SHORT + MAY_HAVE_WORKED))


def _outgrown(call: ToolCall, tool: Tool, conversation: Conversation) -> bool:
    return outgrown(call.name, tool, conversation.tool_policy, conversation.tool_schemas)


async def _cancelled(tasks: Sequence["asyncio.Task[ToolResult]"]) -> None:
    """Cancel what runs and wait for its end, which is near: also where one is cancelled again."""
    for task in tasks:
        task.cancel()
    while waiting := [task for task in tasks if not task.done()]:
        try:
            await asyncio.wait(waiting)
        except asyncio.CancelledError:
            continue
