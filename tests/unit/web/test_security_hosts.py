"""Who is let in: a strange page must not be able to act for the person at the browser."""

import socket
from collections.abc import Iterator

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from chat.web.policy import Policy
from chat.web.security import SecurityMiddleware
from tests.patience import PATIENCE_S
from tests.serving import served
from tests.unit.web.guarded import ask, small_app

POLICY = Policy(
    hosts=frozenset({"studio.local", "box:7000"}),
    public_origins=frozenset({"https://easel.example"}),
)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with served(SecurityMiddleware(small_app(), POLICY)) as port:
        yield port


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:{port}", 200),
        ("localhost:{port}", 200),
        ("LOCALHOST", 200),
        ("[::1]:{port}", 200),
        ("studio.local", 200),
        ("studio.local:81", 200),
        ("box:7000", 200),
        ("easel.example", 200),
        ("box", 400),
        ("box:7001", 400),
        ("easel.example:8443", 400),
        ("evil.example", 400),
        ("127.0.0.1.evil.example", 400),
        ("localhost.evil.example:{port}", 400),
        ("evil.example@127.0.0.1", 400),
        ("127.0.0.1:80:80", 400),
        ("127.1", 400),
        ("2130706433", 400),
        ("0.0.0.0:{port}", 400),
        ("", 400),
    ],
)
def test_only_our_own_names_are_answered(port: int, host: str, status: int) -> None:
    answer = ask(port, "GET", "/", {"Host": host.format(port=port)})
    assert answer.status == status
    assert status == 200 or answer.json()["error"].endswith("host name.")


SAME = "http://{host}"
ORIGINS = [
    # host, origin, sec-fetch-site, let in
    ("127.0.0.1:{port}", None, None, True),
    ("127.0.0.1:{port}", SAME, None, True),
    ("127.0.0.1:{port}", SAME, "same-origin", True),
    ("127.0.0.1:{port}", None, "none", True),
    ("127.0.0.1:{port}", None, "cross-site", False),
    ("127.0.0.1:{port}", None, "same-site", False),
    ("127.0.0.1:{port}", SAME, "cross-site", False),
    ("127.0.0.1:{port}", "null", None, False),
    ("127.0.0.1:{port}", "http://127.0.0.1", None, False),
    ("127.0.0.1:{port}", "http://127.0.0.1:1", None, False),
    ("127.0.0.1:{port}", "http://localhost:{port}", None, False),
    ("127.0.0.1:{port}", "https://{host}", None, False),
    ("127.0.0.1:{port}", "http://{host}.evil.example", None, False),
    ("127.0.0.1:{port}", "http://evil.example", "same-origin", False),
    ("localhost:{port}", SAME, "same-origin", True),
    ("studio.local:81", SAME, None, True),
    ("studio.local:81", "http://studio.local", None, False),
    ("easel.example", "https://easel.example", "same-origin", True),
    ("easel.example", "http://easel.example", None, False),
    ("evil.example", "http://evil.example", "same-origin", False),
]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize(("host", "origin", "site", "let_in"), ORIGINS)
def test_only_our_own_page_may_change_something(
    port: int, method: str, host: str, origin: str | None, site: str | None, let_in: bool
) -> None:
    answer = ask(port, method, "/count", _headers(port, host, origin, site), b"abc")
    assert (answer.status == 200) is let_in
    assert let_in or answer.status in {400, 403}
    assert let_in or list(answer.json()) == ["error"]


@pytest.mark.parametrize(("host", "origin", "site", "let_in"), ORIGINS)
def test_only_our_own_page_may_listen_to_the_live_stream(
    port: int, host: str, origin: str | None, site: str | None, let_in: bool
) -> None:
    headers = _headers(port, host, origin, site)
    if let_in:
        with _live(port, headers) as live:
            live.send("hello")
            assert live.recv(timeout=PATIENCE_S) == "hello"
        return
    with pytest.raises(InvalidStatus) as refused:
        _live(port, headers)
    answer = refused.value.response
    assert answer.status_code in {400, 403}
    assert answer.body.startswith(b'{"error": "')
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/closed", "/nowhere"])
def test_a_live_route_that_does_not_exist_is_refused_with_a_sentence(port: int, path: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        _live(port, {"Host": f"127.0.0.1:{port}"}, path)
    assert refused.value.response.status_code == 403
    assert refused.value.response.body == b'{"error": "There is no live connection here."}'
    assert "content-security-policy" in refused.value.response.headers


def test_a_strange_page_may_not_even_read(port: int) -> None:
    """Reading is let in, as a link from elsewhere must work, but no grant ever leaves."""
    answer = ask(port, "GET", "/", {"Origin": "http://evil.example"})
    assert answer.status == 200
    assert not [name for name in answer.headers if name.startswith("access-control-")]
    preflight = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    answer = ask(port, "OPTIONS", "/count", preflight)
    assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_two_host_headers_are_no_host(port: int) -> None:
    answer = ask(port, "GET", "/", {"host": "127.0.0.1", "HOST": "evil.example"})
    assert answer.status == 400


def _live(port: int, headers: dict[str, str], path: str = "/live") -> ClientConnection:
    """A WebSocket to the server, whatever name the handshake gives it."""
    others = {name: value for name, value in headers.items() if name != "Host"}
    plug = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
    try:
        return connect(f"ws://{headers['Host']}{path}", sock=plug, additional_headers=others)
    except InvalidStatus:
        plug.close()
        raise


def _headers(port: int, host: str, origin: str | None, site: str | None) -> dict[str, str]:
    host = host.format(port=port)
    headers = {"Host": host}
    if origin is not None:
        headers["Origin"] = origin.format(host=host, port=port)
    if site is not None:
        headers["Sec-Fetch-Site"] = site
    return headers
