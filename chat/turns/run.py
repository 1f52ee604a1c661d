"""One turn, read from top to bottom. The only place that writes a reply."""

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from functools import partial

from chat.core.calling import ModelRequest, ToolSpec
from chat.core.errors import BadReply, ChatError, NotFound, ProviderError, ToolsRefused
from chat.core.events import CallsEnded
from chat.core.messages import UNENDED, Conversation, Finish, Message, rounds
from chat.core.parts import pictures as pictures_of
from chat.core.parts import plain_text
from chat.core.ports import Conversations
from chat.core.read_pace import DRAWN_S, shown_every_s
from chat.gateway.call import Answering, Attempt, Gateway, ModelCalls
from chat.images.edits import ImageEditing
from chat.models.tool_relay import ToolRelay
from chat.turns import outcome
from chat.turns.alt_text import retold
from chat.turns.file_texts import READ_FILE, FileTexts
from chat.turns.history import History
from chat.turns.jobs import Job, Jobs
from chat.turns.loaded_request import loaded
from chat.turns.missing_image import noticed
from chat.turns.naming import begins_without_words, name_by_reply
from chat.turns.pictures import Pictures
from chat.turns.region_lock import RegionLock
from chat.turns.relayed_pictures import RelayedPictures
from chat.turns.remarks import remarked
from chat.turns.reply import Reply
from chat.turns.save import ReplySaver, save_end
from chat.turns.saves_together import SavesTogether
from chat.turns.shared_call import Share, SharedCall
from chat.turns.tool_relay import orders
from chat.turns.tool_round import ToolRound
from chat.turns.toolbox import Toolbox
from chat.turns.turned_down import left_out, turned_down
from chat.turns.writer import ReplyWriter, Taker

log = logging.getLogger(__name__)

MAX_TOOL_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class TurnDeps:
    """What every turn works with."""

    conversations: Conversations
    pictures: Pictures
    editor: ImageEditing
    toolbox: Toolbox
    gateway: Gateway
    jobs: Jobs
    history: History
    files: FileTexts = field(default_factory=FileTexts)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that waits for its answer, or for the rest of it."""

    conversation: Conversation
    question: Message
    reply: Message
    """The queued assistant message, already in the store; with what it holds it goes on."""
    calls: ModelCalls
    """The calls of the model, and who makes them."""
    share: Share | None = None
    """Of a request that several replies have in common; ``None``: it asks for itself."""
    relay: ToolRelay | None = None
    """Where another model draws, and the one that is asked runs the tools for it."""
    version: int = 0
    """How many other replies to the question there are already."""
    left_out: bool = False
    """The model turned out to take no tools, and there is no relay: it is asked without them."""


async def run_turn(
    job: Job,
    turn: Turn,
    deps: TurnDeps,
    may_run: Callable[[], Awaitable[None]],
    saves: SavesTogether,
) -> Message | None:
    """Wait until it may run, ask the model, run its tools, keep what it says, save how it ended.

    Every end is saved: complete, blocked, failed, stopped by the user, or interrupted when
    the program shuts down. What had arrived by then is part of it. A reply with calls that the
    user has to decide on is saved as waiting, and another turn goes on with it.

    Returns: what could not be saved, if the store refused.
    """
    deps = replace(deps, toolbox=deps.toolbox.of(job.owner))
    reply, calls, recorder = Reply(turn.reply), turn.calls, deps.gateway.recorder
    ledger = calls.ledger
    shown_every_s.set(DRAWN_S)
    try:
        recorder.began(job.conversation_id, job.id, job.owner)
        await _turn_comes(turn, may_run)
        async with ReplySaver(saves, reply) as saver:
            lock = RegionLock.of(job.owner, turn.question.parts, deps.pictures, deps.editor)
            writer = ReplyWriter(job, turn.question, reply, deps.pictures, saver, lock)
            finish = await _converse(job, turn, deps, reply, writer, saver)
        if reply.waits:
            status, finish = outcome.waiting(ledger.billed)
        else:
            finish = noticed(finish, calls.card, turn.question, reply.parts)
            status, finish = outcome.finished(finish, ledger.billed)
    except asyncio.CancelledError:
        by_user, arrived = job.stopped_by_user, bool(reply.parts)
        status, finish = outcome.stopped(
            ledger.billed, by_user=by_user, arrived=arrived, by_host=job.stopped_by_host
        )
        if reply.waits and job.ending and not by_user:
            status, finish = outcome.waiting(ledger.billed)
    except ChatError as error:
        _explain(job, error)
        status, finish = outcome.failed(error, ledger.billed, arrived=bool(reply.parts))
    except Exception as error:
        log.exception("turn %s met a bug", job.id)
        status, finish = outcome.broken(error, ledger.billed)
    if status != "waiting":
        finish = remarked(finish, calls.card, turn.conversation.options, reply.parts)
    job.ending = True
    ended = retold(reply.message(status, finish, ledger.cost_usd), turn.question.parts)
    try:
        unsaved = await save_end(job, saves, ended)
        if unsaved is not None:
            return unsaved
        ended, status = job.message, job.message.status
        if status not in UNENDED:
            deps.history.ended(turn.question, ended)
        if status == "complete" and begins_without_words(turn.question):
            await _name(turn, deps, ended)
        return None
    finally:
        recorder.ended(job.id, status)


async def _name(turn: Turn, deps: TurnDeps, ended: Message) -> None:
    """Name a conversation that began without words; the reply is kept whether that goes or not."""
    try:
        await asyncio.to_thread(name_by_reply, deps.conversations, turn.conversation, ended)
    except NotFound:
        pass  # it was deleted meanwhile
    except ChatError as error:
        log.warning("conversation %s could not be named: %s", turn.conversation.id, error)


async def _turn_comes(turn: Turn, may_run: Callable[[], Awaitable[None]]) -> None:
    """Wait until it may run. Whoever is stopped meanwhile leaves what they share with others."""
    try:
        await may_run()
    except asyncio.CancelledError:
        if turn.share is not None:
            await turn.share.left(turn.calls)
        raise


def _explain(job: Job, error: ChatError) -> None:
    """Say in the log why a turn failed. A provider's refusal is no bug: its cause is one line."""
    cause = error.__cause__
    if isinstance(error, ProviderError) and cause is not None:
        why = f"{type(cause).__name__}: {' '.join(str(cause).split())[:300]}"
        log.warning("turn %s failed: %s (%s)", job.id, error, why)
    else:
        log.warning("turn %s failed: %s", job.id, error, exc_info=cause)
    _let_go(error)


