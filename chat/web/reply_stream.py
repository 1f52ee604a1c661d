"""One running reply, drawn once in each language for the pages that watch it.

The first words are drawn at once, and then as soon as the pace of all replies allows
(``frame_pace``), so that a reply never costs more than a small share of a core.
"""

import asyncio
import itertools
import logging
import time
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass

from chat.core.display_names import DisplayNames
from chat.core.events import (
    CallDelta,
    ReasoningDelta,
    Saved,
    TextDelta,
    TurnEvent,
    UserAnswered,
    UserAsked,
)
from chat.core.languages import language
from chat.core.messages import Message
from chat.core.parts import plain_text
from chat.render.live_body import Change, LiveBody
from chat.render.markdown import normalised, plain
from chat.render.questions import question
from chat.turns.jobs import Job, Jobs
from chat.web.frame_pace import FramePace
from chat.web.live_messages import DrawnQuestion, Frame, FrameChange, OpenQuestions, written
from chat.web.render_cache import RenderCache

LONG_CHARACTERS = 4_000
"""News of this length, with the block that it may close, is drawn in a thread."""

log = logging.getLogger(__name__)

_handles = itertools.count(1)


class ReplyStream:
    """Watches a job and tells its subscribers what changes."""

    def __init__(self, job: Job, names: DisplayNames, cache: RenderCache, pace: FramePace) -> None:
        """Draw this job; ``run`` does the work."""
        self._job = job
        self._cache = cache
        self._pace = pace
        self._body = LiveBody(names.tools)
        self._questions: dict[str, DrawnQuestion] = {}
        self._drawing = False
        self.handle = next(_handles)
        """A short name for the reply in frames."""
        self._subscribers: set[Subscriber] = set()
        self._joining: set[Subscriber] = set()

    def draws(self, job: Job) -> bool:
        """Whether it is this turn that is drawn."""
        return self._job is job

    async def run(self) -> None:
        """Draw and tell until the reply has its end.

        That may be before the job's: where the disk is full, the page is told so at once, and
        the job goes on trying to save.
        """
        redraw: str | None
        try:
            async with aclosing(self._job.watch()) as batches:
                async for batch in batches:
                    rest_s = await self._draw(batch)
                    if any(isinstance(event, Saved) for event in batch):
                        break
                    await self._job.over_within(rest_s)
            message = self._job.message
            await self._cache.prepare([message])
            whole = self._cache.body(message)
            redraw = None if whole == self._body.html() else whole
        except Exception:  # the page must hear of the end whatever drawing it met
            log.exception("the reply %s could not be drawn", self._job.id)
            message = self._job.message
            redraw = plain(normalised(plain_text(message.parts)))
        for subscriber in (*self._subscribers, *self._joining):
            subscriber.ended(message, redraw)

    async def _draw(self, batch: list[TurnEvent]) -> float:
        """Tell what is new; how long to rest after it, in seconds."""
        began = time.perf_counter()
        changes = await self._feed(batch)
        told = [self._frame(changes)] if changes else []
        if self._heard_questions(batch):
            told.append(self._asked())
        for each in told:
            for subscriber in tuple(self._subscribers):
                subscriber.frame(each)
        for subscriber in self._joining:
            self.join(subscriber)
        self._joining.clear()
        return self._pace.rest_s(time.perf_counter() - began)

    async def _feed(self, batch: list[TurnEvent]) -> list[Change]:
        """Draw, beside the loop where it may take long."""
        if _characters(batch) + self._body.open_chars <= LONG_CHARACTERS:
            return self._body.feed(batch)
        self._drawing = True
        try:
            return await asyncio.to_thread(self._body.feed, batch)
        finally:
            self._drawing = False

    def _heard_questions(self, batch: list[TurnEvent]) -> bool:
        """Know which questions are open; whether they are others now."""
        before = list(self._questions)
        for event in batch:
            if isinstance(event, UserAsked):
                self._questions[event.id] = DrawnQuestion(id=event.id, html=question(event))
            elif isinstance(event, UserAnswered):
                self._questions.pop(event.id, None)
        return before != list(self._questions)

    def _asked(self) -> str:
        questions = list(self._questions.values())
        return written(OpenQuestions(reply=self._job.id, questions=questions))

    def join(self, subscriber: "Subscriber") -> None:
        """Listen from now on; the first frame brings the page up to date."""
        if self._drawing:
            self._joining.add(subscriber)
            return
        self._subscribers.add(subscriber)
        changes = self._body.so_far(subscriber.held)
        if changes:
            subscriber.frame(self._frame(changes))
        if self._questions or subscriber.held:
            subscriber.frame(self._asked())

    def leave(self, subscriber: "Subscriber") -> None:
        """Listen no more."""
        self._subscribers.discard(subscriber)
        self._joining.discard(subscriber)

    def _frame(self, changes: list[Change]) -> str:
        steps = [
            FrameChange(keep=each.keep, tail=each.tail, finished=each.finished) for each in changes
        ]
        return written(Frame(stream=self.handle, changes=steps))


def _characters(batch: list[TurnEvent]) -> int:
    words = sum(len(event.text) for event in batch if isinstance(event, TextDelta | ReasoningDelta))
    return words + sum(len(event.arguments) for event in batch if isinstance(event, CallDelta))


@dataclass(frozen=True, slots=True, eq=False)
class Subscriber:
    """A page's ear on one reply."""

    frame: Callable[[str], None]
    """Is called with each frame."""
    ended: Callable[[Message, str | None], None]
    """Is called once, with the final message, and with the body drawn anew where streaming left
    something that the finished text shows differently."""
    held: int = 0
    """How many finished blocks of the reply the page has already."""


class ReplyStreams:
    """ReplyStreams of a process, made when first watched and gone with their job."""

    def __init__(self, jobs: Jobs, names: DisplayNames, cache: RenderCache) -> None:
        """Draw these jobs; what has ended is kept in the cache."""
        self.cache = cache
        self._jobs = jobs
        self._names = names
        self._pace = FramePace()
        self._running: dict[tuple[str, str], tuple[ReplyStream, asyncio.Task[None]]] = {}
        """By the reply and the language that it is drawn in."""

    def of(self, reply_id: str) -> ReplyStream | None:
        """The stream of a running reply; ``None`` where it has ended."""
        job = self._jobs.get(reply_id)
        key = (reply_id, language())
        known = self._running.get(key)
        # A reply that waited goes on as another job, and may do so while its pages are still told
        # of the end of the one before.
        if known is not None and (job is None or known[0].draws(job)):
            return known[0]
        if job is None:
            return None
        stream = ReplyStream(job, self._names, self.cache, self._pace)
        task = asyncio.create_task(stream.run(), name=f"reply-{reply_id}")
        self._running[key] = (stream, task)

        def ended(_: object) -> None:
            if self._running.get(key, (None,))[0] is stream:
                del self._running[key]

        task.add_done_callback(ended)
        return stream
