"""A long conversation with a hundred large pictures as a zip: out of a running Easel, and in again.

The yardstick is Python's own ``zipfile`` in a process of its own. Out, it stores the same files of
pictures in a zip on the disk. In, it has the zip written to the disk once, as a body arrives, and
reads every entry; and as a second measure does with each what an import must: hash it, and compare
it with the stored file. An Easel that has none of the pictures must look into each, for it may come
from a stranger; there the yardstick has Pillow make the same small copy, and keeps both files.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import httpx

from tests.bench.figures import Figure
from tests.bench.processes import Served
from tests.bench.rig import Rig
from tests.bench.studio import ENVIRONMENT

MOST_RATIO = 1.2
MOST_MB = 30.0
ROUNDS = 5
PATIENCE_S = 120.0
LOOK_S = 0.005

_BARE = """
import hashlib, io, os, sys, time, zipfile
from pathlib import Path
from PIL import Image
folder, *files = map(Path, sys.argv[1:])
target = folder / "bare.zip"
spent = [time.process_time()]
with zipfile.ZipFile(target, "w") as made:
    for file in files:
        made.write(file, file.name)
spent.append(time.process_time())
with zipfile.ZipFile(target) as made:
    for name in made.namelist():
        made.read(name)
spent.append(time.process_time())
with zipfile.ZipFile(target) as made:
    for file in files:
        data = made.read(file.name)
        assert hashlib.sha256(data).hexdigest() == file.name and file.read_bytes() == data
spent.append(time.process_time())
def keep(name, data):
    with (folder / name).open("wb") as kept:
        kept.write(data)
        kept.flush()
        os.fsync(kept.fileno())
with zipfile.ZipFile(target) as made:
    for file in files:
        data = made.read(file.name)
        keep(f"{hashlib.sha256(data).hexdigest()}.bare", data)
        small = io.BytesIO()
        with Image.open(io.BytesIO(data)) as picture:
            picture.load()
            picture.thumbnail((768, 768))
            picture.save(small, "WEBP")
        keep(f"{file.name}.small", small.getvalue())
spent.append(time.process_time())
for made in [target, *folder.glob("*.bare"), *folder.glob("*.small")]:
    made.unlink()
print(*(after - before for before, after in zip(spent, spent[1:])))
"""


@dataclass(slots=True)
class Rounds:
    """CPU seconds of each round."""

    packed: list[float] = field(default_factory=list)
    read: list[float] = field(default_factory=list)
    compared: list[float] = field(default_factory=list)
    looked_at: list[float] = field(default_factory=list)
    exported: list[float] = field(default_factory=list)
    received: list[float] = field(default_factory=list)
    imported: list[float] = field(default_factory=list)
    new: list[float] = field(default_factory=list)


def measure(rig: Rig) -> list[Figure]:
    """CPU as a ratio to the yardstick's, and the most memory that was held meanwhile."""
    server, target = rig.easel.process, rig.folder / "out.zip"
    one = rig.folder / "one.zip"
    files = _album(rig)
    rounds, held = Rounds(), []
    with _asking(server) as http:
        exported(http, rig.seeded.album, target)  # what is read for the first time costs more
        exported(http, rig.seeded.album, one, messages=rig.seeded.album_last)
        size_mb = target.stat().st_size / 1e6
        for number in range(rig.rounds(ROUNDS)):
            bare(rounds, rig.folder, files)
            with memory(server) as most:
                before_s = server.cpu_s()
                exported(http, rig.seeded.album, target)
                rounds.exported.append(server.cpu_s() - before_s)
                before_s = server.cpu_s()
                made = imported(http, target)
                rounds.imported.append(server.cpu_s() - before_s)
            held.append(most[0])
            http.delete(f"/api/conversations/{made}").raise_for_status()
            before_s = server.cpu_s()
            refused(http, target.stat().st_size)
            rounds.received.append(server.cpu_s() - before_s)
            rounds.new.append(_into_an_empty_easel(rig.folder / f"empty{number}", one, target))
    cpu = {name: median(getattr(rounds, name)) for name in Rounds.__slots__}
    told = f"{size_mb:.0f} MB, {len(files)} pictures"
    arriving = cpu["packed"]
    return [
        Figure("export: CPU to bare zipfile", cpu["exported"] / arriving, "x", MOST_RATIO, told),
        Figure("export and import: memory", max(held), "MB", MOST_MB, "over what was held before"),
        Figure(
            "import: CPU to zipfile that compares",
            cpu["imported"] / (arriving + cpu["compared"]),
            "x",
            MOST_RATIO,
            "both write the zip once, hash each picture and compare it with what is stored",
        ),
        Figure(
            "import: CPU to bare zipfile",
            cpu["imported"] / (arriving + cpu["read"]),
            "x",
            None,
            "which believes what it reads",
        ),
        Figure(
            "import of new pictures: CPU to zipfile and Pillow",
            cpu["new"] / (arriving + cpu["looked_at"]),
            "x",
            MOST_RATIO,
            "both decode each, make its small copy and keep both",
        ),
        Figure("export: CPU", cpu["exported"], "s"),
        Figure("import: CPU", cpu["imported"], "s"),
        Figure("import: CPU of the body's arrival alone", cpu["received"], "s"),
        Figure("import of new pictures: CPU", cpu["new"], "s", None, "nearly all of it to decode"),
    ]


