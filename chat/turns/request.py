"""History to request: what the model gets to see of a conversation.

Repairs what a crash or a Stop left half done, leaves out drafts, tells past tool traffic as
words where tools are off, and chooses the pictures that fit the model's budget, newest first.
A picture that the user took out of the next message may be among them: it is still part of
the conversation. A mask goes with the question it was made for, to a model that reads masks,
and nowhere else. Pure: the bytes are loaded by the caller, for the pictures that were chosen.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from chat.core.errors import CapabilityError
from chat.core.estimate import PICTURE_TOKENS
from chat.core.messages import Message, question_at
from chat.core.models import ModelCard
from chat.core.parts import (
    Image,
    Part,
    Text,
    ToolCall,
    ToolResult,
    UnknownPart,
    images,
    plain_text,
    with_pictures,
)
from chat.gateway.limits import (
    NO_LIMIT,
    NOTHING,
    Budget,
    LeftOut,
    shas_of,
    tokens,
)
from chat.providers.inline_pictures import without_pictures

UNSENT = "[An earlier picture stood here; it is not sent again.]"
UNSENT_MASK = "[A mask stood here: it marked a part of the picture; it is not sent.]"
UNKNOWN = "[Something that this program cannot read stood here; it is not sent.]"
STOPPED = "Stopped."


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a model is asked with."""

    messages: tuple[Message, ...]
    """Oldest first."""
    left_out: LeftOut
    """What would have gone to this model, had its endpoint not refused as much before."""
    notes: tuple[str, ...] = ()
    """What the user is told of that."""


def prepare(card: ModelCard, branch: Sequence[Message], tools_on: bool) -> tuple[Message, ...]:
    """The messages that this model can be asked with, oldest first, see :func:`fitted`."""
    return fitted(card, branch, tools_on).messages


def fitted(
    card: ModelCard, branch: Sequence[Message], tools_on: bool, budget: Budget = NO_LIMIT
) -> Prepared:
    """What of a conversation this model can be asked with.

    Args:
        card: the model that will be asked.
        branch: the way from the root to the user's message, or to the reply under way.
        tools_on: whether tools are offered with this request.
        budget: what its endpoint is known to take, where that is less than the card says.

    Raises:
        CapabilityError: the newest message holds more, or other, pictures than the model takes.
    """
    repaired = [_altered(message, _repaired) for message in branch]
    came = [message for message in repaired if message.parts]
    kept = [_without_digits(_altered(message, _readable)) for message in came]
    kept = kept if tools_on else [_altered(message, _told) for message in kept]
    last_question = question_at(kept) or 0
    kept = [
        message if card.mask and at == last_question else _altered(message, _unmasked)
        for at, message in enumerate(kept)
    ]
    if kept:
        must_fit(card, kept[last_question])
    wanted = _choose(card, kept, NO_LIMIT)
    first = 0 if budget.tokens is None else _first(kept, budget.tokens)
    kept, came = kept[first:], came[first:]
    chosen = wanted if budget == NO_LIMIT else _choose(card, kept, budget)
    kept = [_altered(message, lambda parts: _only(parts, chosen)) for message in kept]
    sent = (
        now if now is before else _disowned(now, before)
        for now, before in zip(kept, came, strict=True)
    )
    left_out = LeftOut(len(wanted - chosen), first)
    notes = () if left_out == NOTHING else left_out.notes(card)
    return Prepared(tuple(sent), left_out, notes)


def _altered(message: Message, alter: Callable[[tuple[Part, ...]], tuple[Part, ...]]) -> Message:
    """The message with its parts altered; itself where nothing is, as in most of a long history."""
    if all(isinstance(part, Text) for part in message.parts):
        return message  # words are told to every model as they are
    parts = alter(message.parts)
    return message if parts == message.parts else replace(message, parts=parts)


def _without_digits(message: Message) -> Message:
    """A reply without pictures as base64 among its words, as an earlier Easel may have kept it."""
    if message.role != "assistant":
        return message
    parts = tuple(
        replace(part, text=words, echo=None)
        if isinstance(part, Text) and (words := without_pictures(part.text)) != part.text
        else part
        for part in message.parts
    )
    return message if parts == message.parts else replace(message, parts=parts)


