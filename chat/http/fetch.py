"""The one place that follows a link: to a picture, a page or a hook that somebody named.

A link is written by whoever made the answer, so it may lead anywhere, and so may one that the user
has from somewhere. It is opened only where it leads to a trusted site, such as the endpoint's own,
or to the public internet by https, and for the user by http; the address that was
checked is the address that is connected to; every redirect is checked again. No key, cookie or
referrer goes along. A proxy that the environment names is not used: it would connect for us,
out of reach of the check.
"""

import asyncio
import socket
import ssl
import zlib
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Collection,
    Iterable,
    Mapping,
    Sequence,
)
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.message import Message
from functools import partial
from typing import Any, TypeAlias

import httpcore2
import httpx2

from chat.core.errors import ChatError, MediaRejected
from chat.http.addresses import is_public
from chat.http.transport import certificate_fault
from chat.http.unpacking import PACKINGS, Unpacking
from chat.images.formats import sniff_made
from chat.images.limits import Limits, too_large

Site: TypeAlias = tuple[str, str, int]
"""Scheme, host and port."""

Resolve: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]
"""The network addresses of a host, for a port."""

MAX_REDIRECTS = 3
LOOK_UPS_AT_ONCE = 8
"""Threads that wait for name servers, which may take much longer than anybody waits for them."""

_looking_up = ThreadPoolExecutor(LOOK_UPS_AT_ONCE, thread_name_prefix="look-up")
"""Apart from the threads that conversations are read and kept by."""
_PORTS = {"http": 80, "https": 443}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FAULTS = (
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.TimeoutException,
    OSError,  # no such host
    UnicodeError,  # no possible host
)


class NotFetched(ChatError):
    """A link was not followed, or in vain."""

    def __init__(self, rest: str) -> None:
        """Keep how a sentence goes on that begins with what the link is."""
        super().__init__(f"This is a link{rest}")
        self._rest = rest

    def told(self, beginning: str) -> str:
        """The sentence, with words of one's own at its beginning: "The picture came as a link"."""
        return f"{beginning}{self._rest}"


class TooLarge(NotFetched):
    """There is more than was wanted."""

    def __init__(self, size_bytes: int, max_bytes: int) -> None:
        """Say how much, as far as is known."""
        super().__init__("")
        self.args = (too_large(size_bytes, max_bytes),)

    def told(self, _beginning: str) -> str:
        """The sentence, which is about the file."""
        return str(self)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was at a link."""

    address: str
    """Where it was in the end, after every redirect."""
    mime: str
    """As its server says, in lower case and without parameters; empty where it says nothing."""
    charset: str
    """The same of its letters."""
    data: bytes


@dataclass(frozen=True, slots=True)
class Posted:
    """What a server answered to what it was sent."""

    status: int
    data: bytes
    """The beginning of the answer, as much as was wanted of it."""


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """How much a link may ask of this machine."""

    max_bytes: int = Limits().max_made_bytes
    """Of what it is once it is unpacked."""
    deadline_s: float = 10.0
    """For all of it, redirects and name look-ups included."""


async def look_up(host: str, port: int) -> Sequence[str]:
    """The network addresses that the system knows. Raises ``OSError``, ``UnicodeError``."""
    asked = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    found = await asyncio.get_running_loop().run_in_executor(_looking_up, asked)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a link is followed."""

    accept: str = "image/*"
    packed: bool = False
    """Whether it may come packed; pictures are packed already."""
    plain: bool = False
    """Whether the public internet is reached by http, too."""
    resolve: Resolve = look_up
    """Who is asked for the addresses of a host."""


def site_of(url: httpx2.URL) -> Site:
    """The site that an address belongs to."""
    return url.scheme, url.raw_host.decode("ascii").lower(), url.port or _PORTS.get(url.scheme, 0)


def sites_of(addresses: Iterable[str]) -> frozenset[Site]:
    """The sites of addresses that somebody has set; what is no address is none."""
    found: set[Site] = set()
    for address in addresses:
        try:
            found.add(site_of(httpx2.URL(address)))
        except httpx2.InvalidURL:
            continue
    return frozenset(found)


