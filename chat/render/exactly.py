"""Values as they are, to the sign: what a user decides on must not look like something else.

A sign that shows nothing, or turns the direction of what follows, is shown by its number. So a
text that was made to read otherwise than it is reads as it is.
"""

import json
import unicodedata

from chat.core.parts import Json
from chat.render.escaping import escape

_HIDDEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
"""Categories of signs that show nothing of their own."""


def exactly(text: str) -> str:
    """A text as HTML, with every sign to be seen."""
    if text.isascii() and text.replace("\n", "").isprintable():
        return escape(text)
    return "".join(map(_shown, text))


def value_html(value: Json) -> str:
    """A value of JSON as HTML: a text as it reads, anything else as it is written."""
    if isinstance(value, str):
        return f'<pre dir="auto">{exactly(value)}</pre>' if value else "<pre><i>empty</i></pre>"
    return f'<pre dir="ltr">{json_html(value)}</pre>'


def json_html(value: Json) -> str:
    """A value as JSON, as HTML."""
    return exactly(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def _shown(sign: str) -> str:
    if sign != "\n" and unicodedata.category(sign) in _HIDDEN:
        return f'<b class="hidden-sign">U+{ord(sign):04X}</b>'
    return escape(sign)
