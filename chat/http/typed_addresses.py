"""Addresses that were typed into a page: completed, tried otherwise, and whether they may be asked.

What people type is often what they read elsewhere: without its scheme, without the version of its
API, or with the route of a call behind it.
"""

import asyncio
import ipaddress
import re
import socket
from urllib.parse import urlsplit

from chat.http.addresses import is_public

NO_SERVER = "That address belongs to the network itself, and no model answers there."
INSIDE = (
    "That address is inside the network of this Easel, which is open to others than its owner. The "
    "host can set such a server up in models.toml."
)
PLAIN = "Give an address that begins with https://: the key would be seen on its way."

_ROUTES = re.compile(r"/(?:chat/completions|completions|responses|models|images/generations)$")
_VERSION = re.compile(r"/v\d\w*$")
_INSIDE = ("localhost", ".localhost", ".local", ".lan", ".internal", ".home.arpa")


def completed(address: str) -> str:
    """An address with its scheme: ``http`` for this machine and its network, else ``https``."""
    address = address.strip()
    if not address or "://" in address or any(map(str.isspace, address)):
        return address
    address = address.removeprefix("//")
    try:
        host = urlsplit(f"//{address}").hostname or ""
    except ValueError:
        return address
    named = "." not in host or host.endswith(_INSIDE)
    inside = not is_public(host) if _is_address(host) else named
    return f"{'http' if inside else 'https'}://{address}" if host else address


def other_addresses(address: str, version_path: str) -> list[str]:
    """What an address may have been meant as under which there is no list of models, best first.

    Args:
        address: as it was asked.
        version_path: begins the routes of such a server, such as ``/v1``; empty: nothing does.
    """
    place = urlsplit(address)
    whole = place.path.rstrip("/")
    path = _ROUTES.sub("", whole)
    found = [path] if path != whole else []
    if version_path and not _VERSION.search(path):
        found.append(path + version_path)
    return [place._replace(path=each, query="", fragment="").geturl() for each in found]


async def refusal(address: str, *, private: bool) -> str:
    """Why not, in a sentence; empty: it may.

    Args:
        address: a web address that is well formed.
        private: whether servers on this machine and inside its network may be named, as the owner
            of the machine may.
    """
    place = urlsplit(address)
    host = place.hostname or ""
    found = [host] if _is_address(host) else await _resolved(host, place.port or 443)
    if any(_is_of_the_network(each) for each in found):
        return NO_SERVER
    if private:
        return ""
    if place.scheme != "https":
        return PLAIN
    return "" if all(map(is_public, found)) else INSIDE


async def _resolved(host: str, port: int) -> list[str]:
    """Where a name leads; none where that is unknown here: asking says so, or a proxy knows."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [str(each[4][0]) for each in found]


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_of_the_network(address: str) -> bool:
    """Link-local, multicast and unspecified addresses: metadata services of clouds among them."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None) or found
    return bool(mapped.is_link_local or mapped.is_multicast or mapped.is_unspecified)
