"""What a model is asked with in one attempt: fitted to it, with the pictures it gets to see."""

from collections.abc import Awaitable, Mapping, Sequence
from typing import Protocol

from chat.core.calling import ModelRequest, ToolSpec
from chat.core.messages import Message
from chat.core.models import ModelCard
from chat.core.parts import File, Json
from chat.gateway.limits import Budget
from chat.turns.file_texts import ToldOfFiles
from chat.turns.region_lock import RegionLock
from chat.turns.request import fitted


class Load(Protocol):
    """Reads the pictures of fitted messages, see :meth:`chat.turns.pictures.Pictures.load`."""

    def __call__(
        self, card: ModelCard, messages: Sequence[Message], most_bytes: int | None, owner: str
    ) -> Awaitable[tuple[tuple[Message, ...], dict[str, bytes]]]:
        """The messages as they are sent, and the bytes of their pictures."""


class Tell(Protocol):
    """Puts words in place of files, see :meth:`chat.turns.file_texts.FileTexts.told`."""

    def __call__(self, card: ModelCard, messages: Sequence[Message]) -> Awaitable[ToldOfFiles]:
        """The messages as this model is told them."""


async def loaded(
    card: ModelCard,
    history: Sequence[Message],
    load: Load,
    owner: str,
    *,
    budget: Budget,
    lock: RegionLock | None,
    system: str,
    tools: tuple[ToolSpec, ...],
    options: Mapping[str, Json],
    tell: Tell | None = None,
    version: int = 0,
) -> ModelRequest:
    """The request for this card.

    Args:
        card: the model that is asked.
        history: what was said, oldest first.
        load: reads pictures.
        owner: whose they are.
        budget: what the model's endpoint is known to take.
        lock: the region that the question marks, measured.
        system: said before all of it.
        tools: what the model may call.
        options: what was chosen for pictures.
        tell: of the files in it; ``None``: there are none.
        version: how many other replies to the question there are already.

    Raises:
        CapabilityError: the question holds more, or other, pictures than the model takes.
        MediaRejected: a picture of it cannot be made to fit.
        StorageError: the store does not answer.
    """
    region = None if lock is None else lock.region
    told = ToldOfFiles(tuple(history))
    if tell is not None and any(isinstance(p, File) for each in history for p in each.parts):
        told = await tell(card, history)
    fitting = fitted(card, told.messages, bool(tools), budget, region)
    messages, media = fitting.messages, dict[str, bytes]()
    if fitting.pictures:
        messages, media = await load(card, messages, budget.bytes, owner)
    if lock is not None and card.mask:
        messages, media = await lock.as_sent(messages, media)
    elif lock is not None and card.markup:
        messages, media = await lock.with_strokes(card, messages, media)
    notes = (*fitting.notes, *told.notes)
    return ModelRequest(card, messages, system, tools, options, media, notes, version=version)
