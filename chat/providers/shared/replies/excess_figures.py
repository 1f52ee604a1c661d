"""How much a server takes, and how much it was sent, from the sentence of its refusal."""

import re

from chat.core.errors import Measure

FIGURES_CHARS = 240
"""How far behind the beginning of such a sentence figures still belong to it."""

_NO_FIGURE = re.compile(
    r"\bcode\b['\"]?[:=]? ?['\"]?\d{1,4}\b"
    r"|<\d{3}>"
    r"|\(2013\)"  # MiniMax's number of this error
    r"|(?<=\[)\d+, ?(?=\d+\])"  # the least
    r"|\(\d[\d,]* (?:tokens )?(?:in|of|for|from) [^()]{0,200}\)"  # what the sum is made of
    r"|\b(?:between \d+ and|from \d+ to) (?=\d)",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"(?<![A-Za-z0-9_.-])(?P<number>\d{1,3}(?:,\d{3})+|\d{1,12}(?:\.\d{1,3})?)"
    r"(?: ?(?P<unit>[kmg]i?b|k)\b|(?![A-Za-z0-9_]|[.,]\d))",
    re.IGNORECASE,
)
_UNITS = {"k": 1_000, "kb": 1_000, "mb": 1_000_000, "gb": 1_000_000_000}
_UNITS |= {"kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30}
_OTHERS = (" tokens", " pixels", " px")
_LEAST_BYTES = 1_000
"""A smaller figure without a unit counts something else."""


def figures(measure: Measure, words: str) -> tuple[int | None, int | None]:
    """The most that is taken and what was sent, as far as a sentence states them.

    Args:
        measure: of what.
        words: the sentence, and those behind it.
    """
    words = _NO_FIGURE.sub("", words[:FIGURES_CHARS])
    before, above, after = words.partition(">")
    if above and (stated := _numbers(measure, after)):
        return stated[0], sum(_numbers(measure, before)) or None
    found = _numbers(measure, words)
    if not found:
        return None, None
    held = max(found)
    smaller = [figure for figure in found if 0 < figure < held]
    most, told = (max(smaller), held) if smaller else (held, None)
    return (most - 1 if "fewer than" in words.lower() else most), told


def _numbers(measure: Measure, words: str) -> list[int]:
    found = []
    for figure in _FIGURE.finditer(words):
        unit = (figure["unit"] or "").lower()
        number = float(figure["number"].replace(",", ""))
        is_bytes = unit.endswith("b") or words.startswith(" bytes", figure.end())
        if is_bytes != (measure == "bytes") and (is_bytes or number < _LEAST_BYTES):
            continue
        if measure == "pictures" and (unit or words.startswith(_OTHERS, figure.end())):
            continue
        if number.is_integer() or unit:
            found.append(int(number * _UNITS.get(unit, 1)))
    return found
