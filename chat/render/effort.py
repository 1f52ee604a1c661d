"""How dear a text would be to parse, measured before anybody tries.

Most Markdown costs what it is long. Two shapes cost a product: each line of a quote is looked
at once for every quote around it, and each row of a table is filled up to the width of its
head. Knows what the signs look like, and nothing of what they come to mean.
"""

import re

MAX_EFFORT = 15_000
"""Steps of a few dozen microseconds each at most."""

_QUOTES = re.compile(r"[ \t>*+\-]*>")

_RULE_SIGNS = " \t>|:-"
"""What the line under the head of a table is made of; it tells how many cells each row has."""


def too_dear(text: str) -> bool:
    """Whether parsing the text would hold up others. Takes about a microsecond a line."""
    return text.count("\n") >= MAX_EFFORT or _effort(text) > MAX_EFFORT


def _effort(text: str) -> int:
    """Steps: lines, times what stands around or beside them up to the next blank line."""
    effort = lines = depth = cells = 0
    for line in text.split("\n"):
        if not line or line.isspace():
            effort += lines * (1 + depth + cells)
            lines = depth = cells = 0
            continue
        lines += 1
        if ">" in line and (quotes := _QUOTES.match(line)):
            depth = max(depth, quotes.group().count(">"))
        if "|" in line and "-" in line and not line.strip(_RULE_SIGNS):
            cells = max(cells, line.count("|"))
    return effort + lines * (1 + depth + cells)
