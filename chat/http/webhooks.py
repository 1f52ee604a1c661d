"""The hooks of other programs that tools may call: those that the host has listed, no others."""

import re
from collections.abc import Mapping, Sequence

import httpx2

from chat.core.errors import ConfigError, ToolFailed
from chat.http.fetch import (
    FetchLimits,
    NotFetched,
    Posted,
    Resolve,
    Wanted,
    look_up,
    post,
    site_of,
    sites_of,
)

VARIABLE = "EASEL_WEBHOOK_HOSTS"
LIMITS = FetchLimits(max_bytes=16_000, deadline_s=20.0)
MAX_ADDRESS_CHARS = 2_000
_HOST = re.compile(r"(?=.{1,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}")
_SITE = re.compile(r"https?://[^/?#@\s]+/?")


class Webhooks:
    """Sends JSON to hooks of listed hosts."""

    def __init__(self, listed: Sequence[str], resolve: Resolve = look_up) -> None:
        """Reach these and nothing else.

        Args:
            listed: names of hosts, which are reached by https on the public internet; and whole
                addresses of sites, which are reached wherever they are.
            resolve: who is asked for the addresses of a host.
        """
        self._sites = sites_of(site for site in listed if "://" in site)
        self._hosts = frozenset(host for host in listed if "://" not in host)
        self._wanted = Wanted("application/json, text/*;q=0.9", resolve=resolve)
        self.listed = tuple(listed)
        """The hosts, as people read them."""

    async def call(self, address: str, body: str) -> Posted:
        """Send a JSON text to an address, once, and give the beginning of the answer.

        Raises:
            ToolFailed: it is not on the list, or not reached; the sentence says what is known.
        """
        if len(address) > MAX_ADDRESS_CHARS or not self._is_listed(address):
            raise ToolFailed(
                "This address is not on the list of this Easel, so nothing was sent. "
                f"There are hooks at {', '.join(self.listed)}."
            )
        try:
            return await post(address, body.encode(), self._sites, LIMITS, self._wanted)
        except NotFetched as error:
            raise ToolFailed(error.told("The hook is a link")) from error

    def _is_listed(self, address: str) -> bool:
        try:
            url = httpx2.URL(address)
        except httpx2.InvalidURL:
            return False
        if url.userinfo:
            return False
        site = site_of(url)
        return site in self._sites or (site[0] == "https" and site[1] in self._hosts)


def read_webhooks(environ: Mapping[str, str]) -> Webhooks | None:
    """The hooks of ``EASEL_WEBHOOK_HOSTS``; ``None``: there are none.

    Raises:
        ConfigError: an entry that is neither a name of a host nor the address of a site.
    """
    listed = [each.strip().lower() for each in environ.get(VARIABLE, "").split(",")]
    listed = [each for each in listed if each]
    for each in listed:
        if not (_HOST.fullmatch(each) or (_SITE.fullmatch(each) and sites_of([each]))):
            raise ConfigError(
                f"{VARIABLE} holds {each!r}, which is neither a host such as hooks.example.com "
                "nor a site such as http://127.0.0.1:5678."
            )
    return Webhooks(listed) if listed else None
