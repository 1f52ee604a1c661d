"""A reply while it streams, as small changes to one growing piece of HTML.

The page holds finished blocks and one open block. Each change says how much of the open
block's HTML to keep, what to write after it, and whether it is then finished. A block is so
sent once, a growing paragraph as its new words, and the cost of a chunk depends neither on
the length of the reply nor on that of the conversation.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chat.core.events import (
    CallDelta,
    CallsEnded,
    Queued,
    ReasoningDelta,
    Saved,
    TextDelta,
    ToolProgress,
    TurnEvent,
    UserAnswered,
    UserAsked,
)
from chat.core.languages import say
from chat.core.numbers import number
from chat.core.parts import Image, ToolCall, ToolResult
from chat.render.blocks import picture, reasoning, result_blocks
from chat.render.call_lines import CallLines
from chat.render.escaping import escape, spoken
from chat.render.proofs import RegionPairs
from chat.render.streaming import StreamingMarkdown
from chat.render.tool_calls import tool


@dataclass(frozen=True, slots=True)
class Change:
    """One step of the open block."""

    keep: int
    """How many UTF-16 units of its HTML stay, as JavaScript counts them."""
    tail: str
    """What follows them."""
    finished: bool
    """Whether the block is closed after this, and an empty one opened."""


class LiveBody:
    """Turns the events of a turn into changes of its HTML."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        """Draw tools under these titles."""
        self._titles = titles
        self._growing = CallLines(titles)
        self._finished: list[str] = []
        self._sent_open = ""
        self._text: StreamingMarkdown | None = None
        self._thinking: list[str] = []
        self._thinking_chars = 0
        self._waiting: dict[str, ToolCall] = {}
        self._progress: dict[str, ToolProgress] = {}
        self._pairs = RegionPairs(picture)
        self._place = 0

    @property
    def open_chars(self) -> int:
        """How much text is not closed yet: the next events may have it drawn anew."""
        words = self._text.open_chars if self._text is not None else 0
        return words + self._thinking_chars

    def feed(self, events: Iterable[TurnEvent]) -> list[Change]:
        """Take what happened and return what the page must change; often nothing."""
        changes: list[Change] = []
        for event in events:
            if isinstance(event, UserAsked | UserAnswered):
                continue  # a question has a place of its own, see chat.render.questions
            if isinstance(event, CallDelta | CallsEnded | Queued):
                self._at_the_end(event)
                continue
            if isinstance(event, Saved):
                self._growing.clear()
            if not isinstance(event, Image | ToolProgress):
                self._finish_all(self._pairs.rest(), changes)
            if isinstance(event, TextDelta):
                self._end_thinking(changes)
                if self._text is None:
                    self._text = StreamingMarkdown()
                self._text.append(event.text)
            elif isinstance(event, ReasoningDelta):
                self._end_text(changes)
                self._thinking.append(event.text)
                self._thinking_chars += len(event.text)
            elif isinstance(event, ToolProgress):
                self._progress[event.call_id] = event
            else:
                self._end_thinking(changes)
                self._end_text(changes)
                if not isinstance(event, Saved):
                    self._whole(event, changes)
        self._draw_open(changes)
        return changes

    def _at_the_end(self, event: CallDelta | CallsEnded | Queued) -> None:
        """Take what changes only the lines below everything else."""
        if isinstance(event, CallDelta):
            self._growing.grow(event)
        elif isinstance(event, CallsEnded):
            self._growing.clear()
        else:
            self._place = event.place

    def _whole(self, event: Image | ToolCall | ToolResult, changes: list[Change]) -> None:
        if isinstance(event, Image):
            self._finish_all(self._pairs.blocks(event), changes)
        elif isinstance(event, ToolCall):
            self._growing.whole(event)
            self._waiting[event.call_id] = event
        else:
            call = self._waiting.pop(event.call_id, None)
            self._progress.pop(event.call_id, None)
            self._finish_all(result_blocks(call, event, self._titles), changes)

    def _end_text(self, changes: list[Change]) -> None:
        if self._text is not None:
            update = self._text.finish()
            for block in (*update.closed, update.open):
                if block:
                    self._finish(block, changes)
            self._text = None

    def _end_thinking(self, changes: list[Change]) -> None:
        if self._thinking:
            self._finish(reasoning("".join(self._thinking)), changes)
            self._thinking.clear()
            self._thinking_chars = 0

    def _draw_open(self, changes: list[Change]) -> None:
        html = ""
        if self._text is not None:
            update = self._text.take()
            for block in update.closed:
                self._finish(block, changes)
            html = update.open
        elif self._thinking:
            html = f'<details class="thinking"><summary>{spoken("Thinking…")}</summary></details>'
        # Calls stand behind the words, where they will stand with their answers.
        html += "".join(
            tool(
                call,
                None,
                self._titles.get(call.name, call.name),
                self._progress.get(call.call_id),
            )
            for call in self._waiting.values()
        )
        html += self._growing.html()
        if self._place:
            html += f'<p class="in-queue">{escape(_in_queue(self._place))}</p>'
        if html != self._sent_open:
            changes.append(self._change(html, finished=False))
            self._sent_open = html

    def _finish_all(self, blocks: Iterable[str], changes: list[Change]) -> None:
        for block in blocks:
            self._finish(block, changes)

    def _finish(self, html: str, changes: list[Change]) -> None:
        changes.append(self._change(html, finished=True))
        self._finished.append(html)
        self._sent_open = ""

    def _change(self, html: str, *, finished: bool) -> Change:
        kept = _common_length(self._sent_open, html)
        return Change(_utf16_length(html[:kept]), html[kept:], finished)

    def so_far(self, held: int = 0) -> list[Change]:
        """What brings a page that holds so many finished blocks to where the others are."""
        whole = [Change(0, block, finished=True) for block in self._finished[held:]]
        if self._sent_open:
            whole.append(Change(0, self._sent_open, finished=False))
        return whole

    def html(self) -> str:
        """Everything that the page shows now."""
        return "".join(self._finished) + self._sent_open


def _in_queue(place: int) -> str:
    if place == 1:
        return say("Next in the queue: it begins when one of the replies under way ends.")
    return say(
        "Number {place} in the queue: other replies are being written first.", place=number(place)
    )


def _common_length(old: str, new: str) -> int:
    """How many characters two strings share at their start; slices compare at C speed."""
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _utf16_length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2
