"""Several Easels over one PostgreSQL and one folder of pictures, whichever of them is asked."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
import pytest
from websockets.sync.client import ClientConnection

from chat.core.messages import ALIVE, Message
from chat.core.parts import plain_text
from chat.core.ports import Conversations
from storage.open import open_conversations
from tests.haproxy import HAPROXY, balanced
from tests.loopback import Gate
from tests.patience import PATIENCE_S
from tests.postgresql import postgresql_url
from tests.process.disk import OWNER
from tests.process.easel import Easel
from tests.process.upstream import Upstream

__all__ = ["postgresql_url"]

pytestmark = pytest.mark.process

TURNS = 6


@dataclass
class Studio:
    """Two Easels over the same stores. Neither is started yet."""

    here: Easel
    there: Easel
    store: Conversations
    upstream: Upstream

    def begun(self, easel: Easel, words: str, gate: Gate) -> dict[str, str]:
        """A reply that has begun with these words, and waits at a gate."""
        self.upstream.says(words, gate, " The end.")
        started = easel.ask(easel.begin(), "go")
        assert gate.reached.wait(PATIENCE_S)
        return started

    def reply(self, started: dict[str, str]) -> Message:
        return self.store.message(OWNER, started["reply"])

    def ended(self, easel: Easel, started: dict[str, str]) -> Message:
        """A reply once it has ended, as a page that is connected to this Easel is told."""

        def final(_: str) -> Message | None:
            reply = self.reply(started)
            return None if reply.status in ALIVE else reply

        return easel.awaited(started, final)


@pytest.fixture
def studio(postgresql_url: str, upstream: Upstream, tmp_path: Path) -> Iterator[Studio]:
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS easel_replicas WITH (FORCE)")
        connection.execute("CREATE DATABASE easel_replicas")
    url = postgresql_url.replace("/postgres?", "/easel_replicas?")
    assert url != postgresql_url
    shared = {
        **upstream.environ,
        "EASEL_DATABASE_URL": url,
        "EASEL_MEDIA_URL": (tmp_path / "media").as_uri(),
    }
    with closing(open_conversations(url)) as store:
        here, there = (Easel(tmp_path / name, **shared) for name in ("here", "there"))
        yield Studio(here, there, store, upstream)


def heard(line: ClientConnection, words: str) -> None:
    """Listen until the page has been told these words."""
    while words not in str(line.recv(timeout=PATIENCE_S)):
        pass


@pytest.mark.skipif(HAPROXY is None, reason="there is no haproxy on this machine")
def test_behind_a_balancer_all_pages_see_replies_from_their_start_and_stop_crosses(
    studio: Studio, tmp_path: Path
) -> None:
    with studio.here as here, studio.there as there, ExitStack() as stack:
        port = stack.enter_context(balanced(tmp_path, [here.port, there.port]))
        front = Easel(tmp_path / "front")
        stack.callback(front.http.close)
        front.port, front.http.base_url = port, httpx.URL(f"http://127.0.0.1:{port}")
        gates = [Gate() for _ in range(TURNS)]
        asked = len(studio.upstream.server.requests)
        started = [
            studio.begun(front, f"beginning {number}", gate) for number, gate in enumerate(gates)
        ]
        for number, each in enumerate(started):
            for easel in (here, there):
                line = stack.enter_context(easel.page(each["conversation"]))
                heard(line, f"beginning {number}")
        for each in started[: TURNS // 2]:
            # Twice, so that the balancer hands it to both.
            stopped = [front.post(f"/api/messages/{each['reply']}/stop") for _ in range(2)]
            assert stopped[0] == {"stopped": True}
        for gate in gates[TURNS // 2 :]:
            gate.open()
        for number, each in enumerate(started):
            reply = studio.ended(there if number % 2 else here, each)
            words = f"beginning {number}"
            if number < TURNS // 2:
                assert (reply.status, plain_text(reply.parts)) == ("stopped", words)
            else:
                assert (reply.status, plain_text(reply.parts)) == ("complete", f"{words} The end.")
        assert len(studio.upstream.server.requests) == asked + TURNS
        # A name that was given at one is in the list of the other.
        with there.page() as line:
            here.post(f"/api/conversations/{started[0]['conversation']}/title", {"title": "Otters"})
            heard(line, "Otters")


def test_a_start_ends_nobodys_reply_and_a_death_those_of_the_dead_alone(studio: Studio) -> None:
    with studio.here as here, studio.there as there:
        lost_gate, kept_gate = Gate(), Gate()
        lost = studio.begun(here, "Half a sentence", lost_gate)
        kept = studio.begun(there, "All of it, with", kept_gate)
        with there.page(lost["conversation"]) as line:
            heard(line, "Half a sentence")
            there.kill()
            there.start()
        assert studio.reply(lost).status in ALIVE
        asked = len(studio.upstream.server.requests)
        # What it wrote itself before it died it ends at once, as the folder's lock allows.
        assert studio.reply(kept).status == "interrupted"
        kept_gate.open()
        kept_gate = Gate()
        kept = studio.begun(there, "All of it, with", kept_gate)
        with there.page(lost["conversation"]) as line:
            heard(line, "Half a sentence")
            here.kill()
            reply = studio.ended(there, lost)
            heard(line, "Try again")
        assert (reply.status, plain_text(reply.parts)) == ("interrupted", "Half a sentence")
        lost_gate.open()
        assert studio.reply(kept).status in ALIVE
        kept_gate.open()
        assert studio.ended(there, kept).status == "complete"
        assert len(studio.upstream.server.requests) == asked + 1, "nothing was asked twice"
        assert there.stop() == 0
