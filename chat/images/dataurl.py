"""Pictures in ``data:`` URLs: a tolerant reader, a strict writer.

Senders forget padding, use the URL-safe alphabet, wrap lines, escape characters and misname
types. All that is read. The stated type is never believed: whoever admits the bytes looks
at them.
"""

import base64
import binascii
from urllib.parse import unquote_to_bytes

from chat.core.errors import MediaRejected
from chat.images.limits import too_large

_SCHEME = "data:"
_WHITESPACE = b" \t\n\r\f"
_XML = ("<", "%3c")
_TO_STANDARD = bytes.maketrans(b"-_", b"+/")


def is_data_url(text: str) -> bool:
    """Whether the text claims to be a data URL."""
    return text[:64].lstrip()[: len(_SCHEME)].lower() == _SCHEME


def write_data_url(data: bytes, mime: str) -> str:
    """A data URL with padded standard base64."""
    return f"data:{mime};base64,{base64.b64encode(data).decode('ascii')}"


def read_data_url(text: str, max_bytes: int) -> bytes:
    """The bytes inside a data URL.

    Raises:
        MediaRejected: it is none, it holds no base64, or more than ``max_bytes``.
    """
    if not is_data_url(text):
        raise MediaRejected("This is not a picture in a data URL.")
    # Four characters for three bytes, each at worst written as three: anything longer is
    # refused before it is copied even once.
    if len(text) > 4 * max_bytes + 4096:
        raise MediaRejected(too_large(len(text) // 4, max_bytes))
    head, comma, payload = text.partition(",")
    if not comma:
        raise MediaRejected(_GARBLED)
    if is_data_url(payload):  # some relays write the head twice
        head, comma, payload = payload.partition(",")
    if "base64" not in head.lower() and payload[:80].lstrip().lower().startswith(_XML):
        return unquote_to_bytes(payload)  # a drawing as text
    try:
        escaped = payload.encode("ascii")
    except UnicodeEncodeError as error:
        raise MediaRejected(_GARBLED) from error
    plain = unquote_to_bytes(escaped) if b"%" in escaped else escaped
    digits = plain.translate(_TO_STANDARD, _WHITESPACE).rstrip(b"=")
    if len(digits) * 3 // 4 > max_bytes:
        raise MediaRejected(too_large(len(digits) * 3 // 4, max_bytes))
    try:
        return base64.b64decode(digits + b"=" * (-len(digits) % 4), validate=True)
    except binascii.Error as error:
        raise MediaRejected(_GARBLED) from error


_GARBLED = "What is in this data URL is garbled and cannot be read."
