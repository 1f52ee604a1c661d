"""One question to a model as a series of attempts, in one place after another.

Another place is asked only while nothing has come: after the first event a fault ends the call,
because what is shown cannot be taken back, and is paid for. Within a turn at most ``MAX_EXTRA``
attempts are made beyond the one that each call of the model needs. Once a place has answered, the
turn stays there: signatures hold nowhere else.
"""

import copy
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from math import ceil
from typing import Protocol, TypeAlias

from chat.core.calling import Guardrails, ModelRequest, Provider
from chat.core.errors import (
    AuthFailed,
    BadReply,
    Blocked,
    CapabilityError,
    ConfigError,
    ProviderError,
    RateLimited,
    RequestTooLarge,
    Unavailable,
)
from chat.core.events import Finished, ProviderEvent
from chat.core.messages import Finish
from chat.core.models import Endpoint, ModelCard
from chat.turns.bill import DECLINED, Bill
from chat.turns.calls import Caller, Watch
from chat.turns.limits import Budget, LearnedLimits, Load, alone_too_large, load_of
from chat.turns.patience import Patience
from chat.turns.places import Place, Places, cause_of, note
from chat.turns.route import Failure, Route, told_together

MAX_EXTRA = 2

TOO_MUCH = Finish(
    "length",
    message="The reply was ended here: Easel keeps 2 MB of words in one reply.",
    actions=("retry", "edit"),
)

Prepare: TypeAlias = Callable[[ModelCard, Budget], Awaitable[ModelRequest]]
"""Makes the request for a card: its tools and modalities are its own, and what its endpoint is
known to take is the budget."""
Open: TypeAlias = Callable[[Endpoint], Awaitable[Provider]]


class Listener(Protocol):
    """Who hears what is answered."""

    def answered_by(self, place: Place, notes: tuple[str, ...]) -> None:
        """Who answers, before the first event; the sentences say why it is not who was asked."""
        ...

    async def take(self, event: ProviderEvent) -> bool:
        """Every event but the last; false where the reply can take no more."""
        ...


class Withheld(Blocked):
    """Our own guardrails let something not go out, or not be shown."""


