"""History to request: what the model gets to see of a conversation.

Repairs what a crash or a Stop left half done, leaves out drafts, tells past tool traffic as
words where tools are off, tells where the pictures are that words call by a handle, and chooses the
pictures that fit the model's budget, newest first. A picture that the user took out of the tray
for others may be among them: it is still part of the conversation; of a question that starts
fresh none above it is sent. A mask goes with the question it was made for, to a model that reads
masks; any other is told in words where the region lies. Pure: the bytes are loaded by the caller,
for the pictures that were chosen.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from chat.core.errors import CapabilityError
from chat.core.estimate import picture_tokens
from chat.core.handles import numbered
from chat.core.messages import Message, question_at
from chat.core.models import ModelCard
from chat.core.parts import (
    Image,
    MediaRef,
    Part,
    Text,
    ToolCall,
    ToolResult,
    UnknownPart,
    images,
    plain_text,
    with_pictures,
)
from chat.core.regions import is_answer
from chat.gateway.limits import (
    NO_LIMIT,
    NOTHING,
    Budget,
    LeftOut,
    tokens,
)
from chat.images.edits import MarkedRegion
from chat.providers.shared.replies.words_alone import without_pictures
from chat.turns.picture_places import calls_pictures, with_places
from chat.turns.region_words import instruction

UNSENT = "[An earlier picture stood here; it is not sent again.]"
UNSENT_MASK = "[A mask stood here: it marked a part of the picture; it is not sent.]"
UNSENT_MASK_REMARK = f"{UNSENT_MASK}\n\n"
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
    pictures: frozenset[str] = frozenset()
    """The sha256 of those that go along, the question's own included; no masks."""


def prepare(card: ModelCard, branch: Sequence[Message], tools_on: bool) -> tuple[Message, ...]:
    """The messages that this model can be asked with, oldest first, see :func:`fitted`."""
    return fitted(card, branch, tools_on).messages


def fitted(
    card: ModelCard,
    branch: Sequence[Message],
    tools_on: bool,
    budget: Budget = NO_LIMIT,
    region: MarkedRegion | None = None,
) -> Prepared:
    """What of a conversation this model can be asked with.

    Args:
        card: the model that will be asked.
        branch: the way from the root to the user's message, or to the reply under way.
        tools_on: whether tools are offered with this request.
        budget: what its endpoint is known to take, where that is less than the card says.
        region: what the mask of the question marks, where that is known.

    Raises:
        CapabilityError: the newest message holds more, or other, pictures than the model takes.
    """
    repaired = [_altered(message, _repaired) for message in branch]
    came = [message for message in repaired if message.parts]
    kept = [_without_digits(_altered(message, _readable)) for message in came]
    kept = kept if tools_on else [_altered(message, _told) for message in kept]
    wanted: set[str] = set()
    if shows := any(images(message.parts) for message in kept):
        last_question = question_at(kept) or 0
        told = UNSENT_MASK_REMARK if region is None else instruction(card, region)
        kept = [_masked(card, message, told, at - last_question) for at, message in enumerate(kept)]
        must_fit(card, kept[last_question])
        wanted = _choose(card, kept, NO_LIMIT)
    first = 0 if budget.tokens is None else _first(card, kept, budget.tokens)
    kept, came = kept[first:], came[first:]
    chosen = _choose(card, kept, budget) if shows and budget != NO_LIMIT else wanted
    if shows:
        kept = [_altered(message, lambda parts: _only(parts, chosen)) for message in kept]
    if any(map(calls_pictures, kept)):
        kept = with_places(kept, numbered(branch), chosen, history=card.history)
    sent = (
        now if now is before else _disowned(now, before)
        for now, before in zip(kept, came, strict=True)
    )
    left_out = LeftOut(len(wanted - chosen), first)
    notes = () if left_out == NOTHING else left_out.notes(card)
    return Prepared(tuple(sent), left_out, notes, frozenset(chosen))


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
        if isinstance(part, Image) and part.draft and not is_answer(part):
            continue
        if not isinstance(part, ToolCall | ToolResult):
            settle()
        if isinstance(part, ToolCall) and part.call_id not in answered:
            waiting.append(part)
        fixed.append(part)
    settle()
    return tuple(fixed)


