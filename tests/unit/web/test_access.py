"""Nothing answers a stranger; who knows the phrase or the token enters, and stays."""

import re
import socket
from collections.abc import Iterator
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from chat.core.errors import ConfigError
from chat.web.access import AccessMiddleware, access_by
from chat.web.attempts import TRIES, WITHIN_S
from chat.web.policy import Policy
from chat.web.root_path import RootPathMiddleware
from chat.web.security import SecurityMiddleware
from tests.patience import PATIENCE_S
from tests.serving import served

PHRASE = "eine lange Losung ö"
TOKEN = "t0ken-t0ken-t0ken"
KEY = b"k" * 32


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


async def _anything(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"inside {request.url.path}?{request.url.query}")


async def _live(line: WebSocket) -> None:
    await line.accept()
    await line.send_text("inside")
    await line.close()


def guarded(
    phrase: str = "",
    token: str = "",
    key: bytes = KEY,
    clock: Clock | None = None,
    framed: bool = False,
) -> RootPathMiddleware:
    app = Starlette(
        routes=[
            WebSocketRoute("/live", _live),
            Route("/{path:path}", _anything, methods=["GET", "POST"]),
        ]
    )
    access = access_by(phrase, token, framed=framed)
    assert access is not None
    inside = AccessMiddleware(app, access, key, clock=clock or Clock())
    return RootPathMiddleware(SecurityMiddleware(inside, Policy()))


@pytest.fixture
def port() -> Iterator[int]:
    with served(guarded(PHRASE)) as port:
        yield port


def client(port: int, **headers: str) -> httpx.Client:
    address = f"http://127.0.0.1:{port}"
    return httpx.Client(base_url=address, trust_env=False, headers=headers, verify=False)


def enter(visitor: httpx.Client, phrase: str = PHRASE) -> httpx.Response:
    return visitor.post("/access/enter", data={"phrase": phrase})


def lands(visitor: httpx.Client, entered: httpx.Response) -> str:
    """The address at which a browser is once it has shown whether it keeps cookies."""
    shown = visitor.get(entered.headers["location"])
    assert shown.status_code == 303
    return shown.headers["location"]


PATHS = ["/", "/api/conversations", "/media/" + "0" * 64, "/easel/js/main.js", "/theme.css", "//x"]


@pytest.mark.parametrize("path", PATHS)
def test_a_stranger_gets_no_route(path: str, port: int) -> None:
    with client(port) as stranger:
        for method in ("GET", "POST", "HEAD", "DELETE"):
            answer = stranger.request(method, f"http://127.0.0.1:{port}{path}")
            assert answer.status_code == 401, method
            assert "inside" not in answer.text
        assert stranger.get("/healthz").status_code == 200


def test_a_stranger_gets_no_live_line(port: int) -> None:
    with pytest.raises(InvalidStatus) as refused:
        connect(f"ws://127.0.0.1:{port}/live", proxy=None)
    assert refused.value.response.status_code == 401


def test_who_knows_the_phrase_enters_and_leaves(port: int) -> None:
    with client(port, Accept="text/html") as visitor:
        asked = visitor.get("/")
        assert "<form" in asked.text
        # Without it, a browser names no origin for the form, which is then taken for a stranger's.
        assert asked.headers["referrer-policy"] == "same-origin"
        assert enter(visitor, "something else").status_code == 401
        entered = enter(visitor)
        assert entered.status_code == 303
        assert lands(visitor, entered) == "/"
        cookie = entered.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Secure" not in cookie
        assert visitor.get("/x").text == "inside /x?"
        sent = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
        with connect(
            f"ws://127.0.0.1:{port}/live", proxy=None, additional_headers={"Cookie": sent}
        ) as line:
            assert line.recv() == "inside"
        visitor.post("/access/leave")
        assert visitor.get("/x").status_code == 401


def test_behind_tls_and_in_a_frame_the_cookie_is_for_that(port: int) -> None:
    with client(port, **{"X-Forwarded-Proto": "https"}) as visitor:
        assert enter(visitor).headers["set-cookie"].endswith("SameSite=Lax; Secure")
    with served(guarded(PHRASE, framed=True)) as framed, client(framed) as visitor:
        cookie = enter(visitor).headers["set-cookie"]
        assert cookie.endswith("SameSite=None; Partitioned; Secure")


def forgetful(port: int) -> httpx.Client:
    """A browser that keeps no cookies, as in a frame of another site."""
    jar = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
    address = f"http://127.0.0.1:{port}"
    return httpx.Client(
        base_url=address, trust_env=False, cookies=jar, headers={"Accept": "text/html"}
    )


def test_in_a_frame_without_cookies_the_address_lets_in_and_leaving_ends_it() -> None:
    with served(guarded(PHRASE, framed=True)) as port, forgetful(port) as visitor:
        inside = lands(visitor, enter(visitor))
        assert re.fullmatch(r"/~[\w.-]+/", inside)
        assert visitor.get(f"{inside}media/x").text == "inside /media/x?"
        assert visitor.get("/media/x").status_code == 401
        with connect(f"ws://127.0.0.1:{port}{inside}live", proxy=None) as line:
            assert line.recv() == "inside"
        other = lands(visitor, enter(visitor))
        visitor.post(f"{inside}access/leave")
        assert visitor.get(f"{inside}x").status_code == 401
        assert visitor.get(f"{other}x").status_code == 200
        # Who comes back by an address of yesterday is asked, and enters anew.
        assert "<form" in visitor.get(f"{inside}x").text
        again = visitor.post(f"{inside}access/enter", data={"phrase": PHRASE})
        assert lands(visitor, again) not in {inside, "/"}