def _album(rig: Rig) -> list[str]:
    """The stored files of the album's pictures; those of the chains of edits are a few bytes."""
    found = (path for path in (rig.data / "media").glob("??/*") if "." not in path.name)
    return [str(path) for path in found if path.stat().st_size > 1_000_000]


def _asking(server: Served) -> httpx.Client:
    base = f"http://127.0.0.1:{server.port}"
    return httpx.Client(base_url=base, trust_env=False, timeout=PATIENCE_S)


def _into_an_empty_easel(data: Path, one: Path, source: Path) -> float:
    """CPU seconds that an Easel spends on pictures it has never seen, once it is warm."""
    with ExitStack() as stack:
        environment = {**ENVIRONMENT, "EASEL_DATA": str(data)}
        server = stack.enter_context(Served("tests.bench.studio", environment=environment))
        http = stack.enter_context(_asking(server))
        imported(http, one)
        before_s = server.cpu_s()
        imported(http, source)
        return server.cpu_s() - before_s


def bare(rounds: Rounds, folder: Path, files: list[str]) -> None:
    """The yardstick's CPU seconds: to pack, to read, to compare, to look at and keep."""
    done = subprocess.run(
        [sys.executable, "-c", _BARE, str(folder), *files],
        check=True,
        capture_output=True,
        text=True,
        env={"PATH": os.environ.get("PATH", "")},
    )
    spent = map(float, done.stdout.split())
    for kept in (rounds.packed, rounds.read, rounds.compared, rounds.looked_at):
        kept.append(next(spent))


def exported(http: httpx.Client, conversation: str, target: Path, messages: str = "") -> None:
    """Save the zip of a conversation, or of one of its messages."""
    path = f"/api/conversations/{conversation}/export"
    chosen = {"messages": messages} if messages else {}
    with http.stream("GET", path, params=chosen) as answer, target.open("wb") as file:
        answer.raise_for_status()
        for piece in answer.iter_raw():
            file.write(piece)


def imported(http: httpx.Client, source: Path) -> str:
    """Send a zip; the id of what came of it."""
    with source.open("rb") as file:
        answer = http.post("/api/import", content=file)
    answer.raise_for_status()
    return str(answer.json()["conversations"][0]["id"])


def refused(http: httpx.Client, size_bytes: int) -> None:
    """Send so many bytes that are no conversation: they arrive, and that is all."""
    piece = bytes(65_536)
    pieces = (piece for _ in range(size_bytes // len(piece)))
    answer = http.post("/api/import", content=pieces)
    assert answer.is_client_error, answer.text


@contextmanager
def memory(server: Served) -> Iterator[list[float]]:
    """In the list, once the block is left: the most megabytes held in it over those before."""
    before, over = server.rss_bytes(), threading.Event()
    most = [0.0]

    def look() -> None:
        while not over.wait(LOOK_S):
            most[0] = max(most[0], (server.rss_bytes() - before) / 1e6)

    looking = threading.Thread(target=look, name="looking")
    looking.start()
    try:
        yield most
    finally:
        over.set()
        looking.join()
