"""A crash at any moment: nothing that was acknowledged is lost, and Retry works."""

import hashlib
import io

import pytest
from PIL import Image as Pillow

from chat.core.messages import Message
from chat.core.parts import Image, Text, ToolCall, ToolResult, pictures, plain_text
from tests.loopback import Gate
from tests.patience import PATIENCE_S
from tests.process.disk import Disk, until
from tests.process.easel import Easel
from tests.process.upstream import Upstream, tool_call
from tests.wire_shapes import tiny_png

pytestmark = pytest.mark.process


def crashed(easel: Easel, disk: Disk, started: dict[str, str]) -> Message:
    """Kill, start again, and look at the reply that was under way."""
    easel.kill()
    easel.start()
    disk.check()
    reply = disk.message(started["reply"])
    assert reply.status == "interrupted"
    assert reply.finish is not None
    assert "Try again" in reply.finish.message
    assert plain_text(disk.message(started["question"]).parts) == "go"
    return reply


def retried(easel: Easel, upstream: Upstream, disk: Disk, reply_id: str) -> None:
    """What Retry does: another answer beside the one that was cut."""
    upstream.says("Here it is.")
    again = easel.post(f"/api/messages/{reply_id}/regenerate")
    reply = easel.awaited(again, disk.ended)
    assert (reply.status, plain_text(reply.parts)) == ("complete", "Here it is.")


def reached(gate: Gate) -> None:
    assert gate.reached.wait(PATIENCE_S), "the answer did not get that far"


def test_a_question_outlives_a_crash_before_its_first_word(
    easel: Easel, upstream: Upstream, disk: Disk
) -> None:
    gate = Gate()
    upstream.says(gate)
    started = easel.ask(easel.begin(), "go")
    reached(gate)
    reply = crashed(easel, disk, started)
    assert reply.parts == ()
    retried(easel, upstream, disk, reply.id)


def test_words_that_had_come_outlive_a_crash(easel: Easel, upstream: Upstream, disk: Disk) -> None:
    gate = Gate()
    upstream.says("Half a ", "sentence 🙂", gate)
    started = easel.ask(easel.begin(), "go")
    until(lambda: disk.words(started["reply"]))
    reply = crashed(easel, disk, started)
    assert reply.parts == (Text("Half a sentence 🙂"),)
    retried(easel, upstream, disk, reply.id)


def test_a_picture_outlives_a_crash_the_moment_after_it_came(
    easel: Easel, upstream: Upstream, disk: Disk
) -> None:
    picture, gate = tiny_png(200), Gate()
    upstream.says("A red one: ", picture, gate)
    started = easel.ask(easel.begin(), "go")
    until(lambda: disk.pictures(started["reply"]))
    reply = crashed(easel, disk, started)
    kinds = [type(part) for part in reply.parts]
    assert kinds == [Text, Image]
    sha = pictures(reply.parts)[0].media.sha256
    assert easel.http.get(f"/media/{sha}").content == picture, "byte for byte as the model sent it"
    retried(easel, upstream, disk, reply.id)


def test_a_tool_that_has_run_is_not_run_again_by_a_crash(
    easel: Easel, upstream: Upstream, disk: Disk
) -> None:
    gate = Gate()
    upstream.says(tool_call("calculator", expression="6*7"), finish="tool_calls")
    upstream.says(gate)
    started = easel.ask(easel.begin(tools=True), "go")
    reached(gate)
    before = len(upstream.server.requests)
    reply = crashed(easel, disk, started)
    assert [type(part) for part in reply.parts] == [ToolCall, ToolResult]
    assert isinstance(reply.parts[1], ToolResult)
    assert "42" in plain_text(reply.parts[1].content)
    assert len(upstream.server.requests) == before, "nothing goes on by itself after a start"
    retried(easel, upstream, disk, reply.id)


def test_a_crash_amid_many_words_and_pictures_leaves_a_beginning_of_them(
    easel: Easel, upstream: Upstream, disk: Disk
) -> None:
    said = [f"word{number} " for number in range(400)]
    gate = Gate()
    upstream.says(*said[:200], tiny_png(1), *said[200:], tiny_png(2), gate)
    started = easel.ask(easel.begin(), "go")
    until(lambda: disk.pictures(started["reply"]))
    reply = crashed(easel, disk, started)
    words = "".join(part.text for part in reply.parts if isinstance(part, Text))
    assert "".join(said).startswith(words)
    assert len(words) >= len("".join(said[:200]))
    retried(easel, upstream, disk, reply.id)


def test_half_an_upload_leaves_nothing_and_a_whole_one_stays(easel: Easel, disk: Disk) -> None:
    out = io.BytesIO()
    Pillow.effect_noise((300, 300), 90).save(out, "PNG")
    whole = out.getvalue()
    kept = easel.http.post("/api/media", content=whole).json()
    files = disk.files()
    assert files >= {kept["sha"]}
    with easel.half_an_upload(whole[:-1]):
        easel.kill()
    easel.start()
    disk.check()
    assert disk.files() == files
    again = easel.http.get(f"/media/{kept['sha']}")
    assert hashlib.sha256(again.content).hexdigest() == kept["sha"]
    assert easel.http.post("/api/media", content=whole).json()["sha"] == kept["sha"]
