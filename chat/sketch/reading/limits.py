"""Wishes that rules cannot fulfil, each with the honest sentence."""

import re

from chat.core.languages import later, say
from chat.sketch.reading.words import READ_CHARS
from chat.sketch.tongues.naming import named

_X = r"(?:the |my |his |her |its |their |a |an |all )*(?P<x>[\w' -]{2,40}?)"
_END = r"(?=$|[.,;!?]| and | to | from | please)"
_EVERYWHERE = (
    (
        (
            r"\b(?:make|turn|set|give|remove|delete|erase)\b.{0,20}\bbackground\b.{0,20}\b"
            r"(?:transparent|see[ -]through)\b|\b(?:transparent|see[ -]through) background\b"
        ),
        later("I cannot make a background see-through: I do not know where it ends"),
    ),
    (
        (
            r"\b(?P<how>blur|sharpen|brighten|darken|desaturate)(?: out)? (?:just |only )?the "
            r"(?!(?:whole|entire|picture|photo|image|colou?rs?|light|scene)\b)(?P<x>[a-z]{3,20})"
        ),
        later("I cannot treat only “{x}” like that: light and focus I change all over"),
    ),
    (
        (
            r"\bmake the (?!(?:whole|entire|picture|photo|image|colou?rs?|light|scene)\b)"
            r"(?P<x>[a-z]{3,20}) (?:brighter|darker|lighter|warmer|cooler|sharper|blurr(?:y|ier))\b"
        ),
        later("I cannot treat only “{x}” like that: light and focus I change all over"),
    ),
    (
        (
            r"\bmake the (?P<x>text|caption|words|letters|title) "
            r"(?:bigger|larger|smaller|bold|[a-z]+er)\b"
        ),
        later("I cannot change letters once they are written: the size follows the picture"),
    ),
    (
        r"\bzoom\w*(?: in| out)?(?: on| to)?(?: the [\w' -]{2,30})?",
        later("I cannot zoom: I do not know where in the picture things are"),
    ),
    (
        (
            r"\bcrop\w*(?: it| this| the (?:picture|photo|image))? (?:in |down )?"
            r"(?:to|on|around|out) (?:just |only )?(?:the|his|her|my|its|their) "
            r"(?!(?:square|middle|cent|ratio|left|right|aspect))"
            rf"(?P<x>[\w' -]{{2,30}}?){_END}"
        ),
        later("I cannot crop to the {x}: I only cut out the middle, to a ratio such as 16:9"),
    ),
)
_PIXELS = (
    (
        (
            r"\b(?:remove|delete|erase|take (?:away|out)|get rid of|cut out) "
            rf"(?!(?:the |all )*(?:colou?rs?|contrast|saturation)\b){_X}{_END}"
        ),
        later(
            "I cannot take “{x}” out of these pixels: I know neither its edge nor what is behind it"
        ),
    ),
    (
        rf"\b(?:replace|swap|exchange) {_X} (?:with|by|for) [\w' -]{{2,40}}",
        later("I cannot exchange “{x}” in these pixels: I do not know where it ends"),
    ),
    (
        rf"\b(?:move|shift) {_X} (?:to|into|up|down|a)\b[\w' ]{{0,20}}",
        later("I cannot move “{x}” in these pixels: I do not know where it ends"),
    ),
    (
        (
            r"\bmake the (?!(?:picture|photo|image)\b)(?P<x>[a-z]{3,20}) "
            r"(?:bigger|larger|taller|smaller|tiny|huge)\b"
        ),
        later("I cannot resize “{x}” in these pixels: I do not know where it ends"),
    ),
    (
        (
            r"\b(?:put|add|place|paint|draw|insert|give)\b.{1,60}?\b(?:on|onto|in|into|behind|under|"
            r"next to|above|beside|over|in front of) (?:the|his|her|its|their|my) "
            r"(?!(?:left|right|middle|cent|top|bottom|picture|photo|image|foreground|background|sky)"
            rf"|caption)(?P<x>[\w' -]{{2,30}}?){_END}"
        ),
        later("I cannot find “{x}” in a picture that I did not paint, so I can put nothing there"),
    ),
)
_DRAWN = re.compile(r"[\"“«„][^\"”»“]{1,200}[\"”»“]")


def beyond(text: str, painted: bool) -> tuple[str, tuple[str, ...]]:
    """The words without the impossible, and a sentence for each; fewer where we painted it."""
    rest = " ".join(text[:READ_CHARS].split())
    quoted = [match.span() for match in _DRAWN.finditer(rest)]
    refused: list[str] = []
    for pattern, sentence in _EVERYWHERE + (() if painted else _PIXELS):
        found = re.search(pattern, rest, re.IGNORECASE)
        if found is None or any(a <= found.start() < b for a, b in quoted):
            continue
        thing = (found.groupdict().get("x") or "").strip().lower()
        refused.append(say(sentence, x=named(thing) if thing else say("that")))
        rest = rest[: found.start()] + " " + rest[found.end() :]
    return rest, tuple(refused)
