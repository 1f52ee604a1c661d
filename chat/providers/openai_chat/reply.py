"""What a chat completion says, as events, whether it came in one piece or in many."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from chat.core.errors import MediaRejected
from chat.core.events import CallDelta, Finished, ProviderEvent, ReasoningDelta, TextDelta
from chat.core.messages import Finish
from chat.core.parts import Echo
from chat.providers.openai_chat.calls import CallReader
from chat.providers.openai_chat.echoes import (
    extra_content,
    extra_echo,
    is_thought,
    reasoning_echo,
    signature_echo,
    words_signature,
)
from chat.providers.openai_chat.finishes import charged, finish_of
from chat.providers.shared.openai.usage import spoken_usage
from chat.providers.shared.replies.endings import DECLINED, broke_off, empty
from chat.providers.shared.replies.finish_words import noted
from chat.providers.shared.replies.picture_links import Link, PictureLinks
from chat.providers.shared.replies.picture_shapes import Kind, addresses, attached, content_pieces
from chat.providers.shared.replies.said import Said, SaidReader, in_runs

_THOUGHT_TAG = re.compile(r"\A<thought>|</thought>\Z")
"""Stands around a thought where it is marked as one, too."""


class Reply:
    """A reply that is being read."""

    def __init__(self, title: str, links: PictureLinks, tools: Collection[str] = ()) -> None:
        """Read a reply of an endpoint, asked with tools of these names."""
        self._title = title
        self._reader = SaidReader(links.trusts)
        self._calls = CallReader(tools)
        self._details: list[Any] = []
        self._finish: Finish | None = None
        self._usage: Mapping[str, Any] | None = None
        self._counted = False
        """Whether the last chunk said how much was used, and nothing else."""
        self._response_id = ""
        self._answered = self._refused = self._sounded = False

    def read(self, bodies: Iterable[Mapping[str, Any]]) -> Iterator[Said]:
        """The events of chunks that came together, or of a whole completion."""
        for told in in_runs(bodies, self._only_words):
            if not isinstance(told, list):
                yield from self._chunk(told)
                continue
            self._counted = False
            for event in self._reader.run(told):
                self._answered = self._answered or _says(event)
                yield event

    def _only_words(self, body: Mapping[str, Any]) -> str:
        """The words of a chunk that says nothing else, as most do; empty for any other."""
        self._response_id = str(body.get("id") or self._response_id)
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

    def _chunk(self, body: Mapping[str, Any]) -> Iterator[Said]:
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
            said = said or not isinstance(event, CallDelta)
            self._answered = self._answered or _says(event)
            yield event
        self._counted = isinstance(usage, Mapping) and not said
        if reason:
            self._finish = finish_of(reason, choice)

    def _choice(self, choice: Mapping[str, Any], *, last: bool) -> Iterator[Said]:
        """A delta, then a message: a stream may end with all of it once more."""
        delta, message = choice.get("delta"), choice.get("message")
        if isinstance(delta, Mapping) and _holds(delta):
            again = last and self._repeats(delta)
            if again:
                self._reader.new_message()
            yield from _signed(self._said(delta, again=again), _signature(delta))
            growth = self._calls.read(_calls(delta))
            if not again:
                yield from growth
        if isinstance(message, Mapping):
            self._reader.new_message()
            signature = None if self._answered else _signature(message)
            yield from _signed(self._said(message, again=True), signature)
            self._calls.read(_calls(message))

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
        for kind, value in (*_pieces(said), *attached(said)):
            if kind == "text" and again:
                words.append(value)
            elif kind == "text":
                yield from self._reader.words(value)
            elif kind == "reasoning":
                yield from self._reader.thought(value)
            elif kind == "image":
                yield from self._reader.picture(value)
            else:
                yield from self._reader.not_shown(value, again=again)
        refusal = said.get("refusal")
        if isinstance(refusal, str) and refusal:
            self._refused = True
            yield from self._reader.again(refusal) if again else self._reader.words(refusal)
        if any(words):
            yield from self._reader.again("".join(words))
        for address in addresses(said):
            yield from self._reader.picture(address)
        yield from self._sound(said.get("audio"))
        details = said.get("reasoning_details") or _nested_details(said)
        if isinstance(details, list):
            # A message holds them all, put together.
            self._details = [*details] if whole else self._details + details

    def _sound(self, sound: object) -> Iterator[Said]:
        """A remark on what is spoken, once: it comes in many pieces."""
        if isinstance(sound, Mapping) and sound.get("data") and not self._sounded:
            self._sounded = True
            yield from self._reader.not_shown("audio")

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


def _pieces(said: Mapping[str, Any]) -> Iterator[tuple[Kind, str]]:
    """The content of a message or a delta; words that are marked as thoughts are thoughts."""
    thinks = is_thought(said)
    for kind, value in content_pieces(said.get("content")):
        if kind == "text" and thinks:
            yield "reasoning", _THOUGHT_TAG.sub("", value)
        else:
            yield kind, value


def _holds(delta: Mapping[str, Any]) -> bool:
    """Whether a delta holds anything; the first and the last often do not."""
    return any(value for name, value in delta.items() if name != "role")


def _calls(said: Mapping[str, Any]) -> object:
    return said.get("tool_calls") or said.get("function_call")


def _says(event: Said) -> bool:
    """Whether it is something of an answer: no thought, no signature alone, and no half a call."""
    if isinstance(event, TextDelta):
        return bool(event.text)
    return not isinstance(event, ReasoningDelta | CallDelta)


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
