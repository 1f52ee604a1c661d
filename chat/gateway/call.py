"""One question to a model as a series of attempts, at one deployment after another.

Whoever asks goes through the attempts, makes the request for each, and takes what is answered::

    for attempt in calls.attempts():
        async with attempt:
            request = ...  # for attempt.card, within attempt.budget
            async with aclosing(attempt.stream(request)) as events:
                async for event in events:
                    ...

Another deployment is asked only while nothing has come: after the first event a fault ends the
call, because what is shown cannot be taken back, and is paid for. Half a call of a tool can be.
Within a turn at most ``MAX_EXTRA`` requests are sent beyond the one that each question needs. Once
a deployment has answered, the turn stays there: signatures hold nowhere else.
"""

import copy
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass, field, replace
from math import ceil
from types import TracebackType
from typing import TypeAlias

from chat.core.calling import Guardrails, ModelRequest, NullGuardrails, Provider
from chat.core.errors import (
    AuthFailed,
    BadReply,
    Blocked,
    CapabilityError,
    ConfigError,
    ModelNotFound,
    ProviderError,
    RateLimited,
    RequestTooLarge,
    Unavailable,
)
from chat.core.events import CallDelta, Finished, ProviderEvent
from chat.core.messages import Finish, Message
from chat.core.models import Endpoint, ModelCard
from chat.core.rights import PROVIDER_SEARCH
from chat.gateway.balancer import LoadBalancer
from chat.gateway.deadline import Deadline
from chat.gateway.deployments import DeploymentResolver, ModelDeployment
from chat.gateway.fallback import FailedAttempt, FallbackPolicy, told_together
from chat.gateway.ledger import DECLINED, UsageLedger
from chat.gateway.limits import LearnedLimits, Load, alone_too_large, load_of
from chat.gateway.pool import ProviderPool
from chat.gateway.quotas import Quotas, Reservation, no_quotas
from chat.gateway.recorder import CallContext, CallRecorder
from chat.models.catalogue import unknown_model
from chat.models.role_rights import UNLIMITED, RoleRights
from chat.telemetry.call import Recorder
from chat.telemetry.log import CallLog

MAX_EXTRA = 2


class GuardBlocked(Blocked):
    """Our own guardrails let something not go out, or not be shown."""


@dataclass(frozen=True, slots=True)
class Answering:
    """Comes before what is answered: who answers."""

    target: ModelDeployment
    notes: tuple[str, ...]
    """Why it is not who was asked, and how the request was altered on its way."""


CallEvent: TypeAlias = Answering | ProviderEvent


@dataclass(frozen=True, slots=True)
class Gateway:
    """What all calls of a process share."""

    resolver: DeploymentResolver
    pool: ProviderPool
    guardrails: Guardrails = field(default_factory=NullGuardrails)
    recorder: Recorder = field(default_factory=CallLog)
    balancer: LoadBalancer = field(default_factory=LoadBalancer)
    limits: LearnedLimits = field(default_factory=LearnedLimits)
    quotas: Quotas = field(default_factory=no_quotas)
    rights: RoleRights = UNLIMITED

    def calls(
        self, card: ModelCard, owner: str, reply: Message, ledger: UsageLedger | None = None
    ) -> "ModelCalls":
        """The calls of a turn that asks this model, or who stands in for it.

        They are noted in the ``ledger`` of the turn, if it has one already.
        """
        return ModelCalls(self, card, CallContext(self.recorder, owner, reply), ledger)

    async def aclose(self) -> None:
        """Let go of connections. Safe to call twice."""
        await self.pool.close()
        await self.guardrails.aclose()


