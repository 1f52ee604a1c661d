"""What Gemini says, as events. Holds the state of one reply."""

from collections.abc import Iterator

from google.genai import types

from chat.core.events import Finished, ImageBytes, ProviderEvent, ReasoningDelta, TextDelta
from chat.core.messages import Finish, Usage, new_id
from chat.core.models import ModelCard
from chat.core.parts import ToolCall
from chat.providers.endings import broke_off, empty
from chat.providers.figures import count
from chat.providers.gemini.echoes import signature_echo
from chat.providers.google_finishes import finish_for, prompt_blocked
from chat.providers.nesting import is_too_deep

_Counts = types.GenerateContentResponseUsageMetadata


class Reply:
    """A reply that is being read."""

    def __init__(self, card: ModelCard, title: str) -> None:
        self._card = card
        self._title = title
        self._finish: Finish | None = None
        self._counts: _Counts | None = None
        self._response_id = ""
        self._called = self._drew = self._spoke = False

    def read(self, chunk: types.GenerateContentResponse) -> Iterator[ProviderEvent]:
        """The events of the next chunk."""
        self._response_id = chunk.response_id or self._response_id
        self._counts = chunk.usage_metadata or self._counts
        feedback = chunk.prompt_feedback
        if feedback is not None and feedback.block_reason is not None:
            self._finish = prompt_blocked(str(feedback.block_reason.value))
        if not chunk.candidates:
            return
        candidate = chunk.candidates[0]
        content = candidate.content
        for part in (content.parts if content is not None else None) or ():
            yield from self._events(part)
        if candidate.finish_reason is not None:
            self._finish = finish_for(str(candidate.finish_reason.value))

    def _events(self, part: types.Part) -> Iterator[ProviderEvent]:
        echo = signature_echo(part.thought_signature)
        if part.function_call is not None:
            yield self._call(part.function_call, part.thought_signature)
        elif part.inline_data is not None:
            # Only pictures were asked for; what else may come has no place on the screen.
            if part.inline_data.data and (part.inline_data.mime_type or "").startswith("image/"):
                self._drew = True
                yield ImageBytes(part.inline_data.data, draft=bool(part.thought), echo=echo)
        elif part.thought:
            if part.text or echo:
                yield ReasoningDelta(part.text or "", echo)
        elif part.text or echo:
            self._spoke = self._spoke or bool(part.text)
            yield TextDelta(part.text or "", echo)

    def _call(self, call: types.FunctionCall, signature: bytes | None) -> ToolCall:
        self._called = True
        return ToolCall(
            call.id or new_id(),
            call.name or "",
            {} if is_too_deep(call.args) else call.args or {},
            signature_echo(signature, unnamed_call=not call.id),
        )

    def finished(self) -> Finished:
        """The last event.

        Raises:
            BadReply: the stream ended without a reason.
        """
        finish = self._finish
        if finish is None:
            raise broke_off(self._title)
        if finish.kind == "stop":
            if self._called:
                finish = Finish("tool_calls", finish.native)
            elif not (self._spoke or self._drew):
                finish = empty(finish.native, self._title)
        return Finished(finish, self._usage(), self._response_id)

    def _usage(self) -> Usage | None:
        counts = self._counts
        if counts is None:
            return None
        sent, sent_images = count(counts.prompt_token_count), _images(counts.prompt_tokens_details)
        by_tools = count(counts.tool_use_prompt_token_count)
        if by_tools:
            sent = (sent or 0) + by_tools
        came = count(counts.candidates_token_count)
        came_images = _images(counts.candidates_tokens_details)
        if came_images is None and self._drew:
            came_images = came  # no split was told; a picture outweighs the words around it
        return Usage(
            input_text_tokens=_less(sent, sent_images),
            input_image_tokens=sent_images,
            output_text_tokens=_less(came, came_images),
            output_image_tokens=came_images,
            reasoning_tokens=count(counts.thoughts_token_count),
            cached_tokens=count(counts.cached_content_token_count),
        )


def _images(details: list[types.ModalityTokenCount] | None) -> int | None:
    if details is None:
        return None
    counted = (d.token_count for d in details if d.modality == types.MediaModality.IMAGE)
    return sum(count(tokens) or 0 for tokens in counted)


def _less(total: int | None, part: int | None) -> int | None:
    return None if total is None else max(0, total - (part or 0))
