"""A turn that brings a picture, with pictures behind it: how long it holds the loop, and its CPU.

Easel asks a server of chat completions on loopback, which streams back a picture of 1.6 MB; the
last ten pictures of a conversation go along with each question. The first release is asked the same
in the same run. CPU is that of the process and its decoders, from Send until the reply is saved.

A picture of 8 MB is weighed against what must be done with it at least: in a process of its own,
hash it, write it to the disk, and have Pillow make the same small copy.
"""

import hashlib
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from statistics import median

from PIL import Image
from websockets.sync.client import connect

from tests.bench.figures import Figure
from tests.bench.held_probe import LATE
from tests.bench.orders import photo
from tests.bench.processes import family_cpu_s
from tests.bench.release import OPEN_NOW, OPEN_RELEASE, ended, unpacked
from tests.bench.rig import Rig
from tests.bench.walk_probe import wait_for_window
from tests.process.disk import until
from tests.process.easel import Easel
from tests.process.upstream import Upstream
from tests.program import ROOT, lasting_port

BEHIND = (0, 10, 50)
ROUNDS = 5
MOST_HELD_S = 0.010
MOST_OF_RELEASE = 0.8
MOST_OF_NONE_BEHIND = 1.15
MOST_OF_BARE = 2.0
LARGE_SIDE_PX = 2304
SETTLE_S = 0.1
"""After the reply is saved: the page is told, and the loop comes to rest."""


@dataclass(slots=True)
class Tree:
    """A checkout, and what was measured of it."""

    folder: Path
    opening: str
    cpu_s: dict[int, list[float]] = field(default_factory=dict)
    """Of a turn, by the number of pictures behind it."""
    late_s: dict[int, list[float]] = field(default_factory=dict)
    step_s: dict[int, list[tuple[float, str]]] = field(default_factory=dict)
    large_s: list[float] = field(default_factory=list)
    tags: int = 0


def measure(rig: Rig) -> list[Figure]:
    """With data in the folder of the rig."""
    return measured(rig.folder / "picture-turns", rig.rounds(ROUNDS))


def measured(folder: Path, rounds: int, *, release: bool = True) -> list[Figure]:
    """This checkout alone where the history of the repository is not at hand."""
    now, before = Tree(ROOT, OPEN_NOW), Tree(folder / "release", OPEN_RELEASE)
    has_release = release and unpacked(before.folder)

    for tree in (now, before) if has_release else (now,):
        _turns(tree, folder / f"data-{tree.opening == OPEN_NOW}", rounds)
    bare_s = [_bare(folder / "bare", number) for number in range(rounds)]
    figures = [_held(now, count) for count in BEHIND]
    none_s = median(now.cpu_s[0])
    if has_release:
        release_s = median(before.cpu_s[0])
        figures.append(
            Figure(
                "picture turn, CPU, now / release", none_s / release_s, "x", MOST_OF_RELEASE,
                f"{1e3 * none_s:.0f} / {1e3 * release_s:.0f} ms",
            )
        )  # fmt: skip
    for count in BEHIND[1:]:
        spent_s = median(now.cpu_s[count])
        figures.append(
            Figure(
                f"picture turn, CPU, {count} pictures behind / none", spent_s / none_s, "x",
                MOST_OF_NONE_BEHIND, _beside(spent_s, before, count),
            )
        )  # fmt: skip
    large_s, least_s = median(now.large_s), median(bare_s)
    figures.append(
        Figure(
            f"picture reply of {len(_large('any')) / 1e6:.0f} MB, CPU / hash, write, small copy",
            large_s / least_s, "x", MOST_OF_BARE, f"{1e3 * large_s:.0f} / {1e3 * least_s:.0f} ms",
        )
    )  # fmt: skip
    return figures


