"""What Gemini says, as events. Holds the state of one reply."""

from collections.abc import Iterator
from dataclasses import replace

from google.genai import types

from chat.core.errors import MediaRejected
from chat.core.events import Finished, ImageBytes, ProviderEvent
from chat.core.messages import Finish, Usage, new_id
from chat.core.parts import ToolCall
from chat.providers.gemini.calls import GrowingCall
from chat.providers.gemini.echoes import signature_echo
from chat.providers.shared.google.finishes import finish_for, prompt_blocked
from chat.providers.shared.google.usage import Told, usage_of
from chat.providers.shared.replies.call_bounds import CallBounds
from chat.providers.shared.replies.decoded import is_picture
from chat.providers.shared.replies.endings import broke_off, empty
from chat.providers.shared.replies.figures import count
from chat.providers.shared.replies.finish_words import finish_of_word, noted
from chat.providers.shared.replies.nesting import is_too_deep
from chat.providers.shared.replies.picture_links import Link, PictureLinks
from chat.providers.shared.replies.said import Said, SaidReader
from chat.providers.shared.replies.sources import Sources

_Counts = types.GenerateContentResponseUsageMetadata


_SHOWN = "image/"


class Reply:
    """A reply that is being read."""

    def __init__(self, title: str, links: PictureLinks) -> None:
        self._title = title
        self._reader = SaidReader(links.trusts)
        self._finish: Finish | None = None
        self._counts: _Counts | None = None
        self._counted = False
        """Whether the last chunk said what the answer cost, and nothing else."""
        self._response_id = ""
        self._calls: set[str] = set()
        self._bounds = CallBounds()
        self._unnamed: list[tuple[str, object]] = []
        """Calls without an id: names and arguments."""
        self._growing: GrowingCall | None = None
        """One that comes in pieces."""
        self._begun = 0
        """How many of those have begun."""
        self._sources = Sources()
        self._called = self._drew = self._spoke = False

    def read(self, chunk: types.GenerateContentResponse) -> Iterator[Said]:
        """The events of the next chunk.

        Raises:
            BadReply: a call has more to read than one answer may have.
        """
        self._response_id = chunk.response_id or self._response_id
        counts = chunk.usage_metadata
        self._counts = counts or self._counts
        feedback = chunk.prompt_feedback
        if feedback is not None and feedback.block_reason is not None:
            self._finish = prompt_blocked(str(feedback.block_reason.value))
        candidate = chunk.candidates[0] if chunk.candidates else types.Candidate()
        if candidate.grounding_metadata is not None:
            self._grounded(candidate.grounding_metadata)
        content = candidate.content
        parts = (content.parts if content is not None else None) or []
        reason = candidate.finish_reason
        repeated = reason is not None and self._repeats(parts)
        for part in () if repeated else parts:
            yield from self._events(part)
        self._counted = counts is not None and bool(counts.candidates_token_count) and not parts
        if reason is not None:
            native = str(reason.value)
            known = native if native in types.FinishReason.__members__ else ""
            self._finish = finish_for(known) if known else finish_of_word(native)
            self._finish = self._finish or finish_for(native)

    def _grounded(self, told: types.GroundingMetadata) -> None:
        self._sources.searched(*(told.web_search_queries or ()), *(told.image_search_queries or ()))
        for chunk in told.grounding_chunks or ():
            if chunk.web is not None:
                self._sources.page(chunk.web.uri, chunk.web.title)

    def _repeats(self, parts: list[types.Part]) -> bool:
        """Whether the last chunk says everything so far once more."""
        plain = [part.text for part in parts if part.text and not part.thought]
        if plain:
            others = [part for part in parts if not part.text or part.thought]
            return self._reader.repeats("".join(plain)) and all(map(self._came, others))
        return bool(parts) and all(map(self._came, parts))

    def _came(self, part: types.Part) -> bool:
        """Whether a part that is no words came before."""
        blob, call = part.inline_data, part.function_call
        if call is not None:
            return (call.name, call.args) in self._unnamed or call.id in self._calls
        if blob is not None and blob.data:
            return not part.thought and self._reader.was_shown(blob.data)
        return bool(part.thought and part.text) and self._reader.thinks_again(part.text or "")

    def _events(self, part: types.Part) -> Iterator[Said]:
        echo = signature_echo(part.thought_signature)
        blob, file = part.inline_data, part.file_data
        if part.function_call is not None:
            yield from self._call(part.function_call, part.thought_signature)
        elif blob is not None and blob.data:
            yield from self._blob(part, blob)
        elif file is not None and file.file_uri:
            self._drew = True
            yield from self._reader.picture(file.file_uri)
        elif part.thought:
            if part.text or echo:
                yield from self._reader.thought(part.text or "", echo)
        elif part.text or echo:
            self._spoke = self._spoke or bool(part.text)
            yield from self._reader.words(part.text or "", echo)
        elif (other := _other(part)) is not None:
            self._spoke = True
            yield from self._reader.not_shown(other)

    def _blob(self, part: types.Part, blob: types.Blob) -> Iterator[Said]:
        """A picture, whatever its label says; what is none leaves a remark."""
        data, mime = blob.data or b"", (blob.mime_type or "").lower()
        yield from self._reader.flush()
        if mime.startswith(_SHOWN) or is_picture(data):
            self._drew = True
            echo = signature_echo(part.thought_signature)
            if part.thought:
                yield ImageBytes(data, draft=True, echo=echo)
            else:
                yield from self._reader.shown(data, echo=echo)
        elif not part.thought:
            self._spoke = True
            yield from self._reader.not_shown(mime)

    def _call(self, call: types.FunctionCall, signature: bytes | None) -> Iterator[Said]:
        growing = self._growing
        if growing is not None and (not call.name or call.id == growing.call_id != ""):
            growing.signature = growing.signature or signature
            yield growing.take(call)
            if not call.will_continue:
                yield from self._grown()
            return
        yield from self._grown()
        if call.name and (call.will_continue or call.partial_args):
            self._bounds.begin()
            self._growing = GrowingCall(
                self._begun, call.id or "", call.name, signature, self._bounds
            )
            self._begun += 1
            yield self._growing.take(call)
            if not call.will_continue:
                yield from self._grown()
            return
        yield from self._whole(call, signature)

    def _grown(self) -> Iterator[Said]:
        """The call that came in pieces, whole: no more of it will come."""
        growing, self._growing = self._growing, None
        if growing is not None:
            call = types.FunctionCall(
                id=growing.call_id or None, name=growing.name, args=growing.ended()
            )
            yield from self._whole(call, growing.signature)

    def _whole(self, call: types.FunctionCall, signature: bytes | None) -> Iterator[Said]:
        if not call.name or (call.id and call.id in self._calls):
            return  # a placeholder, or the same once more
        arguments = {} if is_too_deep(call.args) else call.args or {}
        self._bounds.take(arguments)
        self._called = True
        if call.id:
            self._calls.add(call.id)
        else:
            self._unnamed.append((call.name, call.args))
        yield from self._reader.flush()
        yield ToolCall(
            call.id or new_id(),
            call.name,
            arguments,
            signature_echo(signature, unnamed_call=not call.id),
        )

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
            BadReply: the stream broke off.
        """
        if self._finish is not None and self._finish.kind in {"stop", "tool_calls"}:
            yield from self._grown()  # any other end cut it off
        yield from self._reader.flush()
        answered = self._spoke or self._drew or self._called
        if answered:
            yield from self._sources.told()
        finish = self._finish
        if finish is None and (said_done or self._counted) and answered:
            finish = Finish("stop")
        if finish is None:
            raise broke_off(self._title)
        finish = noted(finish, answered=answered)
        if finish.kind in {"stop", "tool_calls"}:
            if self._called:
                finish = replace(finish, kind="tool_calls")
            elif not (self._spoke or self._drew):
                finish = empty(finish.native, self._title)
        yield Finished(finish, self._usage(), self._response_id)

    def _usage(self) -> Usage | None:
        counts = self._counts
        if counts is None:
            return None
        told = Told(
            sent=counts.prompt_token_count,
            sent_images=_images(counts.prompt_tokens_details),
            sent_audio=_tokens(counts.prompt_tokens_details, types.MediaModality.AUDIO),
            by_tools=counts.tool_use_prompt_token_count,
            came=counts.candidates_token_count,
            came_images=_images(counts.candidates_tokens_details),
            thought=counts.thoughts_token_count,
            cached=counts.cached_content_token_count,
        )
        return usage_of(told, drew=self._drew)


def _other(part: types.Part) -> str | None:
    """What a part is that holds neither words nor a picture; ``None``: it says nothing."""
    if part.executable_code is not None and part.executable_code.code:
        return "code that the model ran"
    if part.code_execution_result is not None and part.code_execution_result.output:
        return "what a program of the model printed"
    return None


def _images(details: list[types.ModalityTokenCount] | None) -> int | None:
    return _tokens(details, types.MediaModality.IMAGE)


def _tokens(
    details: list[types.ModalityTokenCount] | None, modality: types.MediaModality
) -> int | None:
    if details is None:
        return None
    counted = (d.token_count for d in details if d.modality == modality)
    return sum(count(tokens) or 0 for tokens in counted)


def size_of(chunk: types.GenerateContentResponse) -> int:
    """The characters of words in a chunk, which is what takes time to read."""
    candidate = chunk.candidates[0] if chunk.candidates else None
    content = candidate.content if candidate is not None else None
    parts = (content.parts if content is not None else None) or []
    return sum(len(part.text or "") for part in parts)
