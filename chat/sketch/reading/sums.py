"""Sums in sentences: "two plus two" and "15% of 80" as expressions."""

import re

_SMALL = "zero one two three four five six seven eight nine ten eleven twelve"
_LARGE = {"fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60}
_LARGER = {"seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100, "thousand": 1000}
_NUMERALS = {word: k for k, word in enumerate(_SMALL.split())} | _LARGE | _LARGER
_NAMED = "|".join(_NUMERALS)
_BETWEEN = r"plus|minus|times|over|divided by|multiplied by|to the power of|mod"
_WORDED = re.compile(
    rf"\b(?:{_NAMED})\b(?= (?:{_BETWEEN})\b)|(?:(?<=plus )|(?<=minus )|(?<=times )|(?<=over )|"
    rf"(?<=d by )|(?<=power of )|(?<=mod )|(?<=root of ))(?:{_NAMED})\b"
)
_SUM = re.compile(
    r"(?<![\w.])[-+(]{0,8}\d[\d.,]{0,40}(?:\s{0,4}(?:\*\*|[-+*/^%×÷x(){}]|\)|plus|minus|times|over|"
    r"divided by|multiplied by|to the power of|mod)\s{0,4}[-+(]{0,8}\d[\d.,]{0,40}\){0,8}){1,40}"
)
_ROOT = re.compile(r"\b(?:square root of|sqrt)\s*\(?\s*(\d[\d.]*)\)?")
_SHARE = re.compile(r"\b(\d[\d.]*)\s*(?:%|percent) of (\d[\d.,]*)")
_MATHS = re.compile(
    r"\b(calculate|compute|what(?:'s| is)|how much is|evaluate|solve|work out)\b|=\s*\?*$"
)
_EDITED = re.compile(r"\b(crop|resize|scale|ratio|rotate|px|pixels|paint|draw|picture|image)\b")
_WORDS = {
    "plus": "+",
    "minus": "-",
    "times": "*",
    "multiplied by": "*",
    "divided by": "/",
    "over": "/",
    "to the power of": "**",
    "mod": "%",
    "×": "*",
    "÷": "/",
    "^": "**",
}


def expression_of(said: str) -> str:
    """The sum in a lower-case sentence as an expression; empty where there is none."""
    said = _WORDED.sub(lambda m: str(_NUMERALS[m[0]]), said)
    if share := _SHARE.search(said):
        return f"{share[1]} / 100 * {share[2].replace(',', '')}"
    if root := _ROOT.search(said):
        return f"sqrt({root[1]})"
    found = _SUM.search(said)
    if found is None or (_EDITED.search(said) and not _MATHS.search(said)):
        return ""
    written = found[0]
    alone = len(said) - len(written) < 12
    if not (alone or _MATHS.search(said)):
        return ""
    for word, sign in _WORDS.items():
        written = written.replace(word, sign)
    written = re.sub(r"(?<=\d),(?=\d{3}\b)", "", written)
    written = re.sub(r"(?<=[\d)\s])x(?=[\s\d(])", "*", written)
    written = written.rstrip(",.")
    written += ")" * max(0, written.count("(") - written.count(")"))
    return " ".join(written.split())
