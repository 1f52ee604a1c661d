"""What a user may ask: words and stored pictures to the parts of a message, within limits."""

from collections.abc import Mapping, Sequence

from chat.core.errors import CapabilityError
from chat.core.messages import Message
from chat.core.parts import Image, MediaRef, Part, Text, images

MAX_TEXT_CHARACTERS = 400_000
MAX_PICTURES = 10
TITLE_CHARACTERS = 60


def clean_text(text: str) -> str:
    """The text without NUL, with a sign for each lone surrogate; the same object if it is sound."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def check(text: str, shas: Sequence[str]) -> None:
    """Refuse what cannot be sent, before anything is stored.

    Raises:
        CapabilityError: the message is empty, too long, or has too many pictures.
    """
    if not text.strip() and not shas:
        raise CapabilityError("Write a message or add a picture first.")
    if len(text) > MAX_TEXT_CHARACTERS:
        raise CapabilityError(
            f"This message has {len(text):,} characters; "
            f"at most {MAX_TEXT_CHARACTERS:,} can be sent."
        )
    if len(shas) > MAX_PICTURES:
        raise CapabilityError(
            f"This message has {len(shas)} pictures; "
            f"at most {MAX_PICTURES} can be sent at once. Remove some and send again."
        )


def shown(branch: Sequence[Message]) -> dict[str, Image]:
    """Every picture of a branch by sha256, the newest mention of each."""
    found: dict[str, Image] = {}
    for message in branch:
        found.update({image.media.sha256: image for image in images(message.parts)})
    return found


def compose(text: str, refs: Sequence[MediaRef], earlier: Mapping[str, Image]) -> tuple[Part, ...]:
    """Pictures first, then words. A picture seen earlier keeps its origin and its alt text."""
    chosen: list[Part] = []
    for ref in refs:
        known = earlier.get(ref.sha256)
        chosen.append(
            Image(ref, known.origin, known.alt) if known is not None else Image(ref, "upload")
        )
    return (*chosen, Text(text)) if text.strip() else tuple(chosen)


def title_of(parts: Sequence[Part]) -> str:
    """The first words of a message, as the title of its conversation."""
    words = " ".join(part.text for part in parts if isinstance(part, Text))
    title = " ".join(words[: 4 * TITLE_CHARACTERS].split())
    if not title:
        return "A picture"
    if len(title) <= TITLE_CHARACTERS:
        return title
    cut = title.rfind(" ", 0, TITLE_CHARACTERS)
    return title[: cut if cut > 0 else TITLE_CHARACTERS].rstrip(".,;: ") + "…"
