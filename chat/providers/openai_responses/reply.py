"""What the Responses API says, as events, whether it came in one piece or in many."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from chat.core.errors import MediaRejected
from chat.core.events import Finished, ImageBytes, ProviderEvent, ReasoningDelta
from chat.core.messages import Finish, Usage
from chat.core.models import Endpoint
from chat.providers.call_bounds import CallBounds
from chat.providers.decoded import decoded_picture
from chat.providers.endings import DECLINED, broke_off, empty, only_draft
from chat.providers.finish_words import finish_of_word, noted
from chat.providers.openai_arguments import tool_call
from chat.providers.openai_responses.echoes import KIND, picture_echo, reasoning_echo
from chat.providers.openai_responses.finishes import failed, incomplete, undrawn
from chat.providers.openai_responses.usage import usage_of
from chat.providers.picture_links import Link, PictureLinks
from chat.providers.picture_shapes import content_pieces, picture_in
from chat.providers.said import Said, SaidReader

_PICTURE_ITEMS = ("image", "output_image", "input_image", "image_url")


class Reply:
    """A reply that is being read."""

    def __init__(self, endpoint: Endpoint, links: PictureLinks) -> None:
        self._endpoint = endpoint
        self._reader = SaidReader(links.trusts)
        self._finish: Finish | None = None
        self._undrawn: Finish | None = None
        self._usage: Usage | None = None
        self._response_id = ""
        self._answered = self._drew = self._drafted = self._refused = False
        self._bounds = CallBounds()
        self._coming = CallBounds()
        """Of arguments in pieces, which are not kept: the whole ones follow."""
        self._called: set[str] = set()
        """Calls that were told, by id."""
        self._thought: set[str] = set()
        """Reasoning items that were told, by id."""
        self._thinking = False
        """Whether thoughts came in pieces."""

    def read(self, body: Mapping[str, Any]) -> Iterator[Said]:
        """The events of one event of the wire, or of a whole response.

        Raises:
            BadReply: a call has more to read than one answer may have.
            ChatError: the wire reports an error.
        """
        for event in self._events(body):
            # Drafts and thoughts alone are no answer.
            draft = isinstance(event, ImageBytes) and event.draft
            self._answered |= not (draft or isinstance(event, ReasoningDelta))
            yield event

    def _events(self, body: Mapping[str, Any]) -> Iterator[Said]:
        delta = body.get("delta")
        match body.get("type"):
            case "response.output_text.delta" if isinstance(delta, str) and delta:
                yield from self._reader.words(delta)
            case "response.refusal.delta" if isinstance(delta, str) and delta:
                self._refused = True
                yield from self._reader.words(delta)
            case "response.reasoning_summary_text.delta" | "response.reasoning_text.delta" if (
                isinstance(delta, str) and delta
            ):
                self._thinking = True
                yield from self._reader.thought(delta)
            case "response.reasoning_summary_part.added" if body.get("summary_index"):
                yield from self._reader.thought("\n\n")
            case "response.image_generation_call.partial_image":
                yield from self._draft(body.get("partial_image_b64"))
            case "response.function_call_arguments.delta" if isinstance(delta, str):
                self._coming.take(delta)
            case "response.output_item.done":
                yield from self._item(_table(body.get("item")))
            case "response.completed" | "response.incomplete" | "response.failed":
                yield from self._end(_table(body.get("response")))
            case "error":
                raise failed(body, self._endpoint)
            case None:
                yield from self._end(body)

    def _item(self, item: Mapping[str, Any]) -> Iterator[Said]:
        """What an output item adds to what came before: pieces of it, or the same once more."""
        match item.get("type"):
            case "message":
                yield from self._message(item)
            case "reasoning":
                yield from self._reasoning(item)
            case "function_call":
                yield from self._call(item)
            case "image_generation_call":
                yield from self._picture(item)
            case str() as kind if kind in _PICTURE_ITEMS:
                for value in picture_in(item):
                    yield from self._reader.picture(value)

    def _message(self, item: Mapping[str, Any]) -> Iterator[Said]:
        content = item.get("content")
        words: list[str] = []
        for kind, value in content_pieces(content):
            if kind == "text":
                words.append(value)
                continue
            yield from self._words_again(words)
            words = []
            if kind == "image":
                yield from self._reader.picture(value)
            elif kind == "other":
                yield from self._reader.not_shown(value)
        yield from self._words_again(words)
        parts = map(_table, content if isinstance(content, list) else ())
        self._refused |= any(part.get("type") == "refusal" for part in parts)

    def _words_again(self, words: list[str]) -> Iterator[Said]:
        if any(words):
            yield from self._reader.again("".join(words))

    def _reasoning(self, item: Mapping[str, Any]) -> Iterator[Said]:
        item_id = str(item.get("id") or item.get("summary") or "")
        if item_id in self._thought:
            return
        self._thought.add(item_id)
        echo = reasoning_echo(item)
        summary = "" if self._thinking else "\n\n".join(_texts(item.get("summary")))
        told = list(self._reader.thought(summary, echo) if summary else ())
        yield from told
        if echo and not any(isinstance(event, ReasoningDelta) and event.echo for event in told):
            yield ReasoningDelta("", echo)  # it holds what was said as it came

    def _call(self, item: Mapping[str, Any]) -> Iterator[Said]:
        name, arguments = str(item.get("name") or ""), item.get("arguments")
        call_id = str(item.get("call_id") or item.get("id") or "")
        if isinstance(arguments, Mapping):  # some servers send what they should have encoded
            arguments = json.dumps(arguments)
        arguments = str(arguments or "")
        known = call_id or f"{name} {arguments}"
        if not name or known in self._called:
            return  # a placeholder, or the same once more
        self._bounds.take(arguments)
        self._called.add(known)
        yield from self._reader.flush()
        yield tool_call(call_id, name, arguments, KIND)

    def _draft(self, result: object) -> Iterator[Said]:
        data = _decoded(result)
        if data:
            self._drafted = True
            yield from self._reader.flush()
            yield ImageBytes(data, draft=True)

    def _picture(self, item: Mapping[str, Any]) -> Iterator[Said]:
        result = item.get("result")
        result = result if isinstance(result, str) else next(picture_in(result), "")
        alt = item.get("revised_prompt")
        alt = alt if isinstance(alt, str) else ""
        yield from self._reader.flush()
        if result.startswith(("http://", "https://")):
            self._drew = True
            yield from self._reader.picture(result, alt)
        elif data := _decoded(result):
            self._drew = True
            yield from self._reader.shown(data, alt, picture_echo(item))
        else:
            self._undrawn = undrawn(item, self._endpoint)

    def _end(self, response: Mapping[str, Any]) -> Iterator[Said]:
        status = response.get("status")
        self._response_id = str(response.get("id") or "")
        self._usage = usage_of(response)
        output = response.get("output")
        self._reader.new_message()
        for item in map(_table, output if isinstance(output, list) else ()):
            yield from self._item(item)
        yield from self._reader.flush()
        if status == "failed":
            raise failed(response.get("error"), self._endpoint)
        if status == "incomplete":
            self._finish = incomplete(response)
        elif status == "completed":
            self._finish = Finish("stop", "completed")
        elif isinstance(status, str):
            self._finish = finish_of_word(status)

    def fetched(self, link: Link, data: bytes) -> Iterator[ProviderEvent]:
        """The picture that was behind a link."""
        return self._reader.fetched(link, data)

    def unfetched(self, link: Link, refusal: MediaRejected) -> Iterator[ProviderEvent]:
        """What stands where a link was opened in vain."""
        return self._reader.unfetched(link, refusal)

    def ended(self, *, said_done: bool) -> Iterator[Said]:
        """The last event.

        Raises:
            BadReply: the reply broke off.
        """
        finish, title = self._finish, self._endpoint.title
        for event in self._reader.flush():
            self._answered = True
            yield event
        if finish is None and said_done and self._answered:
            finish = Finish("stop")
        if finish is None:
            raise broke_off(title)
        finish = noted(finish, answered=self._answered)
        if finish.kind == "stop":
            if self._called:
                finish = Finish("tool_calls", finish.native)
            elif self._refused:
                finish = DECLINED
            elif self._undrawn is not None and not self._drew:
                finish = self._undrawn
            elif not self._answered and self._drafted:
                finish = only_draft()
            elif not self._answered:
                finish = empty(finish.native, title)
        yield Finished(finish, self._usage, self._response_id)


def _decoded(result: object) -> bytes:
    """The bytes of a picture; none where it is missing or cannot be read."""
    if not isinstance(result, str) or not result:
        return b""
    try:
        return decoded_picture(result)
    except MediaRejected:
        return b""


def _texts(summary: object) -> Iterator[str]:
    for part in map(_table, summary if isinstance(summary, list) else ()):
        if isinstance(part.get("text"), str):
            yield part["text"]


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
