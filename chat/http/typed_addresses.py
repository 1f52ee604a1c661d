"""Whether a person may have Easel send requests to an address that was typed into a page."""

import asyncio
import ipaddress
import socket
from urllib.parse import urlsplit

from chat.http.addresses import is_public

NO_SERVER = "That address belongs to the network itself, and no model answers there."
INSIDE = (
    "That address is inside the network of this Easel, which is open to others than its owner. The "
    "host can set such a server up in models.toml."
)
PLAIN = "Give an address that begins with https://: the key would be seen on its way."


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
