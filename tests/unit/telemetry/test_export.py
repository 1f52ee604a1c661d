"""Spans and figures reach the collector that the host names; without one there is nothing."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from chat.telemetry.call import Recorder
from chat.telemetry.start import start_recorder
from tests.loopback import Loopback, Reply, Request
from tests.patience import PATIENCE_S
from tests.unit.telemetry.samples import CALL, FAILED, KEY, SECRET, worded

INTERNAL, CLIENT = 1, 3
"""Kinds of spans, as the wire counts them."""


def accepted(_: Request) -> Reply:
    return Reply(headers={"content-type": "application/x-protobuf"}, promised_bytes=0)


@pytest.fixture
def collector() -> Iterator[Loopback]:
    with Loopback(accepted) as server:
        yield server


def turned(recorder: Recorder, *calls: Any) -> None:
    """One turn with these calls, and the end of the program."""
    recorder.began(CALL.conversation_id, CALL.turn_id, CALL.owner)
    for call in calls:
        recorder.called(call)
    recorder.ended(CALL.turn_id, "complete")
    recorder.close()


def spans(collector: Loopback) -> list[Any]:
    found: list[Any] = []
    for request in collector.requests:
        if request.path == "/v1/traces":
            told = ExportTraceServiceRequest.FromString(request.body)
            found += [s for r in told.resource_spans for sc in r.scope_spans for s in sc.spans]
    return found


def metrics(collector: Loopback) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for request in collector.requests:
        if request.path == "/v1/metrics":
            told = ExportMetricsServiceRequest.FromString(request.body)
            for resource in told.resource_metrics:
                for scope in resource.scope_metrics:
                    found |= {metric.name: metric for metric in scope.metrics}
    return found


def attributes(thing: Any) -> dict[str, Any]:
    told = {}
    for pair in thing.attributes:
        kind = pair.value.WhichOneof("value")
        told[pair.key] = getattr(pair.value, kind)
    return told


def test_a_turn_and_its_calls_arrive_as_spans_one_under_the_other(collector: Loopback) -> None:
    recorder = start_recorder({"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url})
    turned(recorder, FAILED, replace(CALL, attempt=3))
    (turn,) = [span for span in spans(collector) if span.kind == INTERNAL]
    failed, call = [span for span in spans(collector) if span.kind == CLIENT]
    assert turn.name == "invoke_agent easel"
    assert call.name == "chat wire-model"
    assert {failed.parent_span_id, call.parent_span_id} == {turn.span_id}
    assert call.trace_id == turn.trace_id
    assert call.end_time_unix_nano - call.start_time_unix_nano == 1_500_000_000
    assert attributes(call)["gen_ai.usage.input_tokens"] == 30
    assert attributes(call)["gen_ai.provider.name"] == "openai"
    assert attributes(turn)["easel.turn.status"] == "complete"
    assert attributes(failed)["error.type"] == "RateLimited"
    assert (failed.status.code, call.status.code) == (2, 0)


def test_durations_and_tokens_arrive_as_figures(collector: Loopback) -> None:
    recorder = start_recorder({"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url + "/"})
    turned(recorder, CALL, FAILED)
    told = metrics(collector)
    durations = told["gen_ai.client.operation.duration"]
    assert durations.unit == "s"
    assert sum(point.count for point in durations.histogram.data_points) == 2
    bounds = list(durations.histogram.data_points[0].explicit_bounds)
    assert bounds == pytest.approx([0.01 * 2**n for n in range(14)])
    tokens = told["gen_ai.client.token.usage"].histogram.data_points
    by_kind = {attributes(point)["gen_ai.token.type"]: point.sum for point in tokens}
    assert by_kind == {"input": 30, "output": 75}


def test_what_was_asked_and_said_never_leaves(collector: Loopback) -> None:
    recorder = start_recorder({"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url}, keeps_words=True)
    turned(recorder, worded())
    sent = b"".join(request.body for request in collector.requests)
    assert sent
    assert SECRET.encode() not in sent
    assert KEY.encode() not in sent
    assert CALL.owner.encode() not in sent


def test_an_address_for_traces_alone_takes_traces_alone(collector: Loopback) -> None:
    url = f"{collector.url}/v1/traces"
    turned(start_recorder({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": url}), CALL)
    assert {request.path for request in collector.requests} == {"/v1/traces"}


def test_a_collector_that_never_answers_delays_neither_a_turn_nor_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "4")
    with socket.socket() as dead:
        dead.bind(("127.0.0.1", 0))
        dead.listen()
        url = f"http://127.0.0.1:{dead.getsockname()[1]}"
        recorder = start_recorder({"OTEL_EXPORTER_OTLP_ENDPOINT": url})
        recorder.began(CALL.conversation_id, CALL.turn_id, CALL.owner)
        for _ in range(200):
            recorder.called(CALL)
        recorder.ended(CALL.turn_id, "complete")
        recorder.close()
    left = [t for t in threading.enumerate() if t.name == "telemetry-closing"]
    for thread in left:
        thread.join()  # it would go on complaining in the middle of other tests
    assert left, "the end did not wait until everything was sent or given up"


def test_closing_twice_and_an_unknown_turn_do_no_harm(collector: Loopback) -> None:
    recorder = start_recorder({"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url})
    recorder.ended("nobody knows it", "complete")
    recorder.close()
    recorder.close()


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": " "},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_SDK_DISABLED": "true"},
    ],
)
def test_without_a_collector_there_is_no_sdk_no_thread_and_no_socket(
    environ: dict[str, str],
) -> None:
    program = f"""
import socket, sys, threading
made = []
sys.addaudithook(lambda event, _: made.append(event) if event.startswith("socket.") else None)
from chat.telemetry.start import start_recorder
from tests.unit.telemetry.samples import CALL
recorder = start_recorder({environ!r})
recorder.began(CALL.conversation_id, CALL.turn_id, CALL.owner)
recorder.called(CALL)
recorder.ended(CALL.turn_id, "complete")
assert threading.enumerate() == [threading.main_thread()], threading.enumerate()
assert not [name for name in sys.modules if name.startswith("opentelemetry")]
assert made == [], made
recorder.close()
"""
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, timeout=PATIENCE_S)
