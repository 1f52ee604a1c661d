"""What a server sends as a result, a prompt or a resource, as texts and pictures. All bounded."""

import base64
import binascii
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import mcp_types as types

from chat.core.errors import ToolFailed
from chat.core.quoting import quoted
from chat.core.redaction import without_known_keys
from chat.core.text import clean_text
from chat.core.tools import Picture, ToolOutput
from chat.mcp.schemas import words

MAX_BLOCKS = 100
MAX_PICTURES = 10
MAX_PICTURE_BYTES = 22 * 2**20
MAX_CHARACTERS = 200_000
"""Of all texts of one answer; how much of them a model is told is for others to say."""

PICTURES = frozenset(
    {"png", "jpeg", "jpg", "webp", "gif", "avif", "heic", "heif", "bmp", "tiff", "x-ms-bmp"}
)
_LEFT_OUT = "[The rest was left out: there is too much of it.]"


@dataclass(frozen=True, slots=True)
class Inserted:
    """What is put into the message box."""

    text: str
    pictures: tuple[Picture, ...]


class _Collected:
    """Outputs in order, as far as there is room, and without the host's secrets."""

    def __init__(self, title: str, secrets: Collection[str]) -> None:
        self._title = title
        self._secrets = secrets
        self._room = MAX_CHARACTERS
        self._pictures = 0
        self.outputs: list[ToolOutput] = []

    def text(self, said: str) -> None:
        said = without_known_keys(clean_text(said), self._secrets)
        if self._room <= 0 or not said.strip():
            return
        if len(said) > self._room:
            said = f"{said[: self._room]}\n{_LEFT_OUT}"
        self._room -= len(said)
        self.outputs.append(said)

    def note(self, said: str) -> None:
        self.text(f"[{said}]")

    def data(self, encoded: str, mime: str, what: str) -> None:
        """Bytes in base64: a picture, or a word that there was something else."""
        kind, _, form = mime.partition(";")[0].strip().lower().partition("/")
        size = len(encoded) * 3 // 4
        if kind != "image" or form not in PICTURES:
            return self.note(f"{what} of the type {words(mime, 60) or 'unknown'}, {size:,} bytes")
        if size > MAX_PICTURE_BYTES or self._pictures >= MAX_PICTURES:
            return self.note("A picture was left out: there is too much of it.")
        try:
            data = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            return self.note("A picture was left out: it is damaged.")
        self._pictures += 1
        return self.outputs.append(Picture(data, f"A picture from {self._title}"))


def outputs_of(
    result: types.CallToolResult, title: str, secrets: Collection[str] = ()
) -> Sequence[ToolOutput]:
    """The outputs of a call, in order. It decodes pictures, so that it may take a moment.

    Its words are quoted: models are told that a stranger wrote them. ``secrets`` are what the host
    gave to the server alone: a server that tells them, as one that lists its variables does, is
    not repeated.

    Raises:
        ToolFailed: the server says that it failed, in its words.
    """
    collected = _collected(result.content, title, secrets)
    structured = result.structured_content
    if structured is not None and not _says_the_same(result.content, structured):
        collected.text(json.dumps(structured, ensure_ascii=False))
    if result.is_error:
        said = " ".join(output for output in collected.outputs if isinstance(output, str))
        if not said:
            raise ToolFailed(f"{title} failed, and did not say why.")
        raise ToolFailed(f"{title} failed: “{words(said)}”")
    return _quoted(collected.outputs, title) or [f"{title} was done, and gave nothing back."]


def _quoted(outputs: Sequence[ToolOutput], title: str) -> list[ToolOutput]:
    """The outputs with texts that follow one another as one quotation."""
    made: list[ToolOutput] = []
    texts: list[str] = []
    for output in (*outputs, None):
        if isinstance(output, str):
            texts.append(output)
            continue
        if texts:
            made.append(quoted(f"What {title} answered", "\n\n".join(texts)))
            texts = []
        if output is not None:
            made.append(output)
    return made


def inserted_prompt(
    result: types.GetPromptResult, title: str, secrets: Collection[str]
) -> Inserted:
    """The words and pictures of a prompt, without the host's secrets."""
    collected = _Collected(title, secrets)
    for message in result.messages[:MAX_BLOCKS]:
        if message.role != "user":
            collected.note("Answer:")
        _collect(collected, message.content)
    return _inserted(collected)


def inserted_resource(
    result: types.ReadResourceResult, title: str, secrets: Collection[str]
) -> Inserted:
    """The words and pictures of a resource, without the host's secrets."""
    collected = _Collected(title, secrets)
    for contents in result.contents[:MAX_BLOCKS]:
        _collect_contents(collected, contents)
    return _inserted(collected)


def _inserted(collected: _Collected) -> Inserted:
    texts = [output for output in collected.outputs if isinstance(output, str)]
    pictures = [output for output in collected.outputs if isinstance(output, Picture)]
    return Inserted("\n\n".join(texts), tuple(pictures))


def _collected(
    blocks: Sequence[types.ContentBlock], title: str, secrets: Collection[str]
) -> _Collected:
    collected = _Collected(title, secrets)
    for block in blocks[:MAX_BLOCKS]:
        _collect(collected, block)
    if len(blocks) > MAX_BLOCKS:
        collected.text(_LEFT_OUT)
    return collected


def _collect(collected: _Collected, block: types.ContentBlock) -> None:
    match block:
        case types.TextContent():
            collected.text(block.text)
        case types.ImageContent():
            collected.data(block.data, block.mime_type, "A picture")
        case types.AudioContent():
            collected.data(block.data, block.mime_type, "A recording")
        case types.ResourceLink():
            about = [words(block.title or block.name, 200), words(str(block.uri), 2_000)]
            if block.description:
                about.append(words(block.description))
            collected.text(": ".join(filter(None, about)))
        case types.EmbeddedResource():
            _collect_contents(collected, block.resource)


def _collect_contents(
    collected: _Collected, contents: types.TextResourceContents | types.BlobResourceContents
) -> None:
    if isinstance(contents, types.TextResourceContents):
        collected.text(contents.text)
    else:
        collected.data(contents.blob, contents.mime_type or "", "A file")


def _says_the_same(blocks: Iterable[types.ContentBlock], structured: object) -> bool:
    """Whether a text among the blocks is the same data: servers say it twice for older clients."""
    for block in blocks:
        if isinstance(block, types.TextContent) and len(block.text) <= MAX_CHARACTERS:
            try:
                said = json.loads(block.text)
            except (ValueError, RecursionError):  # no JSON, or deeper than is read
                said = block.text
            if said == structured or (
                # What a tool gives that is no object, its server puts into one.
                isinstance(structured, Mapping) and list(structured.values()) == [said]
            ):
                return True
    return False
