"""A picture sent as a link is fetched from where it may be, and nothing else is ever reached."""

import asyncio
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import httpx2
import pytest

from chat.core.errors import MediaRejected
from chat.http.fetch import FetchLimits, Site, fetch_picture, site_of
from tests.loopback import Gate, Loopback, Reply, text_reply
from tests.patience import PATIENCE_S
from tests.wire_shapes import tiny_png

PICTURE = tiny_png(200)
SHOWN = Reply((PICTURE,), headers={"content-type": "text/plain"}, promised_bytes=len(PICTURE))


def site(url: str) -> Site:
    return site_of(httpx2.URL(url))


def sent_to(place: str, status: int = 302) -> Reply:
    return Reply((), status, {"location": place}, promised_bytes=0)


async def test_the_endpoints_own_site_is_trusted_and_told_nothing() -> None:
    with Loopback([SHOWN]) as server:
        data = await fetch_picture(f"{server.url}/files/a%20b.png?s=1#x", {site(server.url)})
    assert data == PICTURE
    (asked,) = server.requests
    assert (asked.method, asked.path) == ("GET", "/files/a%20b.png?s=1")
    assert set(asked.headers) == {"host", "accept", "accept-encoding", "user-agent"}
    assert asked.headers["host"] == server.url.removeprefix("http://")


async def test_a_name_of_an_own_site_is_looked_up() -> None:
    with Loopback([SHOWN]) as server:
        url = f"http://localhost:{server.port}"
        assert await fetch_picture(f"{url}/x", {site(url)}) == PICTURE


async def test_a_name_is_looked_up_while_every_thread_of_the_conversations_waits() -> None:
    waits = threading.Event()
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(1))
    waiting = loop.run_in_executor(None, waits.wait)
    try:
        with Loopback([SHOWN]) as server:
            url = f"http://localhost:{server.port}"
            patient = FetchLimits(deadline_s=PATIENCE_S)
            assert await fetch_picture(f"{url}/x", {site(url)}, patient) == PICTURE
    finally:
        waits.set()
        await waiting


OWN = "http://127.0.0.1:9"


ELSEWHERE = [
    ("http://127.0.0.1:{port}/x", "not https"),
    ("http://example.com/x.png", "not https"),
    ("ftp://example.com/x.png", "not https"),
    ("file:///etc/passwd", "not a web address"),
    ("gopher://127.0.0.1:{port}/x", "not https"),
    ("//127.0.0.1:{port}/x", "not https"),
    ("picture.png", "not a web address"),
    ("", "not a web address"),
    ("https://", "not a web address"),
    ("https:///x", "not a web address"),
    ("https://a\x00b/", "not a web address"),
    ("https://①②⑦.⓪.⓪.①/", "not a web address"),
    ("https://user@example.com/", "name or password"),
    ("https://:secret@127.0.0.1:{port}/", "name or password"),
    ("http://127.0.0.1:9@127.0.0.1:{port}/", "name or password"),
    ("http://127.0.0.1:9\\@127.0.0.1:{port}/", "name or password"),
    ("https://127.0.0.1:{port}/", "unusual port"),
    ("https://example.com:8443/", "unusual port"),
    ("https://example.com:80/", "unusual port"),
    ("http://127.0.0.1.example.com:9/", "not https"),
    ("https://127.0.0.1/", "private network"),
    ("https://127.1/", "private network"),
    ("https://2130706433/", "private network"),
    ("https://0x7f000001/", "private network"),
    ("https://0177.0.0.1/", "not a web address"),
    ("https://0/", "private network"),
    ("https://10.0.0.1/", "private network"),
    ("https://100.64.0.1/", "private network"),
    ("https://169.254.169.254/latest/meta-data", "private network"),
    ("https://localhost/", "private network"),
    ("https://LOCALHOST:443/", "private network"),
    ("https://[::1]/", "private network"),
    ("https://[::]/", "private network"),
    ("https://[::ffff:127.0.0.1]/", "private network"),
    ("https://[::ffff:7f00:1]/", "private network"),
    ("https://[64:ff9b::7f00:1]/", "private network"),
    ("https://[2002:7f00:1::]/", "private network"),
    ("https://[2001:0:7f00:1::]/", "private network"),
    ("https://[fd00::1]/", "private network"),
]
REDIRECTS = [row for row in ELSEWHERE if ":/" in row[0] and row[0].isascii() and "\0" not in row[0]]


