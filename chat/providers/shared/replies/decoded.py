"""Pictures that came as text: base64 alone, or a data URL around it."""

from chat.core.errors import MediaRejected
from chat.images.dataurl import is_data_url, read_data_url
from chat.images.formats import sniff_made
from chat.images.limits import Limits

MAX_PICTURE_BYTES = Limits().max_made_bytes
"""More is refused before it is decoded; who stores the picture may allow less."""


def decoded_picture(text: str) -> bytes:
    """The bytes, whatever they are.

    Raises:
        MediaRejected: it is no base64, or too much.
    """
    url = text if is_data_url(text) else f"data:;base64,{text}"
    return read_data_url(url, MAX_PICTURE_BYTES)


def is_picture(data: bytes) -> bool:
    """Whether bytes begin like a picture that Easel opens."""
    try:
        sniff_made(data)
    except MediaRejected:
        return False
    return True
