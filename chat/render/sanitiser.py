"""The last step before a page: only what is on this list comes out.

Everything the other rooms of ``render`` produce passes here, whoever wrote it. The list is
written in full, so that a new tag is a decision. Knows HTML, and nothing of Markdown.
"""

import re

import nh3
from pygments.token import STANDARD_TYPES

URL_SCHEMES = frozenset({"http", "https", "mailto"})


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


HTML_TAGS = _words(
    "a blockquote br button code del div em h3 h4 h5 h6 hr input li ol p pre s span strong "
    "sup table tbody td th thead tr ul"
)

MATHML_TAGS = _words(
    "math menclose mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow "
    "ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover"
)

_MATHML_ATTRIBUTES = _words(
    "accent accentunder columnalign columnlines columnspacing depth display displaystyle fence "
    "form height linethickness lspace mathcolor mathsize mathvariant maxsize minsize "
    "movablelimits notation rowlines rowspacing rspace scriptlevel separator stretchy "
    "symmetric voffset width"
)

_FLOWING = ("blockquote", "h3", "h4", "h5", "h6", "li", "ol", "p", "table", "td", "th", "ul")

ATTRIBUTES: dict[str, set[str]] = {
    **{tag: set(_MATHML_ATTRIBUTES) for tag in MATHML_TAGS},
    "a": {"href", "title"},
    "button": {"aria-label", "data-copy", "data-note", "data-noted"},
    "input": {"disabled", "checked"},
    "ol": {"start"},
}
"""Beside these stand the attributes whose values are fixed, and the classes, below."""

_FIXED_VALUES: dict[str, dict[str, set[str]]] = {
    **{tag: {"dir": {"auto"}} for tag in _FLOWING},
    "pre": {"dir": {"ltr"}},
    "div": {"tabindex": {"0"}},
    "td": {"dir": {"auto"}, "align": {"left", "center", "right"}},
    "th": {"dir": {"auto"}, "align": {"left", "center", "right"}},
}

_CLASSES: dict[str, set[str]] = {
    "button": {"copy"},
    "code": {"maths-source"},
    "div": {"code", "code-head", "footnote", "scroll", "maths"},
    "li": {"task"},
    "sup": {"footnote-ref"},
    "span": {name for name in STANDARD_TYPES.values() if name} | {"code-lang"},
}

_CLEANER = nh3.Cleaner(
    tags=set(HTML_TAGS | MATHML_TAGS),
    clean_content_tags={"script", "style"},
    attributes=ATTRIBUTES,
    tag_attribute_values=_FIXED_VALUES,
    # A control that slipped in could still do nothing: no button submits, no box is clicked.
    set_tag_attribute_values={
        "a": {"target": "_blank"},
        "button": {"type": "button"},
        "input": {"type": "checkbox", "disabled": ""},
    },
    allowed_classes=_CLASSES,
    url_schemes=set(URL_SCHEMES),
    url_relative="deny",
    link_rel="noopener noreferrer nofollow",
)

_UNFIT = re.compile("[\x00\ud800-\udfff]")


def printable(text: str) -> str:
    """The text with what no page can carry (NUL, lone surrogates) replaced by U+FFFD."""
    return _UNFIT.sub("\ufffd", text)


def sanitised(html: str) -> str:
    """The HTML without any tag, attribute, class or address that is not on the list."""
    return _CLEANER.clean(html)
