"""Stop, lines that break and many replies at once: each gets all of its own and nothing else."""

import json
import re

import pytest

from chat.core.parts import Text, plain_text
from tests.loopback import Gate, Request
from tests.loopback import Reply as Answer
from tests.patience import PATIENCE_S
from tests.process.disk import Disk
from tests.process.easel import Easel
from tests.process.upstream import Upstream
from tests.promises.crowd import easel_for_many
from tests.promises.rounds import dice, rounds
from tests.wire_shapes import Said, openai_stream

pytestmark = pytest.mark.process

PIECES = 10


def test_stop_at_any_moment_keeps_what_came_and_hangs_up(
    easel: Easel, upstream: Upstream, disk: Disk
) -> None:
    chance = dice("stop")
    for number in range(rounds(4, 200)):
        gates = [Gate() for _ in range(PIECES)]
        said: list[Said] = []
        for piece, gate in enumerate(gates):
            said += [f"{number}.{piece} ", gate]
        upstream.says(*said)
        started = easel.ask(easel.begin(), f"stop {number}.")
        for gate in gates[: chance.randrange(PIECES)]:
            assert gate.reached.wait(PATIENCE_S)
            gate.open()
        easel.post(f"/api/messages/{started['reply']}/stop")
        reply = easel.awaited(started, disk.ended)
        assert reply.status == "stopped"
        words = "".join(part.text for part in reply.parts if isinstance(part, Text))
        assert "".join(f"{number}.{piece} " for piece in range(PIECES)).startswith(words)
        # None, if it was stopped before the model was asked.
        asked = [
            request for request in upstream.server.requests if b"stop %d." % number in request.body
        ]
        assert len(asked) <= 1
        for gate in gates:
            gate.open()
        assert all(request.gone.wait(PATIENCE_S) for request in asked)
        upstream.forget()


def test_a_page_that_leaves_at_any_moment_stops_nothing(
    easel: Easel, upstream: Upstream, disk: Disk
) -> None:
    for left_after in range(rounds(4, 100)):
        gate = Gate()
        words = [f"word{number} " for number in range(40)]
        upstream.says(*words[:20], gate, *words[20:])
        conversation = easel.begin()
        with easel.page(conversation) as page:
            started = easel.ask(conversation, "go")
            for _ in range(min(left_after % 20, 2)):
                page.recv(timeout=PATIENCE_S)
            # As a phone does that loses its net: no closing words.
            page.socket.close()
        gate.open()
        reply = easel.awaited(started, disk.ended)
        assert (reply.status, plain_text(reply.parts)) == ("complete", "".join(words).strip())


def test_of_very_many_replies_at_once_none_has_a_word_of_another(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    many = rounds(20, 100)
    gates: list[Gate] = []

    def answer(request: Request) -> Answer:
        """The tag of the question, so often, after all have asked."""
        body = json.dumps(request.json["messages"])
        tags = re.findall(r"tag\d+tag", body)
        gate = Gate()
        gates.append(gate)
        return openai_stream([gate, *[f"{tags[-1]} "] * 100], "stop")

    folder = tmp_path_factory.mktemp("many") / "data"
    with easel_for_many(folder, answer) as (easel, server):
        disk = Disk(folder)
        started = [easel.ask(easel.begin(), f"tag{number}tag") for number in range(many)]
        server.wait_for_requests(many)
        for gate in gates:
            gate.open()
        for number, each in enumerate(started):
            reply = easel.awaited(each, disk.ended)
            assert reply.status == "complete"
            assert plain_text(reply.parts) == " ".join([f"tag{number}tag"] * 100)
        disk.check()
