"""Pictures as data URLs, encoded once and kept while there is room.

A history is sent again with every question; without this, so would be the encoding.
"""

from chat.core.parts import MediaRef
from chat.core.recent import Recent
from chat.images.dataurl import write_data_url

MAX_CHARS = 64_000_000


class EncodedPictures:
    """Data URLs by sha256, the longest unused forgotten first."""

    def __init__(self, max_chars: int = MAX_CHARS) -> None:
        self._urls = Recent[str, str](max_chars)

    def url(self, media: MediaRef, data: bytes) -> str:
        """The data URL of a picture."""
        known = self._urls.get(media.sha256)
        if known is not None:
            return known
        url = write_data_url(data, media.mime)
        self._urls.keep(media.sha256, url, len(url))
        return url