async def fetch_picture(
    link: str,
    own: Collection[Site] = (),
    limits: FetchLimits | None = None,
    trust: ssl.SSLContext | None = None,
) -> bytes:
    """The picture at a link, see :func:`fetch`.

    Raises:
        MediaRejected: it is not followed, or there is no picture; the sentence says why.
    """
    try:
        fetched = await fetch(link, own, limits, trust)
    except NotFetched as error:
        raise MediaRejected(error.told("The picture came as a link")) from error
    sniff_made(fetched.data)
    return fetched.data


async def fetch(
    link: str,
    own: Collection[Site] = (),
    limits: FetchLimits | None = None,
    trust: ssl.SSLContext | None = None,
    wanted: Wanted | None = None,
) -> Fetched:
    """What is at a link.

    Args:
        link: an address, from a stranger.
        own: the sites that are trusted as they are, whatever address their names have.
        limits: how long and how much.
        trust: whose certificates count at those sites; elsewhere the usual authorities do.
        wanted: what is asked for, and how.

    Raises:
        NotFetched: it is not followed, or there is nothing; the sentence says why.
    """
    limits, wanted = limits or FetchLimits(), wanted or Wanted()
    try:
        async with asyncio.timeout(limits.deadline_s):
            return await _followed(_parsed(link), own, limits, trust, wanted)
    except TimeoutError as error:
        late = f", and was not there within {limits.deadline_s:g} seconds."
        raise NotFetched(late) from error
    except _FAULTS as error:
        raise _not_opened(error) from error


async def post(
    link: str,
    body: bytes,
    own: Collection[Site] = (),
    limits: FetchLimits | None = None,
    wanted: Wanted | None = None,
) -> Posted:
    """Send a JSON text to a link, once; no redirect is followed.

    Args:
        link: an address, from a stranger.
        body: the text, in UTF-8.
        own: the sites that are trusted as they are, whatever address their names have.
        limits: how long it may take, and how much of the answer is read.
        wanted: which answers are understood, and who is asked for the addresses of a host.

    Raises:
        NotFetched: it was not sent, or nobody knows whether it arrived; the sentence says which.
    """
    limits, wanted = limits or FetchLimits(), wanted or Wanted()
    url = _parsed(link)
    _must_be_allowed(url, own, plain=wanted.plain)
    sent: dict[bytes | str, bytes | str] = {
        "content-type": "application/json",
        "content-length": str(len(body)),
    }
    try:
        async with (
            asyncio.timeout(limits.deadline_s),
            _opened("POST", url, own, wanted, headers=sent, body=body) as response,
        ):
            return Posted(response.status, await _first_of(response, limits.max_bytes))
    except (httpcore2.ConnectError, httpcore2.ConnectTimeout, OSError, UnicodeError) as error:
        # A ``TimeoutError`` is an ``OSError``; what was sent by then is not known.
        if isinstance(error, TimeoutError):
            raise NotFetched(f" that took over {limits.deadline_s:g} seconds.{_PERHAPS}") from error
        raise _not_opened(error) from error
    except _FAULTS as error:
        raise NotFetched(f" whose server broke off.{_PERHAPS}") from error


_PERHAPS = " What was sent may have arrived all the same."


def _not_opened(error: Exception) -> NotFetched:
    if certificate_fault(error) is not None:
        return NotFetched(" whose server has a certificate that is not trusted.")
    return NotFetched(" that could not be opened.")


async def _followed(
    url: httpx2.URL,
    own: Collection[Site],
    limits: FetchLimits,
    trust: ssl.SSLContext | None,
    wanted: Wanted,
) -> Fetched:
    for _ in range(MAX_REDIRECTS + 1):
        _must_be_allowed(url, own, plain=wanted.plain)
        async with _opened("GET", url, own, wanted, trust) as response:
            if response.status == 200:
                data = await _body(response, limits.max_bytes)
                return Fetched(str(url), *_content_type(response), data)
            place = _header(response, b"location")
            if response.status not in _REDIRECTS or not place:
                raise NotFetched(f", and its server answered {response.status}.")
            url = _parsed(place, after=url)
    raise NotFetched(" that leads elsewhere too often.")


