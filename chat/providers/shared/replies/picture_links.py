"""Pictures that a server sent as an address: which of them are opened, and what comes of it.

A wire that draws sends nothing but pictures, so its links lead to what was asked for. In a
conversation a link may be anybody's, and whoever wrote it would learn who reads it, and when: there
only the endpoint's own site and those of its option ``picture_sites`` are opened.
"""

from collections.abc import AsyncGenerator, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import httpx2

from chat.core.bounds import MAX_LINKS
from chat.core.errors import BadReply, ConfigError, MediaRejected
from chat.core.events import ProviderEvent
from chat.core.models import Endpoint
from chat.http.fetch import Site, fetch_picture, site_of
from chat.http.transport import trusted

_MAX_CHARS = 2_000


@dataclass(frozen=True, slots=True)
class Link:
    """A picture that was sent as an address."""

    address: str
    alt: str = ""
    words: str = ""
    """What stood in its place among words, and stays there where it is not opened."""


class Opener(Protocol):
    """A reply that is told what became of its links."""

    def fetched(self, link: Link, data: bytes) -> Iterator[ProviderEvent]:
        """What a picture behind a link adds."""
        ...

    def unfetched(self, link: Link, refusal: MediaRejected) -> Iterator[ProviderEvent]:
        """What stands where a link was opened in vain."""
        ...


class PictureLinks:
    """The links of one endpoint."""

    def __init__(self, endpoint: Endpoint, base_url: str) -> None:
        """Trust the endpoint's own site and those it lists.

        Raises:
            ConfigError: a site of the option ``picture_sites`` is not a web address.
        """
        self.title = endpoint.title
        self._base = httpx2.URL(base_url) if base_url else None
        own = set() if self._base is None else {site_of(self._base)}
        self._trust = trusted(endpoint)
        self.own: frozenset[Site] = frozenset(own | _picture_sites(endpoint))

    def whole(self, address: str) -> str:
        """The address, one that begins with a slash with the endpoint's site before it."""
        if self._base is None or not address.startswith("/"):
            return address
        try:
            return str(self._base.join(address))
        except httpx2.InvalidURL:
            return address

    def trusts(self, address: str) -> bool:
        """Whether an address leads to one of the endpoint's sites."""
        if len(address) > _MAX_CHARS:
            return False
        try:
            url = httpx2.URL(self.whole(address))
        except (httpx2.InvalidURL, TypeError, ValueError):
            return False
        return bool(url.raw_host) and not url.userinfo and site_of(url) in self.own

    async def fetched(self, address: str) -> bytes:
        """The picture at an address.

        Raises:
            MediaRejected: it is not followed, or there is no picture; the sentence says why.
        """
        return await fetch_picture(self.whole(address), self.own, trust=self._trust)


class LinksOfReply:
    """Opens the links of one reply."""

    def __init__(self, links: PictureLinks) -> None:
        """Begin a reply, whose links are counted."""
        self._links = links
        self._count = 0

    async def opened(
        self, found: Iterable[ProviderEvent | Link], reply: Opener
    ) -> AsyncGenerator[ProviderEvent, None]:
        """The events, pictures behind links fetched at once: a link is never kept.

        Raises:
            BadReply: it has more links than one reply may have.
        """
        for item in found:
            if not isinstance(item, Link):
                yield item
                continue
            self._count += 1
            if self._count > MAX_LINKS:
                raise BadReply(
                    f"{self._links.title} sent more than {MAX_LINKS} pictures as links. What had "
                    "arrived is kept."
                )
            try:
                data = await self._links.fetched(item.address)
            except MediaRejected as refusal:
                for event in reply.unfetched(item, refusal):
                    yield event
            else:
                for event in reply.fetched(item, data):
                    yield event


def is_address(value: str) -> bool:
    """Whether a text that stands for a picture is its web address, and no data URL or base64."""
    start = value.lstrip()[:40].lower()
    if start.startswith(("http://", "https://")) or "://" in start:
        return True
    return start.startswith("/") and len(value) < _MAX_CHARS and not start.startswith("/9j/")


def not_opened(address: str) -> str:
    """The remark on a link that is not opened; as code, which no renderer makes a link of."""
    return f"\n\n[A picture was sent as a link, which Easel does not open: `{_shown(address)}`]\n\n"


def not_there(address: str, refusal: MediaRejected) -> str:
    """The remark on a link that was opened in vain."""
    return f"\n\n[{refusal} `{_shown(address)}`]\n\n"


def _shown(address: str) -> str:
    return "".join(c for c in address[:_MAX_CHARS] if c.isprintable() and c != "`")


def _picture_sites(endpoint: Endpoint) -> set[Site]:
    """Sites whose links are opened like the endpoint's own: a drawing server behind a proxy."""
    listed = endpoint.options.get("picture_sites", [])
    try:
        sites = {site_of(httpx2.URL(address)) for address in listed}
    except (httpx2.InvalidURL, TypeError) as error:
        raise _no_site(endpoint) from error
    if not all(scheme in {"http", "https"} and host for scheme, host, _ in sites):
        raise _no_site(endpoint)
    return sites


def _no_site(endpoint: Endpoint) -> ConfigError:
    return ConfigError(f"The picture_sites of {endpoint.title} must be a list of web addresses.")
