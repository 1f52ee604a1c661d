"""Several Easels behind a balancer, of which one dies amid replies, again and again."""

import signal
import uuid
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from chat.core.messages import ALIVE
from storage.open import open_conversations
from tests.haproxy import HAPROXY, balanced
from tests.loopback import Gate, Reply, Request
from tests.patience import PATIENCE_S
from tests.process.disk import OWNER, until
from tests.process.easel import Easel
from tests.process.upstream import Upstream
from tests.program import lasting_port
from tests.promises.rounds import dice, rounds
from tests.wire_shapes import openai_stream

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(HAPROXY is None, reason="there is no haproxy on this machine"),
]

TURNS = 6
AGAIN = {502, 503, 504}
"""What a balancer, or who is about to end, answers: to be sent again."""


class Held(Upstream):
    """A model that says a word, and goes on once a gate is open."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = Gate()
        self.asked: list[str] = []

    def answer(self, request: Request) -> Reply:
        """The same to everybody."""
        content = request.json["messages"][-1]["content"]
        self.asked.append(content if isinstance(content, str) else content[0]["text"])
        return openai_stream(["Half", self.gate, " and half."])


def asked(front: httpx.Client, text: str) -> dict[str, Any]:
    """A question in a conversation of its own, sent until it is taken, as a page does."""

    def post(path: str, body: dict[str, Any]) -> dict[str, Any]:
        while True:
            try:
                answer = front.post(path, json=body)
            except httpx.RemoteProtocolError:
                continue  # whoever was asked died
            if answer.status_code not in AGAIN:
                break
        assert answer.status_code == httpx.codes.OK, answer.text
        taken: dict[str, Any] = answer.json()
        return taken

    conversation = post("/api/conversations", {})["id"]
    body = {"text": text, "client_id": uuid.uuid4().hex}
    return post(f"/api/conversations/{conversation}/messages", body)


def process_of(easel: Easel) -> str:
    """The name that it has among the others."""
    return (easel.folder / "easel.lock").read_text("utf-8").split("\n")[0]


def test_the_death_of_one_costs_its_own_unfinished_replies_and_nothing_else(
    postgresql_url: str, tmp_path: Path
) -> None:
    chance = dice("deaths of replicas")
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS easel_deaths WITH (FORCE)")
        connection.execute("CREATE DATABASE easel_deaths")
    url = postgresql_url.replace("/postgres?", "/easel_deaths?")
    with Held() as model, ExitStack() as stack:
        shared = {
            **model.environ,
            "EASEL_DATABASE_URL": url,
            "EASEL_MEDIA_URL": (tmp_path / "media").as_uri(),
            "EASEL_REPLIES_AT_ONCE": "100",
        }
        ports = [str(port) for port in _ports(2)]
        easels = [
            stack.enter_context(Easel(tmp_path / name, "--port", port, **shared))
            for name, port in zip(("one", "two"), ports, strict=True)
        ]
        store = stack.enter_context(closing(open_conversations(url)))
        port = stack.enter_context(balanced(tmp_path, [int(each) for each in ports]))
        front = stack.enter_context(
            httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=PATIENCE_S)
        )
        sent = 0
        for _ in range(rounds(1, 50)):
            model.gate = Gate()
            texts = [f"question {sent + number}" for number in range(2 * TURNS)]
            sent += len(texts)
            taken = [asked(front, text) for text in texts[:TURNS]]
            until(lambda texts=texts: {*texts[:TURNS]} <= {*model.asked} or None)  # type: ignore[misc]
            victim = chance.choice(easels)
            with psycopg.connect(url) as connection:
                held = connection.execute(
                    "SELECT id FROM message WHERE lease_by = %s", [process_of(victim)]
                ).fetchall()
            if chance.random() < 0.7:
                victim.kill()
            else:
                victim.signal(signal.SIGTERM)
                victim.ended()
            taken += [asked(front, text) for text in texts[TURNS:]]
            if chance.random() < 0.5:
                victim.start()
            model.gate.open()
            ended = {}
            for each in taken:

                def final(reply: str = each["reply"]) -> str | None:
                    status = store.message(OWNER, reply).status
                    return None if status in ALIVE else status

                ended[each["reply"]] = until(final)
                assert store.message(OWNER, each["question"]).role == "user"
            cut = {reply for reply, status in ended.items() if status == "interrupted"}
            assert cut == {reply for (reply,) in held}
            assert {*ended.values()} <= {"complete", "interrupted"}
            if victim.process is None:
                victim.start()
        assert sorted(model.asked) == sorted(f"question {number}" for number in range(sent))


def _ports(count: int) -> list[int]:
    found: set[int] = set()
    while len(found) < count:
        found.add(lasting_port())
    return sorted(found)
