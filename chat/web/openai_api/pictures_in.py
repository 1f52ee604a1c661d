"""The pictures of a request: data URLs, and addresses in the web that it names."""

import asyncio
from collections.abc import Collection

from chat.core.errors import MediaRejected
from chat.core.parts import ImageOrigin, MediaRef
from chat.core.rights import ALL_RIGHTS, Rights
from chat.images.dataurl import is_data_url, read_data_url
from chat.images.limits import Limits
from chat.providers.shared.http.set_aside import whole
from chat.turns.held_pictures import HeldPictures
from chat.turns.picture_address import picture_at
from chat.web.concurrency_limiter import ConcurrencyLimiter

MAX_PICTURES = 64
"""Of one request, its history included, each counted once."""

MAX_FETCHED = 10
"""Of one request, from the web."""

FETCHES_AT_ONCE = 3
FETCHES_WAITING = 15
PATIENCE_S = 120.0

_fetching = ConcurrencyLimiter(FETCHES_AT_ONCE, FETCHES_WAITING, PATIENCE_S)


class PicturesIn:
    """Takes in the pictures of one request, each once."""

    def __init__(
        self, held: HeldPictures, sites: Collection[str], rights: Rights = ALL_RIGHTS
    ) -> None:
        """Hold what is taken there. ``sites`` are those inside the network that the host trusts.

        ``rights`` are those of who sent the request.
        """
        self.rights = rights
        self._held = held
        self._sites = sites
        self._known: dict[str, MediaRef] = {}
        self._fetched = 0

    async def take(self, address: str, origin: ImageOrigin) -> MediaRef:
        """The picture of a data URL, or at an address in the web.

        Raises:
            Busy: too many others fetch pictures.
            CapabilityError: whoever sent the request may add none.
            MediaRejected: it is none that Easel takes, cannot be had, or is one too many.
        """
        self.rights.must_upload()
        known = self._known.get(address)
        if known is None:
            if len(self._known) >= MAX_PICTURES:
                raise MediaRejected(f"A request has at most {MAX_PICTURES} pictures.")
            known = self._known[address] = await self._taken(address, origin)
        return known

    async def _taken(self, address: str, origin: ImageOrigin) -> MediaRef:
        if is_data_url(address):
            most_bytes = Limits().most_bytes(origin)
            data = await asyncio.to_thread(read_data_url, address, most_bytes)
            return await self._held.take(whole(data), origin)
        self._fetched += 1
        if self._fetched > MAX_FETCHED:
            raise MediaRejected(f"A request has at most {MAX_FETCHED} pictures of the web.")
        async with _fetching:
            data = await picture_at(address, self._sites)
        return await self._held.take(data, origin)
