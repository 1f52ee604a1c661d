"""Being asked to end: what runs is saved, the exit is clean, and nobody waits for streams."""

import json
import os
import signal
import uuid

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from chat.core.parts import plain_text
from tests.loopback import Gate
from tests.patience import PATIENCE_S
from tests.process.disk import Disk, until
from tests.process.easel import Easel
from tests.process.upstream import Upstream

pytestmark = pytest.mark.process

REPLIES = 8


def streaming(easel: Easel, upstream: Upstream, disk: Disk) -> list[str]:
    """Replies that have begun and will never end by themselves."""
    replies = []
    for number in range(REPLIES):
        conversation = easel.begin()  # within one, the second would wait for the first
        gate = Gate()
        upstream.says(f"beginning {number}", gate)
        replies.append(easel.ask(conversation, "go")["reply"])
        assert gate.reached.wait(PATIENCE_S)
    until(lambda: disk.words(replies[-1]))
    return replies


def all_heard(line: ClientConnection) -> None:
    """Listen until the line is closed."""
    while True:
        line.recv(timeout=PATIENCE_S)


def all_kept(disk: Disk, replies: list[str]) -> None:
    disk.check()
    kept = [disk.message(reply) for reply in replies]
    assert [message.status for message in kept] == ["interrupted"] * REPLIES
    words = [f"beginning {number}" for number in range(REPLIES)]
    assert [plain_text(message.parts) for message in kept] == words


def test_a_service_manager_stops_it_amid_replies_and_open_pages(
    easel: Easel, upstream: Upstream, disk: Disk
) -> None:
    replies = streaming(easel, upstream, disk)
    with easel.page() as line:
        assert easel.stop() == 0
        with pytest.raises(ConnectionClosed):
            all_heard(line)
    all_kept(disk, replies)
    assert all(request.gone.wait(PATIENCE_S) for request in upstream.server.requests[-REPLIES:])
    assert "Traceback" not in easel.log()


def test_whoever_asks_twice_does_not_wait(easel: Easel, upstream: Upstream, disk: Disk) -> None:
    replies = streaming(easel, upstream, disk)
    with easel.half_an_upload(b"x" * 1000):
        easel.signal(signal.SIGTERM)
        until(lambda: not easel.listens() or None)
        easel.signal(signal.SIGTERM)
        assert easel.ended() == 0
    assert "timeout graceful shutdown exceeded" not in easel.log(), "it did not wait that long"
    all_kept(disk, replies)


@pytest.mark.skipif(os.name == "nt", reason="there is no such signal")
@pytest.mark.skipif(
    getattr(signal, "SIGHUP", None) is None or signal.getsignal(signal.SIGHUP) is signal.SIG_IGN,
    reason="who runs these tests has it ignored, as nohup does, and Easel respects that",
)
def test_a_terminal_that_closes_loses_nothing(easel: Easel, upstream: Upstream, disk: Disk) -> None:
    replies = streaming(easel, upstream, disk)
    easel.signal(signal.SIGHUP)
    assert easel.ended() == 0
    all_kept(disk, replies)
    assert "Traceback" not in easel.log()


@pytest.mark.skipif(os.name == "nt", reason="a terminal signals its whole group on POSIX only")
def test_ctrl_c_ends_it_without_a_trace(easel: Easel, upstream: Upstream, disk: Disk) -> None:
    replies = streaming(easel, upstream, disk)
    easel.signal(signal.SIGINT, group=True)
    assert easel.ended() == 0
    all_kept(disk, replies)
    assert "Traceback" not in easel.log()


def test_nobody_waits_for_a_page_that_polls(easel: Easel) -> None:
    """It is told to begin anew, and finds the next process."""
    page = f"/live/{uuid.uuid4().hex}"
    hello = {"begins": True, "said": [{"type": "hello", "build": "any"}]}
    easel.post(f"{page}/say", hello)
    number = easel.post(page, {"arrived": 0})["number"]
    with easel.half_a_request(page, json.dumps({"arrived": number}).encode()) as poll:
        assert easel.stop() == 0
        answer = b"".join(iter(lambda: poll.recv(1 << 16), b""))
    assert answer.startswith(b"HTTP/1.1 410")
    assert "timeout graceful shutdown exceeded" not in easel.log()


def test_an_upload_that_is_broken_off_is_no_bug(easel: Easel) -> None:
    with easel.half_an_upload(b"x" * 1000):
        pass
    assert easel.stop() == 0
    assert "Traceback" not in easel.log()
