"""How often something was tried lately: with a wrong phrase, a wrong password, by an address.

Kept in memory: after a restart everybody begins anew.
"""

from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

from starlette.types import Scope

TRIES = 10
WITHIN_S = 300.0
"""So many wrong phrases an address may try within so many seconds."""

MOST = 200
"""More than any limit; of each name so many moments are kept."""

REMEMBERED = 10_000
"""Names whose tries are kept; the oldest make room."""


class Attempts:
    """Tries by name, within a while."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """``clock`` gives seconds."""
        self._clock = clock
        self._at_s: OrderedDict[str, list[float]] = OrderedDict()

    def exhausted(self, name: str, most: int = TRIES) -> bool:
        """Whether under this name there were as many as there may be."""
        now_s = self._clock()
        recent = [at_s for at_s in self._at_s.get(name, []) if now_s - at_s < WITHIN_S]
        return len(recent) >= most

    def count(self, name: str) -> None:
        """One more."""
        self._at_s[name] = [*self._at_s.pop(name, []), self._clock()][-MOST:]
        while len(self._at_s) > REMEMBERED:
            self._at_s.popitem(last=False)

    def take_back(self, name: str) -> None:
        """One less: it was right."""
        counted = self._at_s.get(name)
        if counted:
            counted.pop()

    def forget(self, name: str) -> None:
        """None, under this name."""
        self._at_s.pop(name, None)


def address_of(scope: Scope) -> str:
    """Whose address it is; of IPv6 the network, for a home has as many addresses as it likes."""
    client = str((scope.get("client") or ("",))[0])
    try:
        found = ip_address(client.partition("%")[0])
    except ValueError:
        return client
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or found.exploded[:19])
    return str(found)
