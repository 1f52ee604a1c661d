"""Two Easels over one PostgreSQL, either of which may be killed, and the server too."""

import json

import pytest

from chat.core.messages import ALIVE
from tests.loopback import Gate
from tests.patience import PATIENCE_S
from tests.process.disk import until
from tests.process.easel import Easel
from tests.process.test_replicas import Studio, studio
from tests.promises.database_crash import crash
from tests.promises.rounds import dice, rounds
from tests.promises.stories import PIECES, Asked, holds, story

__all__ = ["studio"]

pytestmark = pytest.mark.process

EACH_CRASH = 4
"""Of so many rounds one kills the server instead of an Easel."""


def test_no_kill_of_an_easel_or_of_their_database_loses_or_doubles_anything(
    studio: Studio, postgresql_url: str
) -> None:
    chance = dice("replica kills")
    kept: list[Asked] = []
    with studio.here as here, studio.there as there:
        for number in range(rounds(4, 100)):
            killed, other = (here, there) if chance.random() < 0.5 else (there, here)
            of_killed, cut = asked(studio, killed, 2 * number, chance.randrange(PIECES + 1))
            of_other, gates = asked(studio, other, 2 * number + 1, chance.randrange(PIECES + 1))
            kept += [of_killed, of_other]
            if number % EACH_CRASH == EACH_CRASH - 1:
                crash(postgresql_url)
            else:
                killed.kill()
                assert studio.store.message("local", of_other.reply).status in ALIVE
            for gate in (*cut, *gates):
                gate.open()
            if killed.process is None:
                killed.start()
            for each in (of_killed, of_other):
                ended(studio, each)
            if number % EACH_CRASH != EACH_CRASH - 1:
                # Who was not killed has noticed nothing.
                assert studio.store.message("local", of_other.reply).status == "complete"
        assert studio.store.unfinished() == []
        for each in kept:
            question, reply = (
                studio.store.message("local", name) for name in (each.question, each.reply)
            )
            holds(each, question, reply)
        bodies = [json.dumps(made.json["messages"]) for made in studio.upstream.server.requests]
        for each in kept:
            assert sum(each.text in body for body in bodies) == 1, f"{each.text}: asked twice"


def asked(studio: Studio, easel: Easel, number: int, opened: int) -> tuple[Asked, list[Gate]]:
    """A question to this Easel whose reply has come so far, and the gates of the rest."""
    parts, gates, words = story(number)
    studio.upstream.says(*parts)
    text = f"question {number}."
    started = easel.ask(easel.begin(), text)
    for gate in gates[:opened]:
        assert gate.reached.wait(PATIENCE_S)
        gate.open()
    assert gates[min(opened, PIECES)].reached.wait(PATIENCE_S)
    return Asked(text, started["question"], started["reply"], words), gates[opened:]


def ended(studio: Studio, each: Asked) -> None:
    """Wait until its reply has ended; no page is open that would be told."""
    until(lambda: studio.store.message("local", each.reply).status not in ALIVE)
