"""What a chat completion says, as events, whether it came in one piece or in many."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from chat.core.errors import MediaRejected
from chat.core.events import Finished, ProviderEvent, ReasoningDelta, TextDelta
from chat.core.messages import Finish
from chat.core.parts import Echo
from chat.providers.endings import DECLINED, broke_off, empty
from chat.providers.finish_words import noted
from chat.providers.openai_chat.calls import CallReader
from chat.providers.openai_chat.echoes import (
    extra_content,
    extra_echo,
    reasoning_echo,
    signature_echo,
    words_signature,
)
from chat.providers.openai_chat.finishes import charged, finish_of
from chat.providers.openai_usage import spoken_usage
from chat.providers.picture_links import Link, PictureLinks
from chat.providers.picture_shapes import addresses, content_pieces
from chat.providers.said import Said, SaidReader


class Reply:
    """A reply that is being read."""

    def __init__(self, title: str, links: PictureLinks) -> None:
        self._title = title
        self._reader = SaidReader(links.trusts)
        self._calls = CallReader()
        self._details: list[Any] = []
        self._finish: Finish | None = None
        self._usage: Mapping[str, Any] | None = None
        self._counted = False
        """Whether the last chunk said how much was used, and nothing else."""
        self._response_id = ""
        self._answered = self._refused = False

    def read(self, body: Mapping[str, Any]) -> Iterator[Said]:
        """The events of a chunk, or of a whole completion."""
        self._response_id = str(body.get("id") or self._response_id)
        if words := _only_words(body):
            self._counted = False
            for event in self._reader.words(words):
                self._answered = self._answered or _says(event)
                yield event
            return
        usage = body.get("usage")
        if isinstance(usage, Mapping):
            self._usage = usage
        choices = body.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        choice = choice if isinstance(choice, Mapping) else {}
        reason = choice.get("finish_reason")
        reason = reason if isinstance(reason, str) else ""
        said = False
        for event in self._choice(choice, last=bool(reason)):
            said = True
            self._answered = self._answered or _says(event)
            yield event
        self._counted = isinstance(usage, Mapping) and not said
        if reason:
            self._finish = finish_of(reason, choice)

    def _choice(self, choice: Mapping[str, Any], *, last: bool) -> Iterator[Said]:
        """A delta, then a message: a stream may end with all of it once more."""
        delta, message = choice.get("delta"), choice.get("message")
        if isinstance(delta, Mapping):
            again = last and self._repeats(delta)
            if again:
                self._reader.new_message()
            yield from _signed(self._said(delta, again=again), _signature(delta))
        if isinstance(message, Mapping):
            self._reader.new_message()
            signature = None if self._answered else _signature(message)
            yield from _signed(self._said(message, again=True), signature)

    def _repeats(self, delta: Mapping[str, Any]) -> bool:
        content = delta.get("content")
        return isinstance(content, str) and self._reader.repeats(content)

    def _said(self, said: Mapping[str, Any], *, again: bool) -> Iterator[Said]:
        """What a delta says; ``again``: what it adds to what was said before."""
        thought = said.get("reasoning_content") or said.get("reasoning")
        if isinstance(thought, str) and thought:
            skipped = again and (self._answered or self._reader.thinks_again(thought))
            if not skipped:
                yield from self._reader.thought(thought)
        whole, again = again, again and (self._answered or self._reader.holds)
        words: list[str] = []
        for kind, value in content_pieces(said.get("content")):
            if kind == "text" and again:
                words.append(value)
            elif kind == "text":
                yield from self._reader.words(value)
            elif kind == "reasoning":
                yield from self._reader.thought(value)
            elif kind == "image":
                yield from self._reader.picture(value)
            else:
                yield from self._reader.not_shown(value)
        refusal = said.get("refusal")
        if isinstance(refusal, str) and refusal:
            self._refused = True
            yield from self._reader.again(refusal) if again else self._reader.words(refusal)
        if any(words):
            yield from self._reader.again("".join(words))
        for address in addresses(said):
            yield from self._reader.picture(address)
        details = said.get("reasoning_details") or _nested_details(said)
        if isinstance(details, list):
            # A message holds them all, put together.
            self._details = [*details] if whole else self._details + details
        self._calls.read(said.get("tool_calls") or said.get("function_call"))

    def fetched(self, link: Link, data: bytes) -> Iterator[ProviderEvent]:
        """The picture that was behind a link."""
        return self._reader.fetched(link, data)

    def unfetched(self, link: Link, refusal: MediaRejected) -> Iterator[ProviderEvent]:
        """What stands where a link was opened in vain."""
        return self._reader.unfetched(link, refusal)

    def ended(self, *, said_done: bool) -> Iterator[Said]:
        """The last events, ``Finished`` among them.

        Raises:
            BadReply: the reply broke off.
        """
        for event in self._reader.flush():
            self._answered = True
            yield event
        finish = self._finish
        if finish is None and (said_done or self._counted) and (self._answered or self._calls):
            # Nothing is missing but the reason: the server has said that this is all.
            finish = Finish("stop")
        if finish is None:
            raise broke_off(self._title)
        if self._details:
            yield TextDelta("", reasoning_echo(self._details))
        called = False
        for call in self._calls.finished():
            called = True
            yield call
        finish = noted(finish, answered=self._answered or called)
        if finish.kind == "stop":
            if called:
                finish = replace(finish, kind="tool_calls")
            elif self._refused:
                finish = DECLINED
            elif not self._answered:
                finish = empty(finish.native, self._title)
        usage = spoken_usage(self._usage, "prompt", "completion")
        yield Finished(charged(finish, usage), usage, self._response_id)


def _only_words(body: Mapping[str, Any]) -> str:
    """The words of a chunk that says nothing else, as most do; empty for any other."""
    choices = body.get("choices")
    if body.get("usage") is not None or type(choices) is not list or not choices:
        return ""
    choice = choices[0]
    if type(choice) is not dict or choice.get("finish_reason") or choice.get("message"):
        return ""
    delta = choice.get("delta")
    if type(delta) is not dict or type(words := delta.get("content")) is not str:
        return ""
    for name, value in delta.items():
        if value and name not in ("content", "role"):
            return ""
    return words


def _says(event: Said) -> bool:
    """Whether it is something of an answer: no thought, and no signature alone."""
    if isinstance(event, TextDelta):
        return bool(event.text)
    return not isinstance(event, ReasoningDelta)


def _signature(said: Mapping[str, Any]) -> Echo | None:
    """What signs the words of a message or a delta; ``None``: nothing does."""
    if extra := extra_content(said):
        return extra_echo(extra)
    signature = words_signature(said)
    return signature_echo(signature) if signature else None


def _signed(events: Iterator[Said], signature: Echo | None) -> Iterator[Said]:
    """The events, the first words among them signed; empty ones where there are none."""
    for event in events:
        if signature and isinstance(event, TextDelta):
            event, signature = replace(event, echo=signature), None
        yield event
    if signature:
        yield TextDelta("", signature)


def _nested_details(said: Mapping[str, Any]) -> object:
    """Where LiteLLM puts what OpenRouter sent beside the content."""
    extras = said.get("provider_specific_fields")
    return extras.get("reasoning_details") if isinstance(extras, Mapping) else None
