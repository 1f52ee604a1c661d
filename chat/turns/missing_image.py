"""Words came where a picture was asked for: noticed, and said under the reply. Pure.

Better to miss a wish than to nag at a plain question: “what is in this picture?” asks for words.
English wishes only, beside models that do nothing but draw.
"""

import re
from dataclasses import replace

from chat.core.messages import Finish, Message
from chat.core.models import ModelCard
from chat.core.parts import Part, Text, images, pictures, plain_text

NO_PICTURE = "The model answered in words; no picture came."

_WORK = (
    "photos?|photographs?|pictures?|images?|drawings?|paintings?|illustrations?|sketch(?:es)?|"
    "logos?|icons?|posters?|portraits?|renders?|renderings?|wallpapers?|cartoons?|comics?|"
    "stickers?|avatars?|banners?|memes?|landscapes?|watercolou?rs?|collages?|"
    "infographics?|thumbnails?|mockups?"
)
_DRAW = re.compile(
    r"\b(?:re)?(?:draw|paint|sketch|illustrate|depict|photograph)\b(?!\s+(?:a\s+)?conclusions?\b)",
    re.IGNORECASE,
)
_MAKE = re.compile(
    rf"\b(?:make|create|generate|design|render|produce|give me|show me|want|need|like|imagine)\b"
    rf"[^.?!\n]{{0,60}}?\b(?:{_WORK})\b",
    re.IGNORECASE,
)
_EDIT = re.compile(
    r"\b(?:edit|change|turn|make|remove|erase|delete|add|replace|swap|crop|rotate|resize|colou?r|"
    r"recolou?r|brighten|darken|blur|sharpen|restore|retouch|enhance|extend|expand|combine|merge|"
    r"put|move|fix|restyle|convert|transform|give)\b",
    re.IGNORECASE,
)
_ASKS_FOR_WORDS = re.compile(
    r"^\W*(?:what|who|whom|whose|where|when|why|which|how|is|are|was|were|does|do|did|has|have|"
    r"should|describe|explain|tell|list|compare|summari[sz]e|translate|read|transcribe|count|"
    r"write|name|identify)\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"\b(?:prompts?|captions?|alt[- ]texts?|titles?|descriptions?|poems?|story|stories|essays?|"
    r"lists?|code|tables?|summary|how to|without (?:a |any )?(?:pictures?|images?)|"
    r"(?:no|not an?|don[’']t (?:draw|paint|sketch|illustrate|make|create|generate)))\b",
    re.IGNORECASE,
)


def noticed(finish: Finish, card: ModelCard, question: Message, parts: tuple[Part, ...]) -> Finish:
    """The finish, with the offer to ask for the picture where one was plainly missing.

    Args:
        finish: how the reply ended.
        card: the model that answered.
        question: what it answered.
        parts: its reply.
    """
    missing = (
        finish.kind == "stop"
        and "image" in card.output_modalities
        and not pictures(parts)
        and any(isinstance(part, Text) and part.text.strip() for part in parts)
    )
    if not missing or not (card.output_modalities == ("image",) or asks_for_picture(question)):
        return finish
    return replace(
        finish,
        message=finish.message or NO_PICTURE,
        actions=tuple(dict.fromkeys(("ask_picture", *finish.actions))),
    )


def asks_for_picture(question: Message) -> bool:
    """Whether a question plainly asks for a picture, drawn anew or changed."""
    words = plain_text(question.parts)
    if not words or _ASKS_FOR_WORDS.search(words) or _ABOUT.search(words):
        return False
    if _DRAW.search(words) or _MAKE.search(words):
        return True
    return bool(images(question.parts) and _EDIT.search(words))
