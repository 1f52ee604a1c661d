"""The same edits on other pictures, or with another model: jobs that outlive the page.

Each picture gets a branch of its own, whose messages are ordinary ones. How far a job is stands in
an owner's record; after a restart it is interrupted, with what is done.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, TypeAlias, cast, get_args
from weakref import WeakValueDictionary

from chat.conversations.changes import ChangeFeed
from chat.core.errors import CapabilityError, ChatError, NotFound, ShuttingDown
from chat.core.messages import Message, new_id
from chat.core.parts import Image, Json, ToolResult, images
from chat.core.ports import Conversations, OwnedRecord
from chat.images.operations.registry import recipe_from_json
from chat.turns.engine import Engine, Started
from chat.turns.jobs import Job, Jobs
from chat.turns.outgoing import Outgoing
from chat.turns.pictures import Pictures
from chat.turns.question_place import TOP
from chat.turns.replay_steps import CHANGED, Step
from chat.turns.studio import Studio

log = logging.getLogger(__name__)

KIND = "replay"
"""Of the owner's record; its id is the job's."""
MAX_TARGETS = 10
MAX_STEPS = 50
MAX_JOBS = 3
"""That run at once, of one owner."""
PICTURES_AT_ONCE = 2
"""Of one job."""
KEPT_JOBS = 30
"""Of one owner; the oldest that have ended are forgotten."""

State: TypeAlias = Literal["waiting", "running", "done", "failed", "stopped", "interrupted"]

_WORST_FIRST: tuple[State, ...] = ("interrupted", "stopped", "failed")
_OVER = frozenset({"done", "failed", "stopped", "interrupted"})


@dataclass(slots=True)
class Target:
    """One picture that the steps are done to."""

    picture: str
    """Its sha256."""
    state: State = "waiting"
    done: int = 0
    """So many steps."""
    reply: str = ""
    """The last reply of its branch so far."""
    sentence: str = ""
    """Why it went no further, or what was left out."""


@dataclass(slots=True)
class Replay:
    """A job."""

    id: str
    owner: str
    conversation_id: str
    picture: str
    """The sha256 of the version whose steps they are."""
    model: str
    """The card that does them; empty: the conversation's."""
    steps: tuple[Step, ...]
    targets: list[Target]
    state: State = "running"
    halt: asyncio.Event = field(default_factory=asyncio.Event, compare=False)
    """Set when the owner wants it stopped."""
    by: str = ""
    """The process that does it, where several share the store."""

    @property
    def words(self) -> list[str]:
        """What each step does."""
        return [step.words for step in self.steps]


class _Ended(Exception):
    """A step came to no picture; the words say why."""


