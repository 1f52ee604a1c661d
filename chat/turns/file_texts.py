"""The files of a conversation as a model is told of them.

By name where it has a tool that reads them, else with their text, within a bound. What is cut off
is said to the model and to the user.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from chat.core.attached import DATA, mark_of, remark, size_words, text_of
from chat.core.errors import NotFound, ToolFailed
from chat.core.file_kinds import kind_of_stored
from chat.core.handles import numbered_files
from chat.core.messages import Message, question_at
from chat.core.models import ModelCard
from chat.core.parts import File, MediaRef, Part, Text
from chat.core.recent import Recent
from chat.files.letters import letters
from chat.files.reader import FileProcess, FileReader

log = logging.getLogger(__name__)

READ_FILE = "read_file"
"""The tool that reads a file of the conversation."""

FILE_BYTES = 200_000
"""Of the text of one file, as UTF-8: some 50,000 tokens."""

FILES_BYTES = 400_000
"""Of all files of a request; the newest go first."""

PROMPT_BYTES = 12_000
"""The same for a model that gives pictures alone, whose prompts are short."""

MOST_READ = 40
"""Files of a request whose text is looked for, the newest first; more are named alone."""

LEAST_BYTES = 200
"""Less room than this is none."""

KEPT_CHARACTERS = 16_000_000
"""Of texts that were read; a question is priced again and again while it is written."""

NO_ROOM = "There was no room for its text."

BytesOf: TypeAlias = Callable[[str, str, bool], Awaitable[tuple[MediaRef, bytes]]]
"""Owner, sha256, and whether the small copy is wanted; see ``Pictures.bytes_of``."""


@dataclass(frozen=True, slots=True)
class FileShare:
    """What of a file goes to a model."""

    words: str
    """What does not go, in a sentence for the user; empty: its whole text goes, or none need to."""
    bytes: int = 0
    """Of its text, as UTF-8."""
    by_tool: bool = False
    """Whether the model reads it with a tool."""


@dataclass(frozen=True, slots=True)
class ToldOfFiles:
    """Messages with words in place of their files."""

    messages: tuple[Message, ...]
    notes: tuple[str, ...] = ()
    """Sentences on what of the newest question's files did not go."""
    shares: Mapping[str, FileShare] = field(default_factory=dict)
    """By the sha256 of each file that a question holds."""


class FileTexts:
    """Tells models of files."""

    def __init__(self, reader: FileReader | None = None) -> None:
        """Read with this reader; without one, with one of its own."""
        self._reader = reader or FileReader(FileProcess())
        self._read = Recent[tuple[str, str], tuple[str, bool]](KEPT_CHARACTERS)

    async def told(
        self,
        card: ModelCard,
        messages: Sequence[Message],
        owner: str,
        bytes_of: BytesOf,
        *,
        has_tool: bool,
    ) -> ToldOfFiles:
        """The messages with words where questions hold files.

        Args:
            card: the model that is asked.
            messages: the branch, oldest first, the question last or followed by its reply.
            owner: whose they are.
            bytes_of: gives the bytes of a file.
            has_tool: whether the model is offered the tool that reads files.

        Raises:
            StorageError: the store does not answer.
        """
        if not any(_attached(message) for message in messages):
            return ToldOfFiles(tuple(messages))
        numbers = numbered_files(messages)
        asked = question_at(messages)
        telling = _Telling(self, owner, bytes_of, numbers, _room(card), has_tool=has_tool)
        told = list(messages)
        first = 0 if card.history else (asked or 0)
        for at in range(len(messages) - 1, first - 1, -1):
            if _attached(messages[at]):
                told[at] = await telling.message(messages[at], is_newest=at == asked)
        return ToldOfFiles(tuple(told), tuple(telling.notes), telling.shares)

    async def text_of(self, data: bytes, file: File) -> tuple[str, bool]:
        """The text of a file from its beginning, and whether that is all of it.

        Raises:
            ToolFailed: it cannot be read; the sentence says why.
        """
        key = file.media.sha256, file.name
        found = self._read.get(key)
        if found is None:
            found = await self._text(data, file)
            self._read.keep(key, found, len(found[0]))
        return found

    async def _text(self, data: bytes, file: File) -> tuple[str, bool]:
        kind = kind_of_stored(file.media.mime, file.name)
        if kind is None or not kind.is_words:
            return await self._reader.text(data, file.name, FILE_BYTES)
        # Letters need no process of their own, and rows cost the least as they are written.
        text, _ = await asyncio.to_thread(letters, data)
        return text[:FILE_BYTES], len(text) <= FILE_BYTES


