r"""Where a formula begins and ends in Markdown: ``$x$``, ``$$x$$``, ``\(x\)`` and ``\[x\]``.

Two rules for markdown-it. They find formulas and put their TeX into tokens; what becomes of
the TeX is not their business. Prices are not formulas: after an opening ``$`` and before a
closing one stands no space, and after a closing one no digit.
"""

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from chat.render.maths import MAX_TEX_CHARS

MAX_LINES = 100

_CLOSERS = {"$$": "$$", r"\[": r"\]", r"\(": r"\)"}

GROWING = "growing"
"""In the environment: the text is not complete, so a formula without an end may yet get one."""

UNCLOSED = "unclosed"
"""In a block's ``meta``: whether the end is still to come."""


def maths_plugin(md: MarkdownIt) -> None:
    """Teach a parser formulas. Tokens: ``maths_inline``, ``maths_display``, ``maths_block``."""
    md.inline.ruler.before("escape", "maths", _inline)
    md.block.ruler.before(
        "fence", "maths_block", _block, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )


def _inline(state: StateInline, silent: bool) -> bool:
    opener = state.src[state.pos : state.pos + 2]
    limit = min(state.posMax, state.pos + MAX_TEX_CHARS)
    if opener in _CLOSERS:
        display = opener != r"\("
        start = state.pos + 2
        end = _find(state.src, _CLOSERS[opener], start, limit)
        after = end + 2
    elif opener.startswith("$"):
        display = False
        start = state.pos + 1
        end = _find_dollar(state.src, start, limit)
        after = end + 1
    else:
        return False
    if end <= start or not state.src[start:end].strip():
        return False
    if not silent:
        token = state.push("maths_display" if display else "maths_inline", "math", 0)
        token.content = state.src[start:end]
    state.pos = after
    return True


def _find(source: str, closer: str, start: int, limit: int) -> int:
    """Where the closer stands; -1 if nowhere before the limit."""
    end = source.find(closer, start, limit)
    while end > 0 and closer == "$$" and source[end - 1] == "\\":
        end = source.find(closer, end + 1, limit)
    return end


def _find_dollar(source: str, start: int, limit: int) -> int:
    if source[start : start + 1].isspace():
        return -1
    end = source.find("$", start, limit)
    while end > 0 and source[end - 1] == "\\":
        end = source.find("$", end + 1, limit)
    if end < 0 or source[end - 1].isspace() or source[end + 1 : end + 2].isdigit():
        return -1
    return end


def _block(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    if state.is_code_block(start_line):
        return False
    first = _line(state, start_line)
    closer = _CLOSERS.get(first[:2])
    if closer is None or first.startswith(r"\("):
        return False
    last = _last_line(state, start_line, end_line, first, closer)
    if last is None:
        return False
    if not silent:
        lines = [first, *(_line(state, n) for n in range(start_line + 1, last + 1))]
        token = state.push("maths_block", "math", 0)
        token.content = "\n".join(lines)[2:].rstrip().removesuffix(closer)
        token.map = [start_line, last + 1]
        token.meta[UNCLOSED] = closer not in "\n".join(lines)[2:]
    state.line = last + 1
    return True


def _last_line(
    state: StateBlock, start_line: int, end_line: int, first: str, closer: str
) -> int | None:
    """The line on which the formula ends: the first that has the closer, if it ends in it."""
    rest = first[2:]
    line = start_line
    while closer not in rest:
        line += 1
        if line >= end_line:
            return line - 1 if GROWING in state.env and not state.level else None
        rest = _line(state, line)
        outside = not rest or state.sCount[line] < state.blkIndent
        # An opener inside cannot belong to this formula. Without that and the limit, many
        # openers without an end would each read the text to its end.
        if outside or rest.startswith(r"\[") or line - start_line > MAX_LINES:
            return None
    return line if rest.find(closer) == len(rest) - len(closer) else None


def _line(state: StateBlock, line: int) -> str:
    begin = state.bMarks[line] + state.tShift[line]
    return state.src[begin : state.eMarks[line]].rstrip()
