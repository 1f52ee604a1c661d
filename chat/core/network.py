"""How connections leave this machine: through which proxy, and whose certificates are believed.

A value without any reading: :mod:`chat.network` makes it of the environment.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

IpNetwork: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy, and the variable that names it."""

    variable: str
    url: str = field(repr=False)
    """Whole and normalised; it may hold a password."""


@dataclass(frozen=True, slots=True)
class Exemption:
    """One entry of NO_PROXY: either a name with all that ends in it, or a network of addresses."""

    name: str = ""
    """Lower case, without a dot before it; ``*`` is everything."""
    network: IpNetwork | None = None
    port: int | None = None
    """Only this port; ``None`` is all of them."""

    def covers(self, host: str, port: int) -> bool:
        """Whether a server is meant."""
        if self.port not in {None, port}:
            return False
        address = _address(host)
        if self.network is not None:
            return address is not None and address in self.network
        if self.name == "*":
            return True
        return address is None and (host == self.name or host.endswith(f".{self.name}"))


@dataclass(frozen=True, slots=True)
class Network:
    """What the environment says of connections."""

    proxies: Mapping[str, Proxy] = field(default_factory=dict)
    """By the scheme of the address that is called, ``http`` or ``https``, or ``all``."""
    exempt: tuple[Exemption, ...] = ()
    ca_file: str = ""
    """Authorities to believe in place of the system's, as one file of PEM."""
    ca_dir: str = ""
    """The same as a folder, or several with the system's separator; only without ``ca_file``."""

    def proxy_for(self, scheme: str, host: str, port: int) -> Proxy | None:
        """The proxy through which to call a server, if any. This machine is called directly."""
        host = host.lower().strip("[]").rstrip(".")
        if is_loopback(host) or any(entry.covers(host, port) for entry in self.exempt):
            return None
        return self.proxies.get(scheme) or self.proxies.get("all")


def is_loopback(host: str) -> bool:
    """Whether a host, as an address writes it without brackets, is this machine."""
    address = _address(host)
    if address is None:
        return host == "localhost" or host.endswith(".localhost")
    mapped = getattr(address, "ipv4_mapped", None) or address
    return bool(mapped.is_loopback or mapped.is_unspecified)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None
