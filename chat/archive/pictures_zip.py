"""Pictures of the library as one zip: the exact files, under telling names, one at a time."""

import asyncio
from collections.abc import AsyncGenerator, Sequence

from chat.archive.exporting import Exported, stored_picture
from chat.archive.names import picture_name
from chat.archive.zip_stream import ZipStream
from chat.core.errors import NotFound
from chat.core.ports import Conversations, LibraryPicture, LibraryQuery
from chat.turns.pictures import Pictures

MISSING = "missing.txt"
"""Names what was asked for and is lost."""


async def pictures_zip(
    conversations: Conversations, pictures: Pictures, owner: str, shas: Sequence[str]
) -> Exported:
    """A zip of pictures, in this order.

    Raises:
        NotFound: none of them is there.
    """
    asked = tuple(dict.fromkeys(shas))
    query = LibraryQuery(only=asked)
    found = await asyncio.to_thread(conversations.library, owner, query, len(asked))
    if not found.pictures:
        raise NotFound("None of these pictures is there any more.")
    count = len(found.pictures)
    name = "1 picture" if count == 1 else f"{count} pictures"
    return Exported(f"{name}.zip", _zipped(pictures, owner, found.pictures))


async def _zipped(
    pictures: Pictures, owner: str, found: Sequence[LibraryPicture]
) -> AsyncGenerator[bytes, None]:
    stream = ZipStream()
    missing: list[str] = []
    for number, picture in enumerate(found, 1):
        stem = picture_name(number, len(found), picture.prompt or picture.image.alt)
        try:
            _, pieces = await stored_picture(
                pictures, owner, picture.image.media.sha256, stream, stem
            )
        except NotFound:
            missing.append(f"{stem}\n")
            continue
        for piece in pieces:
            yield piece
    if missing:
        for piece in stream.deflated(MISSING, ["The files of these are lost:\n", *missing]):
            yield piece
    for piece in stream.end():
        yield piece
