"""Emphasis beside letters of Chinese, Japanese and Korean, whose words have no spaces between them.

CommonMark opens and closes emphasis by the spaces and signs around its stars. A star between a
sign and such a letter, as in ``**「テスト」**です``, is no end there. Here the letter is a space.
"""

import unicodedata

from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter

_NAMES = ("CJK ", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC", "FULLWIDTH", "YI ")


def emphasis_plugin(md: MarkdownIt) -> None:
    """Have a parser read stars as these languages need them; underscores stay as they are."""
    md.inline.ruler.before("emphasis", "cjk_emphasis", _stars)


def _stars(state: StateInline, silent: bool) -> bool:
    if silent or state.src[state.pos] != "*":
        return False
    scanned = state.scanDelims(state.pos, True)
    before = state.src[state.pos - 1] if state.pos > 0 else " "
    end = state.pos + scanned.length
    after = state.src[end] if end < state.posMax else " "
    opens = scanned.can_open or (_is_sign(after) and _is_wordless(before))
    closes = scanned.can_close or (_is_sign(before) and _is_wordless(after))
    if (opens, closes) == (scanned.can_open, scanned.can_close):
        return False  # as everywhere
    for _ in range(scanned.length):
        token = state.push("text", "", 0)
        token.content = "*"
        at = len(state.tokens) - 1
        state.delimiters.append(
            Delimiter(ord("*"), length=scanned.length, token=at, end=-1, open=opens, close=closes)
        )
    state.pos = end
    return True


def _is_sign(letter: str) -> bool:
    return isMdAsciiPunct(ord(letter)) or isPunctChar(letter)


def _is_wordless(letter: str) -> bool:
    if isWhiteSpace(ord(letter)):
        return False
    return unicodedata.name(letter, "").startswith(_NAMES)
