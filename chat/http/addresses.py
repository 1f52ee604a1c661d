"""Which network addresses a stranger's link may lead to: the public internet and nothing else.

Pure arithmetic: no name is looked up and nothing is connected to. An address that carries
another one inside it (mapped, translated, tunnelled) is refused whatever it carries, because
who unwraps it is not us.
"""

import ipaddress

_REFUSED = tuple(
    ipaddress.ip_network(network)
    for network in (
        "100.64.0.0/10",  # behind a carrier's NAT, and inside some clouds
        "192.0.0.0/24",  # protocol assignments
        "192.88.99.0/24",  # relays of 6to4
        "64:ff9b::/96",  # NAT64: an IPv4 address inside
        "64:ff9b:1::/48",  # the same, of a local network
        "2001::/23",  # protocol assignments, and Teredo (2001::/32) among them
        "2002::/16",  # 6to4: an IPv4 address inside
        "3fff::/20",  # documentation
    )
)
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
"""All of IPv6 that has been given out; ``is_global`` alone lets unassigned forms pass."""


def is_public(address: str) -> bool:
    """Whether an address, as a resolver writes it, is one of the public internet.

    Source: the IANA special-purpose registries of IPv4 and IPv6 (2026-11-21).
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if not found.is_global or found.is_multicast or found.is_reserved:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found not in _GLOBAL_UNICAST:
        return False
    return not any(found in network for network in _REFUSED)
