"""A picture of the web that the user wants: fetched because they said so, and not before."""

from collections.abc import Collection

from chat.core.errors import MediaRejected
from chat.http.fetch import FetchLimits, NotFetched, Wanted, fetch, sites_of
from chat.images.limits import Limits

DEADLINE_S = 20.0


async def picture_at(address: str, sites: Collection[str] = ()) -> bytes:
    """What is at an address, as it came; whether it is a picture is seen when it is taken in.

    Args:
        address: from the user, who has it from anywhere.
        sites: the addresses of sites that the host trusts, such as one inside their network;
            elsewhere only the public internet is reached.

    Raises:
        MediaRejected: nothing was fetched; the sentence says why.
    """
    limits = FetchLimits(Limits().max_bytes, DEADLINE_S)
    try:
        wanted = Wanted(plain=True)
        fetched = await fetch(address.strip(), sites_of(sites), limits, wanted=wanted)
    except NotFetched as error:
        raise MediaRejected(str(error)) from error
    return fetched.data
