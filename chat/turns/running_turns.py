"""The turns under way in this process: how many there may be, their beginning and end."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from chat.conversations.changes import ChangeFeed
from chat.core.errors import CapabilityError
from chat.core.events import Queued, UserAnswered, UserAsked
from chat.core.spending import SpendingLimits
from chat.turns.alarms import Alarms
from chat.turns.jobs import Job
from chat.turns.questions import Questions
from chat.turns.reply import told_again
from chat.turns.run import Turn, TurnDeps, run_turn
from chat.turns.save import save_late
from chat.turns.saves_together import SavesTogether
from chat.turns.turn_queue import Place, TurnQueue
from chat.turns.waiting import WaitingReplies


class RunningTurns:
    """Where turns are begun, be they new or go on after a decision."""

    def __init__(
        self,
        deps: TurnDeps,
        news: ChangeFeed,
        waiting: WaitingReplies,
        alarms: Alarms,
        patience: timedelta,
    ) -> None:
        """Run turns with these parts; what waits for its user is told to ``waiting``.

        A user whom a running tool asks something is waited for so long, by these alarms.
        """
        self._deps = deps
        self._conversations = deps.conversations
        self._saves = SavesTogether(deps.conversations)
        self._jobs = deps.jobs
        self._news = news
        self._waiting = waiting
        self._alarms = alarms
        self._patience = patience
        self._starting: Counter[str] = Counter()
        quotas = deps.gateway.quotas
        self._queue = TurnQueue(quotas.asking)
        quotas.answered = self._queue.move_up

    @contextmanager
    def slots(self, owner: str, wanted: int, limits: SpendingLimits) -> Iterator[None]:
        """Places among the turns of an owner, held from before the first wait until the start.

        ``limits`` are the owner's; what programs have asked for them counts, too.

        Raises:
            CapabilityError: so many run already, and so many wait, that these would be too many.
            ShuttingDown: no new turn is begun any more.
        """
        self._jobs.must_take()
        own = self._deps.gateway.quotas.asking(owner)
        running = len(self._jobs.of_owner(owner)) + self._starting[owner] + own
        most = self._most(limits) + self._jobs.most_queued
        if running + wanted > most:
            several = "One reply is" if running == 1 else f"{running} replies are"
            many = (
                f"{several} being written or waiting already"
                if wanted == 1
                else f"{wanted} more replies would be too many: {running} are being written or "
                f"waiting already, and {most} can be"
            )
            raise CapabilityError(f"{many}. Wait for one to end, or stop one.")
        self._starting[owner] += wanted
        try:
            yield
        finally:
            self._starting[owner] -= wanted

    def _most(self, limits: SpendingLimits) -> int:
        most = self._jobs.most
        return most if limits.replies_at_once is None else min(most, limits.replies_at_once)

    def begin(self, turn: Turn, limits: SpendingLimits) -> None:
        """Have a turn run, from what its reply holds already, as soon as the limits allow."""
        conversation = turn.conversation
        job = Job(conversation.owner, turn.reply)

        def told(event: UserAsked | UserAnswered) -> None:
            job.publish(event)
            self._news.publish(conversation.owner, conversation.id)  # it waits for its user, or not

        job.questions = Questions(told, self._alarms, self._patience.total_seconds())
        for event in told_again(turn.reply.parts):
            job.publish(event)
        place = self._queue.join(
            conversation.owner, self._most(limits), lambda number: job.publish(Queued(number))
        )
        self._jobs.start(job, partial(self._work, turn, place))

    async def _work(self, turn: Turn, place: Place, job: Job) -> None:
        owner, conversation_id = turn.conversation.owner, turn.conversation.id
        try:
            unsaved = await run_turn(job, turn, self._deps, place.reached, self._saves)
        finally:
            place.leave()
        if job.message.status == "waiting":
            self._waiting.add(owner, job.message)
        self._news.publish(owner, conversation_id)
        if unsaved is not None and (late := await save_late(self._conversations, unsaved)):
            if late.status == "waiting":
                self._waiting.add(owner, late)
            # Meanwhile the job stayed, over for everybody but the one copy of its last state.
            self._news.publish(owner, conversation_id)
