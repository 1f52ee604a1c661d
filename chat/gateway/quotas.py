"""Who may spend how much: asked before each call of a model, and told what it cost.

What a call may cost is counted before it goes out, so that of two at once only so many go out as
there is room for. What it did cost takes that place when it is over. Where Easel is killed in
between, the estimate stays: the call may have been billed.

Limits in USD and pictures are kept in the store. Messages a minute and replies at once are counted
by this process.
"""

import asyncio
import logging
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from typing import cast

from chat.core.calling import ModelRequest
from chat.core.errors import BudgetReached, LimitReached
from chat.core.estimate import Estimate, estimate, estimate_speech
from chat.core.languages import later
from chat.core.messages import now
from chat.core.models import ModelCard
from chat.core.people import KEY_OWNER, KEY_ROLE, People, Person
from chat.core.spending import (
    EVERYBODY,
    NO_LIMITS,
    Amount,
    Meter,
    SpendingLimits,
    SpendingStore,
    Spent,
    anew,
    day_of,
    in_the_way,
    meters,
    person_subject,
    role_subject,
)
from chat.gateway.ledger import CallCost
from chat.gateway.quota_file import NO_RULES, QuotaRules
from chat.gateway.quota_words import refusal, standing, unpriced

log = logging.getLogger(__name__)

MINUTE_S = 60.0

SHUT_OUT = "You are not let in here any more, so no model is asked for you."


@dataclass(frozen=True, slots=True)
class Reservation:
    """What was counted for a call before it went out."""

    quotas: "Quotas"
    owner: str
    day: date
    expected: Amount
    counted: Amount
    unpriced: bool
    """Nobody knew what it might cost."""

    async def settle(self, cost: CallCost | None, drawn: int) -> None:
        """Count what it did cost in place of that; ``None``: nothing went out.

        It is counted whatever becomes of whoever waits for it.
        """
        await asyncio.shield(self.quotas.settled(self, cost, drawn))


@dataclass(frozen=True, slots=True)
class Told:
    """How near somebody is to a limit, in a sentence."""

    words: str = ""
    reached: bool = False


