"""A running Easel tells the collector that its host names of every call, the last one included."""

import json
import socket
from collections.abc import Mapping
from pathlib import Path

import pytest

from chat.telemetry.export import trace_id_of
from tests.loopback import Gate, Loopback
from tests.patience import PATIENCE_S
from tests.postgresql import postgresql_url
from tests.process.disk import Disk
from tests.process.easel import Easel
from tests.process.upstream import Upstream
from tests.unit.telemetry.test_export import CLIENT, accepted, attributes, metrics, spans

__all__ = ["postgresql_url"]

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


def test_a_reply_is_one_trace_from_the_request_at_one_easel_to_the_page_at_another(
    postgresql_url: str, upstream: Upstream, tmp_path: Path
) -> None:
    gate = Gate()
    upstream.says("In its", gate, " den.")
    with Loopback(accepted) as collector:
        shared = {
            **upstream.environ,
            "EASEL_DATABASE_URL": postgresql_url,
            "EASEL_MEDIA_URL": (tmp_path / "media").as_uri(),
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
        }
        with (
            Easel(tmp_path / "here", **shared) as here,
            Easel(tmp_path / "there", **shared) as there,
        ):
            here.http.headers["X-Request-ID"] = "asked-by-the-test"
            started = here.ask(here.begin(), QUESTION)
            assert gate.reached.wait(PATIENCE_S)
            with there.page(started["conversation"]) as page:
                while "In its" not in str(page.recv(timeout=PATIENCE_S)):
                    pass
                gate.open()
                while '"end"' not in str(page.recv(timeout=PATIENCE_S)):
                    pass
            assert (here.stop(), there.stop()) == (0, 0)
        told = {span.name: span for span in spans(collector)}
    turn, watch = told["invoke_agent easel"], told["watch easel"]
    (call,) = [span for span in told.values() if span.kind == CLIENT]
    assert call.parent_span_id == turn.span_id
    assert turn.trace_id == call.trace_id == watch.trace_id
    assert turn.trace_id == trace_id_of(started["reply"]).to_bytes(16)
    assert attributes(turn)["easel.request.id"] == "asked-by-the-test"
    assert attributes(watch)["easel.turn.id"] == started["reply"]
    assert attributes(watch)["easel.turn.status"] == "complete"
    assert attributes(watch)["easel.live.events"] > 0


def test_a_dead_collector_holds_up_no_end(tmp_path: Path, upstream: Upstream) -> None:
    with socket.socket() as dead:
        dead.bind(("127.0.0.1", 0))
        dead.listen()
        url = f"http://127.0.0.1:{dead.getsockname()[1]}"
        # Nobody there ever answers: an end that waited for it would not come.
        answered(tmp_path / "data", upstream, {"OTEL_EXPORTER_OTLP_ENDPOINT": url})
