"""A running Easel tells the collector that its host names of every call, the last one included."""

import json
import socket
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.loopback import Loopback
from tests.process.disk import Disk
from tests.process.easel import Easel
from tests.process.upstream import Upstream
from tests.unit.telemetry.test_export import CLIENT, accepted, attributes, metrics, spans

pytestmark = pytest.mark.process

QUESTION = "Where does the red fox sleep?"


def answered(folder: Path, upstream: Upstream, more: Mapping[str, str]) -> str:
    """An Easel that has answered and was stopped: its log."""
    upstream.says("In its den.")
    with Easel(folder, **upstream.environ, **more) as easel:
        easel.awaited(easel.ask(easel.begin(), QUESTION), Disk(easel.folder).ended)
        assert easel.stop() == 0
        return easel.log()


def test_the_last_call_before_the_end_still_arrives(tmp_path: Path, upstream: Upstream) -> None:
    with Loopback(accepted) as collector:
        log = answered(tmp_path / "data", upstream, {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url})
        (call,) = [span for span in spans(collector) if span.kind == CLIENT]
        assert attributes(call)["server.port"] == upstream.server.port
        assert "gen_ai.client.operation.duration" in metrics(collector)
        sent = b"".join(request.body for request in collector.requests)
    (line,) = [line for line in log.splitlines() if " easel.calls " in line]
    told = json.loads(line[line.index("{") :])
    assert told["easel.outcome"] == "ok"
    assert QUESTION not in log
    assert QUESTION.encode() not in sent


def test_a_dead_collector_holds_up_no_end(tmp_path: Path, upstream: Upstream) -> None:
    with socket.socket() as dead:
        dead.bind(("127.0.0.1", 0))
        dead.listen()
        url = f"http://127.0.0.1:{dead.getsockname()[1]}"
        # Nobody there ever answers: an end that waited for it would not come.
        answered(tmp_path / "data", upstream, {"OTEL_EXPORTER_OTLP_ENDPOINT": url})
