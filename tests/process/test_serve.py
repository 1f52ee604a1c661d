"""Under a service manager: it ends without loss, says how it is, counts, and names each request."""

import asyncio
import json
import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from chat.core.parts import images, plain_text
from tests.api.test_mcp import MODES, talking, words
from tests.loopback import Gate
from tests.patience import PATIENCE_S
from tests.process.disk import Disk, until
from tests.process.easel import Easel
from tests.process.upstream import MODEL, Upstream
from tests.wire_shapes import tiny_png

pytestmark = pytest.mark.process

METRICS_KEY, API_KEY = "figures-for-the-host", "sk-easel-" + "k" * 32
CARD = f"openai-text:{MODEL}"
LONG = "3600"
WRITTEN = {"Authorization": f"Bearer {METRICS_KEY}"}


def served(folder: Path, upstream: Upstream, patience_s: str = LONG) -> Easel:
    """An Easel as a host starts it, not started yet."""
    more = {
        "EASEL_DRAIN_S": patience_s,
        "EASEL_LOG_FORMAT": "json",
        "EASEL_METRICS_KEY": METRICS_KEY,
        "EASEL_API_KEYS": f"laptop={API_KEY}",
    }
    return Easel(folder, "serve", "--port", "0", **upstream.environ, **more)


@pytest.fixture
def hosted(tmp_path: Path, upstream: Upstream) -> Iterator[Easel]:
    with served(tmp_path / "data", upstream) as easel:
        yield easel


@pytest.fixture(scope="module")
def lasting(upstream: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Easel]:
    """One that no test ends."""
    with served(tmp_path_factory.mktemp("hosted") / "data", upstream) as easel:
        yield easel


def running(easel: Easel, upstream: Upstream) -> tuple[Gate, dict[str, str]]:
    """A reply of which the first half is there, and what the second half waits for."""
    gate = Gate()
    upstream.says("Half", gate, " and whole.")
    started = easel.ask(easel.begin(), "go")
    assert gate.reached.wait(PATIENCE_S)
    return gate, started


def told(line: ClientConnection, kind: str) -> dict[str, Any]:
    """The next message of this kind."""
    while True:
        message: dict[str, Any] = json.loads(line.recv(timeout=PATIENCE_S))
        if message["type"] == kind:
            return message


def records(easel: Easel) -> list[dict[str, Any]]:
    """The log, each whole line of which must be a record."""
    written, _, _ = easel.log().rpartition("\n")
    return [json.loads(line) for line in written.splitlines()]


def test_an_end_waits_for_what_runs_and_sends_everybody_else_on(
    hosted: Easel, upstream: Upstream
) -> None:
    gate, started = running(hosted, upstream)
    other = hosted.begin()
    with hosted.page(started["conversation"]) as line:
        told(line, "stream")
        hosted.signal(signal.SIGTERM)
        told(line, "restarting")

        ready = hosted.http.get("/readyz")
        assert (ready.status_code, ready.json()["reasons"]) == (503, ["draining"])
        assert hosted.http.get("/healthz").status_code == 200
        body = {"text": "one more", "client_id": "a" * 32}
        refused = hosted.http.post(f"/api/conversations/{other}/messages", json=body)
        assert refused.status_code == 503
        assert "stays" in refused.json()["error"]
        assert int(refused.headers["Retry-After"]) > 0
        key = {"Authorization": f"Bearer {API_KEY}"}
        asked = {"model": CARD, "messages": [{"role": "user", "content": "hello"}]}
        program = hosted.http.post("/v1/chat/completions", json=asked, headers=key)
        assert (program.status_code, program.json()["error"]["code"]) == (503, "shutting_down")
        assert int(program.headers["Retry-After"]) > 0
        assert program.headers["X-Request-ID"]
        with hosted.page(started["conversation"]) as late:
            late.send(json.dumps({"type": "hello", "build": "any"}))
            told(late, "restarting")

        gate.open()
        assert told(line, "end")["status"] == "complete"
        with pytest.raises(ConnectionClosed) as closed:
            told(line, "never")
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1012, "the service restarts"
    assert hosted.ended() == 0, hosted.log()
    disk = Disk(hosted.folder)
    disk.check()
    reply = disk.message(started["reply"])
    assert (reply.status, plain_text(reply.parts)) == ("complete", "Half and whole.")
    assert disk.conversation(other).head_id is None, "nothing of what was refused was kept"
    assert all(record["level"] in {"INFO", "WARNING"} for record in records(hosted))


