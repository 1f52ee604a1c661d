"""Spans and figures of calls, sent to the collector that the host names, and to nobody else.

Importing this imports the OpenTelemetry SDK. Keeping a record never waits for the network:
the SDK's own threads send, and drop what a dead collector does not take. No word of a
conversation is sent.

All that belongs to a reply is one trace, whichever processes wrote it, watched it or went on with
it: each makes the id of the trace of the id of the reply, and none has to be told.
"""

import logging
import threading
from datetime import datetime, timedelta
from hashlib import sha256

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, set_span_in_context

from chat.core import messages
from chat.logs import REQUEST_ID
from chat.telemetry.call import Call
from chat.telemetry.names import (
    call_attributes,
    input_tokens,
    output_tokens,
    pseudonym,
    shared_attributes,
)

log = logging.getLogger(__name__)

CLOSING_S = 2.5
"""How long a shutdown waits for the collector."""

DURATION_BUCKETS_S = [0.01 * 2**n for n in range(14)]
TOKEN_BUCKETS = [float(4**n) for n in range(14)]
"""What the conventions ask for: up to 81.92 seconds, and up to 67,108,864 tokens."""

_NAME = "easel"


class ReplyTraces(RandomIdGenerator):
    """Ids of spans by chance, and of traces by the reply that they are of."""

    def __init__(self) -> None:
        self._next = threading.local()

    def of(self, turn_id: str) -> None:
        """The next span without a parent that this thread begins is of this reply."""
        self._next.turn = turn_id

    def generate_trace_id(self) -> int:
        """That of the reply, once; else any."""
        turn = getattr(self._next, "turn", "")
        self._next.turn = ""
        return trace_id_of(turn) if turn else super().generate_trace_id()


def trace_id_of(turn_id: str) -> int:
    """The id of the trace of a reply: 128 bits of the sha256 of its id, alike everywhere.

    Not the id itself: some of its bits are always the same, and a collector that keeps one trace of
    many would keep all of them or none.
    """
    return int.from_bytes(sha256(turn_id.encode()).digest()[:16]) or 1


class Exporter:
    """A span for each turn that runs or is watched here, one under it for each call, and figures.

    A turn that runs here has the id of the request that began it, as lines of the log have it.
    """

    keeps_words = False

    def __init__(self, traces_url: str, metrics_url: str) -> None:
        """Send to these addresses; an empty one takes nothing.

        Headers, certificates and intervals the SDK reads itself, from its ``OTEL_`` variables.
        """
        resource = _resource()
        # Closed by us: the SDK would wait for half a minute at exit.
        self._ids = ReplyTraces()
        self._traces = TracerProvider(
            resource=resource, shutdown_on_exit=False, id_generator=self._ids
        )
        if traces_url:
            sending = BatchSpanProcessor(OTLPSpanExporter(endpoint=traces_url))
            self._traces.add_span_processor(sending)
        readers = []
        if metrics_url:
            readers.append(PeriodicExportingMetricReader(OTLPMetricExporter(endpoint=metrics_url)))
        self._metrics = MeterProvider(readers, resource, shutdown_on_exit=False)
        self._tracer = self._traces.get_tracer(_NAME)
        meter = self._metrics.get_meter(_NAME)
        self._duration = meter.create_histogram(
            "gen_ai.client.operation.duration",
            unit="s",
            description="GenAI operation duration.",
            explicit_bucket_boundaries_advisory=DURATION_BUCKETS_S,
        )
        self._tokens = meter.create_histogram(
            "gen_ai.client.token.usage",
            unit="{token}",
            description="Number of input and output tokens used.",
            explicit_bucket_boundaries_advisory=TOKEN_BUCKETS,
        )
        self._turns: dict[str, Span] = {}
        self._watches: dict[str, Span] = {}
        self._closed = False

    def began(self, conversation_id: str, turn_id: str, owner: str) -> None:
        """Open the span of a turn."""
        known = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": _NAME}
        if request_id := REQUEST_ID.get():
            known["easel.request.id"] = request_id
        span = self._begun(f"invoke_agent {_NAME}", conversation_id, turn_id, owner, known)
        self._turns[turn_id] = span

    def watched(self, conversation_id: str, turn_id: str, owner: str) -> None:
        """Open the span of a turn that another process runs, in the same trace."""
        if turn_id not in self._watches:
            self._watches[turn_id] = self._begun(
                f"watch {_NAME}", conversation_id, turn_id, owner, {}
            )

    def seen(self, turn_id: str, events: int, status: messages.Status) -> None:
        """Close it."""
        if (span := self._watches.pop(turn_id, None)) is not None:
            span.set_attribute("easel.live.events", events)
            span.set_attribute("easel.turn.status", status)
            span.end()

    def _begun(
        self, name: str, conversation_id: str, turn_id: str, owner: str, more: dict[str, str]
    ) -> Span:
        self._ids.of(turn_id)
        return self._tracer.start_span(
            name,
            context=Context(),
            kind=SpanKind.INTERNAL,
            attributes={
                **more,
                "gen_ai.conversation.id": conversation_id,
                "enduser.pseudo.id": pseudonym(owner),
                "easel.turn.id": turn_id,
            },
        )

    def called(self, call: Call) -> None:
        """Make the span of a call, under that of its turn, and count it."""
        shared = shared_attributes(call)
        turn = self._turns.get(call.turn_id)
        span = self._tracer.start_span(
            f"{shared['gen_ai.operation.name']} {call.card.wire_name}",
            context=None if turn is None else set_span_in_context(turn),
            kind=SpanKind.CLIENT,
            attributes=call_attributes(call),
            start_time=_nanoseconds(call.started_at),
        )
        if call.outcome == "error":
            span.set_status(Status(StatusCode.ERROR))
        span.end(_nanoseconds(call.started_at + timedelta(seconds=call.total_s)))
        self._duration.record(call.total_s, shared)
        if call.usage is not None:
            for kind, tokens in (
                ("input", input_tokens(call.usage)),
                ("output", output_tokens(call.usage)),
            ):
                if tokens is not None:
                    self._tokens.record(tokens, {**shared, "gen_ai.token.type": kind})

    def ended(self, turn_id: str, status: messages.Status) -> None:
        """Close the span of a turn."""
        span = self._turns.pop(turn_id, None)
        if span is None:
            return
        span.set_attribute("easel.turn.status", status)
        if status == "failed":
            span.set_status(Status(StatusCode.ERROR))
        span.end()

    def close(self) -> None:
        """Send what is left; a collector that does not listen is left behind after a while."""
        if self._closed:
            return
        self._closed = True
        closing = threading.Thread(target=self._shut_down, name="telemetry-closing", daemon=True)
        closing.start()
        closing.join(CLOSING_S)
        if closing.is_alive():
            log.warning("the collector did not take the last records in time")

    def _shut_down(self) -> None:
        self._traces.shutdown()
        self._metrics.shutdown()


def _resource() -> Resource:
    """What the ``OTEL_`` variables say of this process, and our name if they give none."""
    told = Resource.create()
    if str(told.attributes.get(SERVICE_NAME, "")).startswith("unknown_service"):
        return told.merge(Resource({SERVICE_NAME: _NAME}))
    return told


def _nanoseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1e6) * 1000