class Series:
    """The calls of one turn."""

    def __init__(
        self,
        card: ModelCard,
        places: Places,
        open_door: Open,
        guardrails: Guardrails,
        caller: Caller,
        limits: LearnedLimits,
    ) -> None:
        """Ask this model, or who stands in for it."""
        self._card = card
        self._route = Route(card, places)
        self._balance = places.balance
        self._open = open_door
        self._guardrails = guardrails
        self._caller = caller
        self._limits = limits
        self._said: tuple[str, ...] = ()
        self._extra = MAX_EXTRA
        self._place: Place | None = None
        self.bill = Bill()
        """Every request that went out, those that came to nothing, too."""

    @property
    def card(self) -> ModelCard:
        """The card of who answers, or of who was asked while nobody does."""
        return self._card if self._place is None else self._place.card

    async def answer(self, prepare: Prepare, listener: Listener) -> Finished:
        """Ask until somebody answers; the last event.

        Raises:
            ChatError: nobody answered, for the reason of the first attempt; or the one who did
                broke off.
            Withheld: our guardrails said no.
        """
        failures: list[Failure] = []
        place: Place | None = self._place or self._route.first(failures)
        while place is not None:
            ended = await self._attempt(place, failures, prepare, listener)
            if isinstance(ended, Finished):
                return ended
            failures.append(ended)
            place = self._next(failures)
        return self._given_up(failures, listener)

    async def _attempt(
        self, place: Place, failures: list[Failure], prepare: Prepare, listener: Listener
    ) -> Finished | Failure:
        try:
            provider = await self._open(place.endpoint)
            # A place that was told too much is told less this time.
            trial = next((f.smaller for f in failures if f.smaller and f.place == place), None)
            budget = trial or self._limits.of(place.deployment)
            request = await self._admitted(await prepare(place.card, budget))
        except (CapabilityError, ConfigError) as error:
            return Failure(place, error, asked=False)
        if not await self._balance.admitted(place.deployment):
            return Failure(place, self._paused(place), asked=False)
        number = 1 + sum(failure.asked for failure in failures)
        if number > 1:
            self._extra -= 1
        watch = Watch(self._caller, place, number, request, self.bill)
        try:
            with self._balance.calling(place.deployment), watch:
                ended = await self._heard(place, failures, provider, request, watch, listener)
        except (ProviderError, CapabilityError, ConfigError) as error:
            if isinstance(error, Blocked) and error is not watch.fault:
                raise Withheld(str(error), error.reason) from error
            if isinstance(error, AuthFailed | RateLimited | Unavailable):
                self._balance.failed(place.deployment, error)
            if watch.spoke:
                raise
            if isinstance(error, RequestTooLarge):
                return self._outgrown(place, error, load_of(request), trial)
            return Failure(place, error, asked=isinstance(error, ProviderError))
        if isinstance(ended, Finished):
            self._limits.took(place.deployment, load_of(request))
            if trial is not None:
                self._limits.learn(place.deployment, trial)
        return ended

    def _outgrown(
        self, place: Place, error: RequestTooLarge, load: Load, trial: Budget | None
    ) -> Failure:
        """An attempt with more than the endpoint takes; how much less to try it with."""
        smaller = self._limits.smaller(place.deployment, error, load)
        if smaller is None:
            error = alone_too_large(error, place.card, place.endpoint.title, load)
        elif trial is not None:
            self._limits.learn(place.deployment, smaller)  # the next turn begins with less still
        return Failure(place, error, smaller=smaller)

    async def _admitted(self, request: ModelRequest) -> ModelRequest:
        try:
            return await self._guardrails.admit(request)
        except Blocked as error:
            raise Withheld(str(error), error.reason) from error

    async def _heard(
        self,
        place: Place,
        failures: Sequence[Failure],
        provider: Provider,
        request: ModelRequest,
        watch: Watch,
        listener: Listener,
    ) -> Finished | Failure:
        finished: Finished | None = None
        begun = False
        async with Patience(place.endpoint, streams=place.card.stream) as patience:
            said = watch.through(provider.stream(request), patience.heard)
            async with aclosing(self._guardrails.screen(request, said)) as events:
                async for event in events:
                    watch.shows(event)
                    if isinstance(event, Finished):
                        finished = event
                        continue
                    if not begun:
                        begun = True
                        self._begin(place, failures, listener, request.notes)
                    if not await listener.take(event):
                        finished = watch.cut(TOO_MUCH)
                        break
        if finished is None:
            raise BadReply("The answer broke off before its end.")
        if not watch.spoke and finished.finish.kind in DECLINED:
            declined = Blocked(finished.finish.message, finished.finish.native)
            return Failure(place, declined, finished)
        if not begun:
            self._begin(place, failures, listener, request.notes)
        return finished

    def _begin(
        self,
        place: Place,
        failures: Sequence[Failure],
        listener: Listener,
        notes: tuple[str, ...],
    ) -> None:
        """From here on this place answers, for the whole turn."""
        self._balance.answered(place.deployment)
        new = tuple(note for note in notes if note not in self._said)
        self._said += new
        if self._place is not None:
            if new:
                listener.answered_by(place, new)
            return
        self._place = place
        why = next((f for f in failures if cause_of(f.error)), None)
        if why is not None and place.card.id != self._card.id:
            notes = (note(why.error, self._card, place.card, asked=why.asked), *notes)
        listener.answered_by(place, notes)

    def _next(self, failures: Sequence[Failure]) -> Place | None:
        """Who is asked after these, if the turn may ask anybody."""
        if self._extra == 0 and any(failure.asked for failure in failures):
            return None
        other = None if self._place else self._route.other(failures)
        return other or self._route.smaller(failures) or self._route.again(failures)

    def _given_up(self, failures: Sequence[Failure], listener: Listener) -> Finished:
        """The end of the first attempt, with a word on the others. Raises what it ended with."""
        first = failures[0]
        last = failures[-1]
        if isinstance(last.error, RequestTooLarge) and last.place == first.place:
            first = last  # the smaller request shows better what was too much
        if self._place is None:
            listener.answered_by(first.place, ())
        more = told_together(failures)
        if first.finished is not None:
            finish = first.finished.finish
            message = " ".join(words for words in (finish.message, more) if words)
            return replace(first.finished, finish=replace(finish, message=message))
        if not more:
            raise first.error
        fuller = copy.copy(first.error)
        fuller.args = (f"{first.error} {more}",)
        raise fuller from first.error

    def _paused(self, place: Place) -> RateLimited:
        wait_s = self._balance.wait_s(place.deployment)
        sentence = f"{place.endpoint.title} asked for a pause. Try again in {ceil(wait_s)} seconds."
        return RateLimited(sentence, wait_s)
