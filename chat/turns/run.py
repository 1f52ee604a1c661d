"""One turn, read from top to bottom. The only place that writes a reply."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from chat.core.calling import Guardrails, ModelRequest
from chat.core.errors import BadReply, ChatError, ProviderError
from chat.core.messages import Conversation, Finish, Message
from chat.core.models import ModelCard
from chat.core.parts import pictures, plain_text
from chat.core.ports import Conversations
from chat.telemetry.call import Recorder
from chat.telemetry.log import CallLog
from chat.turns import ends
from chat.turns.attempts import Series
from chat.turns.balance import Balance
from chat.turns.ending import save_end
from chat.turns.jobs import Job
from chat.turns.limits import Budget, LearnedLimits
from chat.turns.nudge import nudged
from chat.turns.pictures import Pictures
from chat.turns.reply import Reply
from chat.turns.request import fitted
from chat.turns.saver import Saver
from chat.turns.tool_run import shown_pictures
from chat.turns.toolbox import Toolbox
from chat.turns.unguarded import Unguarded
from chat.turns.writing import Writing, too_many

log = logging.getLogger(__name__)

MAX_TOOL_ROUNDS = 8
MAX_CALLS_PER_ROUND = 8


@dataclass(frozen=True, slots=True)
class Desk:
    """What every turn works with."""

    conversations: Conversations
    pictures: Pictures
    toolbox: Toolbox
    guardrails: Guardrails = field(default_factory=Unguarded)
    recorder: Recorder = field(default_factory=CallLog)
    balance: Balance = field(default_factory=Balance)
    limits: LearnedLimits = field(default_factory=LearnedLimits)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that waits for its answer."""

    conversation: Conversation
    question: Message
    history: Callable[[], Awaitable[Sequence[Message]]]
    """What stands above the question, oldest first; waits for a reply there that still grows."""
    reply: Message
    """The queued assistant message, already in the store."""
    series: Series
    """The calls of the model, and who makes them."""


async def run_turn(job: Job, turn: Turn, desk: Desk) -> Message | None:
    """Ask the model, run the tools it wants, keep what it says, and save how it ended.

    Every end is saved: complete, blocked, failed, stopped by the user, or interrupted when
    the program shuts down. What had arrived by then is part of it.

    Returns: what could not be saved, if the store refused.
    """
    reply, series = Reply(turn.reply), turn.series
    bill = series.bill
    try:
        desk.recorder.began(job.conversation_id, job.id, job.owner)
        async with Saver(
            desk.conversations, lambda: reply.version, lambda: reply.message("streaming")
        ) as saver:
            writing = Writing(job, turn.question, reply, desk.pictures, saver)
            finish = await _converse(job, turn, desk, reply, writing, saver)
        finish = nudged(finish, series.card, turn.question, reply.parts)
        status, finish = ends.finished(finish, bill.billed)
    except asyncio.CancelledError:
        by_user, arrived = job.stopped_by_user, bool(reply.parts)
        status, finish = ends.stopped(bill.billed, by_user=by_user, arrived=arrived)
    except ChatError as error:
        _explain(job, error)
        status, finish = ends.failed(error, bill.billed, arrived=bool(reply.parts))
    except Exception as error:
        log.exception("turn %s met a bug", job.id)
        status, finish = ends.broken(error, bill.billed)
    job.ending = True
    ended = reply.message(status, finish, bill.cost_usd)
    try:
        return None if await save_end(job, desk.conversations, ended) else ended
    finally:
        desk.recorder.ended(job.id, status)


def _explain(job: Job, error: ChatError) -> None:
    """Say in the log why a turn failed. A provider's refusal is no bug: its cause is one line."""
    cause = error.__cause__
    if isinstance(error, ProviderError) and cause is not None:
        why = f"{type(cause).__name__}: {' '.join(str(cause).split())[:300]}"
        log.warning("turn %s failed: %s (%s)", job.id, error, why)
    else:
        log.warning("turn %s failed: %s", job.id, error, exc_info=cause)


async def _converse(
    job: Job, turn: Turn, desk: Desk, reply: Reply, writing: Writing, saver: Saver
) -> Finish:
    """Rounds of model and tools until the model has nothing more to ask."""
    conversation, series = turn.conversation, turn.series
    branch = (*await turn.history(), turn.question)
    finish = Finish("stop")
    for round_number in range(MAX_TOOL_ROUNDS + 1):
        # The last round declares no tools, so that the model has to answer in words.
        last = round_number == MAX_TOOL_ROUNDS
        finish = await _ask(turn, desk, reply, writing, branch, tools_on=not last)
        calls = reply.unanswered()
        if not calls or finish.kind not in ("tool_calls", "stop"):
            break
        if last:
            sentence = f"The model asked for tools more than {MAX_TOOL_ROUNDS} times."
            return Finish("error", "ToolRounds", sentence, actions=("retry", "edit"))
        offered = series.card.tools and conversation.tools_on
        for number, call in enumerate(calls):
            if number < MAX_CALLS_PER_ROUND:
                policy, shown = conversation.tool_policy, shown_pictures(branch, reply.parts)
                result = await desk.toolbox.run(
                    call, conversation.owner, offered, policy, shown, job.publish
                )
            else:
                result = too_many(call, MAX_CALLS_PER_ROUND)
            writing.add(result)
        await saver.save()
    if finish.kind in ("stop", "tool_calls") and not _says_anything(reply):
        raise BadReply(
            f"{series.card.title} answered nothing at all. Try again, or reword the message."
        )
    return finish


async def _ask(
    turn: Turn,
    desk: Desk,
    reply: Reply,
    writing: Writing,
    branch: tuple[Message, ...],
    *,
    tools_on: bool,
) -> Finish:
    """One call of the model, in as many attempts as it takes."""
    conversation = turn.conversation
    history = (*branch, reply.message("streaming")) if reply.parts else branch

    async def prepared(card: ModelCard, budget: Budget) -> ModelRequest:
        offered = tools_on and card.tools and conversation.tools_on
        tools = desk.toolbox.offered(offered, conversation.tool_policy)
        fitting = fitted(card, history, bool(tools), budget)
        messages, media = await desk.pictures.load(card, fitting.messages, budget.bytes)
        notes = fitting.left_out.notes(card)
        return ModelRequest(
            card, messages, conversation.system, tools, conversation.options, media, notes
        )

    finished = await turn.series.answer(prepared, writing)
    if finished.usage is not None:
        reply.usage = finished.usage if reply.usage is None else reply.usage + finished.usage
    reply.response_id = finished.response_id
    return finished.finish


def _says_anything(reply: Reply) -> bool:
    return bool(plain_text(reply.parts) or pictures(reply.parts))
