"""A stream of a model's words as it may be shown: held back just long enough to be judged.

A piece of text can be let go once nothing that begins in it may end in what is still to come.
Checks with a reach let go all but so many characters; checks that judge whole passages are given
one at the end of a line, once it is long enough to mean something.
"""

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import replace
from typing import TypeAlias

from chat.core.events import ImageBytes, ProviderEvent, ReasoningDelta, TextDelta
from chat.guards.verdicts import Bench

Words: TypeAlias = TextDelta | ReasoningDelta

PASSAGE_CHARS = 400
"""Asked about less at a time, a check would be asked all the time."""
LONGEST_CHARS = 4_000
CUTS_TRIED = 5
PICTURE_HELD = TextDelta("\n\n[A picture was held back.]\n\n")


async def screened(
    events: AsyncGenerator[ProviderEvent, None], bench: Bench
) -> AsyncGenerator[ProviderEvent, None]:
    """The events in their order. Raises ``Blocked`` as ``Bench`` does."""
    held: Words = TextDelta("")
    async with aclosing(events):
        async for event in events:
            words = _unsigned(event)
            if held.text and type(words) is not type(held):
                yield replace(held, text=await bench.text(held.text))
                held = TextDelta("")
            if words is None:
                yield await _alone(event, bench)
                continue
            freed, kept = await _freed(held.text + words.text, bench)
            if freed:
                yield replace(words, text=freed)
            held = replace(words, text=kept)
        if held.text:
            yield replace(held, text=await bench.text(held.text))


def _unsigned(event: ProviderEvent) -> Words | None:
    """Words that may be joined. A signature belongs to its own piece, which joins nothing."""
    if isinstance(event, TextDelta | ReasoningDelta) and event.echo is None:
        return event
    return None


async def _alone(event: ProviderEvent, bench: Bench) -> ProviderEvent:
    """What stands for itself: a signed piece of text, a picture, a call, the end."""
    if isinstance(event, TextDelta | ReasoningDelta):
        judged = await bench.text(event.text)
        return event if judged == event.text else replace(event, text=judged, echo=None)
    if isinstance(event, ImageBytes) and not await bench.picture(event.data):
        return PICTURE_HELD
    return event


async def _freed(held: str, bench: Bench) -> tuple[str, str]:
    """What may be shown now, as the rules left it, and what must wait, as it came."""
    if len(held) < PASSAGE_CHARS + (bench.reach_chars or 0):
        return "", held
    if len(held) > LONGEST_CHARS:
        return await bench.text(held), ""
    whole = await bench.text(held, trial=True)
    for cut in _cuts(held, bench.reach_chars):
        begun = await bench.text(held[:cut], trial=True)
        rest = await bench.text(held[cut:], trial=True)
        if begun + rest == whole:  # else something was found across the cut
            return await bench.text(held[:cut]), held[cut:]
    return "", held


def _cuts(held: str, reach_chars: int | None) -> Iterator[int]:
    """Places between words, or lines for whole passages, from the last that is safe backwards."""
    sign, end = ("\n", len(held)) if reach_chars is None else (" ", len(held) - reach_chars)
    for _ in range(CUTS_TRIED):
        end = held.rfind(sign, 0, end)
        if end < 1:
            return
        yield end + 1
