"""TeX to MathML, which browsers draw by themselves.

What cannot be drawn is shown as its source: a formula with an
error in it is still worth reading.
"""

import logging
import re
from html import escape, unescape
from xml.etree import ElementTree

from chat.core.recent import Recent

log = logging.getLogger(__name__)

MAX_TEX_CHARS = 2_000
_MAX_DEPTH = 40
_MAX_MATHML_CHARS = 100_000

_UNSAFE = re.compile(
    # Macros multiply; the others reach for attributes that a formula has no business with.
    r"\\(?:(?:re|provide)?newcommand|(?:re)?newenvironment|DeclareMathOperator|[egx]?def|let"
    r"|require|href|url|style|class|cssId|unicode|includegraphics)(?![a-zA-Z])"
)


_kept = Recent[tuple[str, bool], str](1_000_000)
"""By formula and whether it is displayed, in characters."""


def mathml(tex: str, display: bool) -> str:
    """The formula as a ``<math>`` element; as ``<code>`` where it is wrong or too large."""
    tex = tex.strip()
    drawn = _kept.get((tex, display))
    if drawn is None:
        drawn = _drawn(tex, display) or f'<code class="maths-source">{escape(tex)}</code>'
        _kept.keep((tex, display), drawn, len(tex) + len(drawn))
    return drawn


def _drawn(tex: str, display: bool) -> str:
    if not tex or len(tex) > MAX_TEX_CHARS or _UNSAFE.search(tex) or _depth(tex) > _MAX_DEPTH:
        return ""
    from latex2mathml.converter import convert_to_element  # with the first formula: 1 MB

    try:
        element = convert_to_element(tex, display="block" if display else "inline")
    except Exception as error:
        # The converter answers bad TeX with nearly any exception, IndexError included.
        log.debug("a formula is shown as its source: %r", error)
        return ""
    # The converter keeps symbols as entities inside text. They become characters here, so that
    # the serialiser escapes all text alike and no TeX can spell a tag.
    for node in element.iter():
        node.text = unescape(node.text) if node.text else node.text
    element.attrib.pop("xmlns", None)
    drawn = ElementTree.tostring(element, encoding="unicode", short_empty_elements=False)
    return drawn if len(drawn) <= _MAX_MATHML_CHARS else ""


def _depth(tex: str) -> int:
    """How deep groups and environments nest, at most; the converter recurses for each."""
    deepest = depth = 0
    for opened in re.finditer(r"\\begin|\\left|\\end|\\right|[{}\[\]^_]", tex):
        mark = opened.group()
        if mark in ("}", "]", r"\end", r"\right"):
            depth = max(0, depth - 1)
        elif mark in ("^", "_"):
            continue
        else:
            depth += 1
            deepest = max(deepest, depth)
    return deepest
