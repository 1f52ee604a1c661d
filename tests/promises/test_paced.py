"""Many replies at the pace at which models write: each page is told its own, in time, for long."""

import json
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import psutil  # type: ignore[import-untyped]
import pytest

from chat.core.parts import plain_text
from tests.loopback import Gate, Reply, Request, Step
from tests.patience import PATIENCE_S
from tests.process.disk import Disk
from tests.process.easel import Easel
from tests.promises.crowd import easel_for_many
from tests.promises.rounds import lasts_s, rounds, tell
from tests.wire_shapes import openai_stream

pytestmark = pytest.mark.process

PIECES_A_SECOND = 20
WATCHERS = 20
"""Pages that read along; of the other replies what is saved is looked at."""
MOST_BYTES = 1_000_000_000


@dataclass
class Pace:
    """Gates at which all replies wait, and which open one after the other."""

    pieces: int
    gates: list[Gate] = field(init=False)
    first_at: float = 0.0
    """When the first word went out, by the monotonic clock."""

    def __post_init__(self) -> None:
        self.gates = [Gate() for _ in range(self.pieces)]

    def reply(self, tag: str) -> Reply:
        """As many pieces as there are gates, each a word."""
        shape = openai_stream([f"{tag} "], "stop")
        head, piece, *end = shape.steps
        steps: list[Step] = [head]
        for gate in self.gates:
            steps += [gate, piece]
        return Reply((*steps, *end), headers=shape.headers)

    def run(self) -> None:
        """Open them, so many a second."""
        rest = threading.Event()
        self.first_at = time.monotonic()
        for number, gate in enumerate(self.gates):
            due = self.first_at + number / PIECES_A_SECOND
            rest.wait(max(0.0, due - time.monotonic()))
            gate.open()


def watched(easel: Easel, conversation: str, began: threading.Barrier) -> tuple[set[str], float]:
    """The tags that a page is told until its reply has ended, and when it had the first."""
    told: set[str] = set()
    first_at = 0.0
    with easel.page(conversation) as page:
        began.wait(PATIENCE_S)
        while True:
            frame = str(page.recv(timeout=PATIENCE_S))
            kind = json.loads(frame)["type"]
            tags = re.findall(r"tag\d+tag", frame) if kind in {"frame", "end"} else []
            first_at = first_at or (time.monotonic() if tags else 0.0)
            told |= set(tags)
            if kind == "end":
                return told, first_at


def test_at_the_pace_of_models_no_reply_has_a_word_of_another(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    many, pace = rounds(8, 100), Pace(round(PIECES_A_SECOND * lasts_s(0.5, 300)))
    watchers = min(many, WATCHERS)

    def answer(request: Request) -> Reply:
        return pace.reply(re.findall(r"tag\d+tag", json.dumps(request.json["messages"]))[-1])

    folder = tmp_path_factory.mktemp("paced") / "data"
    with (
        easel_for_many(folder, answer) as (easel, server),
        ThreadPoolExecutor(watchers) as pages,
    ):
        disk = Disk(folder)
        started = [easel.ask(easel.begin(), f"tag{number}tag") for number in range(many)]
        server.wait_for_requests(many)
        began = threading.Barrier(watchers + 1)
        seen = [
            pages.submit(watched, easel, each["conversation"], began) for each in started[:watchers]
        ]
        began.wait(PATIENCE_S)
        pace.run()
        delays: list[float] = []
        for number, each in enumerate(seen):
            told, first_at = each.result(PATIENCE_S)
            assert told == {f"tag{number}tag"}, "words of another"
            delays.append(first_at - pace.first_at)
        for number, begun in enumerate(started):
            reply = easel.awaited(begun, disk.ended)
            assert reply.status == "complete"
            assert plain_text(reply.parts) == " ".join([f"tag{number}tag"] * pace.pieces)
        assert easel.process is not None
        held = psutil.Process(easel.process.pid).memory_info().rss
        tell("resident_mb", held / 1e6)
        late = sorted(delays)[int(len(delays) * 0.95) - 1]
        tell("first_word_late_s", late)
        assert held <= MOST_BYTES
        disk.check()
