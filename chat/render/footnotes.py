r"""Footnotes in Markdown: ``[^1]`` in a text, and ``[^1]: what it says`` as a block of its own.

A note stands where it was written, and a reference is one by its own form, whether its note is
there yet or not: so a reply looks the same while it grows, when it has ended and later.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.footnote import footnote_plugin

_REFERENCE = re.compile(r"\[\^([0-9]{1,3}|[^\W\d_][\w-]{0,39})\]")
"""A label is a short number or a name; anything else may be a pattern such as ``[^0-9]``."""

_ENDS_A_WORD = re.compile(r"""[\w.,;:!?)\]"'”’»*_`~]""")
"""A name is one after a word only: alone, ``[^abc]`` is rather a pattern."""

_ADDRESS_LAST = re.compile(r"(^|\s)(https?://[^\s<>]*[^\s<>.,;:!?)\]])([.,;:!?)\]]*)\Z")
"""Most notes are sources, and end with where to find them."""


def footnotes_plugin(md: MarkdownIt) -> None:
    """Teach a parser footnotes.

    Tokens: ``footnote_ref``, ``footnote_reference_open`` and ``..._close``, each with its label
    in ``meta``; the closing one without.
    """
    md.use(footnote_plugin, inline=False, move_to_end=False)
    # The plugin's own rule looks for notes that are not there yet, and may read far for a label.
    md.inline.ruler.at("footnote_ref", _reference)
    md.core.ruler.before("inline", "footnote_links", _link_addresses)


def _reference(state: StateInline, silent: bool) -> bool:
    found = _REFERENCE.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    label, before = found[1], state.src[state.pos - 1 : state.pos]
    if not label[0].isdigit() and not _ENDS_A_WORD.fullmatch(before):
        return False
    if not silent:
        state.push("footnote_ref", "", 0).meta = {"label": label}
    state.pos = found.end()
    return True


def _link_addresses(state: StateCore) -> None:
    """An address at the end of a note is a link."""
    depth = 0
    for token in state.tokens:
        if token.type == "footnote_reference_open":
            depth += 1
        elif token.type == "footnote_reference_close":
            depth -= 1
        elif depth and token.type == "inline":
            token.content = _ADDRESS_LAST.sub(r"\1<\2>\3", token.content)


_BUTTON = re.compile(
    r'<button data-(?P<kind>noted?)="(?P<label>[^"]*)" (?P<named>aria-label="[^"]*") type="button">'
    r"(?P<sign>[^<]*)</button>"
)
"""As the sanitiser writes what ``elements`` has drawn."""


def linked(body: str, message_id: str) -> str:
    """A message for a page without scripts: its signs and notes lead to each other by links.

    Args:
        body: its HTML, sanitised.
        message_id: makes the ids those of the one message among several.
    """
    known: set[str] = set()

    def link(found: re.Match[str]) -> str:
        ends = [f"{end}-{message_id}-{found['label']}" for end in ("sign", "note")]
        own, other = ends if found["kind"] == "note" else reversed(ends)
        named = "" if own in known else f'id="{own}" '  # of several signs the first is gone back to
        known.add(own)
        return f'<a {named}href="#{other}" {found["named"]}>{found["sign"]}</a>'

    return _BUTTON.sub(link, body)