@asynccontextmanager
async def _opened(
    method: str,
    url: httpx2.URL,
    own: Collection[Site],
    wanted: Wanted,
    trust: ssl.SSLContext | None = None,
    headers: Mapping[bytes | str, bytes | str] | None = None,
    body: bytes | None = None,
) -> AsyncIterator[httpcore2.Response]:
    """The answer to one request at an address that is allowed."""
    is_own = site_of(url) in own
    backend = _Checked(wanted.resolve, anywhere=is_own)
    told: dict[bytes | str, bytes | str] = {
        "host": url.netloc.decode("ascii"),
        "accept": wanted.accept,
        "accept-encoding": "gzip, deflate" if wanted.packed else "identity",
        "user-agent": "Easel",
        **(headers or {}),
    }
    async with (
        httpcore2.AsyncConnectionPool(trust if is_own else None, network_backend=backend) as pool,
        pool.stream(method, _wire_form(url), headers=told, content=body) as response,
    ):
        yield response


def _parsed(link: str, after: httpx2.URL | None = None) -> httpx2.URL:
    """The address, read by the one parser whose reading is also used to connect."""
    try:
        return httpx2.URL(link) if after is None else after.join(link)
    except httpx2.InvalidURL as error:
        raise NotFetched(" that is not a web address.") from error


def _must_be_allowed(url: httpx2.URL, own: Collection[Site], *, plain: bool) -> None:
    if url.userinfo:
        raise NotFetched(" with a name or password in it.")
    if not url.raw_host:
        raise NotFetched(" that is not a web address.")
    if site_of(url) in own:
        return
    if url.scheme not in ({"http", "https"} if plain else {"https"}):
        kinds = "http or https" if plain else "https"
        raise NotFetched(f" that is not {kinds}; it was not opened.")
    if url.port not in {None, _PORTS[url.scheme]}:
        raise NotFetched(" to an unusual port; it was not opened.")


def _wire_form(url: httpx2.URL) -> httpcore2.URL:
    return httpcore2.URL(
        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
    )


async def _body(response: httpcore2.Response, max_bytes: int) -> bytes:
    """The body, unpacked and counted while it comes."""
    stated = _header(response, b"content-length")
    if stated.isdecimal() and int(stated[:20]) > max_bytes:
        raise TooLarge(int(stated[:20]), max_bytes)
    packing = _header(response, b"content-encoding").lower()
    if packing not in {"", "identity", *PACKINGS}:
        raise NotFetched(" whose server packs it in a way that was not asked for.")
    unpacking = Unpacking(packing) if packing in PACKINGS else None
    data, came_bytes = bytearray(), 0

    def take(parts: Iterable[bytes]) -> None:
        for part in parts:
            data.extend(part)
            if len(data) > max_bytes:
                raise TooLarge(len(data), max_bytes)

    try:
        async for piece in response.aiter_stream():
            # What is packed may be without end and come to nothing.
            came_bytes += len(piece)
            if came_bytes > max_bytes:
                raise TooLarge(came_bytes, max_bytes)
            take(unpacking.feed(piece) if unpacking else (piece,))
        take(unpacking.feed(b"", final=True) if unpacking else ())
    except zlib.error as error:
        raise NotFetched(" whose content came damaged.") from error
    return bytes(data)


async def _first_of(response: httpcore2.Response, max_bytes: int) -> bytes:
    """The beginning of a body that did not ask to be packed; what follows is never read."""
    data = bytearray()
    async for piece in response.aiter_stream():
        data += piece[: max_bytes - len(data)]
        if len(data) >= max_bytes:
            break
    return bytes(data)


def _content_type(response: httpcore2.Response) -> tuple[str, str]:
    """Type and charset, as the server says."""
    read = Message()
    read["content-type"] = _header(response, b"content-type")[:200]
    named = bool(_header(response, b"content-type"))
    return read.get_content_type() if named else "", str(read.get_content_charset() or "")


def _header(response: httpcore2.Response, name: bytes) -> str:
    found = (value for key, value in response.headers if key.lower() == name)
    return next(found, b"").decode("latin-1").strip()


class _Checked(httpcore2.AsyncNetworkBackend):
    """Connects to the very address that was looked up and checked, never to a name.

    Looking up once to check and again to connect would let a name change in between.
    """

    def __init__(self, resolve: Resolve, *, anywhere: bool) -> None:
        self._resolve = resolve
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
        addresses = await self._resolve(host, port)
        if not self._anywhere and not all(is_public(address) for address in addresses):
            raise NotFetched(" into a private network; it was not opened.")
        fault: Exception = OSError("the name has no address")
        for address in addresses:
            try:
                return await self._network.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except httpcore2.ConnectError as error:
                fault = error
        raise fault
