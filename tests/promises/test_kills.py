"""Killed at any moment, it keeps what it acknowledged and asks nothing again by itself."""

import json
from dataclasses import dataclass

import pytest

from chat.core.messages import ALIVE
from chat.core.parts import Text, plain_text
from tests.loopback import Gate
from tests.patience import PATIENCE_S
from tests.process.disk import Disk
from tests.process.easel import Easel
from tests.process.upstream import Upstream
from tests.promises.rounds import dice, rounds
from tests.wire_shapes import Said, tiny_png

pytestmark = pytest.mark.process

PIECES = 12
"""What a model says in a reply: so many pieces, and a gate before each."""


@dataclass(frozen=True)
class Asked:
    """A question that was answered for, and what the model would have said."""

    text: str
    question: str
    reply: str
    words: str


def story(number: int) -> tuple[list[Said], list[Gate], str]:
    """Words and pictures with a gate before each piece and one at the end; the words alone."""
    parts: list[Said] = []
    gates = [Gate() for _ in range(PIECES + 1)]
    words = ""
    for piece in range(PIECES):
        parts.append(gates[piece])
        if piece % 5 == 3:
            parts.append(tiny_png(number % 256, piece))
        else:
            said = f"{number}.{piece} and so on, "
            parts += [said] * 20
            words += said * 20
    parts.append(gates[-1])
    return parts, gates, words


def test_no_kill_at_any_moment_loses_what_was_acknowledged(
    easel: Easel, upstream: Upstream, disk: Disk
) -> None:
    chance = dice("kills")
    kept: list[Asked] = []
    for number in range(rounds(3, 300)):
        parts, gates, words = story(number)
        upstream.says(*parts)
        asked = f"question {number}."
        conversation = easel.begin()
        with easel.page(conversation) as page:
            started = easel.ask(conversation, asked)
            kept.append(Asked(asked, started["question"], started["reply"], words))
            for gate in gates[: chance.randrange(PIECES + 2)]:
                assert gate.reached.wait(PATIENCE_S)
                gate.open()
            # Not always at a gate: some words further than the page has been told of, or fewer.
            for _ in range(chance.randrange(3)):
                page.recv(timeout=PATIENCE_S)
            easel.kill()
        for gate in gates:
            gate.open()
        # What nobody came to ask for is not to be the answer of the next round.
        upstream.forget()
        easel.start()
        disk.check()
        holds(disk, kept[-1])
    for each in kept:
        holds(disk, each)
    bodies = [json.dumps(request.json["messages"]) for request in upstream.server.requests]
    for each in kept:
        assert sum(each.text in body for body in bodies) <= 1, f"{each.text} was asked twice"
    again = easel.post(f"/api/messages/{kept[0].reply}/regenerate")
    assert easel.awaited(again, disk.ended).status == "complete"


def holds(disk: Disk, asked: Asked) -> None:
    """The question as it was asked, and of its reply a beginning."""
    assert plain_text(disk.message(asked.question).parts) == asked.text
    reply = disk.message(asked.reply)
    assert reply.status not in ALIVE
    words = "".join(part.text for part in reply.parts if isinstance(part, Text))
    assert asked.words.startswith(words)
    if reply.status == "complete":
        assert words == asked.words
    else:
        assert reply.status == "interrupted"
        assert reply.finish is not None
        assert "Try again" in reply.finish.message
