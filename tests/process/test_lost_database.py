"""A database that is missing, or an older copy put in its place, costs no picture."""

import io
import shutil
import time
from collections.abc import Iterator
from os import utime
from pathlib import Path

import pytest
from PIL import Image as Pillow

from tests.process.disk import Disk
from tests.process.easel import Easel
from tests.process.test_refusals import refusal
from tests.process.upstream import Upstream

pytestmark = pytest.mark.process

COUNT = 8
LONG_AGO_S = 90 * 24 * 3600


def drawn(number: int) -> bytes:
    """A picture unlike the others."""
    out = io.BytesIO()
    Pillow.new("RGB", (40, 30), (number * 20, 80, 120)).save(out, "PNG")
    return out.getvalue()


def tell(easel: Easel, disk: Disk, upstream: Upstream, numbers: range) -> list[str]:
    """Upload pictures and send each in a message; their names."""
    conversation, above, names = easel.begin(), None, []
    for number in numbers:
        sha = easel.http.post("/api/media", content=drawn(number)).json()["sha"]
        upstream.says("seen")
        more: dict[str, str] = {} if above is None else {"parent_id": above}
        started = easel.ask(conversation, "look", pictures=[sha], **more)
        easel.awaited(started, disk.ended)
        above = started["reply"]
        names.append(sha)
    return names


def age(folder: Path) -> None:
    """Make every picture old enough to be collected."""
    long_ago_s = time.time() - LONG_AGO_S
    for path in (folder / "media").rglob("*"):
        if path.is_file() and path.parent.name != "records":
            utime(path, (long_ago_s, long_ago_s))


def served(easel: Easel, names: list[str]) -> list[int]:
    """What the server answers when it is asked for pictures and their thumbnails."""
    return [
        easel.http.get(f"/media/{name}{tail}").status_code
        for name in names
        for tail in ("", "/thumb")
    ]


@pytest.fixture
def easel(upstream: Upstream, tmp_path: Path) -> Iterator[Easel]:
    with Easel(tmp_path / "data", **upstream.environ) as made:
        yield made


def test_eight_of_eight_pictures_survive_a_missing_database(
    easel: Easel, upstream: Upstream, tmp_path: Path
) -> None:
    names = tell(easel, Disk(easel.folder), upstream, range(COUNT))
    assert easel.stop() == 0
    age(easel.folder)
    kept = tmp_path / "easel.db"
    shutil.move(easel.folder / "easel.db", kept)
    told = refusal(easel.folder)
    assert f"{COUNT} pictures" in told
    assert "Nothing was changed" in told
    assert "--begin-anew" in told
    assert not (easel.folder / "easel.db").exists()
    assert Disk(easel.folder).files() >= set(names)
    shutil.copy(kept, easel.folder / "easel.db")
    easel.start()
    assert served(easel, names) == [200] * 2 * COUNT
    assert easel.stop() == 0
    (easel.folder / "easel.db").unlink()
    easel.start("--begin-anew")
    assert easel.http.get("/api/conversations").json()["conversations"] == []
    assert easel.stop() == 0
    easel.start()
    assert easel.stop() == 0
    assert Disk(easel.folder).files() >= set(names)
    shutil.copy(kept, easel.folder / "easel.db")
    easel.start()
    assert served(easel, names) == [200] * 2 * COUNT


def test_an_older_copy_put_back_costs_no_picture(
    easel: Easel, upstream: Upstream, tmp_path: Path
) -> None:
    disk = Disk(easel.folder)
    early = tell(easel, disk, upstream, range(2))
    assert easel.stop() == 0
    shutil.copy(easel.folder / "easel.db", tmp_path / "older.db")
    easel.start()
    late = tell(easel, disk, upstream, range(2, COUNT))
    assert easel.stop() == 0
    shutil.copy(easel.folder / "easel.db", tmp_path / "newer.db")
    age(easel.folder)
    shutil.copy(tmp_path / "older.db", easel.folder / "easel.db")
    easel.start()
    assert easel.stop() == 0
    assert "no pictures are collected at this start" in easel.log()
    assert all((easel.folder / "media" / name[:2] / name).is_file() for name in [*early, *late])
    easel.start()
    assert easel.stop() == 0
    shutil.copy(tmp_path / "newer.db", easel.folder / "easel.db")
    easel.start()
    assert served(easel, [*early, *late]) == [200] * 2 * COUNT, "out of the bin, where need be"