class Quotas:
    """The limits of one Easel, and what is spent of them."""

    def __init__(
        self,
        store: SpendingStore,
        people: People,
        rules: QuotaRules = NO_RULES,
        *,
        payer: str = "",
        running: Callable[[str], int] = lambda _: 0,
        clock: Callable[[], datetime] = now,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        """Count in a store.

        Args:
            store: where it is counted.
            people: who has which role.
            rules: what the host has set.
            payer: the one owner who pays for all, where nobody is told apart; empty: each pays for
                what is theirs, and limits may be set on the page.
            running: how many replies are being written for an owner.
            clock: what time it is.
            ticks: seconds, for messages a minute.
        """
        self.store = store
        self.rules = rules
        self.apart = not payer
        self._people = people
        self._payer = payer
        self._running = running
        self._clock = clock
        self._ticks = ticks
        self._sent: defaultdict[str, deque[float]] = defaultdict(deque)
        self._asking: Counter[str] = Counter()
        self.answered: Callable[[str], object] = lambda _: None
        """Told whose question of no conversation has ended: there may be room for a reply."""
        set_by_host = rules.everybody or rules.instance or any(rules.roles.values())
        self.active = self.apart or bool(set_by_host)
        """Whether anybody may have a limit."""

    # What holds for whom

    async def of(self, owner: str) -> SpendingLimits:
        """The limits of an owner."""
        if not self.active:
            return NO_LIMITS
        return await asyncio.to_thread(self.of_now, owner)

    def of_now(self, owner: str) -> SpendingLimits:
        """The same, for a thread.

        What is set for somebody comes before what is set for all like them.
        """
        return self._limits(owner, self._person(owner))

    def _person(self, owner: str) -> Person | None:
        """Who an owner is; ``None``: a key of the host, or nobody is told apart."""
        if not self.apart or owner.startswith(KEY_OWNER):
            return None
        return self._people.person(owner)

    def _limits(self, owner: str, person: Person | None) -> SpendingLimits:
        if not self.apart:  # all pay from one purse
            return self.rules.everybody
        role = person.role if person else KEY_ROLE
        subjects = person_subject(owner), role_subject(role)
        kept = self.store.limits(subjects)
        found = NO_LIMITS
        for limits in (
            *(kept.get(subject, NO_LIMITS) for subject in subjects),
            self.rules.roles.get(role, NO_LIMITS),
            self.rules.everybody,
        ):
            found = found.before(limits)
        return found

    def _of_asker(self, owner: str, moment: datetime) -> SpendingLimits:
        """The limits of an owner for whom a call is to go out now; for a thread.

        What was begun before may wait for its turn, or go on by itself.

        Raises:
            LimitReached: they are not let in any more.
        """
        person = self._person(owner)
        if person is not None and person.is_out(moment):
            raise LimitReached(SHUT_OUT)
        return self._limits(owner, person)

    def _pays(self, owner: str) -> str:
        return self._payer or owner

    # Messages and replies

    def count_message(self, owner: str, limits: SpendingLimits) -> None:
        """Count a message that is sent now. Raises ``LimitReached`` where it is one too many."""
        most = limits.messages_a_minute
        if most is None:
            return
        sent, tick = self._sent[self._pays(owner)], self._ticks()
        while sent and tick - sent[0] >= MINUTE_S:
            sent.popleft()
        if len(sent) >= most:
            wait_s = max(1, ceil(MINUTE_S - (tick - sent[-most])))
            many = later("one message") if most == 1 else f"{most} messages"
            seconds = later("a second") if wait_s == 1 else f"{wait_s} seconds"
            raise LimitReached(f"You may send {many} a minute. Try again in {seconds}.", wait_s)
        sent.append(tick)

    def asking(self, owner: str) -> int:
        """How many questions of no conversation are being answered for an owner."""
        return self._asking[self._pays(owner)]

    @contextmanager
    def question(self, owner: str, limits: SpendingLimits) -> Iterator[None]:
        """A question of no conversation, from its beginning to its end.

        Raises:
            LimitReached: there are too many already, or too many were asked within a minute.
        """
        payer = self._pays(owner)
        most = limits.replies_at_once
        if most is not None and self._running(payer) + self._asking[payer] >= most:
            many = later("One reply is") if most == 1 else later(f"{most} replies are")
            raise LimitReached(
                f"{many} being written for you, as many as may be. Wait for one to end.", 5
            )
        self.count_message(owner, limits)
        self._asking[payer] += 1
        try:
            yield
        finally:
            self._asking[payer] -= 1
            self.answered(payer)

    # Money and pictures

    async def check(
        self, owner: str, limits: SpendingLimits, asked: Sequence[tuple[ModelCard, Estimate]]
    ) -> None:
        """Refuse what is too much already; what each call costs in full is counted as it goes out.

        Raises:
            BudgetReached: it is.
        """
        shared = self.rules.instance
        if not (limits.counts or shared.counts):
            return
        amounts = [self._amount(card, each, limits)[0] for card, each in asked]
        more = Amount(sum(each.usd for each in amounts), sum(each.pictures for each in amounts))
        moment = self._clock()
        own, together = await asyncio.to_thread(self._spent, self._pays(owner), moment)
        meter = in_the_way(more, (limits, own), (shared, together))
        if meter is not None:
            raise _reached(meter, more, moment)

    async def reserve(self, owner: str, request: ModelRequest) -> Reservation | None:
        """Count what a call may cost; ``None``: nothing is counted here.

        Raises:
            BudgetReached: there is too little left for it.
            LimitReached: the owner is not let in any more.
        """
        if not self.active:
            return None
        card, payer, moment = request.card, self._pays(owner), self._clock()
        own = await asyncio.to_thread(self._of_asker, owner, moment)
        shared = self.rules.instance
        expected = (
            estimate_speech(card, request.speech)
            if request.speech is not None
            else estimate(card, request.messages, request.system, request.options)
        )
        amount, unknown = self._amount(card, expected, own)
        day = day_of(moment)
        if not (own.counts or shared.counts):
            return Reservation(self, payer, day, amount, Amount(), unknown)
        held = Reservation(self, payer, day, amount, amount, unknown)
        counting = asyncio.ensure_future(
            asyncio.to_thread(self.store.reserve, payer, amount, day, own, shared)
        )
        try:
            meter = await asyncio.shield(counting)
        except asyncio.CancelledError:
            # Its thread counts it all the same, and nobody else would take it back.
            await asyncio.shield(self._taken_back(held, counting))
            raise
        if meter is not None:
            raise _reached(meter, amount, moment)
        return held

    async def _taken_back(self, held: Reservation, counting: asyncio.Future[Meter | None]) -> None:
        await asyncio.wait([counting])
        if counting.exception() is None and counting.result() is None:
            await self.settled(held, None, 0)

    async def settled(self, held: Reservation, cost: CallCost | None, drawn: int) -> None:
        """Count what a call has cost. What cannot be counted is said in the log."""
        actual = Amount() if cost is None else self._actual(held, cost, drawn)
        more = actual.less(held.counted)
        if more == Amount():
            return
        try:
            await asyncio.to_thread(self.store.add, held.owner, more, held.day)
        except Exception:
            log.exception("what a call has cost could not be counted")

    def _amount(
        self, card: ModelCard, expected: Estimate, own: SpendingLimits
    ) -> tuple[Amount, bool]:
        """What counts, and whether nobody knows what it will cost. Raises ``BudgetReached``."""
        pictures = expected.pictures_made
        if expected.cost_usd is not None:
            return Amount(expected.cost_usd, pictures), False
        if self.rules.unknown_price is not None:
            return Amount(self._unknown_usd(pictures), pictures), True
        if own.in_usd or self.rules.instance.in_usd:
            raise BudgetReached(unpriced(card))
        return Amount(0.0, pictures), True

    def _actual(self, held: Reservation, cost: CallCost, drawn: int) -> Amount:
        if cost.cost_usd is not None:
            return Amount(cost.cost_usd, drawn)
        if held.unpriced and drawn and self.rules.unknown_price is not None:
            return Amount(self._unknown_usd(drawn), drawn)
        # It was cut off, and may have been billed: as much as was expected.
        return Amount(held.expected.usd, drawn)

    def _unknown_usd(self, pictures: int) -> float:
        price = self.rules.unknown_price
        return 0.0 if price is None else price.reply_usd + pictures * price.picture_usd

    # What is told

    async def told(self, owner: str) -> Told:
        """What to say to an owner of the limit that is nearest, if one is near."""
        if not self.active:
            return Told()
        own, shared = await self.of(owner), self.rules.instance
        if not (own.counts or shared.counts):
            return Told()
        moment = self._clock()
        spent, together = await asyncio.to_thread(self._spent, self._pays(owner), moment)
        every = (*meters(own, spent, shared=False), *meters(shared, together, shared=True))
        near = [each for each in every if each.near]
        if not near:
            return Told()
        worst = next((each for each in near if each.reached), near[0])
        return Told(standing(worst, moment), worst.reached)

    def spent_now(self, owner: str) -> Spent:
        """What an owner, or ``EVERYBODY``, has spent until now; for a thread."""
        return self.store.spent(owner, day_of(self._clock()))

    def _spent(self, owner: str, moment: datetime) -> tuple[Spent, Spent]:
        """Of an owner, and of all; for a thread."""
        day = day_of(moment)
        shared = self.rules.instance.counts
        return self.store.spent(owner, day), (
            self.store.spent(EVERYBODY, day) if shared else Spent()
        )


def no_quotas() -> Quotas:
    """Nobody is limited, and nothing is counted or looked up."""
    return Quotas(cast("SpendingStore", None), cast("People", None), payer="nobody")


def _reached(meter: Meter, more: Amount, moment: datetime) -> BudgetReached:
    wait_s = (anew(meter.period, moment) - moment).total_seconds()
    return BudgetReached(refusal(meter, more, moment), wait_s)
