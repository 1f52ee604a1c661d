"""What a picture of a model shows, in words, for people who cannot see it. Pure.

The nearest words tell it: those before it, or else those right after it. A picture that came
without any shows what was asked for; after an edit, that is what its source showed, and the change.
People who see it have read those words already: under it stands what was asked for.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from chat.core.messages import Message
from chat.core.parts import Image, Part, Text, pictures, plain_text
from chat.core.text import unmarked

MAX_CHARACTERS = 240
CAPTION_CHARACTERS = 1_000
_SENTENCE = re.compile(r"(.+?[.!?…])(?:\s|$)")


def alt_text(before: Sequence[Part], question: Sequence[Part], title: str) -> str:
    """The words for a picture that has just come.

    Args:
        before: what the reply had said by then.
        question: what it answers.
        title: of the model.
    """
    said = [part.text for part in before if isinstance(part, Text) and part.text.strip()]
    if said:
        return _short(said[-1])
    return _asked(question) or f"Picture by {title}"


def caption(question: Sequence[Part]) -> str:
    """What stands under a picture that answers a question: its words."""
    words = " ".join(plain_text(tuple(question)).split())
    if len(words) <= CAPTION_CHARACTERS:
        return words
    return words[: CAPTION_CHARACTERS - 1].rstrip() + "…"


def retold(message: Message, question: Sequence[Part]) -> Message:
    """An ended reply, its pictures that nothing was said before described by what comes after."""
    if not any(isinstance(part, Image) for part in message.parts):
        return message
    asked = _asked(question)
    parts = list(message.parts)
    for at, part in enumerate(parts[:-1]):
        after = parts[at + 1]
        if isinstance(part, Image) and part.alt == asked and isinstance(after, Text):
            told = first_sentence(after.text)
            if told:
                parts[at] = replace(part, alt=told)
    return replace(message, parts=tuple(parts))


def first_sentence(text: str) -> str:
    """The first sentence of a text, without its marks; all of it where it has none."""
    plain = _short(unmarked(text))
    found = _SENTENCE.match(plain)
    return found[1] if found else plain


def _asked(question: Sequence[Part]) -> str:
    wish = _short(plain_text(tuple(question)))
    shown = pictures(question)
    if not shown or not wish:
        return wish
    source = shown[0].alt.strip()
    if not source:
        return _short(f"An edited picture: {wish}")
    # Of a chain of edits, what the first picture showed and the last wish: the rest is its history.
    return _short(f"{source.split(CHANGED)[0][: MAX_CHARACTERS // 2]}{CHANGED}{wish}")


CHANGED = ", after the edit: "


def _short(text: str) -> str:
    return " ".join(text.split())[:MAX_CHARACTERS]
