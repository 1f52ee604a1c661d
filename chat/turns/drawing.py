"""Pictures for a prompt: as many as are wanted, in as few questions as the model needs for them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chat.core.errors import BadReply, Blocked
from chat.core.events import TextDelta
from chat.core.messages import Message, new_id
from chat.core.models import ModelCard
from chat.core.parts import MediaRef
from chat.gateway.ledger import DECLINED
from chat.turns.direct import DirectAnswers, DirectEnd, DirectEvent, DirectQuestion, PictureShown
from chat.turns.held_pictures import HeldPictures
from chat.turns.question import check, compose

MAX_DRAWN = 10
"""For one prompt."""

AT_ONCE = 4
"""Questions side by side."""

QUOTED_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class Drawn:
    """What came of a prompt."""

    pictures: tuple[PictureShown, ...]
    ends: tuple[DirectEnd, ...]
    """Of each question that was answered."""
    words: str
    """What was said beside the pictures."""


def prompted(
    prompt: str, shown: Sequence[MediaRef] = (), mask: MediaRef | None = None
) -> tuple[Message, ...]:
    """A question for pictures: the words, the pictures to change, and where the first may change.

    Raises:
        CapabilityError: there is nothing to ask, or too much.
    """
    masks = [] if mask is None else [mask]
    check(prompt, [ref.sha256 for ref in shown], [ref.sha256 for ref in masks])
    return (Message(new_id(), "", None, "user", compose(prompt, shown, {}, masks)),)


class _Heard:
    """What one question brought."""

    def __init__(self) -> None:
        self.pictures: list[PictureShown] = []
        self.words = ""

    def tell(self, event: DirectEvent) -> None:
        if isinstance(event, PictureShown):
            self.pictures.append(event)
        elif isinstance(event, TextDelta):
            self.words += event.text


async def drawn(
    direct: DirectAnswers,
    owner: str,
    card: ModelCard,
    messages: tuple[Message, ...],
    held: HeldPictures,
    options: dict[str, object],
    count: int,
) -> Drawn:
    """So many pictures, or those that came where one of several questions failed.

    Args:
        direct: who asks.
        owner: on whose behalf.
        card: who draws.
        messages: see :func:`prompted`.
        held: their pictures.
        options: what was chosen for pictures, without their number.
        count: how many, at most :data:`MAX_DRAWN`.

    Raises:
        ChatError: nothing came.
    """
    question = DirectQuestion(card, messages, held, options=options)
    shares = [min(card.n_max, count - at) for at in range(0, count, card.n_max)]
    room = asyncio.Semaphore(AT_ONCE)

    async def one(share: int) -> tuple[_Heard, DirectEnd]:
        asked = question if share == 1 else replace(question, options={**options, "n": str(share)})
        heard = _Heard()
        async with room:
            end = await direct.ask(owner, asked, heard.tell)
        return heard, end

    met = await asyncio.gather(*map(one, shares), return_exceptions=True)
    came = [each for each in met if not isinstance(each, BaseException)]
    pictures = [picture for heard, _ in came for picture in heard.pictures]
    if not pictures:
        failed = (each for each in met if isinstance(each, BaseException))
        raise next(failed, None) or _nothing(card, *came[0])
    words = "\n\n".join(filter(None, (heard.words.strip() for heard, _ in came)))
    return Drawn(tuple(pictures[:count]), tuple(end for _, end in came), words)


def _nothing(card: ModelCard, heard: _Heard, end: DirectEnd) -> Exception:
    """Why an answer without a picture is none."""
    if end.finish.kind in DECLINED:
        return Blocked(end.finish.message or f"{card.title} drew nothing.", end.finish.native)
    said = " ".join(heard.words.split())[:QUOTED_CHARACTERS]
    return BadReply(f"{card.title} drew nothing. It said: “{said}”")