class ModelCalls:
    """The calls of one turn."""

    def __init__(
        self,
        gateway: Gateway,
        card: ModelCard,
        context: CallContext,
        ledger: UsageLedger | None = None,
    ) -> None:
        """Ask this model."""
        self.gateway = gateway
        self.context = context
        self.ledger = UsageLedger() if ledger is None else ledger
        """Every request that went out, those that came to nothing, too."""
        self.answering: ModelDeployment | None = None
        """Who answers, as soon as somebody does, for the whole turn."""
        self.finished: Finished | None = None
        """How the last question ended."""
        self.extra = MAX_EXTRA
        """How many more requests than questions may be sent."""
        self._card = card
        self.resolver = gateway.resolver.as_of_now(context.owner)
        """The models as the turn found them; it keeps to these."""
        self._policy = FallbackPolicy(card, self.resolver, gateway.balancer)
        self.preferred = self._policy.targets[0]
        """The deployment that is named until somebody answers."""
        self._noted: set[str] = set()

    @property
    def card(self) -> ModelCard:
        """The card of who answers, or of who was asked while nobody does."""
        return self._card if self.answering is None else self.answering.card

    def ask_instead(self, card: ModelCard) -> None:
        """Ask another model from the next question on, as if it had been meant."""
        self._card = card
        self._policy = FallbackPolicy(card, self.resolver, self.gateway.balancer)
        self.preferred = self._policy.targets[0]
        self.answering = None

    def go_on_at(self, endpoint_id: str, deployment: str) -> None:
        """Ask where an earlier turn was answered that this one goes on with.

        Args:
            endpoint_id: of its endpoint.
            deployment: its label, where there was a choice. One that is gone is asked no more.
        """
        for target in self._policy.targets:
            if target.endpoint.id == endpoint_id and target.label in ("", deployment):
                self.answering = self.preferred = target
                return

    async def open(self, endpoint: Endpoint) -> Provider:
        """The provider of an endpoint.

        Raises:
            ConfigError: its kind is unknown or its key missing.
        """
        return await self.gateway.pool.opened(endpoint)

    def attempts(self) -> Iterator["Attempt"]:
        """Ask until somebody answers; then :attr:`finished` says how it ended.

        Raises:
            ChatError: nobody answered, for the reason of the first attempt; or the one who did
                broke off.
            GuardBlocked: our guardrails said no.
        """
        failures: list[FailedAttempt] = []
        self.finished = None
        target = self.answering or self._policy.first(failures)
        while self.finished is None:
            attempt = Attempt(self, target, tuple(failures))
            yield attempt
            if attempt.failure is None:
                self.finished = attempt.finished
                continue
            failures.append(attempt.failure)
            elsewhere = self.answering is None
            following = self._policy.next(failures, elsewhere=elsewhere, extra=self.extra)
            if following is None:
                self.finished = _given_up(failures)
            else:
                target = following

    def answered(self, attempt: "Attempt", notes: tuple[str, ...]) -> Answering | None:
        """From here on this deployment answers; what is new to say of that."""
        target = attempt.target
        self.gateway.balancer.answered(target.deployment)
        new = tuple(note for note in notes if note not in self._noted)
        self._noted.update(new)
        if self.answering is None:
            why = self._policy.note(attempt.failures, target) if attempt.failures else ""
            new = (why, *new) if why else new
        elif not new:
            return None
        self.answering = target
        return Answering(target, new)


