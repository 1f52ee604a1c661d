"""A picture as the JSON of a reply holds it, in slices.

In base64 a large picture takes tens of milliseconds, in which nobody else gets a turn; so it is
encoded in a thread, a slice at a time.
"""

import asyncio
import base64
from collections.abc import Sequence

from chat.core.parts import MediaRef

SLICE_BYTES = 3 * (1 << 18)
"""Of a picture: a multiple of three, so that the slices of base64 fit each other."""


async def base64_of(data: bytes) -> list[bytes]:
    """The base64 of a picture, in slices."""
    if len(data) <= SLICE_BYTES:
        return [base64.b64encode(data)]
    return await asyncio.to_thread(_encoded, data)


def _encoded(data: bytes) -> list[bytes]:
    view = memoryview(data)
    starts = range(0, len(data), SLICE_BYTES)
    return [base64.b64encode(view[at : at + SLICE_BYTES]) for at in starts]


async def image_json(ref: MediaRef, data: bytes, index: int, offset: int) -> Sequence[bytes]:
    """An entry of ``images``, in slices of JSON.

    Args:
        ref: what the picture is.
        data: its bytes.
        index: its place among the pictures of the answer, from 0.
        offset: how many characters of the answer's words come before it.
    """
    head = f'{{"type":"image_url","index":{index},"offset":{offset},"image_url":{{"url":"data:'
    return [f"{head}{ref.mime};base64,".encode("ascii"), *await base64_of(data), b'"}}']