def _readable(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts with a remark in place of each that was made by a newer Easel.

    A model's own picture gives way to the result that stands beside it: what the model signed is
    no longer all there.
    """

    def read(part: Part) -> Part:
        if isinstance(part, UnknownPart):
            return Text(f"{UNKNOWN}\n\n")
        if isinstance(part, ToolResult) and any(isinstance(c, UnknownPart) for c in part.content):
            content = [Text(UNKNOWN) if isinstance(c, UnknownPart) else c for c in part.content]
            return replace(part, content=tuple(content))
        return part

    return tuple(read(part) for part in parts if not (isinstance(part, Image) and is_answer(part)))


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


def _masked(card: ModelCard, message: Message, told: str, after: int) -> Message:
    """The message as this model reads it: a mask as words, but for the question's where it can.

    To a model that reads no masks it would be a picture like any other.

    Args:
        card: the model.
        message: one of the conversation.
        told: what stands in place of the question's mask.
        after: how far below the question it stands; 0 is the question itself.
    """
    if after == 0 and card.mask:
        return message
    words = told if after == 0 else UNSENT_MASK_REMARK
    return _altered(message, lambda parts: _unmasked(parts, words))


def _unmasked(parts: tuple[Part, ...], words: str) -> tuple[Part, ...]:
    return tuple(Text(words) if isinstance(part, Image) and part.mask else part for part in parts)


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


def starts_fresh(question: Message) -> bool:
    """Whether no picture from above is sent along with a question."""
    return any(isinstance(part, Text) and part.fresh for part in question.parts)


def _first(card: ModelCard, messages: Sequence[Message], most_tokens: int) -> int:
    """Where to begin, so that the words fit: with a question, the last one at the latest."""
    if not messages:
        return 0
    at = question_at(messages) or 0
    own = _shown(messages[at : at + 1])
    # The newest picture of the history keeps its place before the oldest words.
    others = [image for image in _shown(messages) if image not in own]
    left = most_tokens - sum(picture_tokens(card, each) for each in (*own, *others[-1:]))
    left -= sum(tokens(message.parts) for message in messages[at:])
    first = at
    while first and (left := left - tokens(messages[first - 1].parts)) >= 0:
        first -= 1
    while first < at and messages[first].role != "user":
        first += 1
    return first


def _shown(messages: Sequence[Message]) -> list[MediaRef]:
    """The pictures of these messages, each once, without masks, as they came."""
    found = (image for message in messages for image in images(message.parts) if not image.mask)
    return list({image.media.sha256: image.media for image in found}.values())


def _choose(card: ModelCard, messages: Sequence[Message], budget: Budget) -> set[str]:
    """The sha256 of the pictures to send: the question's, then the newest until room runs out.

    A mask takes no picture's place; it goes where its question goes. One picture may be larger
    than the whole budget; the newest is chosen even so, because the caller can shrink it, and
    an answer that ignores it would be worse.
    """
    if "image" not in card.input_modalities or not messages:
        return set()
    most, most_bytes = card.max_input_images, card.max_request_bytes
    most_tokens = math.inf
    if budget.tokens is not None:
        most_tokens = budget.tokens - sum(tokens(message.parts) for message in messages)
    if budget.pictures is not None:
        most = min(most, budget.pictures)
    if budget.bytes is not None:
        most_bytes = min(most_bytes, budget.bytes)
    own = messages[question_at(messages) or 0]
    chosen = {image.media.sha256: image for image in images(own.parts) if not image.mask}
    if starts_fresh(own):
        # What the reply under way has made is no history.
        messages = messages[question_at(messages) or 0 :]
    spent_bytes = sum(image.media.size_bytes for image in chosen.values())
    spent_tokens = sum(picture_tokens(card, image.media) for image in chosen.values())
    for message in reversed(messages):
        for image in reversed(images(message.parts)):
            media = image.media
            if image.mask or media.sha256 in chosen:
                continue
            if len(chosen) >= most:
                return set(chosen)
            if chosen and spent_bytes + media.size_bytes > most_bytes:
                return set(chosen)
            spent_tokens += picture_tokens(card, media)
            if spent_tokens > most_tokens:
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
