"""What a model says, taken into the reply and told to whoever watches, event by event."""

from collections.abc import Mapping
from dataclasses import replace

from chat.core.bounds import MAX_CALLS, MAX_ECHO_BYTES, MAX_PICTURES, MAX_WORDS_BYTES
from chat.core.errors import MediaRejected
from chat.core.events import Finished, ImageBytes, ProviderEvent, ReasoningDelta, TextDelta
from chat.core.messages import Finish, Message
from chat.core.parts import Image, Json, Text, ToolCall, ToolResult, plain_text
from chat.gateway.deployments import ModelDeployment
from chat.turns.jobs import Job
from chat.turns.pictures import DRAWING, Pictures
from chat.turns.reply import Event, Reply, cleaned
from chat.turns.save import ReplySaver


def _ended(why: str) -> Finish:
    sentence = f"The reply was ended here: {why}."
    return Finish("length", message=sentence, actions=("retry", "edit"))


TOO_MANY_WORDS = _ended("Easel keeps 2 MB of words in one reply")
TOO_MANY_PICTURES = _ended(f"Easel keeps {MAX_PICTURES} pictures in one reply, drafts included")
TOO_MANY_CALLS = _ended(f"Easel takes {MAX_CALLS} calls of tools in one reply")
TOO_LARGE_ECHOES = _ended("its signatures are larger than Easel keeps in one reply")


class ReplyWriter:
    """One reply being written."""

    def __init__(
        self, job: Job, question: Message, reply: Reply, pictures: Pictures, saver: ReplySaver
    ) -> None:
        """Write this reply to this question."""
        self._job = job
        self._question = question
        self._reply = reply
        self._pictures = pictures
        self._saver = saver
        self._title = ""
        self._words_bytes = self._echo_bytes = self._pictures_taken = self._calls = 0

    def answered_by(self, target: ModelDeployment, notes: tuple[str, ...] = ()) -> None:
        """Name who answers."""
        self._title = target.card.title
        endpoint, card = target.endpoint, target.card
        self._reply.answered_by(endpoint.kind, endpoint.id, card.id, target.label, notes)

    async def take(self, event: ProviderEvent) -> Finish | None:
        """Take in what came; the end of the reply once there is as much as one may have.

        Raises:
            StorageError: it cannot be kept.
        """
        if self._saver.fault is not None:
            raise self._saver.fault
        if isinstance(event, Finished):
            return None
        if event.echo is not None:
            self._echo_bytes += _weight(event.echo.data)
            if self._echo_bytes > MAX_ECHO_BYTES:
                return TOO_LARGE_ECHOES
        if isinstance(event, ImageBytes):
            if self._pictures_taken >= MAX_PICTURES:
                return TOO_MANY_PICTURES
            self._pictures_taken += 1
            await self._take_picture(event)
            await self._saver.save()
            return None
        if isinstance(event, TextDelta | ReasoningDelta):
            return self._take_words(event)
        if self._calls >= MAX_CALLS:
            return TOO_MANY_CALLS
        self._calls += 1
        self.add(event)
        return None

    def _take_words(self, event: TextDelta | ReasoningDelta) -> Finish | None:
        room, data = MAX_WORDS_BYTES - self._words_bytes, event.text.encode("utf-8", "replace")
        self._words_bytes += len(data)
        if len(data) <= room:
            self.add(event)
            return None
        # A part of what was signed is not what was signed.
        self.add(replace(event, text=data[:room].decode("utf-8", "ignore"), echo=None))
        return TOO_MANY_WORDS

    def add(self, event: Event) -> None:
        """Add what is fit to be stored as it is, once made sound."""
        sound = cleaned(event)
        if isinstance(sound, ToolCall):
            sound = self._reply.distinct(sound)
        self._reply.add(sound)
        self._job.publish(sound)

    async def _take_picture(self, event: ImageBytes) -> None:
        """Store the bytes first; only then may anything name them."""
        try:
            ref, note = await self._pictures.keep(self._job.owner, event.data, "model")
        except MediaRejected as error:
            # It was paid for, and so were the words around it: they stay, and say what is missing.
            self.add(TextDelta(f"\n\n[A picture came that could not be kept. {error}]\n\n"))
            return
        self.add(Image(ref, "model", event.alt or self._alt(), event.draft, event.echo))
        if note and ref.mime == DRAWING:
            self.add(TextDelta(f"\n\n[{note}]\n\n"))

    def _alt(self) -> str:
        """What a picture shows, as far as words around it tell: the caption so far, or the wish."""
        parts = self._reply.parts
        said = [part.text for part in parts if isinstance(part, Text) and part.text.strip()]
        words = said[-1] if said else plain_text(self._question.parts)
        return " ".join(words.split())[:240] or f"Picture by {self._title}"


def _weight(value: Json | Mapping[str, Json]) -> int:
    """About how many bytes a value takes, as JSON."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Mapping):
        return sum(len(key) + _weight(each) for key, each in value.items())
    if isinstance(value, list | tuple):
        return sum(map(_weight, value))
    return 8


def too_many(call: ToolCall, most: int) -> ToolResult:
    """The answer to a call that is one too many in its round."""
    sentence = f"Not run: at most {most} tools run at once. Ask for it again."
    return ToolResult(call.call_id, call.name, (Text(sentence),), failed=True)
