"""One turn, read from top to bottom. The only place that writes a reply."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass

from chat.core.calling import ModelRequest, ToolSpec
from chat.core.errors import BadReply, ChatError, ProviderError
from chat.core.messages import Conversation, Finish, Message
from chat.core.parts import pictures, plain_text
from chat.core.ports import Conversations
from chat.gateway.call import Answering, Attempt, Gateway, ModelCalls
from chat.turns import outcome
from chat.turns.history import History
from chat.turns.jobs import Job, Jobs
from chat.turns.missing_image import noticed
from chat.turns.pictures import Pictures
from chat.turns.remarks import remarked
from chat.turns.reply import Reply
from chat.turns.request import fitted
from chat.turns.save import ReplySaver, save_end
from chat.turns.tool_run import shown_pictures
from chat.turns.toolbox import Toolbox
from chat.turns.writer import ReplyWriter, too_many

log = logging.getLogger(__name__)

MAX_TOOL_ROUNDS = 8
MAX_CALLS_PER_ROUND = 8


@dataclass(frozen=True, slots=True)
class TurnDeps:
    """What every turn works with."""

    conversations: Conversations
    pictures: Pictures
    toolbox: Toolbox
    gateway: Gateway
    jobs: Jobs
    history: History


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that waits for its answer."""

    conversation: Conversation
    question: Message
    reply: Message
    """The queued assistant message, already in the store."""
    calls: ModelCalls
    """The calls of the model, and who makes them."""


async def run_turn(job: Job, turn: Turn, deps: TurnDeps) -> Message | None:
    """Ask the model, run the tools it wants, keep what it says, and save how it ended.

    Every end is saved: complete, blocked, failed, stopped by the user, or interrupted when
    the program shuts down. What had arrived by then is part of it.

    Returns: what could not be saved, if the store refused.
    """
    reply, calls, recorder = Reply(turn.reply), turn.calls, deps.gateway.recorder
    ledger = calls.ledger
    try:
        recorder.began(job.conversation_id, job.id, job.owner)
        async with ReplySaver(deps.conversations, reply) as saver:
            writer = ReplyWriter(job, turn.question, reply, deps.pictures, saver)
            finish = await _converse(job, turn, deps, reply, writer, saver)
        finish = noticed(finish, calls.card, turn.question, reply.parts)
        status, finish = outcome.finished(finish, ledger.billed)
    except asyncio.CancelledError:
        by_user, arrived = job.stopped_by_user, bool(reply.parts)
        status, finish = outcome.stopped(ledger.billed, by_user=by_user, arrived=arrived)
    except ChatError as error:
        _explain(job, error)
        status, finish = outcome.failed(error, ledger.billed, arrived=bool(reply.parts))
    except Exception as error:
        log.exception("turn %s met a bug", job.id)
        status, finish = outcome.broken(error, ledger.billed)
    finish = remarked(finish, calls.card, turn.conversation.options, reply.parts)
    job.ending = True
    ended = reply.message(status, finish, ledger.cost_usd)
    try:
        return None if await save_end(job, deps.conversations, ended) else ended
    finally:
        recorder.ended(job.id, status)


def _explain(job: Job, error: ChatError) -> None:
    """Say in the log why a turn failed. A provider's refusal is no bug: its cause is one line."""
    cause = error.__cause__
    if isinstance(error, ProviderError) and cause is not None:
        why = f"{type(cause).__name__}: {' '.join(str(cause).split())[:300]}"
        log.warning("turn %s failed: %s (%s)", job.id, error, why)
    else:
        log.warning("turn %s failed: %s", job.id, error, exc_info=cause)


async def _converse(
    job: Job, turn: Turn, deps: TurnDeps, reply: Reply, writer: ReplyWriter, saver: ReplySaver
) -> Finish:
    """Rounds of model and tools until the model has nothing more to ask."""
    calls = turn.calls
    branch = (*await _above(turn.question, deps), turn.question)
    finish = Finish("stop")
    for round_number in range(MAX_TOOL_ROUNDS + 1):
        # The last round declares no tools, so that the model has to answer in words.
        last = round_number == MAX_TOOL_ROUNDS
        history = (*branch, reply.message("streaming")) if reply.parts else branch
        finish, offered = await _ask(turn, deps, writer, history, tools_on=not last)
        if calls.finished is not None:
            reply.counted(calls.finished)
        wanted = reply.unanswered()
        if not wanted or finish.kind not in ("tool_calls", "stop"):
            break
        if last:
            sentence = f"The model asked for tools more than {MAX_TOOL_ROUNDS} times."
            return Finish("error", "ToolRounds", sentence, actions=("retry", "edit"))
        for number, call in enumerate(wanted):
            if number < MAX_CALLS_PER_ROUND:
                shown, owner = shown_pictures(branch, reply.parts), turn.conversation.owner
                result = await deps.toolbox.run(call, owner, offered, shown, job.publish)
            else:
                result = too_many(call, MAX_CALLS_PER_ROUND)
            writer.add(result)
        await saver.save()
    if finish.kind in ("stop", "tool_calls") and not _says_anything(reply):
        raise BadReply(
            f"{calls.card.title} answered nothing at all. Try again, or reword the message."
        )
    return finish


async def _above(question: Message, deps: TurnDeps) -> Sequence[Message]:
    """What the model is told before the question.

    A reply right above it that is still being written is waited for: the question was asked with
    it in mind, and so must it be answered.
    """
    if question.parent_id is not None:
        await deps.jobs.wait(question.parent_id)
    return await deps.history.above(question.parent_id)


async def _ask(
    turn: Turn, deps: TurnDeps, writer: ReplyWriter, history: tuple[Message, ...], *, tools_on: bool
) -> tuple[Finish, Sequence[ToolSpec]]:
    """One question to the model, in as many attempts as it takes; the tools it was offered."""
    calls = turn.calls
    offered: Sequence[ToolSpec] = ()
    for attempt in calls.attempts():
        if calls.answering is None and not attempt.failures:
            writer.answered_by(attempt.target)
        async with attempt:
            request = await _request(turn, deps, attempt, history, tools_on)
            offered = request.tools
            async with aclosing(attempt.stream(request)) as events:
                async for event in events:
                    if isinstance(event, Answering):
                        writer.answered_by(event.target, event.notes)
                    elif (end := await writer.take(event)) is not None:
                        attempt.cut(end)
    assert calls.finished is not None, "an attempt that nobody answered raises"
    return calls.finished.finish, offered


async def _request(
    turn: Turn, deps: TurnDeps, attempt: Attempt, history: tuple[Message, ...], tools_on: bool
) -> ModelRequest:
    """What a model is asked with: its tools, modalities and limits are its own."""
    card, conversation = attempt.card, turn.conversation
    tools_on = tools_on and card.tools and conversation.tools_on
    tools = deps.toolbox.offered(tools_on, conversation.tool_policy)
    fitting = fitted(card, history, bool(tools), attempt.budget)
    messages, media = await deps.pictures.load(card, fitting.messages, attempt.budget.bytes)
    return ModelRequest(
        card, messages, conversation.system, tools, conversation.options, media, fitting.notes
    )


def _says_anything(reply: Reply) -> bool:
    return bool(plain_text(reply.parts) or pictures(reply.parts))
