"""Killed at any moment, it keeps what it acknowledged and asks nothing again by itself."""

import json

import pytest

from chat.core.messages import Message
from tests.patience import PATIENCE_S
from tests.process.disk import Disk
from tests.process.easel import Easel
from tests.process.upstream import Upstream
from tests.promises.rounds import dice, rounds
from tests.promises.stories import PIECES, Asked, holds, story

pytestmark = pytest.mark.process


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
        holds(kept[-1], *_stored(disk, kept[-1]))
    for each in kept:
        holds(each, *_stored(disk, each))
    bodies = [json.dumps(request.json["messages"]) for request in upstream.server.requests]
    for each in kept:
        assert sum(each.text in body for body in bodies) <= 1, f"{each.text} was asked twice"
    again = easel.post(f"/api/messages/{kept[0].reply}/regenerate")
    assert easel.awaited(again, disk.ended).status == "complete"


def _stored(disk: Disk, asked: Asked) -> tuple[Message, Message]:
    return disk.message(asked.question), disk.message(asked.reply)
