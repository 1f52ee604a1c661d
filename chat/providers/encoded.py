"""Pictures as data URLs, encoded once and kept while there is room.

A history is sent again with every question; without this, so would be the encoding.
"""

from collections import OrderedDict

from chat.core.parts import MediaRef
from chat.images.dataurl import write_data_url

MAX_CHARS = 64_000_000


class EncodedPictures:
    """Data URLs by sha256, the longest unused forgotten first."""

    def __init__(self, max_chars: int = MAX_CHARS) -> None:
        self._max_chars = max_chars
        self._urls: OrderedDict[str, str] = OrderedDict()
        self._chars = 0

    def url(self, media: MediaRef, data: bytes) -> str:
        """The data URL of a picture."""
        known = self._urls.get(media.sha256)
        if known is not None:
            self._urls.move_to_end(media.sha256)
            return known
        url = write_data_url(data, media.mime)
        if len(url) <= self._max_chars:
            self._urls[media.sha256] = url
            self._chars += len(url)
            while self._chars > self._max_chars:
                _, forgotten = self._urls.popitem(last=False)
                self._chars -= len(forgotten)
        return url