def _repaired(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Answer calls that never got a result, and leave out drafts: no wire wants them back."""
    answered = {part.call_id for part in parts if isinstance(part, ToolResult)}
    fixed: list[Part] = []
    waiting: list[ToolCall] = []

    def settle() -> None:
        fixed.extend(
            ToolResult(call.call_id, call.name, (Text(STOPPED),), failed=True) for call in waiting
        )
        waiting.clear()

    for part in parts:
        if isinstance(part, Image) and part.draft:
            continue
        if not isinstance(part, ToolCall | ToolResult):
            settle()
        if isinstance(part, ToolCall) and part.call_id not in answered:
            waiting.append(part)
        fixed.append(part)
    settle()
    return tuple(fixed)


def _readable(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts with a remark in place of each that was made by a newer Easel."""

    def read(part: Part) -> Part:
        if isinstance(part, UnknownPart):
            return Text(f"{UNKNOWN}\n\n")
        if isinstance(part, ToolResult) and any(isinstance(c, UnknownPart) for c in part.content):
            content = [Text(UNKNOWN) if isinstance(c, UnknownPart) else c for c in part.content]
            return replace(part, content=tuple(content))
        return part

    return tuple(map(read, parts))


def _told(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Tool traffic as words and pictures, for a request that declares no tools."""
    told: list[Part] = []
    for part in parts:
        if isinstance(part, ToolCall):
            continue
        if isinstance(part, ToolResult):
            answer = plain_text(part.content)
            told.append(Text(f"\n\n[The tool {part.name} answered: {answer}]\n\n"))
            told.extend(item for item in part.content if isinstance(item, Image))
        else:
            told.append(part)
    return tuple(told)


def _unmasked(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts with each mask as words: to a model that reads none it would be a picture."""
    return tuple(
        Text(f"{UNSENT_MASK}\n\n") if isinstance(part, Image) and part.mask else part
        for part in parts
    )


def must_fit(card: ModelCard, question: Message) -> None:
    """Refuse pictures that this model cannot be asked with. Raises ``CapabilityError``."""
    asked = [image for image in images(question.parts) if not image.mask]
    if not asked:
        return
    if "image" not in card.input_modalities:
        raise CapabilityError(
            f"{card.title} takes no pictures. Remove the picture, or choose another model."
        )
    if len(asked) > card.max_input_images:
        raise CapabilityError(
            f"{card.title} takes at most {card.max_input_images} pictures at once, "
            f"and this message has {len(asked)}. Remove some and send again."
        )
    heavy_bytes = sum(image.media.size_bytes for image in asked)
    if len(asked) > 1 and heavy_bytes > card.max_request_bytes:
        raise CapabilityError(
            f"{card.title} takes at most {_mb(card.max_request_bytes)} MB of pictures at once, "
            f"and those of this message have {_mb(heavy_bytes)} MB. Remove some and send again."
        )


def _mb(size_bytes: int) -> str:
    return f"{size_bytes / 1_000_000:.1f}"


def _first(messages: Sequence[Message], most_tokens: int) -> int:
    """Where to begin, so that the words fit: with a question, the last one at the latest."""
    if not messages:
        return 0
    at = question_at(messages) or 0
    own = shas_of(messages[at : at + 1])
    # The newest picture of the history keeps its place before the oldest words.
    sent = len(own) + bool(shas_of(messages) - own)
    left = most_tokens - PICTURE_TOKENS * sent
    left -= sum(tokens(message.parts) for message in messages[at:])
    first = at
    while first and (left := left - tokens(messages[first - 1].parts)) >= 0:
        first -= 1
    while first < at and messages[first].role != "user":
        first += 1
    return first


def _choose(card: ModelCard, messages: Sequence[Message], budget: Budget) -> set[str]:
    """The sha256 of the pictures to send: the question's, then the newest until room runs out.

    A mask takes no picture's place; it goes where its question goes. One picture may be larger
    than the whole budget; the newest is chosen even so, because the caller can shrink it, and
    an answer that ignores it would be worse.
    """
    if "image" not in card.input_modalities or not messages:
        return set()
    most, most_bytes = card.max_input_images, card.max_request_bytes
    if budget.tokens is not None:
        words = sum(tokens(message.parts) for message in messages)
        most = min(most, max(0, budget.tokens - words) // PICTURE_TOKENS)
    if budget.pictures is not None:
        most = min(most, budget.pictures)
    if budget.bytes is not None:
        most_bytes = min(most_bytes, budget.bytes)
    own = messages[question_at(messages) or 0]
    chosen = {image.media.sha256: image for image in images(own.parts) if not image.mask}
    spent_bytes = sum(image.media.size_bytes for image in chosen.values())
    for message in reversed(messages):
        for image in reversed(images(message.parts)):
            media = image.media
            if image.mask or media.sha256 in chosen:
                continue
            if len(chosen) >= most:
                return set(chosen)
            if chosen and spent_bytes + media.size_bytes > most_bytes:
                return set(chosen)
            chosen[media.sha256] = image
            spent_bytes += media.size_bytes
    return set(chosen)


def _only(parts: tuple[Part, ...], chosen: set[str]) -> tuple[Part, ...]:
    """The parts with every picture that was not chosen replaced by a remark."""

    def sent(image: Image) -> Image | Text:
        return image if image.mask or image.media.sha256 in chosen else Text(UNSENT)

    return with_pictures(parts, sent)


def _disowned(message: Message, came: Message) -> Message:
    """A reply that was altered is nobody's: a model would miss signatures in what it wrote."""
    said, meant = (
        [part for part in parts if not isinstance(part, ToolResult)]
        for parts in (message.parts, came.parts)
    )
    return message if said == meant else replace(message, origin=None)
