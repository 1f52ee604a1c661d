"""Watches one call of a model and tells the recorder what became of it."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from types import TracebackType

from chat.core.calling import ModelRequest
from chat.core.errors import Blocked, CapabilityError, ConfigError, ProviderError
from chat.core.events import CallDelta, Finished, ImageBytes, ProviderEvent
from chat.core.messages import Finish, Message, now
from chat.gateway.deployments import ModelDeployment
from chat.gateway.ledger import DECLINED, CallCost, UsageLedger, cost_of
from chat.telemetry.call import Call, Outcome, Recorder


@dataclass(frozen=True, slots=True)
class CallContext:
    """On whose behalf calls are made, and who keeps the record of them."""

    recorder: Recorder
    owner: str
    reply: Message
    """The reply that the calls are made for."""


class CallRecorder:
    """One call, from before the request until nothing more can come."""

    def __init__(
        self,
        context: CallContext,
        target: ModelDeployment,
        attempt: int,
        request: ModelRequest,
        ledger: UsageLedger,
    ) -> None:
        """Start the clock."""
        self._context = context
        self._ledger = ledger
        self._target = target
        self._attempt = attempt
        self._request = request
        self._started_at = now()
        self._started_s = time.monotonic()
        self._first_event_s: float | None = None
        self._finished: Finished | None = None
        self._cut = ""
        self.drawn = 0
        """How many pictures came, without drafts."""
        self.cost: CallCost | None = None
        """What it cost, when it is over; ``None``: nothing went out."""
        self._said: list[ProviderEvent] = []
        # What is dictated and never sent is nobody's to keep.
        self.keeps_words = context.recorder.keeps_words and request.speech is None
        self.spoke = False
        """Whether the model has said or shown anything that is kept; half a call is not, nor is how
        it ended."""
        self._came = False
        """Whether anything came at all, which may have to be paid for."""
        self.fault: Exception | None = None
        """What the provider itself raised."""

    async def through(
        self, events: AsyncGenerator[ProviderEvent, None], heard: Callable[[], None]
    ) -> AsyncGenerator[ProviderEvent, None]:
        """The provider's own events, looked at; ``heard`` is called for each."""
        try:
            async with aclosing(events):
                async for event in events:
                    heard()
                    if self._first_event_s is None:
                        self._first_event_s = time.monotonic() - self._started_s
                    if isinstance(event, Finished):
                        self._finished = event
                    else:
                        self._came = True
                        self.spoke = self.spoke or not isinstance(event, CallDelta)
                    if isinstance(event, ImageBytes) and not event.draft:
                        self.drawn += 1
                    yield event
        except Exception as fault:
            self.fault = fault
            raise

    def shows(self, event: ProviderEvent) -> None:
        """Keep what passed our rules, where words are kept: no record holds more."""
        if not isinstance(event, CallDelta):
            self._said.append(event)

    def cut(self, finish: Finish) -> Finished:
        """We end the call ourselves: the last event in place of the provider's own."""
        self._cut = finish.kind
        return Finished(finish)

    def over(
        self,
        _kind: type[BaseException] | None,
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """The call is over, as an exit stack tells it: record it and what it cost."""
        if isinstance(error, CapabilityError | ConfigError) and not self.spoke:
            return  # the provider saw that it need not ask
        prices = self._target.card.prices
        speech = self._request.speech
        cost = cost_of(
            prices,
            self._finished,
            error,
            drawn=self.drawn,
            spoke=self._came,
            speech_s=speech.length_s if speech else 0.0,
        )
        self.cost = cost
        self._ledger.add(cost)
        self._context.recorder.called(self._call(error, cost))

    def _call(self, error: BaseException | None, cost: CallCost) -> Call:
        context, target, finished = self._context, self._target, self._finished
        fault = error if isinstance(error, ProviderError) else ProviderError()
        usage = finished.usage if finished else None
        outcome, error_type = _outcome(error, finished)
        return Call(
            conversation_id=context.reply.conversation_id,
            turn_id=context.reply.id,
            owner=context.owner,
            endpoint=target.endpoint,
            card=target.card,
            attempt=self._attempt,
            started_at=self._started_at,
            total_s=time.monotonic() - self._started_s,
            first_event_s=self._first_event_s,
            outcome=outcome,
            error_type=error_type,
            http_status=fault.status,
            finish=finished.finish.kind if finished else self._cut,
            usage=usage,
            cost_usd=cost.cost_usd,
            pictures=self.drawn,
            request_id=fault.request_id or (finished.request_id if finished else ""),
            response_id=finished.response_id if finished else "",
            deployment=target.label,
            request=self._request if self.keeps_words else None,
            said=tuple(self._said),
        )


def _outcome(error: BaseException | None, finished: Finished | None) -> tuple[Outcome, str]:
    """How a call ended, and the class of its error."""
    if isinstance(error, asyncio.CancelledError):
        return "stopped", ""
    if isinstance(error, Blocked):
        return "blocked", ""
    if error is not None:
        return "error", type(error).__name__
    if finished is not None and finished.finish.kind in DECLINED:
        return "blocked", ""
    if finished is not None and finished.finish.kind == "error":
        return "error", finished.finish.native or "error"
    return "ok", ""
