"""A full disk: said in a sentence at once, nothing lost, and over as soon as there is room."""

import io
import zipfile
from collections.abc import Iterator
from hashlib import sha256

import pytest
from PIL import Image as Pillow

from chat.core.parts import pictures, plain_text
from tests.loopback import Gate
from tests.patience import PATIENCE_S
from tests.process.disk import Disk, until
from tests.process.easel import Easel
from tests.process.small_disk import SmallDisk, small_disk
from tests.process.upstream import Upstream
from tests.wire_shapes import tiny_png

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def disk_of() -> Iterator[SmallDisk]:
    with small_disk() as made:
        yield made


@pytest.fixture(scope="module")
def survivor(
    upstream: Upstream, disk_of: SmallDisk, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Easel]:
    made = Easel(disk_of.root / "data", **upstream.environ)
    made.log_file = tmp_path_factory.mktemp("log") / "easel.log"  # it is read, and has room
    with made as easel:
        yield easel


@pytest.fixture(autouse=True)
def room_again(disk_of: SmallDisk) -> Iterator[None]:
    yield
    (disk_of.root / "ballast").unlink(missing_ok=True)


def noise(side_px: int = 400) -> bytes:
    """A picture that does not shrink: a byte a pixel."""
    out = io.BytesIO()
    Pillow.effect_noise((side_px, side_px), 120).save(out, "PNG")
    return out.getvalue()


def with_other_pictures(exported: bytes, side_px: int) -> bytes:
    """The zip of a conversation as of one that was never here: its pictures are others."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(exported)) as old, zipfile.ZipFile(made, "w") as new:
        document = old.read("conversation.json")
        for name in old.namelist():
            if name.startswith("pictures/"):
                picture = noise(side_px)
                was, becomes = (sha256(each).hexdigest() for each in (old.read(name), picture))
                document = document.replace(was.encode(), becomes.encode())
                new.writestr(name, picture)
        new.writestr("conversation.json", document)
    return made.getvalue()


def ended(easel: Easel, conversation: str) -> str:
    """What an open page is told of a reply that ends."""
    with easel.page(conversation) as line:
        while True:
            told = line.recv(timeout=PATIENCE_S)
            assert isinstance(told, str)
            if '"type":"end"' in told or ("is full" in told and "notice" in told):
                return told


def test_commands_say_so_and_what_was_there_can_be_read(
    easel: Easel, upstream: Upstream, disk: Disk, disk_of: SmallDisk
) -> None:
    upstream.says("kept")
    conversation = easel.begin()
    started = easel.ask(conversation, "before")
    easel.awaited(started, disk.ended)
    sha = easel.http.post("/api/media", content=noise()).json()["sha"]
    disk_of.fill()
    # Nothing makes room until these are answered: whoever waits for it waits in vain.
    refused = [
        easel.http.post("/api/media", content=noise()),
        easel.http.post(
            f"/api/conversations/{conversation}/messages",
            json={"text": "x" * 100_000, "client_id": "client-lost", "parent_id": started["reply"]},
        ),
    ]
    assert [answer.status_code for answer in refused] == [507, 507]
    assert all("is full" in answer.json()["error"] for answer in refused)
    assert easel.http.get("/healthz").status_code == 200
    assert easel.http.get(f"/media/{sha}").status_code == 200
    assert easel.http.get("/api/conversations").json()["conversations"]
    disk_of.free()
    assert easel.http.post("/api/media", content=noise()).status_code == 200
    after = easel.ask(conversation, "after", parent_id=started["reply"])
    assert easel.awaited(after, disk.ended).status == "complete"
    assert plain_text(disk.message(started["reply"]).parts) == "kept"


@pytest.mark.parametrize(
    "room_bytes",
    [200_000, 900_000],
    ids=["for a part of the file", "for one of its pictures"],
)
def test_a_file_that_finds_no_room_is_refused_and_leaves_nothing_behind(
    easel: Easel, upstream: Upstream, disk: Disk, disk_of: SmallDisk, room_bytes: int
) -> None:
    upstream.says("two: ", noise(), noise())
    conversation = easel.begin()
    easel.awaited(easel.ask(conversation, "draw"), disk.ended)
    exported = easel.http.get(f"/api/conversations/{conversation}/export").content
    foreign = with_other_pictures(exported, 500)

    def seen() -> object:
        listed = easel.http.get("/api/conversations").json()
        return listed, easel.http.get("/api/library").json(), disk.files()

    before = seen()
    disk_of.fill(leaving_bytes=room_bytes)
    refused = easel.http.post("/api/import", content=foreign)
    assert refused.status_code == 507, refused.text
    assert "full" in refused.json()["error"] or "no room" in refused.json()["error"]
    assert seen() == before
    assert not list((easel.folder / "media" / "unfinished").iterdir())
    disk_of.free()
    taken = easel.http.post("/api/import", content=foreign)
    assert taken.status_code == 200, taken.text
    assert "2 pictures" in taken.json()["sentence"]
    disk.check()


@pytest.mark.parametrize("what", ["words", "a picture"])
def test_a_reply_ends_with_a_sentence_and_is_saved_when_there_is_room(
    easel: Easel, upstream: Upstream, disk: Disk, disk_of: SmallDisk, what: str
) -> None:
    gate, never = Gate(), Gate()
    upstream.says("beginning ", gate, noise() if what == "a picture" else "x" * 300_000, never)
    conversation = easel.begin()
    started = easel.ask(conversation, "go")
    until(lambda: disk.words(started["reply"]))
    disk_of.fill()
    gate.open()
    # The model says nothing more meanwhile, and nobody waits for it.
    assert "is full" in ended(easel, conversation), "and it is full still"
    never.open()
    disk_of.free()
    reply = easel.awaited(started, disk.ended)
    assert reply.status in {"failed", "complete"}
    assert plain_text(reply.parts).startswith("beginning")
    assert pictures(reply.parts) == ()
    upstream.says("Now there is room: ", tiny_png(3))
    again = easel.post(f"/api/messages/{started['reply']}/regenerate")
    assert easel.awaited(again, disk.ended).status == "complete"
    disk.check()


def test_a_full_disk_does_not_keep_it_from_ending(
    easel: Easel, upstream: Upstream, disk: Disk, disk_of: SmallDisk
) -> None:
    gate, never = Gate(), Gate()
    upstream.says("beginning ", gate, "x" * 300_000, never)
    started = easel.ask(easel.begin(), "go")
    until(lambda: disk.words(started["reply"]))
    disk_of.fill()
    gate.open()
    assert never.reached.wait(PATIENCE_S)
    assert easel.stop() == 0
    disk_of.free()
    log = easel.log()
    assert "is full" in log
    assert "Traceback" not in log, "it is told in a line, however many writes meet it"
    easel.start()
    disk.check()
    reply = disk.message(started["reply"])
    assert (reply.status, plain_text(reply.parts)) == ("interrupted", "beginning")
