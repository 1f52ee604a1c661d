"""Text as HTML that means nothing but itself."""

from html import escape as escaped

from chat.render.sanitiser import printable


def escape(text: str) -> str:
    """The text as HTML that means nothing but itself, and that every wire carries."""
    return escaped(printable(text))
