"""A growing reply is saved about once a second, beside the turn; its last state at its end.

The end is told at once, also where the store refuses for a while.
"""

import asyncio
import logging
from dataclasses import replace
from types import TracebackType

from chat.core.errors import Conflict, StorageError, Unstorable
from chat.core.events import Saved
from chat.core.messages import Finish, Message
from chat.core.parts import File, Image, Reasoning, Text
from chat.core.ports import Conversations
from chat.turns.jobs import Job
from chat.turns.reply import Reply
from chat.turns.saves_together import SavesTogether

log = logging.getLogger(__name__)

INTERVAL_S = 0.9
"""The promise is one second; the rest is for the disk."""

TOGETHER_S = 0.3
"""Replies are saved at whole multiples of this: those that grow at once are saved at once."""

ODD = "A part of this reply could not be saved. What else it held is kept; the log has the cause."

SAVE_AGAIN_S = 1.0
SAVE_ATTEMPTS = 600


class ReplySaver:
    """An asynchronous context: inside it the reply is saved whenever it has grown.

    Every write is a task of its own. Whoever asked for one may be cancelled; the write is not,
    and on leaving all of them are awaited: a thread left behind could otherwise put an old
    state over the final one.
    """

    def __init__(
        self,
        saves: SavesTogether,
        reply: Reply,
    ) -> None:
        """Save this reply each time its version has changed."""
        self._saves = saves
        self._reply = reply
        self._saved_version = reply.version
        self._leave = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._lock = asyncio.Lock()
        self._writes: set[asyncio.Task[None]] = set()
        self.fault: Exception | None = None
        """Why the last save failed; the turn gives up, and does not wait for the model to do so."""
        self._turn: asyncio.Task[object] | None = None
        self._ended_turn = False

    async def save(self) -> None:
        """Save now, if there is anything new.

        Raises:
            StorageError: it could not be written.
            Exception: a bug; it holds what the store cannot write.
        """
        write = asyncio.create_task(self._write(), name="save")
        self._writes.add(write)
        await asyncio.shield(write)
        self._writes.discard(write)

    async def _write(self) -> None:
        async with self._lock:
            version = self._reply.version
            if version == self._saved_version:
                return
            message = self._reply.message("streaming")
            await self._saves.update(message, self._leave)
            self._saved_version = version

    async def _keep_saving(self) -> None:
        while not self._leave.is_set():
            try:
                async with asyncio.timeout_at(_next_save(asyncio.get_running_loop().time())):
                    await self._leave.wait()
            except TimeoutError:
                pass  # time to save
            if self._leave.is_set():
                return
            try:
                await self.save()
            except Exception as error:  # a bug as well: no later save would go better
                self.fault = error
                self._end_turn()
                return

    def _end_turn(self) -> None:
        """Wake the turn, which may be waiting for a model that says nothing more."""
        if self._turn is not None and not self._leave.is_set():
            self._ended_turn = True
            self._turn.cancel()

    async def __aenter__(self) -> "ReplySaver":
        self._turn = asyncio.current_task()
        self._task = asyncio.create_task(self._keep_saving(), name="saver")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._leave.set()
        cancelled: asyncio.CancelledError | None = None
        while waiting := {task for task in (self._task, *self._writes) if task and not task.done()}:
            try:
                await asyncio.wait(waiting)
            except asyncio.CancelledError as told:
                cancelled = told  # heard, but a save under way must not be left behind
        for write in self._writes:
            if not write.cancelled() and (fault := write.exception()) is not None:
                # The final save comes next and meets the same fault, if it still stands.
                log.warning("a save beside the turn failed: %s: %s", type(fault).__name__, fault)
        if cancelled is not None:
            raise cancelled
        if self._ended_turn and self._turn is not None:
            # As a timeout does: the cancellation was ours unless somebody else asked as well.
            others = self._turn.uncancel()
            if kind is asyncio.CancelledError and not others and self.fault is not None:
                raise self.fault from error


def _next_save(now_s: float) -> float:
    """When a reply that was saved now is saved next, by the clock of the loop."""
    return (now_s + INTERVAL_S) // TOGETHER_S * TOGETHER_S


async def save_end(job: Job, saves: SavesTogether, message: Message) -> Message | None:
    """Save the final state and tell the watchers; ``job.message`` is what they were told.

    They are told at once either way, with the reason where it was not saved. Of a reply that holds
    what cannot be written, the rest is saved.

    Returns: what is to be saved yet, where the store refused.
    """
    unsaved: Message | None = None
    try:
        try:
            await saves.update(message)
        except Exception as error:
            if not _its_own(error):
                raise
            log.exception("reply %s holds what cannot be saved", job.id)
            message = _plain(message, error)
            await saves.update(message)
    except Exception as error:
        log.exception("reply %s could not be saved", job.id)
        sentence = str(error) if isinstance(error, StorageError) else ODD
        unsaved = message
        why = Finish("error", type(error).__name__, sentence)
        message = replace(message, status="failed", finish=why)
    job.message = message
    job.publish(Saved(message))
    return unsaved


def _its_own(error: Exception) -> bool:
    """Whether it is what the reply holds, and not the store."""
    return isinstance(error, Unstorable) or not isinstance(error, StorageError)


def _plain(message: Message, error: Exception) -> Message:
    """Its end with words, pictures and files alone: values of any shape are what may be odd."""
    billed = message.finish.billed if message.finish is not None else "unknown"
    return replace(
        message,
        status="failed",
        parts=tuple(
            replace(part, echo=None, extra=None)
            for part in message.parts
            if isinstance(part, Text | Reasoning | Image | File)
        ),
        usage=None,
        finish=Finish("error", type(error).__name__, ODD, billed, ("retry",)),
    )


async def save_late(conversations: Conversations, message: Message) -> Message | None:
    """Try again once a second until the store takes it; what it took in the end, if anything."""
    why: Exception | None = None
    for _ in range(SAVE_ATTEMPTS):
        await asyncio.sleep(SAVE_AGAIN_S)
        try:
            await asyncio.to_thread(conversations.update, message)
        except Conflict:
            return None  # another process has gone on with it meanwhile
        except Exception as error:
            why = error
            if _its_own(error):
                message = _plain(message, error)
            continue
        log.info("reply %s is saved after all", message.id)
        return message
    log.error("reply %s was never saved: the store refused for too long", message.id, exc_info=why)
    return None
