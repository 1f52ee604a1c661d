"""What Easel weighs beside the yardstick: the CPU until its first page is served, and its memory.

Each round starts both, in turn, asks for the page, and leaves them alone for a moment. Memory is
what lies in RAM, of the process and its children. Easel is weighed once more after a hundred turns
with a picture each, which it has from a server of chat completions on loopback, and after an upload
of a HEIC of 48 megapixels.
"""

import time
from io import BytesIO
from pathlib import Path
from statistics import median

import httpx
import pillow_heif
from PIL import Image

from tests.bench.figures import Figure
from tests.bench.orders import photo
from tests.bench.processes import Served, family_cpu_s, family_rss_bytes
from tests.bench.release import ended
from tests.bench.rig import Rig
from tests.patience import PATIENCE_S
from tests.process.disk import until
from tests.process.easel import Easel
from tests.process.upstream import Upstream

ROUNDS = 3
TURNS = 100
MOST_START = 1.05
MOST_REST = 1.1
MOST_AFTER = 1.4
MOST_LARGE_MB = 100
LARGE_PX = (8_000, 6_000)
SETTLE_S = 2.0


def measure(rig: Rig) -> list[Figure]:
    """With data in the folder of the rig."""
    return measured(rig.folder / "weights", rig.rounds(ROUNDS), TURNS)


def measured(folder: Path, rounds: int, turns: int) -> list[Figure]:
    """The figures."""
    folder.mkdir(parents=True)
    start_s: dict[str, list[float]] = {"ours": [], "theirs": []}
    rest: dict[str, list[int]] = {"ours": [], "theirs": []}
    for number in range(rounds):
        with Easel(folder / f"rest-{number}") as easel:
            assert easel.process is not None
            _weigh("ours", easel.process.pid, easel.address, start_s, rest)
        with Served("tests.bench.yardstick", environment={"GRADIO_TEMP_DIR": str(folder)}) as their:
            _weigh("theirs", their.pid, f"http://127.0.0.1:{their.port}", start_s, rest)
    after, large = _used(folder / "used", turns)
    ours_s, theirs_s = median(start_s["ours"]), median(start_s["theirs"])
    ours, theirs = median(rest["ours"]), median(rest["theirs"])
    return [
        Figure("command to first page, CPU / yardstick", ours_s / theirs_s, "x", MOST_START,
            f"{ours_s:.2f} / {theirs_s:.2f} s"),
        Figure("memory at rest / yardstick", ours / theirs, "x", MOST_REST,
            f"{ours / 1e6:.0f} / {theirs / 1e6:.0f} MB"),
        Figure(f"memory after {turns} picture turns / at rest", after / ours, "x", MOST_AFTER,
            f"{after / 1e6:.0f} MB"),
        Figure("a HEIC of 48 megapixels leaves", large / 1e6, "MB", MOST_LARGE_MB),
    ]  # fmt: skip


def _weigh(
    whose: str, pid: int, url: str, start_s: dict[str, list[float]], rest: dict[str, list[int]]
) -> None:
    assert httpx.get(url, timeout=PATIENCE_S, trust_env=False).status_code == 200
    start_s[whose].append(family_cpu_s(pid))
    time.sleep(SETTLE_S)
    rest[whose].append(family_rss_bytes(pid))


def _used(data: Path, turns: int) -> tuple[int, int]:
    """Bytes of memory after so many picture turns, and how many more after a large HEIC."""
    with Upstream() as upstream, Easel(data, **upstream.environ) as easel:
        assert easel.process is not None
        conversation = easel.begin()
        for number in range(turns):
            upstream.says("Here it is.", photo(f"turn {number}"))
            started = easel.ask(conversation, "Paint the sea.")
            until(lambda reply=started["reply"]: ended(data, reply))  # type: ignore[misc]
            upstream.server.requests.clear()
        time.sleep(SETTLE_S)
        after = family_rss_bytes(easel.process.pid)
        answer = easel.http.post(
            "/api/media", content=_heic(), headers={"Content-Type": "image/heic"}
        )
        assert answer.status_code == 200, answer.text
        time.sleep(SETTLE_S)
        return after, family_rss_bytes(easel.process.pid) - after


def _heic() -> bytes:
    pillow_heif.register_heif_opener()
    with Image.open(BytesIO(photo("large"))) as picture:
        out = BytesIO()
        picture.resize(LARGE_PX).save(out, "HEIF", quality=60)
    return out.getvalue()
