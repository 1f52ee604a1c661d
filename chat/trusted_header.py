"""What a proxy in front says of who asks, in which header, and from where it is believed.

Of ``EASEL_LOGIN=header``; read from the environment.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from chat.core.errors import ConfigError

HEADER = "Remote-User"
NAMES = (
    "EASEL_LOGIN_PROXIES",
    "EASEL_LOGIN_HEADER",
    "EASEL_LOGIN_TITLE_HEADER",
    "EASEL_LOGIN_GROUPS_HEADER",
    "EASEL_LOGIN_LEAVE",
    "EASEL_ADMINISTRATORS",
    "EASEL_ADMINISTRATOR_GROUPS",
    "EASEL_MANAGER_GROUPS",
)
"""Of the environment; each means something with ``EASEL_LOGIN=header`` alone."""

_TAKEN = re.compile(
    r"host|origin|referer|cookie|authorization|connection|upgrade|content-.*|sec-.*|accept.*"
    r"|forwarded|x-forwarded-(for|proto|host|port|prefix)|x-real-ip|user-agent"
)
"""Headers that browsers and proxies write themselves, and that mean something else."""


@dataclass(frozen=True, slots=True)
class TrustedHeader:
    """What such a proxy says, and from where it is believed."""

    proxies: tuple[IPv4Network | IPv6Network, ...]
    """The addresses that the connections of the proxy come from."""
    header: str = HEADER.lower()
    """Names of headers are in lower case here. This one holds the name of who asks."""
    title_header: str = ""
    """What they are called; empty: their name."""
    groups_header: str = ""
    """The groups that they are in, with commas between; empty: that is not told."""
    administrators: frozenset[str] = frozenset()
    """Names of those who look after the others, in lower case."""
    administrator_groups: frozenset[str] = frozenset()
    """Groups of such; then they alone decide it, and the names above."""
    manager_groups: frozenset[str] = frozenset()
    """Groups of those who look after users; then groups alone decide that, too."""
    leave: str = ""
    """Where one signs out: a path of the site, or an address."""

    def believes(self, address: str) -> bool:
        """Whether a connection from this address is the proxy's."""
        try:
            found = ip_address(address.partition("%")[0])
        except ValueError:
            return False
        if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        return any(found in proxies for proxies in self.proxies)


def read_trusted_header(environ: Mapping[str, str]) -> TrustedHeader:
    """From the environment. Raises ``ConfigError``."""
    said = {name: environ.get(name, "").strip() for name in NAMES}
    groups_header = _header("EASEL_LOGIN_GROUPS_HEADER", said)
    administrator_groups = frozenset(_listed(said["EASEL_ADMINISTRATOR_GROUPS"]))
    manager_groups = frozenset(_listed(said["EASEL_MANAGER_GROUPS"]))
    if (administrator_groups or manager_groups) and not groups_header:
        name = "EASEL_ADMINISTRATOR_GROUPS" if administrator_groups else "EASEL_MANAGER_GROUPS"
        raise ConfigError(
            f"{name} needs EASEL_LOGIN_GROUPS_HEADER: the header in which the proxy tells the "
            "groups of who asks."
        )
    leave = said["EASEL_LOGIN_LEAVE"]
    if leave and not re.fullmatch(r"(https?://[^/\s\\]+|(?=/))(/(?![/\\])[^\s\\]*)?", leave):
        raise ConfigError(
            "EASEL_LOGIN_LEAVE is where the proxy signs people out: a path such as "
            "/oauth2/sign_out, or an address that begins with https://."
        )
    return TrustedHeader(
        _proxies(said["EASEL_LOGIN_PROXIES"]),
        _header("EASEL_LOGIN_HEADER", said) or HEADER.lower(),
        _header("EASEL_LOGIN_TITLE_HEADER", said),
        groups_header,
        frozenset(each.lower() for each in _listed(said["EASEL_ADMINISTRATORS"])),
        administrator_groups,
        manager_groups,
        leave,
    )


def _proxies(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    if not text:
        raise ConfigError(
            "EASEL_LOGIN=header believes a proxy who asks, and needs EASEL_LOGIN_PROXIES: the "
            "addresses that its connections come from, such as 127.0.0.1 or 10.0.0.0/24."
        )
    found: list[IPv4Network | IPv6Network] = []
    for each in _listed(text):
        try:
            network = ip_network(each)
        except ValueError as error:
            raise ConfigError(
                f"EASEL_LOGIN_PROXIES is a list of addresses and networks, and {each[:50]!r} is "
                "neither."
            ) from error
        if network.prefixlen == 0:
            raise ConfigError(
                f"EASEL_LOGIN_PROXIES has {each}, which is everybody: whoever reaches the port "
                "could be anyone. Name the addresses of the proxy."
            )
        found.append(network)
    return tuple(found)


def _header(name: str, said: Mapping[str, str]) -> str:
    header = said[name].lower()
    if header and (not re.fullmatch(r"[a-z0-9-]{1,100}", header) or _TAKEN.fullmatch(header)):
        raise ConfigError(
            f"{name} is the name of a header of the proxy's own, such as {HEADER}, not "
            f"{header[:50]!r}."
        )
    return header


def _listed(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (each.strip() for each in text.split(","))))
