"""Pictures as small as a row of the list shows them, made of their thumbnails.

A thumbnail has sixty times the pixels of a tile, and a list has fifty tiles. A browser keeps what
it was given for good, so few are asked for twice, and what was made last is kept here.
"""

import logging
from collections import OrderedDict

from chat.core.errors import ChatError
from chat.images.edits import ImageEditing

SIDE_PX = 96
"""Three times what a row shows, for screens that have so many pixels."""
KEPT = 500
"""Of some 3 kB each."""

log = logging.getLogger(__name__)


class Tiles:
    """Makes them, and keeps those of last."""

    def __init__(self, editor: ImageEditing) -> None:
        self._editor = editor
        self._kept: OrderedDict[str, bytes] = OrderedDict()

    async def of(self, sha256: str, thumbnail: bytes) -> bytes:
        """A WebP of a picture that whoever asks may see; its thumbnail where none can be made."""
        tile = self._kept.pop(sha256, b"")
        if not tile:
            try:
                tile = await self._editor.thumbnail(thumbnail, SIDE_PX)
            except ChatError as error:
                log.warning("the tile of %s could not be made: %s", sha256, error)
                return thumbnail
        self._kept[sha256] = tile
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return tile
