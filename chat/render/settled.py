"""Where in a growing text the blocks end that nothing more can change.

Markdown is read line by line from the top, so a block is settled as soon as the next one has
begun on a whole line; many a block earlier, by its own last line or a blank one. Only a formula
that has no end yet is treated with care: it may turn out to be a paragraph.
"""

import re

from markdown_it.token import Token
from markdown_it.utils import EnvType

from chat.render.markdown import parser
from chat.render.maths_syntax import GROWING, UNCLOSED


def settled_chars(text: str, env: EnvType) -> int:
    """How many characters from the start belong to settled blocks.

    ``text`` begins where a block begins; its last line may be incomplete.
    """
    whole = text[: text.rfind("\n") + 1]
    tokens: list[Token] = []
    # Definitions of a half-arrived text must not become known: the environment is a copy.
    references = dict(env.get("references", {}))
    parser().block.parse(whole, parser(), {"references": references, GROWING: True}, tokens)
    blocks = [token for token in tokens if token.level == 0 and token.map]
    if not blocks:
        return 0
    return _offset(whole, _settled_lines(blocks, whole.split("\n")))


_COMPLETE = frozenset({"heading_open", "hr"})

_ENDED_BY_BLANK_LINE = frozenset({"paragraph_open", "table_open"})


def _settled_lines(blocks: list[Token], lines: list[str]) -> int:
    last = blocks[-1]
    begin, end = last.map or (0, 0)
    if last.type in _COMPLETE:
        return end
    # The last of the lines is empty, or not whole.
    if last.type in _ENDED_BY_BLANK_LINE and end < len(lines) - 1 and not lines[end].strip(" \t"):
        return end
    if last.type == "fence" and end - begin > 1 and closing(last.markup).match(lines[end - 1]):
        return end
    if last.type == "maths_block" and last.meta[UNCLOSED]:
        # It has perhaps cut in two what is one paragraph, so both wait.
        before = blocks[-2].map if len(blocks) > 1 else None
        return before[0] if before else 0
    return begin


def closing(markup: str) -> re.Pattern[str]:
    """What ends a code block that was begun with this run of backticks or tildes."""
    return re.compile(rf"^ {{0,3}}{re.escape(markup[0])}{{{len(markup)},}}[ \t]*$", re.MULTILINE)


def _offset(text: str, line: int) -> int:
    """Where a line begins, lines counted from 0."""
    return sum(len(before) + 1 for before in text.split("\n", line)[:line])