class Attempt:
    """One request to one deployment; what it fails with inside the context decides what follows."""

    def __init__(
        self, calls: ModelCalls, target: ModelDeployment, failures: tuple[FailedAttempt, ...]
    ) -> None:
        """Ask there, after these attempts."""
        self.target = target
        self.card = target.card
        """The model that is asked, with the wire name it has there."""
        self.failures = failures
        self.failure: FailedAttempt | None = None
        """Why it came to nothing."""
        self.finished: Finished | None = None
        """How it ended, if it did not fail."""
        self._calls = calls
        self._gateway = calls.gateway
        self._stack = AsyncExitStack()
        self._record: CallRecorder | None = None
        self._request: ModelRequest | None = None
        self._cut: Finish | None = None
        # A deployment that was told too much is told less this time.
        smaller = (f.smaller for f in failures if f.target == target)
        self._trial = next(filter(None, smaller), None)
        self.budget = self._trial or self._gateway.limits.of(target.deployment)
        """How much of a conversation the deployment is known to take."""

    def cut(self, finish: Finish) -> None:
        """End the call after the event that was yielded last, in place of the provider's end."""
        self._cut = finish

    async def stream(self, request: ModelRequest) -> AsyncGenerator[CallEvent, None]:
        """Ask, and yield what comes, but for the last event; who answers comes before it.

        Raises:
            ProviderError: the provider failed, took too long or broke off.
            CapabilityError: it cannot carry the request.
            ConfigError: it cannot be opened, or is not for whoever asks any more.
            GuardBlocked: our guardrails said no.
            LimitReached: whoever asks has too little left for it, or is not let in any more.
        """
        gateway, target = self._gateway, self.target
        provider = await self._stack.enter_async_context(gateway.pool.using(target.endpoint))
        try:
            request = await gateway.guardrails.admit(request)
        except Blocked as error:
            raise GuardBlocked(str(error), error.reason) from error
        if not await gateway.balancer.admitted(target.deployment):
            raise self._paused()
        request = await self._as_allowed(request)
        await self._reserve(request)
        record = self._recorded(request)
        endpoint, streams = target.endpoint, target.card.stream
        deadline = await self._stack.enter_async_context(Deadline(endpoint, streams=streams))
        said = record.through(provider.stream(request), deadline.heard)
        events = await self._stack.enter_async_context(
            aclosing(gateway.guardrails.screen(request, said))
        )
        finished: Finished | None = None
        begun = False
        async for event in events:
            if record.keeps_words:
                record.shows(event)
            if isinstance(event, Finished):
                finished = event
                continue
            if not (begun or isinstance(event, CallDelta)):
                begun = True
                if (answering := self._calls.answered(self, request.notes)) is not None:
                    yield answering
            yield event
            if self._cut is not None:
                finished = record.cut(self._cut)
                break
        if finished is None:
            raise BadReply("The answer broke off before its end.")
        if not record.spoke and finished.finish.kind in DECLINED:
            declined = Blocked(finished.finish.message, finished.finish.native)
            self.failure = FailedAttempt(target, declined, finished)
            return
        if not begun and (answering := self._calls.answered(self, request.notes)) is not None:
            yield answering
        self.finished = finished

    async def _as_allowed(self, request: ModelRequest) -> ModelRequest:
        """Look once more, whichever way the question came, and however long ago it began.

        The request without what they may not have done for them.

        Raises:
            ConfigError: whoever asks may not use the model.
        """
        rights = await self._gateway.rights.now_of(self._calls.context.owner)
        catalogue = self._gateway.resolver.catalogue
        card = catalogue.find(self.card.id) or self.card
        if not catalogue.allows(card, rights.models):
            raise unknown_model(card.id)
        if PROVIDER_SEARCH in request.options and PROVIDER_SEARCH not in rights.tools:
            kept = {name: v for name, v in request.options.items() if name != PROVIDER_SEARCH}
            return replace(request, options=kept)
        return request

    async def _reserve(self, request: ModelRequest) -> None:
        """Count what the call may cost; when it is over, what it did."""
        owner = self._calls.context.owner
        held = await self._gateway.quotas.reserve(owner, request)
        if held is not None:
            self._stack.push_async_callback(self._settle, held)

    async def _settle(self, held: Reservation) -> None:
        record = self._record
        await held.settle(*((None, 0) if record is None else (record.cost, record.drawn)))

    def _recorded(self, request: ModelRequest) -> CallRecorder:
        """From here on a request is out, and counts."""
        number = 1 + sum(failure.asked for failure in self.failures)
        if number > 1:
            self._calls.extra -= 1
        calls = self._calls
        self._stack.enter_context(self._gateway.balancer.calling(self.target.deployment))
        self._request = request
        self._record = CallRecorder(calls.context, self.target, number, request, calls.ledger)
        self._stack.push(self._record.over)
        return self._record

    async def __aenter__(self) -> "Attempt":
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        try:
            await self._stack.__aexit__(kind, error, trace)
        except Exception as other:  # a deadline turns its cancellation into a sentence
            if self._failed(other):
                return True
            raise
        if error is None:
            if self._request is not None and (self._trial or self._request.media):
                self._taken(self._request)
            return False
        return self._failed(error)

    def _failed(self, error: BaseException) -> bool:
        """Keep why the attempt came to nothing; false for what ends the turn."""
        if not isinstance(error, ProviderError | CapabilityError | ConfigError):
            return False
        if isinstance(error, GuardBlocked):
            return False
        record = self._record
        if record is None:
            self.failure = FailedAttempt(self.target, error, asked=False)
            return True
        if isinstance(error, Blocked) and error is not record.fault:
            raise GuardBlocked(str(error), error.reason) from error
        if isinstance(error, AuthFailed | RateLimited | Unavailable):
            self._gateway.balancer.failed(self.target.deployment, error)
        if record.spoke:
            return False
        if isinstance(error, ModelNotFound):
            self._calls.resolver.unserved(self.target)
        if isinstance(error, RequestTooLarge) and self._request is not None:
            self.failure = self._outgrown(error, load_of(self._request))
        else:
            asked = isinstance(error, ProviderError)
            self.failure = FailedAttempt(self.target, error, asked=asked)
        return True

    def _taken(self, request: ModelRequest) -> None:
        """Remember what the deployment takes."""
        limits, deployment = self._gateway.limits, self.target.deployment
        if self.finished is None:
            return
        limits.took(deployment, request.media)
        if self._trial is not None:
            limits.learn(deployment, self._trial)

    def _outgrown(self, error: RequestTooLarge, load: Load) -> FailedAttempt:
        """A request with more than the deployment takes; how much less to try it with."""
        limits, target = self._gateway.limits, self.target
        smaller = limits.smaller(target.deployment, error, load)
        if smaller is None:
            error = alone_too_large(error, target.card, target.endpoint.title, load)
        elif self._trial is not None:
            limits.learn(target.deployment, smaller)  # the next turn begins with less still
        return FailedAttempt(target, error, smaller=smaller)

    def _paused(self) -> RateLimited:
        wait_s = self._gateway.balancer.wait_s(self.target.deployment)
        title = self.target.endpoint.title
        sentence = f"{title} asked for a pause. Try again in {ceil(wait_s)} seconds."
        return RateLimited(sentence, wait_s)


def _given_up(failures: Sequence[FailedAttempt]) -> Finished:
    """The end of the first attempt, with a word on the others. Raises what it ended with."""
    first, last = failures[0], failures[-1]
    if isinstance(last.error, RequestTooLarge) and last.target == first.target:
        first = last  # the smaller request shows better what was too much
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
