"""A full disk: said in a sentence at once, nothing lost, and over as soon as there is room."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image as Pillow

from chat.core.parts import pictures, plain_text
from tests.loopback import PATIENCE_S, Gate
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
def survivor(upstream: Upstream, disk_of: SmallDisk) -> Iterator[Easel]:
    with Easel(disk_of.root / "data", **upstream.environ) as easel:
        yield easel


@pytest.fixture(autouse=True)
def room_again(disk_of: SmallDisk) -> Iterator[None]:
    yield
    (disk_of.root / "ballast").unlink(missing_ok=True)


def noise() -> bytes:
    """A picture that does not shrink."""
    out = io.BytesIO()
    Pillow.effect_noise((400, 400), 120).save(out, "PNG")
    return out.getvalue()


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
