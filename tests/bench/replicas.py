"""Several Easels over one PostgreSQL, behind a haproxy that asks them in turn.

One machine cannot show what three can do: what is simulated is the waiting. Each Easel may write so
many replies at once, and a model takes so long for each, as real ones do; what is measured is how
long the same heap of questions takes with one, two and three Easels, and what a turn takes of the
database then. A reply that is watched at another Easel is weighed by the CPU of both.
"""

import statistics
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import psutil  # type: ignore[import-untyped]
import psycopg

from tests.bench.figures import Figure
from tests.bench.processes import own_cpu_s
from tests.bench.rig import Rig
from tests.haproxy import HAPROXY, balanced
from tests.loopback import Gate, Loopback, Reply, Request
from tests.postgresql import postgresql_server
from tests.process.easel import Easel
from tests.process.upstream import MODEL
from tests.wire_shapes import Said, openai_stream

AT_ONCE = 4
"""Replies that an Easel writes at once."""
TAKES_S = 2.0
"""A reply takes a model so long."""
QUESTIONS = 48
PIECES = 100
PIECE_S = 0.02
LIMITS = {2: 0.56, 3: 0.42}
"""Of the time of one Easel: 1.8 times as many replies, and 2.4 times."""
MOST_ELSEWHERE = 2.0


class Model:
    """Answers after its time; or piece by piece, where the question says so."""

    def __init__(self) -> None:
        self._timers: list[threading.Timer] = []

    def __call__(self, request: Request) -> Reply:
        slowly = b"slowly" in request.body
        said: list[Said] = []
        for number in range(PIECES if slowly else 1):
            gate = Gate()
            timer = threading.Timer(PIECE_S * (number + 1) if slowly else TAKES_S, gate.open)
            timer.daemon = True
            timer.start()
            said += [gate, f"piece {number}, "]
        return openai_stream(said, "stop")


def measure(rig: Rig) -> list[Figure]:
    """All of it, on a server of its own."""
    return measured(rig.folder, rig.rounds(3))


def measured(folder: Path, rounds: int) -> list[Figure]:
    """The figures, with data in this folder."""
    if HAPROXY is None:
        raise RuntimeError("there is no haproxy on this machine")
    with postgresql_server() as (url, _), Loopback(Model()) as model:
        shared = {
            "OPENAI_API_KEY": "x",
            "OPENAI_BASE_URL": f"{model.url}/v1",
            "OPENAI_MODELS": MODEL,
            "EASEL_DATABASE_URL": url,
            "EASEL_MEDIA_URL": (folder / "replicas-media").as_uri(),
            "EASEL_REPLIES_AT_ONCE": str(AT_ONCE),
        }
        spent_s: dict[int, float] = {}
        commits: dict[int, float] = {}
        cpu_s: dict[int, float] = {}
        for count in (1, 2, 3):
            with _site(folder, count, shared) as (front, easels):
                _answered(front, url)  # code that runs for the first time costs more
                began_s = sum(map(_cpu_s, easels))
                taken = [_answered(front, url) for _ in range(rounds)]
                cpu_s[count] = (sum(map(_cpu_s, easels)) - began_s) / rounds / QUESTIONS
                spent_s[count] = statistics.median(each for each, _ in taken)
                commits[count] = statistics.median(each for _, each in taken)
        with _site(folder, 2, shared) as (_, (here, there)):
            _elsewhere(here, there)
            ratios = [_elsewhere(here, there) for _ in range(rounds)]
    replies = {count: QUESTIONS / each for count, each in spent_s.items()}
    return [
        *(
            Figure(
                f"{QUESTIONS} replies, time with {count} Easels / with one",
                spent_s[count] / spent_s[1], "x", limit,
                f"{replies[count]:.2f} and {replies[1]:.2f} replies a second; "
                f"each {commits[count]:.1f} and {commits[1]:.1f} commits, "
                f"{1e3 * cpu_s[count]:.0f} and {1e3 * cpu_s[1]:.0f} ms of CPU",
            )
            for count, limit in LIMITS.items()
        ),
        Figure(
            "a reply watched at another Easel, CPU of both / watched where it is written",
            statistics.median(ratios), "x", MOST_ELSEWHERE,
        ),
    ]  # fmt: skip


@contextmanager
def _site(
    folder: Path, count: int, shared: Mapping[str, str]
) -> Iterator[tuple[Easel, list[Easel]]]:
    """What asks so many in turn, and they."""
    with ExitStack() as stack:
        easels = [Easel(folder / f"replica{number}", **shared) for number in range(count)]
        for easel in easels:
            stack.enter_context(easel)
        front = Easel(folder / "front")
        stack.callback(front.http.close)
        front.port = stack.enter_context(balanced(folder, [each.port for each in easels]))
        front.http.base_url = httpx.URL(f"http://127.0.0.1:{front.port}")
        yield front, easels


def _answered(front: Easel, url: str) -> tuple[float, float]:
    """Seconds until every question of a heap is answered, and the commits that each took."""
    conversations = [front.begin() for _ in range(QUESTIONS)]
    with psycopg.connect(url, autocommit=True) as server:
        before, began_s = _commits(server), time.monotonic()
        asked = [front.ask(each, "go")["reply"] for each in conversations]
        done = "SELECT count(*) FROM message WHERE id = ANY(%s) AND status = 'complete'"
        while server.execute(done, [asked]).fetchone() != (QUESTIONS,):
            time.sleep(0.02)
        spent_s = time.monotonic() - began_s
        return spent_s, (_commits(server) - before) / QUESTIONS


def _commits(server: "psycopg.Connection[tuple[object, ...]]") -> int:
    """Transactions that wrote something: those that only read are no matter of the disk."""
    row = server.execute("SELECT CAST(CAST(pg_current_xact_id() AS text) AS bigint)").fetchone()
    assert row is not None
    return int(str(row[0]))


def _elsewhere(here: Easel, there: Easel) -> float:
    """CPU of both for a reply that is watched there, beside that for one watched here."""
    spent = []
    for watched in (here, there):
        conversation = here.begin()
        with watched.page(conversation) as line:
            before = _cpu_s(here) + _cpu_s(there)
            here.ask(conversation, "slowly")
            while f"piece {PIECES - 1}" not in str(line.recv()):
                pass
            spent.append(_cpu_s(here) + _cpu_s(there) - before)
    return spent[1] / spent[0]


def _cpu_s(easel: Easel) -> float:
    assert easel.process is not None
    process = psutil.Process(easel.process.pid)
    return sum(map(own_cpu_s, [process.pid, *(each.pid for each in process.children(True))]))
