"""A stream of a model's words as it may be shown: held back just long enough to be judged.

Words can be let go once nothing that begins in them may end in what is still to come. Checks with
a lookahead let go all but so many characters; checks that judge whole passages are given one at the
end of a line, once it is long enough to mean something. A call of a tool that is still being
written is shown value by value, each judged as it will be in the whole call.
"""

from collections.abc import AsyncGenerator, Collection, Iterator
from contextlib import aclosing
from dataclasses import replace
from typing import TypeAlias

from chat.core.events import (
    CallDelta,
    Finished,
    ImageBytes,
    ProviderEvent,
    ReasoningDelta,
    TextDelta,
)
from chat.core.parts import ToolCall
from chat.guards.judged_calls import JudgedCalls
from chat.guards.pipeline import GuardPipeline, Verdict

Words: TypeAlias = TextDelta | ReasoningDelta

STEP_CHARS = 80
"""Asked about less at a time, a check would be asked all the time."""
PASSAGE_CHARS = 400
LONGEST_PASSAGE_CHARS = 4_000
CONTEXT_CHARS = 80
"""What was let go and is looked at again: whether a word begins, only what is before it tells."""
PICTURE_HELD = TextDelta("\n\n[A picture was held back.]\n\n")


async def screened(
    events: AsyncGenerator[ProviderEvent, None],
    pipeline: GuardPipeline,
    tools: Collection[str] = (),
) -> AsyncGenerator[ProviderEvent, None]:
    """The events in their order. Raises ``Blocked`` as ``GuardPipeline`` does.

    Args:
        events: what a model says.
        pipeline: the rules on it.
        tools: names of tools that it was offered; any other is words of its own.
    """
    held, calls = _Held(pipeline), JudgedCalls(pipeline, tools)
    async with aclosing(events):
        async for event in events:
            if isinstance(event, CallDelta):
                # Words are held back on: what is said after the call may belong to them.
                if (growth := await calls.growth(event)) is not None:
                    yield growth
                continue
            if isinstance(event, TextDelta | ReasoningDelta):
                if not event.text and event.echo is None:
                    continue  # says nothing, and must not part what belongs together
                if held.of_another_kind(event):
                    for piece in await held.rest():
                        yield piece
                for piece in await held.add(event):
                    yield piece
                continue
            for piece in await held.rest():
                yield piece
            yield await _alone(event, pipeline, calls)
        for piece in await held.rest():
            yield piece


async def _alone(
    event: ProviderEvent, pipeline: GuardPipeline, calls: JudgedCalls
) -> ProviderEvent:
    """What stands for itself: a picture, a call, the end."""
    if isinstance(event, ImageBytes):
        if not await pipeline.passes_image(event.data):
            return PICTURE_HELD
        return replace(event, alt=await pipeline.passed_text(event.alt))
    if isinstance(event, ToolCall):
        return await calls.whole(event)
    if isinstance(event, Finished):
        said = await pipeline.passed_text(event.finish.message)
        return replace(event, finish=replace(event.finish, message=said))
    return event


class _Held:
    """Pieces of one kind that wait for what follows, as they came."""

    def __init__(self, pipeline: GuardPipeline) -> None:
        self._pipeline = pipeline
        self._pieces: list[Words] = []
        self._chars = 0
        self._tried = 0
        """How many characters there were when some were last let go, or tried to be."""
        self._before = ""
        """The end of what was let go: nothing that begins in it is found any more."""

    def of_another_kind(self, event: Words) -> bool:
        return bool(self._pieces) and type(self._pieces[0]) is not type(event)

    async def add(self, event: Words) -> list[Words]:
        """What may be shown now."""
        self._pieces.append(event)
        self._chars += len(event.text)
        least = self._pipeline.lookahead_chars + (
            PASSAGE_CHARS if self._pipeline.passages else STEP_CHARS
        )
        if self._chars < max(least, self._tried + STEP_CHARS):
            return []
        self._tried = self._chars
        text = self._before + "".join(piece.text for piece in self._pieces)
        limit = self._limit(text)
        if limit <= len(self._before):
            return []
        verdict = await self._pipeline.check(text, upto=limit, since=len(self._before))
        return self._released(verdict, verdict.clear_of(self._last_start(limit)))

    async def rest(self) -> list[Words]:
        """Everything, at the end of these words."""
        text = self._before + "".join(piece.text for piece in self._pieces)
        if not self._pieces:
            self._before = ""
            return []
        verdict = await self._pipeline.check(text, upto=len(text), since=len(self._before))
        released = self._released(verdict, len(text))
        self._before = ""
        return released

    def _limit(self, text: str) -> int:
        """How far the text may be let go: to a blank if there is one, or the end of a line."""
        end = len(text) - self._pipeline.lookahead_chars
        if self._pipeline.passages:
            line, begun = text.rfind("\n", 0, end) + 1, len(self._before)
            if line - begun >= PASSAGE_CHARS:
                return line
            return end if end - begun > LONGEST_PASSAGE_CHARS else 0
        blank = text.rfind(" ", 0, end) + 1
        return blank if blank > end - STEP_CHARS else end

    def _last_start(self, limit: int) -> int:
        """The limit, or the start of the signed piece that it would cut in two."""
        at = len(self._before)
        for piece in self._pieces:
            end = at + len(piece.text)
            if at < limit < end and piece.echo is not None:
                return at
            at = end
        return limit

    def _released(self, verdict: Verdict, cut: int) -> list[Words]:
        """The pieces up to the cut as they may be shown; the others stay."""
        at, shown, kept = len(self._before), list[Words](), list[Words]()
        for piece in self._pieces:
            start, at = at, at + len(piece.text)
            if at <= cut:
                shown.append(_as_passed(piece, verdict.between(start, at)))
            elif start < cut:
                shown.append(replace(piece, text=verdict.between(start, cut)))
                kept.append(replace(piece, text=verdict.text[cut:at]))
            else:
                kept.append(piece)
        if cut:
            self._before = verdict.text[max(0, cut - CONTEXT_CHARS) : cut]
        self._pieces, self._chars = kept, sum(len(piece.text) for piece in kept)
        self._tried = self._chars
        return list(_joined(shown))


def _as_passed(piece: Words, text: str) -> Words:
    """A piece that had to be altered is not what was signed."""
    return piece if text == piece.text else replace(piece, text=text, echo=None)


def _joined(pieces: list[Words]) -> Iterator[Words]:
    """Unsigned neighbours as one; those of which nothing is left not at all."""
    open_: Words | None = None
    for piece in pieces:
        if piece.echo is None and open_ is not None:
            open_ = replace(open_, text=open_.text + piece.text)
            continue
        if open_ is not None and open_.text:
            yield open_
        open_ = piece if piece.echo is None else None
        if piece.echo is not None:
            yield piece
    if open_ is not None and open_.text:
        yield open_