class _Telling:
    """Replaces the files of one request, the newest first."""

    def __init__(
        self,
        texts: FileTexts,
        owner: str,
        bytes_of: BytesOf,
        numbers: Mapping[str, int],
        room_bytes: int,
        *,
        has_tool: bool,
    ) -> None:
        self._texts = texts
        self._owner = owner
        self._bytes_of = bytes_of
        self._numbers = numbers
        self._room_bytes = room_bytes
        self._has_tool = has_tool
        self._left = MOST_READ
        self.notes: list[str] = []
        self.shares: dict[str, FileShare] = {}

    async def message(self, message: Message, *, is_newest: bool) -> Message:
        """The message with words in place of its files."""
        left = len(_attached(message))
        parts: list[Part] = []
        for part in message.parts:
            if not isinstance(part, File):
                parts.append(part)
                continue
            words, share = await self._file(part, min(FILE_BYTES, self._room_bytes // left))
            left -= 1
            self._room_bytes -= share.bytes
            self.shares.setdefault(part.media.sha256, share)
            if is_newest and share.words:
                self.notes.append(f"“{part.name}”: {share.words}")
            parts += words
        return replace(message, parts=tuple(parts))

    async def _file(self, file: File, most_bytes: int) -> tuple[list[Text], FileShare]:
        number = self._numbers[file.media.sha256]
        if self._has_tool:
            more = f"Read what is in it with the tool {READ_FILE}. {DATA}"
            return [Text(remark(file, number, more))], FileShare("", by_tool=True)
        if not self._left or most_bytes < LEAST_BYTES:
            return _nothing(file, number, NO_ROOM)
        self._left -= 1
        try:
            _, data = await self._bytes_of(self._owner, file.media.sha256, False)
            text, whole = await self._texts.text_of(data, file)
        except NotFound:
            return _nothing(file, number, "Its file is lost.")
        except ToolFailed as error:
            log.info("the file %s is not sent: %s", file.media.sha256, error)
            return _nothing(file, number, str(error))
        if not text.strip():
            return _nothing(file, number, "There is no text in it.")
        going = _shortened(text.encode("utf-8", "replace"), most_bytes)
        if not going.strip():
            return _nothing(file, number, NO_ROOM)
        words = going.decode("utf-8", "ignore")
        more = f"Its text stands between the marks {mark_of(file)}. {DATA}"
        share = FileShare("", len(going))
        if len(words) < len(text) or not whole:
            said = f"Only the first {size_words(len(going))} of its text go to the model."
            share = FileShare(said, len(going))
            more = f"Only the first {size_words(len(going))} of its text are here. {more}"
        return [Text(remark(file, number, more)), Text(text_of(file, words))], share


def _nothing(file: File, number: int, why: str) -> tuple[list[Text], FileShare]:
    return [Text(remark(file, number, why))], FileShare(why)


def _attached(message: Message) -> list[File]:
    """The files that a question itself holds, not those of tools."""
    if message.role != "user":
        return []
    return [part for part in message.parts if isinstance(part, File)]


def _room(card: ModelCard) -> int:
    return FILES_BYTES if "text" in card.output_modalities else PROMPT_BYTES


def _shortened(whole: bytes, most_bytes: int) -> bytes:
    """So much of a text, ended at a line where one ends near."""
    if len(whole) <= most_bytes:
        return whole
    cut = whole[: max(0, most_bytes)]
    line = cut.rfind(b"\n", len(cut) - len(cut) // 10)
    return cut[:line] if line > 0 else cut