@pytest.mark.skipif(os.name == "nt", reason="signals go to groups on POSIX only")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_whole_group_leaves_what_pictures_need(
    hosted: Easel, upstream: Upstream, number: signal.Signals
) -> None:
    """As Ctrl-C in a terminal sends it."""
    gate = Gate()
    upstream.says("First ", tiny_png(1), gate, "and then ", tiny_png(2))
    started = hosted.ask(hosted.begin(), "go")
    assert gate.reached.wait(PATIENCE_S)
    until(lambda: Disk(hosted.folder).pictures(started["reply"]))
    with hosted.page() as line:
        hosted.signal(number, group=True)
        told(line, "restarting")
        gate.open()
        assert hosted.ended() == 0, hosted.log()
    reply = Disk(hosted.folder).message(started["reply"])
    assert (reply.status, len(images(reply.parts))) == ("complete", 2), hosted.log()


def test_a_program_that_is_being_answered_gets_the_rest(hosted: Easel, upstream: Upstream) -> None:
    gate = Gate()
    upstream.says("Half", gate, " and whole.")
    asked = {"model": CARD, "messages": [{"role": "user", "content": "go"}], "stream": True}
    key = {"Authorization": f"Bearer {API_KEY}"}
    with (
        hosted.page() as line,
        hosted.http.stream("POST", "/v1/chat/completions", json=asked, headers=key) as answer,
    ):
        lines = answer.iter_lines()
        assert gate.reached.wait(PATIENCE_S)
        hosted.signal(signal.SIGTERM)
        told(line, "restarting")
        gate.open()
        said = "\n".join(lines)
    assert "and whole." in said
    assert said.rstrip().endswith("data: [DONE]")
    assert hosted.ended() == 0, hosted.log()


@pytest.mark.parametrize("mode", MODES)
async def test_an_assistant_whose_call_runs_gets_its_answer(
    hosted: Easel, upstream: Upstream, mode: str
) -> None:
    gate = Gate()
    upstream.says("Half", gate, " and whole.")

    async def asked() -> str:
        async with talking(hosted, mode, API_KEY) as client:
            await client.list_tools()  # else it would ask for them with the answer in its hand
            return words(await client.call_tool("ask", {"prompt": "go", "model": CARD}))

    call = asyncio.create_task(asked())
    with hosted.page() as line:
        assert await asyncio.to_thread(gate.reached.wait, PATIENCE_S)
        hosted.signal(signal.SIGTERM)
        await asyncio.to_thread(told, line, "restarting")
        gate.open()
        assert "and whole." in await call
    assert hosted.ended() == 0, hosted.log()


@pytest.mark.parametrize("ending", ["the patience is over", "a second signal"])
def test_what_is_not_finished_is_saved_as_it_is(
    ending: str, tmp_path: Path, upstream: Upstream
) -> None:
    patience_s = "1" if ending == "the patience is over" else LONG
    with served(tmp_path / "data", upstream, patience_s) as easel:
        _, started = running(easel, upstream)
        until(lambda: Disk(easel.folder).words(started["reply"]))
        with easel.page() as line:
            easel.signal(signal.SIGTERM)
            told(line, "restarting")
            if ending == "a second signal":
                easel.signal(signal.SIGTERM)
            assert easel.ended() == 0, easel.log()
        reply = Disk(easel.folder).message(started["reply"])
        assert (reply.status, plain_text(reply.parts)) == ("interrupted", "Half")
        Disk(easel.folder).check()


