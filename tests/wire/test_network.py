"""Every door reaches its server through proxies, and believes the certificates that are meant."""

import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from chat.core.errors import ConfigError, Unavailable
from chat.core.events import ImageBytes
from chat.core.models import Endpoint
from chat.http.fetch import fetch_picture
from chat.network import read_network
from chat.providers.registry import open_provider
from chat.providers.shared.replies.picture_links import PictureLinks
from tests.loopback import Loopback, Reply
from tests.wire.doors import DOORS, RED, DoorKind
from tests.wire.proxies import TestProxy
from tests.wire.servers import listing
from tests.wire.talk import events_of, heard, request

HOST = "api.example.com"
ALL_DOORS = pytest.mark.parametrize("door", DOORS.values(), ids=list(DOORS))


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("ca") / "authority.pem"
    authority.cert_pem.write_to_path(file)
    return file


def tls(authority: trustme.CA, *names: str, until: datetime | None = None) -> ssl.SSLContext:
    """What a server with a certificate for these names speaks."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made = authority.issue_cert(*names, not_after=until) if until else authority.issue_cert(*names)
    made.configure_cert(context)
    return context


@pytest.fixture(scope="module")
def tls_of(authority: trustme.CA) -> ssl.SSLContext:
    return tls(authority, HOST, "127.0.0.1", "localhost")


def within(endpoint: Endpoint, **environ: str) -> Endpoint:
    """The endpoint as the catalogue has it under these variables."""
    reading = read_network(environ)
    assert reading.troubles == ()
    return replace(endpoint, network=reading.network)


async def draws(door: DoorKind, endpoint: Endpoint) -> None:
    """The door opens, lists and draws."""
    events = await events_of(open_provider(endpoint), request(door.card()))
    assert [event.data for event in events if isinstance(event, ImageBytes)] == [RED]


@pytest.fixture
def server(tls_of: ssl.SSLContext, door: DoorKind) -> Iterator[Loopback]:
    with Loopback(
        lambda asked: listing(asked) if asked.method == "GET" else door.good(), tls_of
    ) as server:
        yield server


PROXIES = {
    "socks5": "socks5://127.0.0.1:{}",
    "socks5h": "socks5h://127.0.0.1:{}",
    "gnome's socks": "socks://127.0.0.1:{}/",
    "http": "http://127.0.0.1:{}",
    "no scheme": "127.0.0.1:{}",
}


@ALL_DOORS
@pytest.mark.parametrize("form", PROXIES.values(), ids=list(PROXIES))
async def test_a_server_is_reached_through_the_proxy_that_a_variable_names(
    door: DoorKind, form: str, server: Loopback, ca_file: Path
) -> None:
    with TestProxy(server.port) as proxy:
        endpoint = within(
            door.endpoint(f"https://{HOST}/v1"),
            ALL_PROXY=form.format(proxy.port),
            SSL_CERT_FILE=str(ca_file),
        )
        await draws(door, endpoint)
        how = "socks5" if "socks" in form else "CONNECT"
        assert proxy.asked == [(how, f"{HOST}:443")]


@pytest.mark.parametrize("scheme", ["socks5", "socks", "http"])
async def test_a_password_with_odd_letters_reaches_the_proxy_as_it_is(
    scheme: str, tls_of: ssl.SSLContext, ca_file: Path
) -> None:
    door = DOORS["openai_chat"]
    with (
        Loopback(lambda _: door.good(), tls_of) as server,
        TestProxy(server.port, "me", "p#ss/w@rd?100%") as proxy,
    ):
        endpoint = within(
            door.endpoint(f"https://{HOST}/v1", ca_file=str(ca_file)),
            HTTPS_PROXY=f"{scheme}://me:p#ss/w@rd?100%@127.0.0.1:{proxy.port}",
        )
        await draws(door, endpoint)
        assert len(proxy.asked) == 1


@ALL_DOORS
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_this_machine_is_never_asked_through_a_proxy(
    door: DoorKind, host: str, server: Loopback, ca_file: Path
) -> None:
    with TestProxy(server.port) as proxy:
        endpoint = within(
            door.endpoint(f"https://{host}:{server.port}/v1", ca_file=str(ca_file)),
            ALL_PROXY=f"socks5://127.0.0.1:{proxy.port}",
            HTTPS_PROXY=f"http://127.0.0.1:{proxy.port}",
        )
        await draws(door, endpoint)
        assert proxy.asked == []


@ALL_DOORS
async def test_a_proxy_that_stands_in_the_way_is_named_by_its_variable(door: DoorKind) -> None:
    with TestProxy(9, "me", "right") as proxy:
        refusing = f"http://me:wrong@127.0.0.1:{proxy.port}"
        closed = "socks5://127.0.0.1:1"
        for url in (refusing, closed):
            endpoint = within(door.endpoint(f"https://{HOST}/v1"), HTTPS_PROXY=url)
            events, error = await heard(open_provider(endpoint), request(door.card()))
            assert events == []
            assert isinstance(error, Unavailable)
            assert "through the proxy that HTTPS_PROXY names" in str(error)
            assert "wrong" not in str(error)


@ALL_DOORS
async def test_a_certificate_nobody_vouches_for_is_said_to_be_that(
    door: DoorKind, server: Loopback
) -> None:
    provider = open_provider(door.endpoint(f"{server.url}/v1"))
    with pytest.raises(Unavailable, match=r"is not trusted.*ca_file.*SSL_CERT_FILE") as listed:
        await provider.models()
    _, error = await heard(provider, request(door.card()))
    assert isinstance(error, Unavailable)
    assert str(error) == str(listed.value)
    assert error.unbilled


@ALL_DOORS
async def test_an_authority_of_ones_own_is_named_at_the_endpoint(
    door: DoorKind, server: Loopback, ca_file: Path
) -> None:
    endpoint = door.endpoint(f"{server.url}/v1", ca_file=str(ca_file))
    provider = open_provider(endpoint)
    await provider.models()
    await draws(door, endpoint)
    await provider.aclose()


async def test_the_authority_of_an_endpoint_counts_for_its_pictures_too(
    tls_of: ssl.SSLContext, ca_file: Path
) -> None:
    shown = Reply((RED,), promised_bytes=len(RED))
    with Loopback([shown], tls_of) as server:
        endpoint = DOORS["openai_chat"].endpoint(server.url, ca_file=str(ca_file))
        assert await PictureLinks(endpoint, server.url).fetched("/x.png") == RED


async def test_a_picture_behind_a_certificate_nobody_vouches_for_says_so(
    tls_of: ssl.SSLContext,
) -> None:
    with Loopback([], tls_of) as server:
        endpoint = DOORS["openai_chat"].endpoint(server.url)
        links = PictureLinks(endpoint, server.url)
        with pytest.raises(Exception, match=r"certificate .* not trusted"):
            await fetch_picture(f"{server.url}/x.png", links.own)


@pytest.mark.parametrize(
    ("names", "until", "said"),
    [
        (("127.0.0.1",), datetime(2001, 1, 1, tzinfo=UTC), "has expired"),
        (("other.example",), None, "is another server's"),
    ],
)
async def test_what_is_wrong_with_a_certificate_is_told(
    names: tuple[str, ...],
    until: datetime | None,
    said: str,
    authority: trustme.CA,
    ca_file: Path,
) -> None:
    door = DOORS["gemini"]
    with Loopback([], tls(authority, *names, until=until)) as server:
        provider = door.opened(server.url, ca_file=str(ca_file))
        _, error = await heard(provider, request(door.card()))
    assert said in str(error)


@pytest.mark.parametrize(
    ("place", "said"),
    [("/nowhere/x.pem", "is not there"), ("x.pem", "whole path"), (__file__, "no certificate")],
)
def test_a_ca_file_of_no_use_is_named(place: str, said: str) -> None:
    for door in DOORS.values():
        with pytest.raises(ConfigError, match=said):
            door.opened("https://127.0.0.1:9", ca_file=place)