@pytest.mark.parametrize("made_up", ["x", "MQ", "a.b.c", "-" * 200])
def test_a_made_up_pass_opens_nothing(made_up: str) -> None:
    with served(guarded(PHRASE, framed=True)) as port, client(port) as visitor:
        assert visitor.get(f"/~{made_up}/x").status_code == 401
        came = visitor.get(f"/?entered={made_up}")
        assert came.headers["location"] == "/"


def test_a_cookie_or_an_arrival_is_no_pass() -> None:
    """Each is signed for its own use."""
    with served(guarded(PHRASE, framed=True)) as port, client(port) as visitor:
        entered = enter(visitor)
        _, _, arrival = entered.headers["location"].partition("=")
        cookie = entered.headers["set-cookie"].partition("=")[2].partition(";")[0]
        assert visitor.get(f"/~{arrival}/x").status_code == 401
        assert visitor.get(f"/~{cookie}/x").status_code == 401


@pytest.mark.parametrize(("phrase", "token"), [(PHRASE, ""), ("", TOKEN)])
def test_outside_a_frame_a_browser_without_cookies_is_told_so(phrase: str, token: str) -> None:
    with served(guarded(phrase, token)) as port, forgetful(port) as visitor:
        entered = enter(visitor) if phrase else visitor.get(f"/?token={TOKEN}")
        told = visitor.get(entered.headers["location"])
        assert told.status_code == 401
        assert "keeps no cookies" in told.text


def test_a_restart_keeps_those_inside_and_another_phrase_puts_them_out() -> None:
    with served(guarded(PHRASE)) as port, client(port) as visitor:
        enter(visitor)
        (value,) = visitor.cookies.values()
    for phrase, key, status in (
        (PHRASE, KEY, 200),
        (PHRASE + "!", KEY, 401),
        (PHRASE, b"o" * 32, 401),
    ):
        with served(guarded(phrase, key=key)) as port, client(port) as visitor:
            cookie = {"Cookie": f"easel-access-{port}={value}"}
            assert visitor.get("/x", headers=cookie).status_code == status


@pytest.mark.parametrize("value", ["", "MQ", "MQ.x.y", "é", '"', "a" * 3000])
def test_a_made_up_cookie_opens_nothing(value: str, port: int) -> None:
    with client(port) as visitor:
        made_up = {b"Cookie": f"easel-access-{port}={value}".encode("latin-1")}
        assert visitor.get("/x", headers=made_up).status_code == 401


def test_an_address_may_try_so_often_and_the_right_one_waits_too() -> None:
    clock = Clock()
    with served(guarded(PHRASE, clock=clock)) as port, client(port) as visitor:
        for _ in range(TRIES):
            assert enter(visitor, "wrong wrong").status_code == 401
        late = enter(visitor)
        assert late.status_code == 429
        assert late.headers["retry-after"] == "300"
        bearer = {b"Authorization": f"Bearer {PHRASE}".encode()}
        assert visitor.get("/x", headers=bearer).status_code == 429
        with client(port, **{"X-Forwarded-For": "203.0.113.9"}) as neighbour:
            assert enter(neighbour).status_code == 303
        clock.now_s = WITHIN_S + 1
        assert enter(visitor).status_code == 303


def test_a_program_brings_the_phrase_along(port: int) -> None:
    with client(port) as program:
        bearer = {b"Authorization": f"Bearer {PHRASE}".encode()}
        assert program.get("/x", headers=bearer).text == "inside /x?"
        assert program.get("/x", headers={"Authorization": "Bearer no"}).status_code == 401


def test_the_printed_address_lets_a_browser_in_once_and_for_all() -> None:
    with served(guarded(token=TOKEN)) as port, client(port, Accept="text/html") as browser:
        assert "?token=" in browser.get("/").text
        assert browser.get("/?token=wrong").status_code == 401
        entered = browser.get(f"/?c=7&token={TOKEN}")
        assert entered.status_code == 303
        assert lands(browser, entered) == "/?c=7"
        assert browser.get("/x").text == "inside /x?"
        # The link of an earlier start still leads in who is in already.
        assert browser.get("/?token=of-yesterday").headers["location"] == "/"
        (value,) = browser.cookies.values()
        elsewhere = browser.get(f"//evil.example/?token={TOKEN}")
        assert not elsewhere.headers["location"].startswith("//")
    with served(guarded(token="another-token-of-today")) as port, client(port) as browser:
        cookie = {"Cookie": f"easel-access-{port}={value}"}
        assert browser.get("/x", headers=cookie).status_code == 200


def test_a_form_of_another_site_enters_nobody(port: int) -> None:
    with client(port, Origin="https://evil.example") as forged:
        assert enter(forged).status_code == 403
        assert forged.post("/access/leave").status_code == 403


def test_a_large_form_is_not_read_to_its_end(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as line:
        line.sendall(
            b"POST /access/enter HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 8000\r\n\r\n%s"
            % (b"x" * 5000)
        )
        assert line.recv(100).startswith(b"HTTP/1.1 413")


def test_a_short_phrase_is_none() -> None:
    with pytest.raises(ConfigError, match="EASEL_PASSPHRASE"):
        access_by("short", "")
    assert access_by("", "") is None
