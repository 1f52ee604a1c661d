"""Text as HTML that means nothing but itself."""

from html import escape as escaped

from chat.core.languages import say
from chat.render.sanitiser import printable


def escape(text: str) -> str:
    """The text as HTML that means nothing but itself, and that every wire carries."""
    return escaped(printable(text))


def spoken(text: str, /, **values: object) -> str:
    """What ``say`` says, as HTML: a translation may hold quotation marks, and a value anything."""
    return escape(say(text, **values))