def _held(tree: Tree, count: int) -> Figure:
    late_s = median(tree.late_s[count])
    step_s, step = sorted(tree.step_s[count])[len(tree.step_s[count]) // 2]
    print(f"  the longest step with {count} behind: {1e3 * step_s:.1f} ms, {step}", file=sys.stderr)  # noqa: T201
    return Figure(
        f"picture turn, longest step of the loop, {count} pictures behind", 1e3 * step_s, "ms",
        1e3 * MOST_HELD_S, f"its watch was late by {1e3 * late_s:.1f} ms at most",
    )  # fmt: skip


def _beside(spent_s: float, release: Tree, count: int) -> str:
    note = f"{1e3 * spent_s:.0f} ms"
    if count in release.cpu_s:
        note += f", the release {1e3 * median(release.cpu_s[count]):.0f} ms"
    return note


def _turns(tree: Tree, data: Path, rounds: int) -> None:
    """Ask so often with each number of pictures behind; the first turn of all loads code."""
    data.mkdir(parents=True)
    notes = data.with_suffix(".notes")
    with Upstream() as upstream, _started(tree, data, notes, upstream) as easel:
        conversation = easel.begin()
        with connect(f"ws://127.0.0.1:{easel.port}/live", proxy=None, max_size=None) as page:
            page.send(tree.opening.replace("CONVERSATION", conversation))
            wait_for_window(page)
            threading.Thread(target=lambda: [None for _ in page], daemon=True).start()
            asking = _Asking(tree, data, notes, upstream, easel)
            for _ in range(2):
                asking.turn(easel.begin())
            for _ in range(rounds):
                asking.turn(easel.begin(), count=0)
            for number in range(BEHIND[-1] + rounds):
                counts = [count for count in BEHIND[1:] if count <= number < count + rounds]
                asking.turn(conversation, count=counts[0] if counts else None)
            for number in range(rounds + 1):
                spent_s = asking.turn(easel.begin(), _large)
                if number:
                    tree.large_s.append(spent_s)


@contextmanager
def _started(tree: Tree, data: Path, notes: Path, upstream: Upstream) -> Iterator[Easel]:
    probe = Path(__file__).with_name("held_probe.py")
    easel = Easel(data, **upstream.environ, PYTHONPATH=str(tree.folder))
    easel.started_by(str(probe), str(lasting_port()), str(notes))
    easel.cwd = tree.folder
    with easel:
        yield easel


@dataclass(slots=True)
class _Asking:
    tree: Tree
    data: Path
    notes: Path
    upstream: Upstream
    easel: Easel

    def turn(
        self, conversation: str, picture: Callable[[str], bytes] = photo, count: int | None = None
    ) -> float:
        """Ask for a picture; the CPU seconds that it took. Kept for so many pictures behind."""
        self.tree.tags += 1
        self.upstream.says("Here it is.", picture(f"turn {self.tree.tags}"))
        process = self.easel.process
        assert process is not None
        began_s, before_s = time.monotonic(), family_cpu_s(process.pid)
        started = self.easel.ask(conversation, "Paint the sea.")
        until(lambda: ended(self.data, started["reply"]))
        time.sleep(SETTLE_S)
        spent_s = family_cpu_s(process.pid) - before_s
        if count is not None:
            self.tree.cpu_s.setdefault(count, []).append(spent_s)
            self._note(count, began_s)
        return spent_s

    def _note(self, count: int, began_s: float) -> None:
        lines = map(json.loads, self.notes.read_text(encoding="utf-8").splitlines())
        found = [(each["held_s"], each["what"]) for each in lines if each["at_s"] >= began_s]
        late = max((held for held, what in found if what == LATE), default=0.0)
        step = max(((held, what) for held, what in found if what != LATE), default=(0.0, ""))
        self.tree.late_s.setdefault(count, []).append(late)
        self.tree.step_s.setdefault(count, []).append(step)


def _large(tag: str) -> bytes:
    return photo(tag, LARGE_SIDE_PX)


def _bare(folder: Path, number: int) -> float:
    """CPU seconds of what must be done with a large picture, as one would write it."""
    folder.mkdir(parents=True, exist_ok=True)
    data = _large(f"bare {number}")
    began_s = time.process_time()
    path = folder / hashlib.sha256(data).hexdigest()
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    with Image.open(BytesIO(data)) as picture:
        picture.thumbnail((768, 768))
        picture.save(path.with_suffix(".webp"), "WEBP", quality=75, method=0)
    return time.process_time() - began_s
