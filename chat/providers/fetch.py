"""The one place that follows a link: to a picture that a server sent as an address.

A link is written by whoever made the answer, so it may lead anywhere. It is opened only where
it leads to the endpoint's own site or to the public internet by https; the address that was
checked is the address that is connected to; every redirect is checked again. No key, cookie or
referrer goes along. A proxy that the environment names is not used: it would connect for us,
out of reach of the check.
"""

import asyncio
import socket
import ssl
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, TypeAlias

import httpcore2
import httpx2

from chat.core.errors import MediaRejected
from chat.images.formats import sniff_made
from chat.images.limits import Limits, too_large
from chat.providers.addresses import is_public
from chat.providers.transport import certificate_fault

Site: TypeAlias = tuple[str, str, int]
"""Scheme, host and port."""

MAX_REDIRECTS = 3
_PORTS = {"http": 80, "https": 443}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HEADERS: dict[bytes | str, bytes | str] = {
    "accept": "image/*",
    "accept-encoding": "identity",
    "user-agent": "Easel",
}
_FAULTS = (
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.TimeoutException,
    OSError,  # no such host
    UnicodeError,  # no possible host
)


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """How much a link may ask of this machine."""

    max_bytes: int = Limits().max_made_bytes
    deadline_s: float = 10.0
    """For all of it, redirects and name look-ups included."""


def site_of(url: httpx2.URL) -> Site:
    """The site that an address belongs to."""
    return url.scheme, url.raw_host.decode("ascii").lower(), url.port or _PORTS.get(url.scheme, 0)


async def fetch_picture(
    link: str,
    own: Collection[Site] = (),
    limits: FetchLimits | None = None,
    trust: ssl.SSLContext | None = None,
) -> bytes:
    """The picture at a link.

    Args:
        link: an address, from a stranger.
        own: the sites that are trusted as they are, whatever address their names have.
        limits: how long and how much.
        trust: whose certificates count at those sites; elsewhere the usual authorities do.

    Raises:
        MediaRejected: it is not followed, or there is no picture; the sentence says why.
    """
    limits = limits or FetchLimits()
    try:
        async with asyncio.timeout(limits.deadline_s):
            data = await _followed(_parsed(link), own, limits, trust)
    except TimeoutError as error:
        raise MediaRejected(
            f"The picture came as a link, and was not there within {limits.deadline_s:g} seconds."
        ) from error
    except _FAULTS as error:
        if certificate_fault(error) is not None:
            raise MediaRejected(
                "The picture came as a link whose server has a certificate that is not trusted."
            ) from error
        raise MediaRejected("The picture came as a link that could not be opened.") from error
    sniff_made(data)
    return data


async def _followed(
    url: httpx2.URL, own: Collection[Site], limits: FetchLimits, trust: ssl.SSLContext | None
) -> bytes:
    for _ in range(MAX_REDIRECTS + 1):
        _must_be_allowed(url, own)
        is_own = site_of(url) in own
        context = trust if is_own else None
        backend = _Checked(anywhere=is_own)
        async with (
            httpcore2.AsyncConnectionPool(context, network_backend=backend) as pool,
            pool.stream(
                "GET", _wire_form(url), headers={**_HEADERS, "host": url.netloc.decode("ascii")}
            ) as response,
        ):
            if response.status == 200:
                return await _body(response, limits.max_bytes)
            place = _header(response, b"location")
            if response.status not in _REDIRECTS or not place:
                raise MediaRejected(
                    "The picture came as a link, and its server answered "
                    f"{response.status} instead of a picture."
                )
            url = _parsed(place, after=url)
    raise MediaRejected("The picture came as a link that leads elsewhere too often.")


def _parsed(link: str, after: httpx2.URL | None = None) -> httpx2.URL:
    """The address, read by the one parser whose reading is also used to connect."""
    try:
        return httpx2.URL(link) if after is None else after.join(link)
    except httpx2.InvalidURL as error:
        raise MediaRejected("The picture came as a link that is not a web address.") from error


def _must_be_allowed(url: httpx2.URL, own: Collection[Site]) -> None:
    if url.userinfo:
        raise MediaRejected("The picture came as a link with a name or password in it.")
    if not url.raw_host:
        raise MediaRejected("The picture came as a link that is not a web address.")
    if site_of(url) in own:
        return
    if url.scheme != "https":
        raise MediaRejected("The picture came as a link that is not https; it was not opened.")
    if url.port not in {None, 443}:
        raise MediaRejected("The picture came as a link to an unusual port; it was not opened.")


def _wire_form(url: httpx2.URL) -> httpcore2.URL:
    return httpcore2.URL(
        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
    )


async def _body(response: httpcore2.Response, max_bytes: int) -> bytes:
    """The body, counted while it comes."""
    stated = _header(response, b"content-length")
    if stated.isdecimal() and int(stated[:20]) > max_bytes:
        raise MediaRejected(too_large(int(stated[:20]), max_bytes))
    data = bytearray()
    async for piece in response.aiter_stream():
        data += piece
        if len(data) > max_bytes:
            raise MediaRejected(too_large(len(data), max_bytes))
    return bytes(data)


def _header(response: httpcore2.Response, name: bytes) -> str:
    found = (value for key, value in response.headers if key.lower() == name)
    return next(found, b"").decode("latin-1").strip()


class _Checked(httpcore2.AsyncNetworkBackend):
    """Connects to the very address that was looked up and checked, never to a name.

    Looking up once to check and again to connect would let a name change in between.
    """

    def __init__(self, *, anywhere: bool) -> None:
        self._anywhere = anywhere
        self._network = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # the port of the library
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Connect; TLS still asks for a certificate of the name."""
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if not self._anywhere and not all(is_public(address) for address in addresses):
            raise MediaRejected(
                "The picture came as a link into a private network; it was not opened."
            )
        fault: Exception = OSError("the name has no address")
        for address in addresses:
            try:
                return await self._network.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except httpcore2.ConnectError as error:
                fault = error
        raise fault