class Replays:
    """The jobs of one process."""

    def __init__(
        self,
        engine: Engine,
        studio: Studio,
        pictures: Pictures,
        conversations: Conversations,
        jobs: Jobs,
        news: ChangeFeed,
    ) -> None:
        """Do steps by this engine and studio; how far they are stands in this store."""
        self._engine = engine
        self._studio = studio
        self._pictures = pictures
        self._conversations = conversations
        self._jobs = jobs
        self._news = news
        self._live: dict[str, Replay] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._beginning: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        """By owner; each goes when nobody holds it or waits for it."""
        self._own = conversations.replicas.own
        if engine.shared is not None:
            engine.shared.halt = self._stop_here

    async def start(
        self,
        owner: str,
        conversation_id: str,
        picture: str,
        steps: Sequence[Step],
        targets: Sequence[str],
        model: str = "",
    ) -> Replay:
        """Do steps to each of these pictures, one step after another.

        Raises:
            CapabilityError: no step, no picture, too many of them, or too many jobs.
            LimitReached: the owner has sent as many messages as they may within a minute.
            NotFound: a conversation or picture that is not there.
            ShuttingDown: no new turn is begun any more.
        """
        self._jobs.must_take()
        targets = list(dict.fromkeys(targets))
        if not 1 <= len(steps) <= MAX_STEPS:
            raise CapabilityError(f"Choose 1 to {MAX_STEPS} steps to repeat.")
        if not 1 <= len(targets) <= MAX_TARGETS:
            raise CapabilityError(f"Choose 1 to {MAX_TARGETS} pictures.")
        job = Replay(
            new_id(),
            owner,
            conversation_id,
            picture,
            model,
            tuple(steps),
            [Target(each) for each in targets],
            by=self._own,
        )
        limits = await self._engine.quotas.of(owner)
        running = [each for each in self._live.values() if each.owner == owner]
        if len(running) >= MAX_JOBS:
            raise CapabilityError(f"{MAX_JOBS} repeats are running. Wait for one, or stop one.")
        # Its steps are no messages of their own.
        if not all(step.recipe for step in steps):
            self._engine.quotas.count_message(owner, limits)
        # Counted before the first wait: others may be started during it.
        self._live[job.id] = job
        try:
            await asyncio.to_thread(self._conversations.get, owner, conversation_id)
            await self._pictures.find(owner, [*targets, *_beside(steps)])
            await self._save(job)
        except BaseException:
            del self._live[job.id]
            raise
        self._tasks[job.id] = asyncio.create_task(self._run(job), name=f"replay-{job.id}")
        return job

    async def of_conversation(self, owner: str, conversation_id: str) -> list[Replay]:
        """Jobs of a conversation that run, or have ended and were not put away; oldest first."""
        return await asyncio.to_thread(self._listed, owner, conversation_id)

    def stop(self, owner: str, job_id: str) -> bool:
        """Stop a job, and the replies that it waits for; false where it had ended already.

        Of one that another process does, that one is told.
        """
        shared = self._engine.shared
        if job_id not in self._live and shared is not None and self._engine.presence.others:
            shared.tell_halt(owner, job_id)
            return True
        return self._stop_here(owner, job_id)

    def _stop_here(self, owner: str, job_id: str) -> bool:
        job = self._live.get(job_id)
        if job is None or job.owner != owner:
            return False
        # Nothing is cancelled: a reply that is being begun right now would be left to itself.
        job.halt.set()
        for target in job.targets:
            self._engine.stop(owner, target.reply)
        return True

    async def put_away(self, owner: str, job_id: str) -> None:
        """Forget a job that has ended; what it made stays. Raises ``CapabilityError``."""
        if job_id in self._live and self._live[job_id].owner == owner:
            raise CapabilityError("This repeat is still running. Stop it first.")
        await asyncio.to_thread(
            self._conversations.keep_record, owner, KIND, job_id, self._put_away
        )

    def _put_away(self, kept: OwnedRecord | None) -> None:
        if kept is not None and self._elsewhere(kept):
            raise CapabilityError("This repeat is still running. Stop it first.")

    def _elsewhere(self, record: OwnedRecord) -> bool:
        """Whether a living other process does a job."""
        value = record.value
        if not isinstance(value, Mapping) or value.get("state") in _OVER:
            return False
        return value.get("by") in self._engine.presence.others

    async def close(self) -> None:
        """Begin no further step. What runs is interrupted with the turns."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def all_ended(self) -> None:
        """Return when no job runs."""
        while self._tasks:
            await asyncio.wait(set(self._tasks.values()))

    async def wait(self, job_id: str) -> None:
        """Return when a job has ended."""
        task = self._tasks.get(job_id)
        if task is not None:
            await asyncio.wait([task])

    async def _run(self, job: Replay) -> None:
        room = asyncio.Semaphore(PICTURES_AT_ONCE)
        try:
            async with asyncio.TaskGroup() as group:
                for number, target in enumerate(job.targets):
                    group.create_task(self._one(job, number, target, room))
            ends = {target.state for target in job.targets}
            job.state = next((end for end in _WORST_FIRST if end in ends), "done")
        except asyncio.CancelledError:
            job.state = "interrupted"
            for target in job.targets:
                if target.state not in _OVER:
                    target.state = "interrupted"
        finally:
            await self._note(job)
            self._live.pop(job.id, None)
            self._tasks.pop(job.id, None)
            self._news.publish(job.owner, job.conversation_id)

    async def _one(self, job: Replay, number: int, target: Target, room: asyncio.Semaphore) -> None:
        async with room:
            target.state = "running"
            try:
                target.state = await self._steps(job, number, target)
            except ShuttingDown:
                target.state = "interrupted"
            except (_Ended, ChatError) as error:
                target.state, target.sentence = "failed", str(error)
            except Exception:
                log.exception("replay %s met a bug", job.id)
                target.state = "failed"
                target.sentence = "Something in Easel broke here. Its log says what."
            await self._note(job)

    async def _steps(self, job: Replay, number: int, target: Target) -> State:
        current, parent = target.picture, TOP
        for at, step in enumerate(job.steps):
            client_id = f"replay-{job.id}-{number}-{at}"
            started: Started | None = None
            while started is None:
                await self._room(job)
                if job.halt.is_set():
                    return "stopped"
                # One after the other, or two would take the same place.
                async with self._beginning.setdefault(job.owner, asyncio.Lock()):
                    if not await self._full(job):
                        started = await self._begin(job, step, target, current, client_id, parent)
            target.reply = started.reply_id
            await self._note(job)
            if job.halt.is_set():
                self._engine.stop(job.owner, started.reply_id)
            await self._jobs.wait(started.reply_id)
            reply = await asyncio.to_thread(
                self._conversations.message, job.owner, started.reply_id
            )
            if job.halt.is_set() and reply.status != "complete":
                return "stopped"
            current, parent = _made(reply, at + 1), reply.id
            target.done = at + 1
        return "done"

    async def _begin(
        self, job: Replay, step: Step, target: Target, current: str, client_id: str, parent: str
    ) -> Started:
        owner, conversation_id = job.owner, job.conversation_id
        self._jobs.must_take()
        if step.recipe:
            return await self._local(job, step, current, client_id, parent)
        shown = [current if each == CHANGED else each for each in step.shown]
        masks = await self._fitting(owner, current, step.masks)
        if step.masks and not masks:
            target.sentence = (
                "A marked region does not fit this picture, so the whole of it was given."
            )
        sent = Outgoing(client_id, step.words, shown, masks=masks, files=step.files)
        started = await self._engine.send_several(
            owner, conversation_id, sent, parent, models=[job.model], paced=False
        )
        return started[0]

    async def _local(
        self, job: Replay, step: Step, current: str, client_id: str, parent: str
    ) -> Started:
        owner, conversation_id = job.owner, job.conversation_id
        first = step.recipe[0]
        if isinstance(first, dict) and first.get("operation") == "upscale":
            factor = cast("int", first.get("factor"))
            return await self._studio.enlarge(
                owner, conversation_id, current, factor, client_id, parent
            )
        operations = recipe_from_json(step.recipe)
        return await self._studio.edit(
            owner, conversation_id, current, operations, client_id, parent
        )

    async def _fitting(self, owner: str, current: str, masks: Sequence[str]) -> Sequence[str]:
        """The masks, where they are of the size of the picture."""
        if not masks:
            return ()
        picture, *marks = await self._pictures.known(owner, [current, *masks])
        size = (picture.width_px, picture.height_px)
        fits = all((mark.width_px, mark.height_px) == size for mark in marks)
        return masks if fits else ()

    async def _room(self, job: Replay) -> None:
        """Wait until another turn may run, or the job is to stop: it is in no hurry."""
        while running := await self._full(job):
            ends = [self._jobs.wait(running[0].id), job.halt.wait()]
            waiting = [asyncio.ensure_future(end) for end in ends]
            try:
                await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for each in waiting:
                    each.cancel()
            if job.halt.is_set():
                return

    async def _full(self, job: Replay) -> Sequence[Job]:
        """The running turns, where there are as many as there may be."""
        limits = await self._engine.quotas.of(job.owner)
        running = self._jobs.of_owner(job.owner)
        most = min(limits.replies_at_once or self._jobs.most, self._jobs.most)
        return running if len(running) >= most else ()

    async def _note(self, job: Replay) -> None:
        """Save how far a job is; that it cannot be kept ends no work that goes well."""
        try:
            await self._save(job)
        except ChatError as error:
            log.warning("how far a replay came could not be saved: %s", error)

    async def _save(self, job: Replay) -> None:
        pictures = dict.fromkeys([*(each.picture for each in job.targets), *_beside(job.steps)])
        record = OwnedRecord(
            KIND, job.id, _value(job), tuple(pictures), conversation_id=job.conversation_id
        )
        await asyncio.to_thread(
            self._conversations.keep_record, job.owner, KIND, job.id, lambda _: record
        )
        self._news.publish(job.owner, job.conversation_id)

    def _listed(self, owner: str, conversation_id: str) -> list[Replay]:
        records = self._conversations.records(owner, KIND)
        for old in records[:-KEPT_JOBS]:
            if old.id not in self._live and not self._elsewhere(old):
                self._conversations.keep_record(owner, KIND, old.id, lambda _: None)
        read = (
            self._live.get(each.id) or _read(owner, each, runs=self._elsewhere(each))
            for each in records[-KEPT_JOBS:]
        )
        return [job for job in read if job is not None and job.conversation_id == conversation_id]


def _beside(steps: Sequence[Step]) -> list[str]:
    return [each for step in steps for each in (*step.shown, *step.masks) if each != CHANGED]


def _made(reply: Message, number: int) -> str:
    """The picture that a step came to. Raises ``_Ended``."""
    drawn: list[Image] = []
    for part in reply.parts:
        inside = part.content if isinstance(part, ToolResult) else (part,)
        drawn += [each for each in images(inside) if not each.draft and not each.mask]
    if reply.status != "complete" or not drawn:
        said = reply.finish.message if reply.finish is not None else ""
        raise _Ended(f"Step {number} gave no picture. {said}".strip())
    return drawn[-1].media.sha256


def _value(job: Replay) -> Json:
    value: dict[str, Any] = {
        "conversation": job.conversation_id,
        "picture": job.picture,
        "model": job.model,
        "state": job.state,
        "by": job.by,
        "steps": [asdict(step) for step in job.steps],
        "targets": [asdict(target) for target in job.targets],
    }
    return value


def _read(owner: str, record: OwnedRecord, *, runs: bool) -> Replay | None:
    """A job that does not run here.

    Where it says that it does, and no other process does it either, Easel was ended meanwhile.
    """
    value = record.value
    state = _any_state if runs else _ended
    if not isinstance(value, Mapping):
        return None
    try:
        return Replay(
            record.id,
            owner,
            str(value["conversation"]),
            str(value["picture"]),
            str(value["model"]),
            tuple(Step(str(each["words"])) for each in value["steps"]),
            [
                Target(
                    str(each["picture"]),
                    state(each["state"]),
                    int(each["done"]),
                    str(each["reply"]),
                    str(each["sentence"]),
                )
                for each in value["targets"]
            ],
            state(value["state"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError, NotFound) as error:
        log.warning("the kept repeat %s cannot be read: %r", record.id, error)
        return None


def _ended(state: Json) -> State:
    known = str(state)
    return cast("State", known) if known in _OVER else "interrupted"


def _any_state(state: Json) -> State:
    known = str(state)
    return cast("State", known) if known in get_args(State) else "interrupted"
