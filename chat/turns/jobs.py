"""Running turns, owned by the server: they outlive the browser that started them.

A job keeps a log of what happened. Anyone may watch it from any offset, at any time, and
sees everything from there on without loss or repeat.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from functools import partial

from chat.core.errors import ShuttingDown
from chat.core.events import Queued, Saved, TurnEvent, UserAnswered, UserAsked
from chat.core.live_log import LogPiece
from chat.core.messages import Message
from chat.core.parts import Json
from chat.turns.questions import Questions, RemoteQuestions

log = logging.getLogger(__name__)

MAX_RUNNING_TURNS = 12
"""Of one owner, where the host says nothing else."""
MAX_QUEUED_TURNS = 100
"""The same."""

BEGINS_NOTHING = (
    "Easel is being restarted and begins nothing new. What you wrote stays; send it again in a "
    "moment."
)

CLOSING_S = 3.0
"""How long the last saves may take when the program ends."""


class Job:
    """One turn under way."""

    def __init__(self, owner: str, message: Message) -> None:
        """Stand for the turn that writes this assistant message."""
        self.owner = owner
        self.id = message.id
        self.conversation_id = message.conversation_id
        self.message = message
        """As last saved."""
        self.questions: Questions | None = None
        """What its tools ask the user; ``None``: they cannot."""
        self.stopped_by_user = False
        self.stopped_by_host = False
        """By somebody who looks after this Easel, and not by whose turn it is."""
        self.place = 0
        """In the queue, as last told; 0: it does not wait there."""
        self.ending = False
        """Whether it was told to end, or has begun its last save: nothing cancels it then."""
        self.heard: Callable[[Job, TurnEvent], None] = lambda *_: None
        """Is called with each event that was published."""
        self._log: list[TurnEvent] = []
        self._ended = False
        self._news = asyncio.Event()
        self._over = asyncio.Event()
        self._resting: set[asyncio.Future[None]] = set()
        """Who waits for its end, and for a time."""

    def publish(self, event: TurnEvent) -> None:
        """Append to the log and wake the watchers."""
        self._log.append(event)
        if isinstance(event, Queued):
            self.place = event.place
        if isinstance(event, Saved):
            self._is_over()
        self._news.set()
        self.heard(self, event)

    def since(self, offset: int) -> list[TurnEvent]:
        """The events from ``offset`` on, as far as there are any."""
        return self._log[offset:]

    @property
    def asks(self) -> bool:
        """Whether a tool of it waits for an answer of its user."""
        return self.questions is not None and bool(self.questions.open)

    def end(self) -> None:
        """Nothing will follow."""
        self._ended = True
        self._is_over()
        self._news.set()

    def _is_over(self) -> None:
        self._over.set()
        for rest in self._resting:
            _end_rest(rest)

    @property
    def ended(self) -> bool:
        """Whether the log is complete."""
        return self._ended

    @property
    def over(self) -> bool:
        """Whether the last state of the reply is known, be it saved or not."""
        return self._over.is_set()

    async def over_within(self, seconds: float | None) -> None:
        """Return after so long, or as soon as the last state of the reply is known."""
        if seconds is None:
            await self._over.wait()
        elif not self.over:
            # Each frame of each reply rests so: a timeout that cancels costs twice as much.
            rest = asyncio.get_running_loop().create_future()
            timer = rest.get_loop().call_later(seconds, _end_rest, rest)
            self._resting.add(rest)
            try:
                await rest
            finally:
                timer.cancel()
                self._resting.discard(rest)

    async def watch(self, offset: int = 0) -> AsyncGenerator[list[TurnEvent], None]:
        """Events from ``offset`` on, in batches of what has come since; ends with the job."""
        while True:
            news = self._news
            batch = self._log[offset:]
            if batch:
                offset += len(batch)
                yield batch
                continue
            if self._ended:
                return
            if news.is_set():
                # Every watcher may wait on the old event and be woken by it; the next
                # wait needs a fresh one.
                self._news = news = asyncio.Event()
            await news.wait()


def _end_rest(rest: asyncio.Future[None]) -> None:
    if not rest.done():
        rest.set_result(None)


class RemoteJob(Job):
    """A turn that another process runs. Its log is a copy, which fills once somebody watches."""

    def __init__(
        self,
        owner: str,
        conversation_id: str,
        reply_id: str,
        watched: Callable[["RemoteJob"], None],
        stop: Callable[[str, bool], None],
        answer: Callable[[str, str, Json], None],
    ) -> None:
        """Stand for the turn that writes this reply.

        ``watched`` is told when somebody begins to watch, ``stop`` which reply to stop and whether
        it is the host who stops it, ``answer`` of which reply a question is answered, and how.
        """
        super().__init__(owner, Message(reply_id, conversation_id, None, "assistant", ()))
        self.is_watched = False
        self.arrived = 0
        """How many events of it have come."""
        self.said_to_ask = False
        """Whether the other process says that it waits for an answer."""
        self._watched = watched
        self._stop = stop
        self._remote = RemoteQuestions(partial(answer, reply_id))
        self.questions = self._remote

    def take(self, piece: LogPiece) -> None:
        """Publish what is new in a piece; one before which others are missing has to wait."""
        if piece.first > self.arrived:
            return
        for event in piece.events[self.arrived - piece.first :]:
            self.arrived += 1
            if isinstance(event, UserAsked | UserAnswered):
                self._remote.take(event)
            if event is not None:
                self.publish(event)

    @property
    def asks(self) -> bool:
        """Whether a tool of it waits for an answer of its user."""
        return self.said_to_ask

    def stop(self, *, by_host: bool) -> None:
        """Have it stopped where it runs."""
        self._stop(self.id, by_host)

    async def watch(self, offset: int = 0) -> AsyncGenerator[list[TurnEvent], None]:
        """As of any other; the log fills from here on."""
        self.is_watched = True
        self._watched(self)
        async with aclosing(super().watch(offset)) as batches:
            async for batch in batches:
                yield batch


class Jobs:
    """Every running turn of this process, and those of others over the same store."""

    def __init__(self, most: int = MAX_RUNNING_TURNS, most_queued: int = MAX_QUEUED_TURNS) -> None:
        """Start with none.

        Args:
            most: how many of an owner may run at once; who starts one looks first.
            most_queued: how many more may wait for these to end.
        """
        self.most = most
        self.most_queued = most_queued
        self._jobs: dict[str, Job] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self.remote: dict[str, RemoteJob] = {}
        """The turns of other processes, by the id of their reply."""
        self.began: Callable[[Job], None] = lambda _: None
        self.ended: Callable[[Job], None] = lambda _: None
        """Are called with each turn of this process, as it begins and once nothing follows."""
        self.known: Callable[[str], Awaitable[None]] = _nothing_elsewhere
        """Makes sure that a turn of another process is known here, by the id of its reply."""
        self._closing = False
        self._draining = False

    @property
    def draining(self) -> bool:
        """Whether what runs is the last that this process does."""
        return self._draining

    def drain(self) -> None:
        """Have no new turn begun; what runs goes on."""
        self._draining = True

    def must_take(self) -> None:
        """Asked before a turn is begun, and before anything of it is kept.

        Raises:
            ShuttingDown: no new turn is begun any more.
        """
        if self._draining:
            raise ShuttingDown(BEGINS_NOTHING)

    @property
    def running(self) -> list[Job]:
        """Turns of this process that are not over, oldest first."""
        return [job for job in self._jobs.values() if not job.over]

    @property
    def everywhere(self) -> list[Job]:
        """Turns that are not over: of this process, oldest first, then of the others."""
        return [*self.running, *(job for job in self.remote.values() if not job.over)]

    async def all_ended(self) -> None:
        """Return when nothing runs."""
        while self._tasks:
            await asyncio.wait(set(self._tasks.values()))

    def start(self, job: Job, work: Callable[[Job], Awaitable[None]]) -> None:
        """Run ``work(job)`` until it ends or is stopped.

        Raises:
            RuntimeError: the program is shutting down.
        """
        if self._closing:
            raise RuntimeError("jobs are closing")
        self._jobs[job.id] = job
        self.began(job)
        task = asyncio.create_task(self._run(job, work), name=f"turn-{job.id}")
        self._tasks[job.id] = task

    async def _run(self, job: Job, work: Callable[[Job], Awaitable[None]]) -> None:
        try:
            await work(job)
        except asyncio.CancelledError:
            pass  # the turn has said so in its message
        except Exception:
            log.exception("turn %s broke", job.id)
        finally:
            job.end()
            self._jobs.pop(job.id, None)
            self._tasks.pop(job.id, None)
            self.ended(job)

    def get(self, job_id: str) -> Job | None:
        """The running turn that writes this message, whichever process runs it."""
        return self._jobs.get(job_id) or self.remote.get(job_id)

    def local(self, job_id: str) -> Job | None:
        """The same, where this process runs it."""
        return self._jobs.get(job_id)

    def of_conversation(self, conversation_id: str) -> list[Job]:
        """Turns of a conversation that are not over, those of this process first, oldest first."""
        return [
            job
            for job in (*self._jobs.values(), *self.remote.values())
            if job.conversation_id == conversation_id and not job.over
        ]

    def of_owner(self, owner: str) -> list[Job]:
        """Turns of an owner in this process that are not over, oldest first."""
        return [job for job in self._jobs.values() if job.owner == owner and not job.over]

    def stop(self, job_id: str, *, by_host: bool = False) -> bool:
        """Stop a turn because its owner wants it, or the host; whether there was one to stop."""
        job = self.get(job_id)
        if isinstance(job, RemoteJob):
            job.stop(by_host=by_host)
            return True
        return self.stop_here(job_id, by_host=by_host)

    def stop_here(self, job_id: str, *, by_host: bool = False) -> bool:
        """The same, where this process runs it."""
        job = self._jobs.get(job_id)
        if job is None or job.over:
            return False
        job.stopped_by_host = job.stopped_by_host or (by_host and not job.ending)
        # A task cancelled before its first step would never run at all, and so never save.
        asyncio.get_running_loop().call_soon(self._cancel, job, True)
        return True

    def _cancel(self, job: Job, by_user: bool) -> None:
        """Once, and only before its last save begins: a later one would cut that save off."""
        task = self._tasks.get(job.id)
        if task is not None and not job.ending:
            job.ending = True
            job.stopped_by_user = by_user
            task.cancel()

    async def wait(self, job_id: str, at_most_s: float | None = None) -> None:
        """Return when this turn has ended, or when the time is up."""
        task = self._tasks.get(job_id)
        if task is not None:
            await asyncio.wait([task], timeout=at_most_s)
        elif (job := self.remote.get(job_id)) is not None:
            await job.over_within(at_most_s)

    async def stop_all(self, conversation_id: str, at_most_s: float) -> None:
        """Stop the turns of a conversation; wait so long at most for their last saves."""
        # All before the first wait, or those in the queue would each begin as the one before ends.
        stopped = [job.id for job in self.of_conversation(conversation_id) if self.stop(job.id)]
        await asyncio.gather(*(self.wait(each, at_most_s) for each in stopped))

    async def close(self) -> None:
        """Interrupt everything that runs and wait until each turn has saved what it has.

        A disk that refuses holds this up for a few seconds at most: the next start finds what
        was saved last.
        """
        self._closing = True
        loop = asyncio.get_running_loop()
        for job in self._jobs.values():
            loop.call_soon(self._cancel, job, False)
        waiting = set(self._tasks.values())
        while waiting:
            _, waiting = await asyncio.wait(waiting, timeout=CLOSING_S)
            for task in waiting:  # again: what it waits for may take no note of it once
                task.cancel()


async def _nothing_elsewhere(reply_id: str) -> None:
    """There is no other process."""