def test_a_store_that_is_not_as_it_was_takes_the_process_out_of_the_balancer(
    lasting: Easel,
) -> None:
    def says(*reasons: str) -> bool:
        ready = lasting.http.get("/readyz")
        found = ready.json()["reasons"]
        assert ready.status_code == (503 if found else 200)
        return bool(found == list(reasons))

    until(says)
    media = lasting.folder / "media"
    media.rename(lasting.folder / "elsewhere")
    until(lambda: says("pictures"))
    (lasting.folder / "elsewhere").rename(media)
    until(says)
    with closing(sqlite3.connect(lasting.folder / "easel.db")) as database, database:
        (known,) = database.execute("SELECT version_num FROM alembic_version").fetchone()
        database.execute("UPDATE alembic_version SET version_num = 'later'")
    until(lambda: says("migrations"))
    with closing(sqlite3.connect(lasting.folder / "easel.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = ?", (known,))
    until(says)


def counted(easel: Easel, name: str) -> dict[str, str] | None:
    """Every figure by its name, once this one is there and no turn runs."""
    figures = easel.http.get("/metrics", headers=WRITTEN).text
    count = dict(line.rsplit(" ", 1) for line in figures.splitlines() if line[0] != "#")
    return count if name in count and float(count["easel_turns_running"]) == 0 else None


def test_figures_are_for_who_has_the_key_and_hold_nothing_of_what_was_said(
    lasting: Easel, upstream: Upstream
) -> None:
    upstream.says("In its den.")
    question = "Where does the red fox sleep?"
    lasting.awaited(lasting.ask(lasting.begin(), question), Disk(lasting.folder).ended)
    for wrong in ({}, {"Authorization": "Bearer figures-for-nobody"}):
        assert lasting.http.get("/metrics", headers=wrong).status_code == 401
    with lasting.page() as line:
        line.send(json.dumps({"type": "hello", "build": "any"}))
        told(line, "hello")
        # The end of a turn is counted a moment after it is saved.
        count = until(lambda: counted(lasting, 'easel_turn_seconds_count{status="complete"}'))
    place = f'endpoint="openai",model="{CARD}"'
    assert float(count[f'easel_call_seconds_count{{{place},outcome="ok"}}']) >= 1
    assert float(count[f'easel_tokens_total{{direction="output",{place}}}']) > 0
    assert float(count[f"easel_unpriced_calls_total{{{place}}}"]) >= 1
    added = 'easel_store_seconds_count{operation="add",outcome="ok",store="conversations"}'
    assert float(count[added]) >= 1
    assert float(count["easel_live_pages"]) >= 1
    assert float(count["easel_draining"]) == 0
    assert 'easel_http_seconds_count{method="POST",status="2xx"}' in count
    assert not any("fox" in name for name in count)


def test_an_error_is_found_in_the_log_by_the_name_that_its_answer_carries(lasting: Easel) -> None:
    media = lasting.folder / "media"
    media.rename(lasting.folder / "elsewhere")
    (lasting.folder / "media").write_bytes(b"no folder")
    try:
        name = "of-the-proxy-0123"
        given = {"X-Request-ID": name}
        failed = lasting.http.post("/api/media", content=tiny_png(1), headers=given)
    finally:
        media.unlink()
        (lasting.folder / "elsewhere").rename(media)
    assert failed.status_code == 503
    assert failed.headers["X-Request-ID"] == name
    (record,) = [each for each in records(lasting) if each.get("request_id") == name]
    assert record["level"] == "ERROR"
    assert "Traceback" in record["trace"]
    forged = lasting.http.get("/api/nothing", headers={"X-Request-ID": "two\twords {} and more"})
    assert len(forged.headers["X-Request-ID"]) == 16


def test_a_call_of_a_model_is_a_record_with_fields_and_without_keys(
    lasting: Easel, upstream: Upstream
) -> None:
    upstream.says("Yes.")
    started = lasting.ask(lasting.begin(), "Are you there?")
    lasting.awaited(started, Disk(lasting.folder).ended)
    calls = [each["fields"] for each in records(lasting) if each["logger"] == "easel.calls"]
    (call,) = [each for each in calls if each["easel.turn.id"] == started["reply"]]
    assert call["easel.outcome"] == "ok"
    assert not any(key in lasting.log() for key in (METRICS_KEY, API_KEY))


def test_without_their_key_there_are_no_figures(survivor: Easel) -> None:
    assert survivor.http.get("/metrics", headers=WRITTEN).status_code == 404
