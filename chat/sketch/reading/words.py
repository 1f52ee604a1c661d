"""Text to words, and words to colours."""

import re

from chat.sketch.reading import lexicon
from chat.sketch.scene import Rgb

READ_CHARS = 4000
"""How much of a message is read; more than any sentence about a picture needs."""

_LETTER = "(?:[^\\W\\d_]|[\u0900-\u0903\u093a-\u094f])"
"""A letter, or a sign of Devanagari that stands with one."""
_TOKEN = re.compile(rf"{_LETTER}+(?:['’]{_LETTER}+)?|\d+|[,.;:!?]")
_PHRASE = re.compile(
    r"\b(" + "|".join(sorted(map(re.escape, lexicon.PHRASES), key=len, reverse=True)) + r")(s?)\b"
)
_SHADES = {"light": 0.35, "pale": 0.5, "pastel": 0.45, "dark": -0.4, "deep": -0.25, "bright": 0.0}


def words_of(text: str) -> list[str]:
    """Lower-case words, numbers and punctuation of the first part of a text, phrases joined."""
    lowered = text[:READ_CHARS].lower()
    lowered = _PHRASE.sub(lambda m: lexicon.PHRASES[m[1]] + m[2], lowered)
    return _TOKEN.findall(lowered)


def colour_at(words: list[str], at: int) -> tuple[Rgb | None, int]:
    """A colour written at this place, with its shade, and how many words it takes."""
    shade = _SHADES.get(words[at])
    step = 0 if shade is None else 1
    if at + step < len(words) and words[at + step] in lexicon.COLOURS:
        colour = lexicon.COLOURS[words[at + step]]
        if shade:
            target = (255, 255, 255) if shade > 0 else (14, 14, 24)
            red, green, blue = (
                round(a + (b - a) * abs(shade)) for a, b in zip(colour, target, strict=True)
            )
            colour = (red, green, blue)
        return colour, step + 1
    return None, 0
