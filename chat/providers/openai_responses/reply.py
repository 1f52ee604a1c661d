"""What the Responses API says, as events, whether it came in one piece or in many."""

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from chat.core.errors import MediaRejected
from chat.core.events import CallDelta, Finished, ImageBytes, ProviderEvent, ReasoningDelta
from chat.core.messages import Finish, Usage
from chat.core.models import Endpoint
from chat.providers.openai_responses.echoes import picture_echo, reasoning_echo, search_echo
from chat.providers.openai_responses.finishes import failed, incomplete, undrawn
from chat.providers.openai_responses.usage import usage_of
from chat.providers.shared.openai.arguments import tool_call
from chat.providers.shared.replies.call_bounds import CallBounds
from chat.providers.shared.replies.call_growth import CallGrowth
from chat.providers.shared.replies.decoded import decoded_picture
from chat.providers.shared.replies.endings import DECLINED, broke_off, empty, only_draft
from chat.providers.shared.replies.finish_words import finish_of_word, noted
from chat.providers.shared.replies.picture_links import Link, PictureLinks
from chat.providers.shared.replies.picture_shapes import (
    addresses,
    content_pieces,
    is_medium,
    picture_in,
    seen_in,
)
from chat.providers.shared.replies.said import Said, SaidReader, in_runs
from chat.providers.shared.replies.sources import Sources

log = logging.getLogger(__name__)

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
        """Of arguments in pieces, which are shown and not kept: the whole ones follow."""
        self._growing: dict[tuple[object, object], tuple[int, str]] = {}
        """Number and name of the calls that are being written, by the place and id of the item."""
        self._growth = CallGrowth()
        self._begun = 0
        """How many calls have begun."""
        self._called: set[str] = set()
        """Calls that were told, by id."""
        self._thought: set[str] = set()
        """Reasoning items that were told, by id."""
        self._thinking = False
        """Whether thoughts came in pieces."""
        self._sources = Sources()
        self._searches: set[str] = set()
        """Searches that were told, by id."""
        self._reasoned = False
        """Whether reasoning came that goes back, and wants what followed it along."""

    def read(self, bodies: Iterable[Mapping[str, Any]]) -> Iterator[Said]:
        """The events of what the wire tells, or of a whole response.

        Raises:
            BadReply: a call has more to read than one answer may have.
            ChatError: the wire reports an error.
        """
        for told in in_runs(bodies, _words):
            events = self._reader.run(told) if isinstance(told, list) else self._events(told)
            for event in events:
                # Drafts, thoughts and half a call alone are no answer.
                draft = isinstance(event, ImageBytes) and event.draft
                self._answered |= not (draft or isinstance(event, ReasoningDelta | CallDelta))
                yield event

    def _events(self, body: Mapping[str, Any]) -> Iterator[Said]:
        delta = body.get("delta")
        match body.get("type"):
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
            case "response.output_item.added" | "response.function_call_arguments.delta":
                yield from self._call_grows(body)
            case "response.output_text.annotation.added":
                self._sources.cited([body.get("annotation")])
            case "response.output_item.done":
                item = _table(body.get("item"))
                self._growing.pop((body.get("output_index"), item.get("id")), None)
                yield from self._item(item)
            case "response.completed" | "response.incomplete" | "response.failed":
                yield from self._end(_table(body.get("response")))
            case "error":
                raise failed(body, self._endpoint)
            case None if body.keys() & {"output", "error"} or body.get("object") == "response":
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
            case "web_search_call":
                yield from self._searched(item)
            case "image_generation_call":
                yield from self._picture(item)
            case str() as kind:
                yield from self._other(kind, item)

    def _other(self, kind: str, item: Mapping[str, Any]) -> Iterator[Said]:
        """An item of another vendor's: a picture, if there is one in it."""
        found = list(picture_in(item) if kind in _PICTURE_ITEMS else seen_in(item))
        for value in found:
            yield from self._reader.picture(value)
        if not found and is_medium(item):
            yield from self._reader.not_shown(kind, again=True)

    def _searched(self, item: Mapping[str, Any]) -> Iterator[Said]:
        action, item_id = _table(item.get("action")), str(item.get("id") or "")
        queries = action.get("queries")
        self._sources.searched(action.get("query"), *(queries if isinstance(queries, list) else ()))
        if self._reasoned and item_id and item_id not in self._searches:
            self._searches.add(item_id)
            yield from self._reader.flush()
            yield ReasoningDelta("", search_echo(item))

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
                yield from self._reader.not_shown(value, again=True)
        yield from self._words_again(words)
        for address in addresses(item):
            yield from self._reader.picture(address)
        parts = list(map(_table, content if isinstance(content, list) else ()))
        self._refused |= any(part.get("type") == "refusal" for part in parts)
        for part in parts:
            self._sources.cited(part.get("annotations"))

    def _words_again(self, words: list[str]) -> Iterator[Said]:
        if any(words):
            yield from self._reader.again("".join(words))

    def _reasoning(self, item: Mapping[str, Any]) -> Iterator[Said]:
        item_id = str(item.get("id") or item.get("summary") or "")
        if item_id in self._thought:
            return
        self._thought.add(item_id)
        echo = reasoning_echo(item)
        self._reasoned |= echo is not None
        summary = "" if self._thinking else "\n\n".join(_texts(item.get("summary")))
        told = list(self._reader.thought(summary, echo) if summary else ())
        yield from told
        if echo and not any(isinstance(event, ReasoningDelta) and event.echo for event in told):
            yield ReasoningDelta("", echo)  # it holds what was said as it came

    def _call_grows(self, body: Mapping[str, Any]) -> Iterator[Said]:
        """The beginning of a call, or a piece of its arguments: to be shown."""
        item, delta = _table(body.get("item")), body.get("delta")
        place = body.get("output_index"), item.get("id") or body.get("item_id")
        if item.get("type") == "function_call" and item.get("name"):
            self._coming.begin()
            self._growing[place] = (self._begun, str(item["name"]))
            self._begun += 1
            delta = item.get("arguments") or ""
        if isinstance(delta, str):
            self._coming.take(delta)
            known = self._growing.get(place)
            if known is not None and self._growth.shown(grown := CallDelta(*known, delta)):
                yield grown

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
        yield tool_call(call_id, name, arguments)

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
        if self._answered:
            yield from self._sources.told()
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


def _words(body: Mapping[str, Any]) -> str:
    """The words that an event of the wire adds; empty for any other."""
    delta = body.get("delta")
    if body.get("type") == "response.output_text.delta" and isinstance(delta, str):
        return delta
    return ""


def _decoded(result: object) -> bytes:
    """The bytes of a picture; none where it is missing or cannot be read."""
    if not isinstance(result, str) or not result:
        return b""
    try:
        return decoded_picture(result)
    except MediaRejected as error:
        log.info("a picture in an answer cannot be read: %s", error)
        return b""


def _texts(summary: object) -> Iterator[str]:
    for part in map(_table, summary if isinstance(summary, list) else ()):
        if isinstance(part.get("text"), str):
            yield part["text"]


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
