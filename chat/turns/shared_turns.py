"""Turns that several processes share: each runs its own, and any may be watched by all of them.

What a turn of this process tells its watchers is laid out for the other processes, in a piece every
:data:`TICK_S` at most, as long as there are others. Of theirs there is a :class:`RemoteJob` each,
which fills while somebody here watches it. Stop, answers, decisions and changes go the same way.
Nothing that is missed is lost: after a line is made anew, everything is read again.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing, suppress
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from chat.conversations.changes import ChangeFeed
from chat.core.errors import ChatError, NotFound, StorageError
from chat.core.events import Saved, TurnEvent, UserAnswered, UserAsked
from chat.core.live_log import LiveLog, LogPiece, Signal, SignalKind
from chat.core.messages import ALIVE, Message
from chat.core.parts import Json
from chat.core.ports import Conversations, WaitingReply
from chat.core.replicas import LEASE_S
from chat.telemetry.call import WatchRecorder
from chat.turns.jobs import Job, Jobs, RemoteJob
from chat.turns.presence import Presence
from chat.turns.waiting import WaitingReplies

log = logging.getLogger(__name__)

TICK_S = 0.1
READ_S = 0.02
"""Between reads: what is told so often by several others is read at once."""
AGAIN_S = 1.0
CANCELLED_AGAIN_S = 3.0
"""Long enough for a line to be closed in good order."""
MOST_SIGNALS = 5_000
"""That wait while the others cannot be told; they read everything again after such a time."""

T = TypeVar("T")


class SharedTurns:
    """What this process tells the others of its turns, and hears of theirs."""

    def __init__(
        self,
        live: LiveLog,
        conversations: Conversations,
        jobs: Jobs,
        news: ChangeFeed,
        waiting: WaitingReplies,
        presence: Presence,
    ) -> None:
        """Have these told, and hear for them. Nothing runs before ``start``."""
        self._live = live
        self._conversations = conversations
        self._jobs = jobs
        self._news = news
        self._waiting = waiting
        self._presence = presence
        self.missed: Callable[[], None] = lambda: None
        """Is called when open pages may not have heard of something."""
        self.halt: Callable[[str, str], object] = lambda *_: None
        """Stops repeated steps that run here: of an owner, by id."""
        self.signed_out: Callable[[str], object] = lambda _: None
        """Ends the live connections here of a session, by its id."""
        self.watches: WatchRecorder | None = None
        """Who keeps records of what is watched here and written elsewhere."""
        self._listening: asyncio.Task[None] | None = None
        self._working: list[asyncio.Task[None]] = []
        self._closing = asyncio.Event()
        self._company = asyncio.Event()
        """Set once there is another process: nobody listens before."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._fails = False
        self._heard_at = float("-inf")

        self._out = asyncio.Event()
        self._laid: dict[str, int] = {}
        """How many events of each turn that runs here are laid out."""
        self._shown: set[str] = set()
        """Turns that run here of which something is, or may be, laid out."""
        self._grown: set[str] = set()
        self._ended: list[str] = []
        self._left: list[str] = []
        """Turns of dead processes that were ended here, and notes that nobody will take."""
        self._signals: list[Signal] = []
        self._notes: dict[str, Json] = {}

        self._in = asyncio.Event()
        self._look = self._lost = self._listens = False
        self._looks = 0
        self._meanwhile: dict[str, bool] = {}
        """While it is looked around: whether a turn was heard to begin, or to have ended."""
        self._reached: set[str] = set()
        """Turns of others that are watched here, of which more is there."""
        self._over: list[RemoteJob] = []
        self._answers: list[tuple[str, str]] = []
        self._asked: dict[str, list[Signal]] = {}
        """What was asked of those who write turns, told again to who may have missed it."""

        jobs.began, jobs.ended = self._began, self._has_ended
        news.relay = lambda owner, conversation_id: self._tell("news", owner, conversation_id)
        waiting.relay, waiting.settled = self._tell, self._settled
        presence.changed = self._others_changed

    def start(self) -> None:
        """Tell and hear from now on."""
        self._loop = asyncio.get_running_loop()
        self._listening = asyncio.create_task(self._hear(), name="turns-heard")
        self._working = [
            asyncio.create_task(self._again(self._in, self._read, READ_S), name="turns-read"),
            asyncio.create_task(self._again(self._out, self._write, TICK_S), name="turns-told"),
        ]

    async def close(self) -> None:
        """Tell the last of it, and hear no more."""
        if self._listening is not None:
            # What a thread is at is not left behind: it would find the line gone.
            self._closing.set()
            self._in.set()
            self._out.set()
            going: set[asyncio.Task[None]] = {self._listening, *self._working}
            while going:
                # Once may be lost: before Python 3.12 ``asyncio.wait_for``, by which a library
                # writes to its server, takes no note of it in the moment in which it is done.
                self._listening.cancel()
                _, going = await asyncio.wait(going, timeout=CANCELLED_AGAIN_S)
        self._live.close()

    async def _again(
        self, due: asyncio.Event, work: Callable[[], Awaitable[None]], pause_s: float
    ) -> None:
        """Do work whenever it is due, with a pause after it, until it goes well.

        A last time once it is closed.
        """
        closed = False
        while not closed:
            await due.wait()
            due.clear()
            closed, rest_s = self._closing.is_set(), pause_s
            try:
                await work()
                self._fails = False
            except StorageError as error:
                if not self._fails:
                    log.warning("turns of several processes: %s", error)
                self._fails = True
                due.set()
                rest_s = AGAIN_S
            except Exception:
                log.exception("turns of several processes met a bug")
            if not closed:
                with suppress(TimeoutError):
                    async with asyncio.timeout(rest_s):
                        await self._closing.wait()

    # What this process tells.

    @property
    def _alone(self) -> bool:
        return not self._presence.others and time.monotonic() - self._heard_at > LEASE_S

    def _tell(self, kind: SignalKind, *words: str) -> None:
        if self._alone:
            return
        if len(self._signals) < MOST_SIGNALS:
            self._signals.append(Signal(kind, words))
        try:
            asyncio.get_running_loop()
        except RuntimeError:  # what is published in a thread
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._out.set)
        else:
            self._out.set()

    def _ask(self, kind: SignalKind, turn: str, *words: str) -> None:
        """Tell whoever writes a turn."""
        if turn in self._jobs.remote:
            self._asked.setdefault(turn, []).append(Signal(kind, (turn, *words)))
        self._tell(kind, turn, *words)

    def _began(self, job: Job) -> None:
        self._jobs.remote.pop(job.id, None)
        job.heard = self._grew
        self._laid[job.id] = 0
        self._grown.add(job.id)
        self._tell("began", job.id, job.owner, job.conversation_id)

    def _grew(self, job: Job, event: TurnEvent) -> None:
        self._grown.add(job.id)
        if isinstance(event, UserAsked | UserAnswered):
            self._tell("asks", job.id, "yes" if job.asks else "")
        if not self._alone:
            self._out.set()

    def _has_ended(self, job: Job) -> None:
        self._grown.discard(job.id)
        self._laid.pop(job.id, None)
        if job.id in self._shown:
            # A write may be under way; what has ended is forgotten by the one after it.
            self._shown.discard(job.id)
            self._ended.append(job.id)
            self._out.set()
        self._tell("ended", job.id)

    def _settled(self, reply_id: str) -> None:
        """A reply of a dead process was ended here."""
        self._left.append(reply_id)
        self._out.set()
        self._finish(reply_id)
        self._tell("ended", reply_id)

    def _others_changed(self) -> None:
        if self._presence.others:
            self._company.set()
        self._lay_out_all()

    def _lay_out_all(self) -> None:
        """There may be somebody who has seen nothing yet."""
        for job in self._jobs.running:
            if job.id in self._laid:
                self._tell("began", job.id, job.owner, job.conversation_id)
                self._grown.add(job.id)
        self._out.set()

    def _stop(self, reply_id: str, by_host: bool) -> None:
        self._ask("stop", reply_id, "host" if by_host else "")

    def tell_halt(self, owner: str, job_id: str) -> None:
        """Have whoever repeats steps stop."""
        self._tell("halt", owner, job_id)

    def tell_signed_out(self, session_id: str) -> None:
        """Have the live connections of a session end everywhere."""
        self._tell("signed out", session_id)

    def _answer(self, reply_id: str, question_id: str, values: Json) -> None:
        self._notes[_note(question_id)] = {"values": values}
        self._ask("answer", reply_id, question_id)

    async def _write(self) -> None:
        if self._left:
            left = self._left[:]
            await asyncio.to_thread(self._live.forget, left)
            del self._left[: len(left)]
        if self._alone:
            self._signals.clear()
            self._notes.clear()
            if not self._ended:
                return
        grown, signals, ended, notes = self._grown, self._signals, self._ended, self._notes
        self._grown, self._signals, self._ended, self._notes = set(), [], [], {}
        if self._alone:
            self._grown, grown = grown, set()
        pieces, jobs = [], {}
        for turn in grown:
            job, first = self._jobs.get(turn), self._laid.get(turn)
            if job is not None and first is not None and (events := job.since(first)):
                seen = (None if isinstance(event, Saved) else event for event in events)
                pieces.append(LogPiece(turn, first, tuple(seen)))
                jobs[turn] = job
                self._shown.add(turn)
        if not (pieces or signals or ended or notes):
            return
        try:
            await asyncio.to_thread(self._live.tell, pieces, signals, ended, notes)
        except BaseException:
            self._grown |= grown
            self._signals[:0], self._ended[:0] = signals, ended
            self._notes = {**notes, **self._notes}
            raise
        for piece in pieces:
            # It may have ended meanwhile, and begun anew.
            goes_on = self._jobs.get(piece.turn) is jobs[piece.turn]
            if goes_on and self._laid.get(piece.turn) == piece.first:
                self._laid[piece.turn] = piece.first + len(piece.events)

    def forget_copies(self) -> None:
        """Forget what is laid out of replies that nobody writes any more; for a thread.

        Raises ``StorageError``.
        """
        laid = self._live.turns()
        # Asked for after it: what has begun since then is in neither.
        alive = {reply.id for reply in self._conversations.unfinished()}
        self._live.forget([turn for turn in laid if turn not in alive])
        self._live.forget_old()

    # What it hears.

    async def _hear(self) -> None:
        await self._company.wait()
        while True:
            try:
                await self._listen()
            except Exception:
                log.exception("what other processes tell met a bug")
            await asyncio.sleep(AGAIN_S)

    async def _listen(self) -> None:
        async with aclosing(self._live.heard()) as told:
            async for heard in told:
                if heard.anew:
                    # The server may have forgotten what was laid out.
                    self._laid = dict.fromkeys(self._laid, 0)
                    self._look, self._lost, self._listens = True, self._listens, True
                    self._in.set()
                    self._heard_at = time.monotonic()  # whoever is there shall hear this at once
                    self._tell("joined")
                    self._lay_out_all()
                for signal in heard.signals:
                    self._heard_at = time.monotonic()
                    try:
                        self._take(signal.kind, *signal.words)
                    except Exception as error:  # the next one shall be heard
                        log.warning("a signal is not understood: %s", signal.kind, exc_info=error)

    def _take(self, kind: SignalKind, *words: str) -> None:
        match kind:
            case "joined":
                self._tell_again()
            case "began":
                self._know(*words)
            case "frames":
                self._has_more(*words)
            case "ended":
                self._finish(*words)
            case "asks":
                turn, asks = words
                if (job := self._jobs.remote.get(turn)) is not None:
                    job.said_to_ask = bool(asks)
            case "stop" | "halt":
                self._have_stopped(kind, *words)
            case "answer":
                turn, question_id = words
                self._answers.append((turn, question_id))
                self._in.set()
            case "waits" | "decided":
                self._waits(*words)
            case "news":
                self._news.publish_here(*words)
            case "signed out":
                self.signed_out(*words)

    def _waits(self, first: str, *more: str) -> None:
        """A reply waits from now on; with its id alone: no longer."""
        if not more:
            self._waiting.unknow(first)
            return
        conversation_id, turn, since = more
        at = datetime.fromisoformat(since)
        self._waiting.know(WaitingReply(first, conversation_id, turn, at))

    def _have_stopped(self, kind: SignalKind, first: str, second: str) -> None:
        if kind == "stop":
            self._jobs.stop_here(first, by_host=bool(second))
        else:
            self.halt(first, second)

    def _tell_again(self) -> None:
        """Somebody listens only from here on."""
        self._lay_out_all()
        for asked in (signal for each in self._asked.values() for signal in each):
            self._tell(asked.kind, *asked.words)

    def _know(self, turn: str, owner: str, conversation_id: str) -> None:
        if self._looks:
            self._meanwhile[turn] = True
        if turn in self._laid or turn in self._jobs.remote:
            return
        self._jobs.remote[turn] = RemoteJob(
            owner, conversation_id, turn, self._watched, self._stop, self._answer
        )
        # A page may have read that it is alive before anybody here knew where.
        self._news.publish_here(owner, conversation_id)

    def _watched(self, job: RemoteJob) -> None:
        if self.watches is not None:
            self.watches.watched(job.conversation_id, job.id, job.owner)
        self._reached.add(job.id)
        self._in.set()

    def _has_more(self, turn: str) -> None:
        job = self._jobs.remote.get(turn)
        if job is not None and job.is_watched:
            self._reached.add(turn)
            self._in.set()
        elif job is None and turn not in self._laid:
            self._look = True  # its beginning was missed
            self._in.set()

    def _finish(self, turn: str) -> None:
        if self._looks:
            self._meanwhile[turn] = False
        asked = self._asked.pop(turn, ())
        if notes := [_note(signal.words[1]) for signal in asked if signal.kind == "answer"]:
            for name in notes:
                self._notes.pop(name, None)
            self._left += notes
            self._out.set()
        if turn in self._laid:  # this process was taken for dead, and goes on with it
            self._laid[turn] = 0
            self._lay_out_all()
        job = self._jobs.remote.pop(turn, None)
        if job is not None:
            self._over.append(job)
            self._in.set()

    async def _read(self) -> None:
        if self._look:
            await self._look_around()
        await self._do_each(self._answers, self._take_answer)
        await self._catch_up()
        await self._do_each(self._over, self._end)

    async def _do_each(self, due: list[T], work: Callable[[T], Awaitable[None]]) -> None:
        """Do all that is due; what the store or the line refuses stays, and is tried again.

        Raises ``StorageError``.
        """
        for one in due[:]:
            try:
                await work(one)
            except StorageError:
                raise
            except Exception:  # it would never go well, and hold up the rest
                log.exception("turns of several processes met a bug")
            due.remove(one)

    async def catch_up(self, job: Job) -> None:
        """Have everything of a turn here that others have laid out. Raises ``StorageError``."""
        if isinstance(job, RemoteJob):
            self._reached.add(job.id)
            await self._catch_up()

    async def _catch_up(self) -> None:
        reached, self._reached = self._reached, set()
        remote = self._jobs.remote
        wanted = {turn: remote[turn].arrived for turn in reached if turn in remote}
        if not wanted:
            return
        try:
            pieces = await asyncio.to_thread(self._live.read, wanted)
        except StorageError:
            self._reached |= reached
            raise
        for piece in pieces:
            if (job := remote.get(piece.turn)) is not None:
                job.take(piece)

    async def known(self, reply_id: str) -> None:
        """Know of a turn of another process, if one writes this reply and was not heard of yet."""
        if not self._alone and self._jobs.get(reply_id) is None:
            await self._look_for_turns()

    async def _look_around(self) -> None:
        """Know the turns of the others, and what waits, as the store has it."""
        self._look = False
        try:
            await self._look_for_turns()
            self._waiting.know_all(await asyncio.to_thread(self._conversations.waiting))
        except StorageError:
            self._look = True
            raise
        self._reached |= {job.id for job in self._jobs.remote.values() if job.is_watched}
        if self._lost:
            self._lost = False
            self.missed()

    async def _look_for_turns(self) -> None:
        self._looks += 1
        try:
            turns = await asyncio.to_thread(self._conversations.replicas.elsewhere)
            # What was heard meanwhile is newer than what was read.
            heard = dict(self._meanwhile)
        finally:
            self._looks -= 1
            if not self._looks:
                self._meanwhile.clear()
        found = {turn.reply_id for turn in turns}
        for turn in turns:
            if heard.get(turn.reply_id, True):
                self._know(turn.reply_id, turn.owner, turn.conversation_id)
        for reply_id in self._jobs.remote.keys() - found - heard.keys():
            self._finish(reply_id)

    async def _take_answer(self, answer: tuple[str, str]) -> None:
        turn, question_id = answer
        job = self._jobs.local(turn)
        if job is None or job.questions is None:
            return
        note = await asyncio.to_thread(self._live.take_note, _note(question_id))
        if not isinstance(note, dict):
            return  # it was taken before
        try:
            job.questions.answer(question_id, note.get("values"))
        except ChatError as error:  # whoever answered was told the like already
            log.info("an answer came too late: %s", error)

    async def _end(self, job: RemoteJob) -> None:
        """Tell who watches here of the end, as it is stored."""
        if job.is_watched:
            try:
                message = await asyncio.to_thread(self._stored, job)
            except StorageError:
                raise
            except Exception:  # whoever watches reads it again
                log.exception("how reply %s ended elsewhere cannot be read", job.id)
            else:
                job.message = message
                job.publish(Saved(message))
        job.end()
        if self.watches is not None:
            self.watches.seen(job.id, job.arrived, job.message.status)
        self._news.publish_here(job.owner, job.conversation_id)

    def _stored(self, job: RemoteJob) -> Message:
        try:
            message = self._conversations.message(job.owner, job.id)
        except NotFound:
            return replace(job.message, status="interrupted")  # it went with its conversation
        # Another one goes on with it already: until then it waited.
        return replace(message, status="waiting") if message.status in ALIVE else message


def _note(question_id: str) -> str:
    """Under what name an answer is laid out for whoever asked."""
    return f"answer {question_id}"
