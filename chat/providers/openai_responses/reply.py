"""What the Responses API says, as events, whether it came in one piece or in many."""

from collections.abc import Iterator, Mapping
from typing import Any

from chat.core.errors import MediaRejected
from chat.core.events import Finished, ImageBytes, ProviderEvent, ReasoningDelta, TextDelta
from chat.core.messages import Finish, Usage
from chat.core.models import Endpoint
from chat.core.parts import ToolCall
from chat.providers.decoded import decoded_picture
from chat.providers.endings import DECLINED, broke_off, empty
from chat.providers.openai_arguments import tool_call
from chat.providers.openai_responses.echoes import KIND, picture_echo, reasoning_echo
from chat.providers.openai_responses.finishes import failed, incomplete, undrawn
from chat.providers.openai_responses.usage import usage_of

_TELLING = ("response.output_text.delta", "response.output_item.done")
_CALL_KEYS = ("call_id", "name", "arguments")
_WORDS = {"output_text": "text", "refusal": "refusal"}


class Reply:
    """A reply that is being read."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._finish: Finish | None = None
        self._undrawn: Finish | None = None
        self._usage: Usage | None = None
        self._response_id = ""
        self._answered = self._called = self._drew = self._refused = False
        self._told = False
        """Whether anything of the output came before the end."""

    def read(self, body: Mapping[str, Any]) -> Iterator[ProviderEvent]:
        """The events of one event of the wire, or of a whole response.

        Raises:
            ChatError: the wire reports an error.
        """
        for event in self._events(body):
            # Drafts and thoughts alone are no answer.
            draft = isinstance(event, ImageBytes) and event.draft
            self._answered |= not (draft or isinstance(event, ReasoningDelta))
            yield event

    def _events(self, body: Mapping[str, Any]) -> Iterator[ProviderEvent]:
        delta = body.get("delta")
        self._told |= body.get("type") in _TELLING
        match body.get("type"):
            case "response.output_text.delta" if isinstance(delta, str) and delta:
                yield TextDelta(delta)
            case "response.refusal.delta" if isinstance(delta, str) and delta:
                self._refused = True
                yield TextDelta(delta)
            case "response.reasoning_summary_text.delta" | "response.reasoning_text.delta" if (
                isinstance(delta, str) and delta
            ):
                yield ReasoningDelta(delta)
            case "response.reasoning_summary_part.added" if body.get("summary_index"):
                yield ReasoningDelta("\n\n")
            case "response.image_generation_call.partial_image":
                yield from self._picture(body.get("partial_image_b64"), body, draft=True)
            case "response.output_item.done":
                yield from self._item(_table(body.get("item")), whole=False)
            case "response.completed" | "response.incomplete" | "response.failed":
                yield from self._end(_table(body.get("response")))
            case "error":
                raise failed(body, self._endpoint)
            case None:
                yield from self._end(body)

    def _item(self, item: Mapping[str, Any], *, whole: bool) -> Iterator[ProviderEvent]:
        """What an output item adds; with ``whole``, also what deltas would have brought."""
        match item.get("type"):
            case "message" if whole:
                yield from self._message(item)
            case "reasoning":
                echo = reasoning_echo(item)
                summary = "\n\n".join(_texts(item.get("summary"))) if whole else ""
                if summary or echo:
                    yield ReasoningDelta(summary, echo)
            case "function_call":
                self._called = True
                yield _call(item)
            case "image_generation_call":
                yield from self._picture(item.get("result"), item, draft=False)

    def _message(self, item: Mapping[str, Any]) -> Iterator[ProviderEvent]:
        content = item.get("content")
        for part in map(_table, content if isinstance(content, list) else ()):
            text = part.get(_WORDS.get(str(part.get("type")), ""))
            if isinstance(text, str) and text:
                self._refused |= part.get("type") == "refusal"
                yield TextDelta(text)

    def _picture(
        self, result: object, item: Mapping[str, Any], *, draft: bool
    ) -> Iterator[ProviderEvent]:
        data = _decoded(result)
        if data and draft:
            yield ImageBytes(data, draft=True)
        elif data:
            self._drew = True
            alt = item.get("revised_prompt")
            yield ImageBytes(data, alt=alt if isinstance(alt, str) else "", echo=picture_echo(item))
        elif not draft:
            self._undrawn = undrawn(item, self._endpoint)

    def _end(self, response: Mapping[str, Any]) -> Iterator[ProviderEvent]:
        status = response.get("status")
        self._response_id = str(response.get("id") or "")
        self._usage = usage_of(response)
        output = response.get("output")
        if not self._told:  # in one piece, or from a server that streams nothing but its end
            for item in map(_table, output if isinstance(output, list) else ()):
                yield from self._item(item, whole=True)
        if status == "failed":
            raise failed(response.get("error"), self._endpoint)
        if status == "incomplete":
            self._finish = incomplete(response)
        elif status == "completed":
            self._finish = Finish("stop", "completed")

    def ended(self) -> Iterator[ProviderEvent]:
        """The last event.

        Raises:
            BadReply: the reply ended without saying so.
        """
        finish, title = self._finish, self._endpoint.title
        if finish is None:
            raise broke_off(title)
        if finish.kind == "stop":
            if self._called:
                finish = Finish("tool_calls", finish.native)
            elif self._refused:
                finish = DECLINED
            elif self._undrawn is not None and not self._drew:
                finish = self._undrawn
            elif not self._answered:
                finish = empty(finish.native, title)
        yield Finished(finish, self._usage, self._response_id)


def _call(item: Mapping[str, Any]) -> ToolCall:
    call_id, name, arguments = (str(item.get(key) or "") for key in _CALL_KEYS)
    return tool_call(call_id, name, arguments, KIND)


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