def _let_go(error: BaseException) -> None:
    """Free what the calls held that an error went through: it may be all of a large answer.

    Errors and calls hold each other, and would do so until a collection that comes much later.
    """
    told: BaseException | None = error
    seen: set[int] = set()
    while told is not None and id(told) not in seen:
        seen.add(id(told))
        traceback.clear_frames(told.__traceback__)
        told = told.__cause__ or told.__context__


async def _converse(
    job: Job, turn: Turn, deps: TurnDeps, reply: Reply, writer: ReplyWriter, saver: ReplySaver
) -> Finish:
    """Rounds of model and tools until the model has nothing more to ask, or the user is asked."""
    calls = turn.calls
    if turn.share is not None:
        finish = await _shared(turn.share, calls, reply, writer)
        return _said(finish, calls, reply)
    branch = (*await _above(turn.question, deps), turn.question)
    lock = await writer.lock()
    toolbox = _relayed(turn, deps, reply).toolbox
    tools = ToolRound(job, branch, reply, writer, saver, toolbox)
    finish = Finish("stop")
    if calls.answering is not None:
        writer.answered_by(calls.answering)
    if reply.unanswered():  # it was decided on
        await tools.answer(turn.conversation)
        if reply.waits:
            return finish
    done = sum(bool(each.results) for each in rounds(reply.parts))
    for round_number in range(done, MAX_TOOL_ROUNDS + 1):
        # The last round declares no tools, so that the model has to answer in words.
        last = round_number == MAX_TOOL_ROUNDS
        history = (*branch, reply.message("streaming")) if reply.parts else branch
        if reply.parts:
            turn = replace(turn, conversation=await _tools_now(turn.conversation, deps))
        asking = _with_relay(turn, deps, reply, writer, history, lock, tools_on=not last)
        turn, finish, offered = await asking
        tools = replace(tools, toolbox=_relayed(turn, deps, reply).toolbox)
        if calls.finished is not None:
            reply.counted(calls.finished)
        wanted = reply.unanswered()
        if not wanted or finish.kind not in ("tool_calls", "stop"):
            break
        if last:
            sentence = f"The model asked for tools more than {MAX_TOOL_ROUNDS} times."
            return Finish("error", "ToolRounds", sentence, actions=("retry", "edit"))
        await tools.answer(await _tools_now(turn.conversation, deps), offered)
        if reply.waits:
            return finish
    return _said(left_out(finish, calls) if turn.left_out else finish, calls, reply)


async def _with_relay(
    turn: Turn,
    deps: TurnDeps,
    reply: Reply,
    writer: ReplyWriter,
    history: tuple[Message, ...],
    lock: RegionLock | None,
    *,
    tools_on: bool,
) -> tuple[Turn, Finish, Sequence[ToolSpec]]:
    """As ``_ask``, once more where the model turns out to refuse tools; the turn as it goes on."""
    with_tools = _relayed(turn, deps, reply)
    try:
        return turn, *await _ask(turn, with_tools, writer, history, lock, tools_on=tools_on)
    except ToolsRefused:
        if not (tools_on and turn.conversation.tools_on and turn.calls.card.tools):
            raise
    asked = turn.conversation, turn.question, turn.calls.resolver.catalogue
    relay = turned_down(turn.calls, turn.relay, reply, *asked)
    turn = replace(turn, relay=relay, left_out=relay is None)
    with_tools = _relayed(turn, deps, reply)
    return turn, *await _ask(turn, with_tools, writer, history, lock, tools_on=True)