@pytest.mark.parametrize(("link", "why"), ELSEWHERE)
async def test_a_link_elsewhere_is_refused_before_anything_is_sent(link: str, why: str) -> None:
    with Loopback([]) as inner:
        with pytest.raises(MediaRejected, match=why):
            await fetch_picture(link.format(port=inner.port), {site(OWN)})
        assert inner.requests == []


@pytest.mark.parametrize(("link", "why"), REDIRECTS)
async def test_a_redirect_elsewhere_is_refused_like_a_link(link: str, why: str) -> None:
    with Loopback([]) as inner, Loopback([sent_to(link.format(port=inner.port))]) as first:
        with pytest.raises(MediaRejected, match=why):
            await fetch_picture(f"{first.url}/x", {site(first.url), site(OWN)})
        assert len(first.requests) == 1
        assert inner.requests == []


async def test_redirects_within_the_own_site_are_followed_three_times() -> None:
    with Loopback([sent_to("/b"), sent_to("c", 307), sent_to("/d", 308), SHOWN]) as server:
        assert await fetch_picture(f"{server.url}/a", {site(server.url)}) == PICTURE
    assert [asked.path for asked in server.requests] == ["/a", "/b", "/c", "/d"]


async def test_a_fourth_redirect_is_not_followed() -> None:
    with Loopback([sent_to("/again")] * 5) as server:
        with pytest.raises(MediaRejected, match="too often"):
            await fetch_picture(f"{server.url}/a", {site(server.url)})
        assert len(server.requests) == 4


async def test_a_drawing_behind_a_link_is_brought_as_it_is() -> None:
    """A model's SVG is kept for download, wherever it came from; who shows it draws it safely."""
    drawing = "<svg xmlns='http://www.w3.org/2000/svg'/>"
    with Loopback(lambda _: text_reply(drawing, mime="image/svg+xml")) as server:
        assert await fetch_picture(f"{server.url}/a", {site(server.url)}) == drawing.encode()


BIG = FetchLimits(max_bytes=1000)


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (Reply((PICTURE,), promised_bytes=1001), "the most Easel takes is"),
        (Reply((PICTURE, *[b"\0" * 300] * 4)), "the most Easel takes is"),
        (text_reply("<html>Sign in</html>"), "a web page"),
        (text_reply("hello", mime="image/png"), "but text"),
        (Reply((), promised_bytes=0), "empty"),
        (text_reply("no", status=404), "answered 404"),
        (text_reply("no", status=302), "answered 302"),
        (text_reply("no", status=500), "answered 500"),
        (Reply((PICTURE,), promised_bytes=999, cut=True), "could not be opened"),
    ],
)
async def test_what_is_no_picture_of_a_bearable_size_is_refused(reply: Reply, why: str) -> None:
    with Loopback([reply]) as server, pytest.raises(MediaRejected, match=why):
        await fetch_picture(f"{server.url}/x", {site(server.url)}, BIG)


@pytest.mark.parametrize("steps", [lambda gate: (gate,), lambda gate: (PICTURE[:20], gate)])
async def test_a_slow_server_is_given_up(steps: Callable[[Gate], tuple[bytes | Gate, ...]]) -> None:
    with Loopback([Reply(steps(Gate()))]) as server:
        with pytest.raises(MediaRejected, match=r"within 0\.2 seconds"):
            await fetch_picture(f"{server.url}/x", {site(server.url)}, FetchLimits(deadline_s=0.2))
        assert server.requests[0].gone.wait(PATIENCE_S)


async def test_a_server_that_is_not_there_is_said_so() -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        with pytest.raises(MediaRejected, match="could not be opened"):
            await fetch_picture(url, {site(url)})
