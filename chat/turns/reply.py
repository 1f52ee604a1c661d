"""A reply as it grows: events go in, a message comes out.

Neighbouring pieces of text become one part, except where one carries an echo: a signature belongs
to its own piece and is never merged. What a provider or tool sends is made sound first: a lone
surrogate or a NUL is carried by no wire and no database, and one of them would make its
conversation unusable for good.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from chat.core.events import Finished, ReasoningDelta, TextDelta
from chat.core.messages import ALIVE, Finish, Message, Origin, Status, Usage, now
from chat.core.parts import (
    Content,
    File,
    Image,
    Json,
    Part,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
    unanswered,
    undecided,
)
from chat.core.strict_json import is_number
from chat.core.text import clean_text

TOOLS_AT_WORK = Finish("tool_calls")
"""Of a reply that is alive: the model has said what it wants, and its tools run."""

Event: TypeAlias = TextDelta | ReasoningDelta | Image | ToolCall | ToolResult


class Reply:
    """Folds the events of one turn, in order."""

    def __init__(self, message: Message) -> None:
        """Start from the message as it stands in the store."""
        self._message = message
        self._parts: list[Part] = list(message.parts)
        calls = (part for part in message.parts if isinstance(part, ToolCall))
        self._call_ids = {part.call_id for part in calls}
        self._numbers: dict[str, int] = {}
        """How many calls came under the same id."""
        self._open: list[str] = []
        self._open_type: type[Text] | type[Reasoning] = Text
        self.usage: Usage | None = message.usage
        self.response_id = ""
        self.version = 0
        """Grows with every event, so that a saver knows whether there is something new."""
        self._at_work = False

    def add(self, event: Event) -> None:
        """Take one more event."""
        self.version += 1
        if isinstance(event, TextDelta | ReasoningDelta):
            part_type = Text if isinstance(event, TextDelta) else Reasoning
            if event.echo is not None:
                self._close()
                self._parts.append(part_type(event.text, event.echo))
                return
            if part_type is not self._open_type:
                self._close()
                self._open_type = part_type
            self._open.append(event.text)
            return
        self._close()
        self._parts.append(event)

    def _close(self) -> None:
        text = "".join(self._open)
        self._open.clear()
        if text:
            self._parts.append(self._open_type(text))

    @property
    def parts(self) -> tuple[Part, ...]:
        """What has arrived so far."""
        tail = "".join(self._open)
        if tail:
            return (*self._parts, self._open_type(tail))
        return tuple(self._parts)

    def distinct(self, event: ToolCall) -> ToolCall:
        """The call under an id of its own: some servers name every call ``call_0``."""
        call_id, number = event.call_id, self._numbers.get(event.call_id, 1)
        while call_id in self._call_ids:
            number += 1
            call_id = f"{event.call_id}-{number}"
        self._numbers[event.call_id] = number
        self._call_ids.add(call_id)
        return event if call_id == event.call_id else replace(event, call_id=call_id)

    def unanswered(self) -> tuple[ToolCall, ...]:
        """Calls that have no result yet, in order."""
        return unanswered(self._parts)

    @property
    def waits(self) -> bool:
        """Whether the user has to decide on a call before anything goes on."""
        return bool(undecided(self._parts))

    def tools_at_work(self, at_work: bool) -> None:
        """Its tools run from now on, or do not any more: who finds it after a crash must know."""
        self._at_work = at_work
        self.version += 1

    def ask_for(self, asked: ToolCall) -> None:
        """Have a call in its place as the user is asked for it."""
        at = next(at for at, part in enumerate(self._parts) if _is_call(part, asked.call_id))
        self._parts[at] = asked
        self.version += 1

    def in_order(self) -> None:
        """Put the last results in the order of their calls, where some came after a question."""
        order = [call.call_id for call in self._parts if isinstance(call, ToolCall)]
        results: list[ToolResult] = []
        while self._parts:
            last = self._parts[-1]
            if not isinstance(last, ToolResult):
                break
            results.append(last)
            self._parts.pop()
        results.sort(key=lambda result: order.index(result.call_id))
        self._parts += results

    def counted(self, finished: Finished) -> None:
        """Take what a call of the model counted."""
        if finished.usage is not None:
            self.usage = finished.usage if self.usage is None else self.usage + finished.usage
        self.response_id = finished.response_id

    def answered_by(
        self, kind: str, endpoint: str, model: str, deployment: str, notes: Sequence[str]
    ) -> None:
        """Name who answers, with sentences on why, if there is need of any."""
        origin = self._message.origin
        if origin is None:
            origin = Origin(kind, endpoint, model)
        named = replace(
            origin,
            kind=kind,
            endpoint=endpoint,
            model=model,
            deployment=deployment,
            notes=(*origin.notes, *notes),
        )
        self._message = replace(self._message, origin=named)
        self.version += 1

    def drawn_by(self, card_id: str) -> None:
        """Name the model that draws, where another one runs the tools for it."""
        origin = self._message.origin
        if origin is not None:
            self._message = replace(self._message, origin=replace(origin, pictures_by=card_id))
            self.version += 1

    def noted(self, note: str) -> None:
        """Say a sentence to the user, beside what the model said; once, however often it is so."""
        origin = self._message.origin
        if origin is not None and note not in origin.notes:
            named = replace(origin, notes=(*origin.notes, note))
            self._message = replace(self._message, origin=named)
            self.version += 1

    def message(
        self, status: Status, finish: Finish | None = None, cost_usd: float | None = None
    ) -> Message:
        """The message as it would be stored now; a final status stamps the end."""
        final = status not in ALIVE
        if finish is None and self._at_work:
            finish = TOOLS_AT_WORK
        origin = self._message.origin
        if origin is not None and self.response_id:
            origin = replace(origin, response_id=self.response_id)
        return replace(
            self._message,
            parts=self.parts,
            status=status,
            finish=finish,
            origin=origin,
            usage=self.usage,
            cost_usd=cost_usd,
            finished_at=now() if final else None,
        )


def told_again(parts: Sequence[Part]) -> Iterator[Event]:
    """The events that parts once came as, for those who watch the rest of their reply."""
    for part in parts:
        match part:
            case Text():
                yield TextDelta(part.text, part.echo)
            case Reasoning():
                yield ReasoningDelta(part.text, part.echo)
            case Image() | ToolCall() | ToolResult():
                yield part


def _is_call(part: Part, call_id: str) -> bool:
    return isinstance(part, ToolCall) and part.call_id == call_id


def cleaned(event: Event) -> Event:
    """The same event with every text in it sound. Echoes stay as they are: they are not ours."""
    match event:
        case TextDelta() | ReasoningDelta():
            text = clean_text(event.text)
            return event if text is event.text else replace(event, text=text)
        case Image():
            return replace(event, alt=clean_text(event.alt))
        case ToolCall():
            return replace(event, name=clean_text(event.name), arguments=_json(event.arguments))
        case ToolResult():
            content = tuple(_item(item) for item in event.content)
            return replace(event, name=clean_text(event.name), content=content)


def _item(item: Content) -> Content:
    if isinstance(item, Text):
        return replace(item, text=clean_text(item.text))
    if isinstance(item, File):
        return replace(item, name=clean_text(item.name))
    return replace(item, alt=clean_text(item.alt)) if isinstance(item, Image) else item


def _json(value: Json) -> Json:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_text(str(key)): _json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_json(item) for item in value]
    # No SDK sends on what is no number; the tool says what it misses.
    return value if not isinstance(value, float) or is_number(value) else None
