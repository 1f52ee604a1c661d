"""What kind of wish a sentence is, once there is a picture: new, edit, question, undo, again.

Reads only how people begin their sentences.
"""

import re
from typing import Literal, TypeAlias

from chat.sketch.order import Order
from chat.sketch.reading.cards import card_of
from chat.sketch.reading.grammar import read
from chat.sketch.reading.nouns import kind_of, land_of
from chat.sketch.reading.orders import read_orders
from chat.sketch.reading.words import READ_CHARS

Wish: TypeAlias = Literal["", "question", "undo", "first", "again", "restart", "new", "edit"]

EDIT_VERBS = (
    "add|put|place|include|insert|remove|delete|erase|take|drop|replace|swap|make|turn|change|"
    "recolou?r|repaint|move|rotate|crop|resize|flip|mirror|write|caption|zoom|get rid|give|let"
)
_POLITE = re.compile(
    r"^\W*(?:(?:please|now|ok(?:ay)?|so|then|and|well|hey|hi|hello|great|nice|thanks|"
    r"(?:can|could|would|will) you|i want|i would like|i'd like|i need|let's|you to|to|just|also|"
    r"kindly|no(?=,)|(?:actually )?i meant?|actually)\b[\s,.!:]*)+"
)
_QUESTION = re.compile(
    r"^(?:what|who|whom|whose|where|why|when|which|how|is|are|was|were|did|do|does|am|has|have|"
    r"describe|explain|tell me (?:about|what|who|why))\b(?! (?:about|if|with|steps?)\b)"
)
_UNDO = re.compile(
    r"^(?:undo|revert|go back|step back|back|take (?:it|that) back|(?:the )?previous|"
    r"(?:show|give) (?:me )?the (?:first|original|previous|earlier)|"
    r"restore|return to|never ?mind|not that)\b"
)
_FIRST = re.compile(r"\b(?:first|original|start|beginning)\b")
_AGAIN = re.compile(
    r"^(?:(?:do|paint|draw|try|make|show|give) )?(?:me )?"
    r"(?:it |that |this |the same )?"
    r"(?:again|once more|another(?: one| version| variation)?|"
    r"(?:a |an )?(?:different|alternative|new) (?:one|version|variation)|"
    r"variation|one more(?: time)?|differently|something different|regenerate|redo)[\s.!?]*"
    r"(?:please)?[\s.!?]*$"
)
_RESTART = re.compile(
    r"^(?:(?:remove|delete|erase) everything\b|"
    r"start (?:over|again|anew|afresh)\b|new start|(?:reset|clear|forget)"
    r"(?: (?:it|that|this|everything|all|the (?:picture|canvas)))*\W*$)"
)
_DRAW = re.compile(
    r"^(?:draw|paint|sketch|create|generate|imagine|illustrate|render|design|"
    r"(?:show|give) (?:me|us))\b"
    r"(?! (?:it|this|that|them|everything)\b)|"
    r"^make (?:me |us )?(?:an?|two|three|four|five|six|some|another picture|new)\b|"
    r"^(?:an? |the )?(?:new|another|other|different|next) "
    r"(?:picture|image|scene|painting|drawing)\b"
)
_ONTO = re.compile(
    r"\b(?:on|in|into|to|onto|over|around|behind|above|under|beside|near|of) "
    r"(?:it|this|that|them|him|her|there|(?:the|this|my) (?:picture|photo|image|painting))\b"
)
_UPON = re.compile(r"\b(?:on|to|around|behind|above|under|near|over) (?:the|his|her)\b")
_CHANGED = re.compile(
    rf"(?:^|[,.;:!?] |\b(?:and|then|but|now|also|please) )(?:{EDIT_VERBS})\b|"
    r"\b(?:bigger|larger|smaller|taller|bluer|redder|greener|yellower|more|fewer|less|instead|"
    r"same|make (?:it|the|them)|without any)\b|^(?:with|without|it|no(?!,))\b"
)
_ALSO_SCENES = frozenset(("hour", "snow", "rain", "fog", "grey"))
"""Edits whose words stand in descriptions as well."""


def bare(text: str) -> str:
    """The sentence in lower case without "please, can you" and their kind before it."""
    said = " ".join(text[:READ_CHARS].lower().split())
    return _POLITE.sub("", said).strip()


def restarts(text: str) -> bool:
    """Whether everything before is to be forgotten."""
    return bool(_RESTART.match(bare(text)))


def wish_of(text: str, kinds: tuple[str, ...] = ()) -> Wish:
    """The kind of wish, read as if a picture with these ``kinds`` were at hand; "" if none."""
    said = bare(text)
    if _RESTART.match(said):
        return "restart"
    if _UNDO.match(said):
        return "first" if _FIRST.search(said) else "undo"
    if _AGAIN.match(said):
        return "again"
    if _QUESTION.match(said):
        return "question"
    if card_of(said) is not None and not _CHANGED.search(said):
        return "new"
    heard, orders = read(said), read_orders(said)
    pixels = [order for order in orders if order.name not in _ALSO_SCENES]
    subject = bool(heard.things or heard.land)
    if _DRAW.match(said):
        dyes = any(order.name == "dye" for order in orders)
        head = read(_UPON.split(said)[0])
        # "Draw a hat on the cat": the cat is at hand, and the hat is for it.
        onto = _reminds(said, kinds) and not (head.things or head.land)
        onto = onto or bool(_ONTO.search(said))
        if not onto and not dyes and (subject or not orders):
            return "new"
        return "edit"
    if _CHANGED.search(said) or _reminds(said, kinds):
        return "edit"
    if subject and (not pixels or re.match(r"(?:an?|two|three|four|five|\d+|some) ", said)):
        return "new"
    return "edit" if orders or not heard.empty() else ""


def _reminds(said: str, kinds: tuple[str, ...]) -> bool:
    """Whether "the house" is one that the picture has."""
    named = (kind_of(noun) or land_of(noun) for noun in re.findall(r"\bthe (\w+)", said))
    return any(kind in kinds for kind in named if kind)


def taken_off(text: str) -> str:
    """For "remove the text": what is to be taken off the picture, in the user's word."""
    found = re.search(
        r"\b(?:remove|delete|erase|take away|take off|drop|without|no) (?:the |my |that |any )?"
        r"(text|caption|words?|title|label|writing|border|frame|vignette|blur|cartoon)\b",
        bare(text),
    )
    return found[1] if found else ""


def without(finish: tuple[Order, ...], what: str) -> tuple[Order, ...]:
    """The edits that stay when that is taken off."""
    name = {"border": "frame"}.get(what, what)
    name = name if name in {"frame", "vignette", "blur", "cartoon"} else "caption"
    return tuple(order for order in finish if order.name != name)
