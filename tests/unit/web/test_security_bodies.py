"""How much is let in: one client must not fill the memory or hold a connection for ever."""

import json
import socket
from collections.abc import Iterator

import pytest

from chat.images.limits import Limits
from chat.turns.question import MAX_TEXT_CHARACTERS
from chat.web.policy import Policy
from chat.web.security import SecurityMiddleware
from tests.patience import PATIENCE_S
from tests.serving import served
from tests.unit.web.guarded import ask, small_app

CAP_BYTES = 10_000
UPLOAD_BYTES = 50_000


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    policy = Policy(body_bytes=CAP_BYTES, upload_bytes=UPLOAD_BYTES, body_idle_s=0.2)
    with served(SecurityMiddleware(small_app(), policy)) as port:
        yield port


def pieces(total_bytes: int) -> Iterator[bytes]:
    for start in range(0, total_bytes, 1000):
        yield b"x" * min(1000, total_bytes - start)


@pytest.mark.parametrize(
    ("path", "size_bytes", "status"),
    [
        ("/count", CAP_BYTES, 200),
        ("/count", CAP_BYTES + 1, 413),
        ("/count", 5_000_000, 413),
        ("/api/media", UPLOAD_BYTES, 200),
        ("/api/media", UPLOAD_BYTES + 1, 413),
    ],
)
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_the_cap_is_refused(
    port: int, path: str, size_bytes: int, status: int, chunked: bool
) -> None:
    body = pieces(size_bytes) if chunked else b"x" * size_bytes
    answer = ask(port, "POST", path, body=body)
    assert answer.status == status
    if status == 200:
        assert answer.json() == {"bytes": size_bytes}
    else:
        assert answer.json() == {"error": "The request is larger than Easel takes."}
        assert answer.headers["connection"] == "close"


@pytest.mark.parametrize("promise", ["Content-Length: 500", "Transfer-Encoding: chunked"])
@pytest.mark.parametrize("begun", [b"", b"3\r\nabc\r\n"])
def test_a_body_that_stops_arriving_is_let_go(port: int, promise: str, begun: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as client:
        head = f"POST /count HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{promise}\r\n\r\n"
        client.sendall(head.encode("ascii") + begun)
        answer = b"".join(iter(lambda: client.recv(65536), b""))  # until the server closes
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert answer.endswith(b'{"error": "The request stopped arriving."}')


def test_a_whole_body_has_a_deadline_however_busy_it_drips() -> None:
    policy = Policy(body_idle_s=30, body_total_s=0.2)
    with (
        served(SecurityMiddleware(small_app(), policy)) as port,
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as client,
    ):
        head = f"POST /count HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 9\r\n\r\nab"
        client.sendall(head.encode("ascii"))
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 408 ")


def test_a_client_that_leaves_in_the_middle_disturbs_nobody(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as client:
        head = f"POST /count HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 9\r\n\r\nab"
        client.sendall(head.encode("ascii"))
    assert ask(port, "POST", "/count", body=b"abc").json() == {"bytes": 3}


def test_the_shipped_caps_fit_json_and_a_whole_picture() -> None:
    policy = Policy()
    longest = json.dumps({"text": "🦊" * MAX_TEXT_CHARACTERS}, ensure_ascii=False)
    assert len(longest.encode()) < policy.body_cap_bytes("/api/conversations") < 2_000_000
    assert policy.body_cap_bytes("/api/media") > Limits().max_bytes
    assert policy.body_cap_bytes("/api/mediation") < 2_000_000
    assert policy.body_idle_s == 30
