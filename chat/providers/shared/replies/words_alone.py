"""Words as they are sent to a model: a remark stands where a picture stood among them."""

from chat.core.recent import Recent
from chat.providers.shared.replies import inline_syntax as syntax
from chat.providers.shared.replies.inline_pictures import PictureScanner

STOOD_HERE = "[A picture stood here.]"

_LEAST_KEPT_CHARS = 1_000
_looked_at = Recent[str, str](4_000_000)
"""As they are sent: long texts that may hold a picture, and are sent with every question."""


def without_pictures(text: str) -> str:
    """The words of a text, a remark for each picture in it; the text itself where there is none."""
    if not syntax.may_hold(text):
        return text
    if (known := _looked_at.get(text)) is not None:
        return known
    plain = _without_pictures(text)
    if len(text) >= _LEAST_KEPT_CHARS:
        _looked_at.keep(text, plain, len(text) + len(plain))
    return plain


def _without_pictures(text: str) -> str:
    scanner = PictureScanner()
    pieces = scanner.feed(text) + scanner.flush()
    words = "".join(piece if isinstance(piece, str) else STOOD_HERE for piece in pieces)
    return text if words == text else words
