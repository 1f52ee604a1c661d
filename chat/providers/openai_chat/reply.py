"""What a chat completion says, as events, whether it came in one piece or in many."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from chat.core.events import Finished, ProviderEvent, ReasoningDelta, TextDelta
from chat.core.messages import Finish
from chat.providers.endings import DECLINED, broke_off, empty
from chat.providers.openai_chat.calls import CallReader
from chat.providers.openai_chat.echoes import reasoning_echo, signature_echo, words_signature
from chat.providers.openai_chat.finishes import charged, finish_of
from chat.providers.openai_chat.inline import InlinePictures, Piece
from chat.providers.openai_chat.pictures import (
    UNREADABLE,
    PictureReader,
    addresses,
    content_pieces,
)
from chat.providers.openai_usage import spoken_usage


class Reply:
    """A reply that is being read."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._text = InlinePictures()
        self._pictures = PictureReader()
        self._calls = CallReader()
        self._details: list[Any] = []
        self._finish: Finish | None = None
        self._usage: Mapping[str, Any] | None = None
        self._response_id = ""
        self._answered = self._refused = False

    def read(self, body: Mapping[str, Any]) -> Iterator[ProviderEvent]:
        """The events of a chunk, or of a whole completion."""
        self._response_id = str(body.get("id") or self._response_id)
        usage = body.get("usage")
        if isinstance(usage, Mapping):
            self._usage = usage
        choices = body.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        if not isinstance(choice, Mapping):
            return
        said = choice.get("delta") or choice.get("message")
        if isinstance(said, Mapping):
            for event in _signed(self._said(said), words_signature(said)):
                self._answered = self._answered or _says(event)
                yield event
        reason = choice.get("finish_reason")
        if isinstance(reason, str) and reason:
            self._finish = finish_of(reason, choice)

    def _said(self, said: Mapping[str, Any]) -> Iterator[ProviderEvent]:
        thought = said.get("reasoning_content") or said.get("reasoning")
        if isinstance(thought, str) and thought:
            yield ReasoningDelta(thought)
        for kind, value in content_pieces(said.get("content")):
            if kind == "text":
                yield from self._shown(self._text.feed(value))
            elif kind == "reasoning":
                yield ReasoningDelta(value)
            else:
                yield from self._picture(value)
        refusal = said.get("refusal")
        if isinstance(refusal, str) and refusal:
            self._refused = True
            yield from self._shown(self._text.feed(refusal))
        for address in addresses(said):
            yield from self._picture(address)
        details = said.get("reasoning_details") or _nested_details(said)
        if isinstance(details, list):
            self._details += details
        self._calls.read(said.get("tool_calls"))

    def _picture(self, address: str) -> Iterator[ProviderEvent]:
        yield from self._shown(self._text.flush())  # words held back came before it
        yield from self._pictures.read(address)

    def _shown(self, pieces: list[Piece]) -> Iterator[ProviderEvent]:
        for piece in pieces:
            if isinstance(piece, str):
                yield TextDelta(piece)
            elif piece.whole:
                yield from self._pictures.read(piece.url, piece.alt)
            else:
                yield TextDelta(UNREADABLE)

    def ended(self) -> Iterator[ProviderEvent]:
        """The last events, ``Finished`` among them.

        Raises:
            BadReply: the reply ended without a reason.
        """
        for event in self._shown(self._text.flush()):
            self._answered = True
            yield event
        if self._finish is None:
            raise broke_off(self._title)
        if self._details:
            yield TextDelta("", reasoning_echo(self._details))
        finish = self._finish
        called = False
        for call in self._calls.finished():
            called = True
            yield call
        if finish.kind == "stop":
            if called:
                finish = Finish("tool_calls", finish.native)
            elif self._refused:
                finish = DECLINED
            elif not self._answered:
                finish = empty(finish.native, self._title)
        usage = spoken_usage(self._usage, "prompt", "completion")
        yield Finished(charged(finish, usage), usage, self._response_id)


def _says(event: ProviderEvent) -> bool:
    """Whether it is something of an answer: no thought, and no signature alone."""
    if isinstance(event, TextDelta):
        return bool(event.text)
    return not isinstance(event, ReasoningDelta)


def _signed(events: Iterator[ProviderEvent], signature: str) -> Iterator[ProviderEvent]:
    """The events, the first words among them signed; empty ones where there are none."""
    for event in events:
        if signature and isinstance(event, TextDelta):
            event, signature = replace(event, echo=signature_echo(signature)), ""
        yield event
    if signature:
        yield TextDelta("", signature_echo(signature))


def _nested_details(said: Mapping[str, Any]) -> object:
    """Where LiteLLM puts what OpenRouter sent beside the content."""
    extras = said.get("provider_specific_fields")
    return extras.get("reasoning_details") if isinstance(extras, Mapping) else None
