"""What an interaction says, as events. Holds the state of one reply.

A stream has events for the interaction, for the beginning and end of each of its steps, and for
pieces of a step, which its index tells. An answer in one piece has the steps themselves.
``output_text`` and ``output_image`` of the SDK are the last of each; the steps are all.
"""

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chat.core.errors import MediaRejected
from chat.core.events import CallDelta, Finished, ImageBytes, ProviderEvent, ReasoningDelta
from chat.core.messages import Finish, Usage
from chat.core.models import Endpoint
from chat.core.parts import ToolCall
from chat.providers.gemini_interactions.echoes import signature_echo
from chat.providers.gemini_interactions.faults import reason, reported
from chat.providers.shared.google.finishes import explains, finish_for
from chat.providers.shared.google.usage import Told, usage_of
from chat.providers.shared.openai.arguments import tool_call
from chat.providers.shared.replies.call_bounds import CallBounds
from chat.providers.shared.replies.call_growth import CallGrowth
from chat.providers.shared.replies.decoded import decoded_picture, is_picture
from chat.providers.shared.replies.endings import AGAIN, AGAIN_OR_EDIT, LENGTH, broke_off, empty
from chat.providers.shared.replies.figures import count
from chat.providers.shared.replies.finish_words import finish_of_word, noted
from chat.providers.shared.replies.nesting import is_too_deep
from chat.providers.shared.replies.picture_links import Link, PictureLinks
from chat.providers.shared.replies.said import Said, SaidReader
from chat.providers.shared.replies.sources import Sources

log = logging.getLogger(__name__)

_SHOWN = "image/"
_HOLD = ("data", "uri", "url", "file_uri")
"""Where a medium of any kind stands."""
_CODE = {
    "code_execution_call": "code that the model ran",
    "code_execution_result": "what a program of the model printed",
}
_GOES_ON = f"{LENGTH} Ask it to go on."
_FINISHES = {
    "completed": Finish("stop", "completed"),
    "requires_action": Finish("tool_calls", "requires_action"),
    "incomplete": Finish("length", "incomplete", LENGTH, "yes", AGAIN_OR_EDIT),
    "requires_continuation": Finish(
        "length", "requires_continuation", _GOES_ON, "yes", AGAIN_OR_EDIT
    ),
    "budget_exceeded": Finish(
        "length", "budget_exceeded", "The answer reached its budget.", "yes", AGAIN_OR_EDIT
    ),
    "cancelled": Finish(
        "error",
        "cancelled",
        "The model stopped before it had an answer. Try again.",
        "unknown",
        AGAIN,
    ),
}
"""By the status of an interaction. Source: google-genai 3.6.1 (2026-11-29)."""

_UNFINISHED = frozenset({"", "in_progress", "queued"})


@dataclass
class _Call:
    """A call of a tool whose arguments are still coming."""

    number: int
    """Which of the calls it is, as they began."""
    call_id: str
    name: str
    arguments: Mapping[str, Any]
    signature: object
    pieces: list[str] = field(default_factory=list)


