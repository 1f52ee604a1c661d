"""A conversation as one prompt, for models that take a prompt and see no history.

The last message of the user is the prompt; its pictures are what is to be changed. Earlier
wishes join it only where the last one plainly speaks of them (“make it bigger”), has no picture
of its own, and all of them together stay short. What is told of this afterwards says what the
picture was made from, so nobody believes that the model remembered.
"""

import re
from dataclasses import dataclass

from chat.core.calling import ModelRequest
from chat.core.errors import CapabilityError
from chat.core.messages import Message, last_question
from chat.core.parts import Image, Text, plain_text
from chat.providers.shared.requests.masks import mask_of

MAX_FOLLOW_UP_WORDS = 15
MAX_EARLIER_WISHES = 3
MAX_EARLIER_CHARS = 600

ALONE = "Made from your last message{system} alone; this model sees no history."
TOGETHER = "Made from your last {count} messages{system}; this model sees no earlier picture."
ATTACH = " Attach one to have it changed."
_SYSTEM = " and the instructions of this conversation"

_STARTS_ANEW = re.compile(
    r"(?:please\s+)?(?:an?\s|(?:draw|paint|sketch|create|generate|imagine|show)\s+(?:me\s+)?"
    r"(?!(?:it|them|that|the same)\b))",
    re.IGNORECASE,
)
_LOOKS_BACK = re.compile(
    r"^(?:now|but|and|then|also)\b"
    r"|\b(?:it|its|it's|them|they|same|again|instead|bigger|smaller|brighter|darker)\b",
    re.IGNORECASE,
)
"""English only: a follow-up in another language stands alone, and the user is told so."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of an images wire."""

    prompt: str
    pictures: tuple[Image, ...]
    """To be changed, in the order of the message; empty: a new picture is wanted."""
    note: str
    """What the user should know of how it was made; empty: nothing was left out."""
    mask: Image | None = None
    """Where the first of the pictures may change."""


def wish(request: ModelRequest) -> Wish:
    """What the last message of the user asks for.

    Raises:
        CapabilityError: it has no words, or a mask that cannot be used.
    """
    asked = [message for message in request.messages if message.role == "user"]
    last = last_question(request.messages)
    words = plain_text(last.parts) if last else ""
    if last is None or not words:
        raise CapabilityError(f"{request.card.title} needs words: say what to draw or change.")
    pictures = tuple(part for part in last.parts if isinstance(part, Image) and not part.mask)
    earlier = () if pictures or not _speaks_of_earlier(words) else _earlier_wishes(asked[:-1])
    if earlier:
        listed = "\n".join(f"- {text}" for text in earlier)
        words = f"Wishes so far, oldest first:\n{listed}\n\nNow: {words}"
    prompt = f"{request.system.strip()}\n\n{words}".strip()
    return Wish(prompt, pictures, _note(request, len(earlier)), mask_of(request))


def _speaks_of_earlier(words: str) -> bool:
    if len(words.split()) > MAX_FOLLOW_UP_WORDS or _STARTS_ANEW.match(words):
        return False
    return bool(_LOOKS_BACK.search(words))


def _earlier_wishes(asked: list[Message]) -> tuple[str, ...]:
    """The wishes that led here, oldest first, back to the last that started something new.

    None at all where one of them came with a picture or is long: half of a story misleads.
    """
    found: list[str] = []
    for message in reversed(asked):
        if any(not isinstance(part, Text) for part in message.parts):
            return ()
        text = " ".join(plain_text(message.parts).split())
        found.append(text)
        if len(found) > MAX_EARLIER_WISHES or sum(map(len, found)) > MAX_EARLIER_CHARS:
            return ()
        if not _speaks_of_earlier(text):
            break
    return tuple(reversed(found))


def _note(request: ModelRequest, earlier: int) -> str:
    system = _SYSTEM if request.system.strip() else ""
    if earlier:
        attach = ATTACH if "image" in request.card.input_modalities else ""
        return TOGETHER.format(count=earlier + 1, system=system) + attach
    return ALONE.format(system=system) if len(request.messages) > 1 else ""