def _relayed(turn: Turn, deps: TurnDeps, reply: Reply) -> TurnDeps:
    """What the turn works with: where another model draws, tools that have it do so."""
    if turn.relay is None:
        return deps
    maker = RelayedPictures(
        turn.relay.pictures,
        turn.conversation,
        reply.message("streaming"),
        turn.calls.ledger,
        replace(deps.gateway, resolver=turn.calls.resolver),
        deps.pictures,
    )
    return replace(deps, toolbox=deps.toolbox.drawing_with(maker))


def _said(finish: Finish, calls: ModelCalls, reply: Reply) -> Finish:
    """The finish of a reply with something in it."""
    if finish.kind not in ("stop", "tool_calls"):
        return finish
    if not (plain_text(reply.parts) or pictures_of(reply.parts)):
        raise BadReply(
            f"{calls.card.title} answered nothing at all. Try again, or reword the message."
        )
    return finish


async def _shared(share: Share, calls: ModelCalls, reply: Reply, writer: ReplyWriter) -> Finish:
    """What of a request for several replies is for this one."""
    try:
        await writer.lock()
        finish = await share.taken(writer, calls)
    finally:
        await share.left(calls)
    if calls.finished is not None:
        reply.counted(calls.finished)
    return finish


async def ask_together(turn: Turn, deps: TurnDeps, call: SharedCall, pictures: int) -> Finish:
    """One request for the pictures of several replies, which the call deals out.

    Args:
        turn: any of them, with calls that are none of the replies' own.
        deps: what turns work with.
        call: takes what comes.
        pictures: how many are asked for.
    """
    lock = RegionLock.of(turn.conversation.owner, turn.question.parts, deps.pictures, deps.editor)
    if lock is not None:
        try:
            await lock.measure()
        except NotFound:  # each reply says so
            lock = None
    history = (*await _above(turn.question, deps), turn.question)
    finish, _ = await _ask(turn, deps, call, history, lock, tools_on=False, pictures=pictures)
    return finish


async def _tools_now(conversation: Conversation, deps: TurnDeps) -> Conversation:
    """The conversation with what holds for its tools by now; the rest as it was asked with."""
    found = await asyncio.to_thread(deps.conversations.get, conversation.owner, conversation.id)
    return replace(
        conversation,
        tools_on=found.tools_on,
        tool_policy=found.tool_policy,
        tool_schemas=found.tool_schemas,
    )


async def _above(question: Message, deps: TurnDeps) -> Sequence[Message]:
    """What the model is told before the question.

    A reply right above it that is still being written is waited for: the question was asked with
    it in mind, and so must it be answered.
    """
    if question.parent_id is not None:
        await deps.jobs.known(question.parent_id)
        await deps.jobs.wait(question.parent_id)
    return await deps.history.above(question.parent_id)


async def _ask(
    turn: Turn,
    deps: TurnDeps,
    writer: Taker,
    history: tuple[Message, ...],
    lock: RegionLock | None,
    *,
    tools_on: bool,
    pictures: int = 1,
) -> tuple[Finish, Sequence[ToolSpec]]:
    """One question to the model, in as many attempts as it takes; the tools it was offered.

    More than one of ``pictures`` are asked for at once.
    """
    calls = turn.calls
    offered: Sequence[ToolSpec] = ()
    for attempt in calls.attempts():
        if calls.answering is None and not attempt.failures:
            writer.answered_by(attempt.target)
        async with attempt:
            request = await _request(turn, deps, attempt, history, lock, tools_on, pictures)
            offered = request.tools
            async with aclosing(attempt.stream(request)) as events:
                async for event in events:
                    if isinstance(event, Answering):
                        writer.answered_by(event.target, event.notes)
                    elif (end := await writer.take(event)) is not None:
                        attempt.cut(end)
        await writer.take(CallsEnded())  # it may have come to nothing in the midst of one
    assert calls.finished is not None, "an attempt that nobody answered raises"
    return calls.finished.finish, offered


async def _request(
    turn: Turn,
    deps: TurnDeps,
    attempt: Attempt,
    history: tuple[Message, ...],
    lock: RegionLock | None,
    tools_on: bool,
    pictures: int,
) -> ModelRequest:
    """What a model is asked with: its tools, modalities and limits are its own."""
    card, conversation = attempt.card, turn.conversation
    may_call = card.tools and conversation.tools_on
    offered = deps.toolbox.offered(conversation.tool_policy) if may_call else ()
    tools = offered if tools_on else ()
    options = conversation.options
    if pictures > 1:
        options = {**options, "n": str(pictures)}
    return await loaded(
        card,
        history,
        deps.pictures.load,
        conversation.owner,
        budget=attempt.budget,
        lock=lock,
        system=orders(conversation.system) if turn.relay else conversation.system,
        tools=tools,
        options=options,
        # Also in the round that offers no tools: what was read stands in their answers.
        tell=partial(
            deps.files.told,
            owner=conversation.owner,
            bytes_of=deps.pictures.bytes_of,
            has_tool=any(tool.name == READ_FILE for tool in offered),
        ),
        version=turn.version,
    )