class Reply:
    """A reply that is being read."""

    def __init__(self, endpoint: Endpoint, links: PictureLinks) -> None:
        self._endpoint = endpoint
        self._reader = SaidReader(links.trusts)
        self._status = ""
        self._why: Finish | None = None
        """What an error in the answer says of how it ended."""
        self._usage: Mapping[str, Any] = {}
        self._response_id = ""
        self._open: dict[object, _Call] = {}
        """Calls by the index of their step."""
        self._growth = CallGrowth()
        self._begun_calls = 0
        self._calls: set[str] = set()
        self._signatures: set[str] = set()
        self._bounds = CallBounds()
        self._sources = Sources()
        self._stepped = self._called = self._drew = self._spoke = False

    def read(self, body: Mapping[str, Any]) -> Iterator[Said]:
        """The events of one event of a stream, or of a whole interaction.

        Raises:
            BadReply: there are more calls, or more in them, than one answer may have.
            ChatError: the wire reports an error.
        """
        kind, at = body.get("event_type"), body.get("index")
        if kind == "error" or isinstance(body.get("error"), Mapping):
            yield from self._reader.flush()
            raise reported(body.get("error"), self._endpoint)
        usage = _table(_table(body.get("metadata")).get("total_usage"))
        self._usage = usage or self._usage
        match kind:
            case "step.start":
                self._stepped = True
                yield from self._begun(_table(body.get("step")), at)
            case "step.delta":
                self._stepped = True
                yield from self._delta(_table(body.get("delta")), at)
            case "step.stop":
                yield from self._ended(at)
            case "interaction.status_update":
                self._interaction({"usage": body.get("usage"), "status": body.get("status")})
            case str() as name if name.startswith("interaction."):
                yield from self._interaction_event(_table(body.get("interaction")))
            case None:
                yield from self._interaction_event(body)

    def _late_signatures(self, told: Mapping[str, Any]) -> Iterator[Said]:
        """Signatures of thoughts that stand in the steps as a whole, and did not come before."""
        for step in _tables(told.get("steps")):
            if step.get("type") == "thought":
                yield from self._signed(step.get("signature"), late=True)

    def _interaction_event(self, told: Mapping[str, Any]) -> Iterator[Said]:
        """What stands in an interaction: mostly how it goes; its steps, where none came before."""
        if not self._stepped:
            for step in _tables(told.get("steps")):
                self._stepped = True
                yield from self._begun(step, None)
                yield from self._ended(None)
        else:
            yield from self._late_signatures(told)
        self._interaction(told)
        status = self._status
        failure = next(_tables(told.get("errors")), None)
        if status == "failed" or (failure is not None and status not in {"completed", ""}):
            yield from self._reader.flush()
            self._failed(failure)

    def _interaction(self, told: Mapping[str, Any]) -> None:
        status = told.get("status")
        self._status = status if isinstance(status, str) else self._status
        self._response_id = str(told.get("id") or self._response_id)
        self._usage = _table(told.get("usage")) or self._usage

    def _failed(self, error: Mapping[str, Any] | None) -> None:
        """Take in why an answer failed.

        Raises:
            ChatError: it is the server's error, and says nothing of the content.
        """
        word = reason(error or {})
        if explains(word):
            self._why = finish_for(word)
        elif self._why is None:
            raise reported(error, self._endpoint)

    def _begun(self, step: Mapping[str, Any], at: object) -> Iterator[Said]:
        """A step as far as it has come; whole where it does not come in pieces."""
        match step.get("type"):
            case "model_output":
                for item in _tables(step.get("content")):
                    yield from self._content(item)
                if isinstance(step.get("error"), Mapping):
                    yield from self._reader.flush()
                    self._failed(step["error"])
            case "thought":
                for item in _tables(step.get("summary")):
                    yield from self._thought(item)
                yield from self._signed(step.get("signature"))
            case "function_call":
                arguments = _table(step.get("arguments"))
                arguments = {} if is_too_deep(arguments) else arguments
                self._bounds.begin()
                self._bounds.take(arguments)
                call = self._open[at] = _Call(
                    self._begun_calls,
                    str(step.get("id") or ""),
                    str(step.get("name") or ""),
                    arguments,
                    step.get("signature"),
                )
                self._begun_calls += 1
                if at is not None:  # it comes in pieces
                    told = json.dumps(arguments) if arguments else ""
                    yield CallDelta(call.number, call.name, told)
            case "google_search_call":
                self._searched(step)
            case str() as kind if kind in _CODE:
                yield from self._not_shown(_CODE[kind])

    def _delta(self, delta: Mapping[str, Any], at: object) -> Iterator[Said]:
        call = self._open.get(at)
        match delta.get("type"):
            case "thought_summary":
                yield from self._thought(_table(delta.get("content")))
            case "thought_signature" if call is not None:
                call.signature = delta.get("signature")
            case "thought_signature":
                yield from self._signed(delta.get("signature"))
            case "arguments_delta" if call is not None:
                piece = str(delta.get("arguments") or "")
                self._bounds.take(piece)
                anew = bool(call.arguments) and not call.pieces
                call.pieces.append(piece)
                grown = CallDelta(call.number, call.name, piece, anew)
                if self._growth.shown(grown):
                    yield grown
            case "google_search_call":
                self._searched(delta)
            case "text_annotation_delta":
                self._sources.cited(delta.get("annotations"))
            case _:
                yield from self._content(delta)

    def _searched(self, told: Mapping[str, Any]) -> None:
        queries = _table(told.get("arguments")).get("queries")
        self._sources.searched(*(queries if isinstance(queries, list) else ()))

    def _content(self, item: Mapping[str, Any]) -> Iterator[Said]:
        """Words or a picture of the model's output."""
        text = item.get("text")
        self._sources.cited(item.get("annotations"))
        match item.get("type"):
            case "text" if isinstance(text, str) and text:
                self._spoke = True
                yield from self._reader.words(text)
            case "image":
                yield from self._picture(item, draft=False)
            case str() as kind if any(map(item.get, _HOLD)):
                yield from self._not_shown(str(item.get("mime_type") or kind))

    def _thought(self, item: Mapping[str, Any]) -> Iterator[Said]:
        """A piece of a summary of what the model thought: words or a draft."""
        text = item.get("text")
        if isinstance(text, str) and text:
            yield from self._reader.thought(text)
        elif item.get("type") == "image":
            yield from self._picture(item, draft=True)

    def _signed(self, signature: object, *, late: bool = False) -> Iterator[Said]:
        echo = signature_echo(signature, late=late)
        known = late and signature in self._signatures
        if echo is not None and not known:
            self._signatures.add(str(signature))
            yield from self._reader.flush()
            yield ReasoningDelta("", echo)

    def _picture(self, item: Mapping[str, Any], *, draft: bool) -> Iterator[Said]:
        """A picture, whatever its label says; what is none leaves a remark."""
        encoded, uri = item.get("data"), item.get("uri")
        if isinstance(encoded, str) and encoded:
            mime = str(item.get("mime_type") or "").lower()
            try:
                data = decoded_picture(encoded)
            except MediaRejected as error:
                log.info("a picture in an answer cannot be read: %s", error)
                data = b""
            yield from self._reader.flush()
            if is_picture(data) or (data and mime.startswith(_SHOWN)):
                self._drew = self._drew or not draft
                if draft:
                    yield ImageBytes(data, draft=True)
                else:
                    yield from self._reader.shown(data)
            elif not draft:
                yield from self._not_shown(mime)
        elif isinstance(uri, str) and uri and not draft:
            self._drew = True
            yield from self._reader.picture(uri)

    def _not_shown(self, kind: str) -> Iterator[Said]:
        self._spoke = True
        yield from self._reader.not_shown(kind)

    def _ended(self, at: object) -> Iterator[Said]:
        """The end of a step: a call is whole now."""
        call = self._open.pop(at, None)
        if call is None or not call.name or (call.call_id and call.call_id in self._calls):
            return  # no call, a placeholder, or the same once more
        self._called = True
        self._calls.add(call.call_id)
        yield from self._reader.flush()
        told = tool_call(call.call_id, call.name, "".join(call.pieces))
        if not call.pieces:
            told = ToolCall(told.call_id, told.name, call.arguments)
        echo = signature_echo(call.signature)
        yield told if echo is None else replace(told, echo=echo)

    def fetched(self, link: Link, data: bytes) -> Iterator[ProviderEvent]:
        """The picture that was behind a link."""
        return self._reader.fetched(link, data)

    def unfetched(self, link: Link, refusal: MediaRejected) -> Iterator[ProviderEvent]:
        """What stands where a link was opened in vain."""
        return self._reader.unfetched(link, refusal)

    def ended(self, *, said_done: bool) -> Iterator[Said]:
        """The last events, ``Finished`` among them.

        Args:
            said_done: whether the server said that nothing more would come: relays do.

        Raises:
            BadReply: the answer ended without saying so.
            ChatError: it failed, and nobody said why.
        """
        yield from self._reader.flush()
        title = self._endpoint.title
        answered = self._spoke or self._drew or self._called
        if answered:
            yield from self._sources.told()
        finish = self._why or self._finish()
        if finish is None and said_done and answered:
            finish = Finish("stop")
        if finish is None:
            raise broke_off(title)
        finish = noted(finish, answered=answered)
        if finish.kind in {"stop", "tool_calls"}:
            if self._called:
                finish = replace(finish, kind="tool_calls")
            elif not (self._spoke or self._drew):
                finish = empty(finish.native, title)
            else:
                finish = replace(finish, kind="stop")
        yield Finished(finish, self._counted(), self._response_id)

    def _finish(self) -> Finish | None:
        """How it ended by its status; ``None``: it did not end.

        Raises:
            ChatError: it failed, and nobody said why.
        """
        if self._status in _UNFINISHED:
            return None
        if self._status == "failed":
            raise reported(None, self._endpoint)
        known = _FINISHES.get(self._status) or finish_of_word(self._status)
        return known or finish_for(self._status)

    def _counted(self) -> Usage | None:
        told = self._usage
        if not told:
            return None
        counts = Told(
            sent=told.get("total_input_tokens"),
            sent_images=_images(told, "input"),
            by_tools=told.get("total_tool_use_tokens"),
            came=told.get("total_output_tokens"),
            came_images=_images(told, "output"),
            thought=told.get("total_thought_tokens"),
            cached=told.get("total_cached_tokens"),
        )
        return usage_of(counts, drew=self._drew)


def _images(usage: Mapping[str, Any], way: str) -> int | None:
    """The tokens of pictures; ``None`` where they are not told apart."""
    split = usage.get(f"{way}_tokens_by_modality")
    if not isinstance(split, Sequence) or isinstance(split, str):
        return None
    counted = (
        count(part.get("tokens")) or 0
        for part in _tables(split)
        if str(part.get("modality")).lower() == "image"
    )
    return sum(counted)


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _tables(value: object) -> Iterator[Mapping[str, Any]]:
    for item in value if isinstance(value, list) else ():
        if isinstance(item, Mapping):
            yield item
