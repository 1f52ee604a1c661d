"""The parts a message is made of.

Pure values: a part never knows its database row, its HTML or its wire form. The order
in a list of parts is the order on the screen.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

Json: TypeAlias = Any
"""A value that ``json.dumps`` accepts and gives back unchanged."""

ImageOrigin: TypeAlias = Literal["upload", "model", "tool"]

Extra: TypeAlias = Mapping[str, Json] | None
"""What a newer Easel keeps beside the fields of a stored value that this one knows.

This Easel does not read it: it goes along with every copy of the value and is written back as
it was. ``None`` is nothing, as nearly always.
"""


@dataclass(frozen=True, slots=True)
class MediaRef:
    """The name of stored bytes: everything about a picture, or a file, but the bytes."""

    sha256: str
    """64 lower-case hexadecimal digits of the stored bytes."""
    mime: str
    """What the bytes are, found by looking at them: ``image/png``, ``image/jpeg`` ..."""
    size_bytes: int
    width_px: int
    """Width as shown, after any orientation tag has been applied."""
    height_px: int
    extra: Extra = field(default=None, hash=False, repr=False)

    @property
    def is_picture(self) -> bool:
        """Whether it names a picture; else a file, which has no pixels."""
        return self.width_px > 0


@dataclass(frozen=True, slots=True)
class Echo:
    """Opaque state that only the provider that wrote it may read.

    Thought signatures, reasoning details and native call ids travel here, on the very
    part that carried them, and go back to that provider unchanged.
    """

    provider: str
    """The wire kind that wrote it: ``gemini``, ``openai_chat`` ..."""
    data: Mapping[str, Json]
    extra: Extra = field(default=None, hash=False, repr=False)


@dataclass(frozen=True, slots=True)
class Text:
    """Words, in Markdown."""

    text: str
    echo: Echo | None = None
    fresh: bool = False
    """In a question: it starts fresh, so no picture from above is sent along with it."""
    kind: Literal["text"] = "text"
    extra: Extra = field(default=None, hash=False, repr=False)


@dataclass(frozen=True, slots=True)
class Reasoning:
    """What a model thought aloud; shown folded, never sent to another provider."""

    text: str
    echo: Echo | None = None
    kind: Literal["reasoning"] = "reasoning"
    extra: Extra = field(default=None, hash=False, repr=False)


@dataclass(frozen=True, slots=True)
class Derivation:
    """What a picture was made of, where that is not simply what its question showed."""

    parents: tuple[str, ...] = ()
    """The sha256 of each picture it came from; the first is the one that was changed."""
    operation: str = ""
    """What was done, by the name of a picture operation: ``crop``, ``region`` ...; empty: a
    model answered."""
    details: Mapping[str, Json] = field(default_factory=dict, hash=False)
    """What the operation was asked and what it measured, so that it can be shown and repeated."""
    extra: Extra = field(default=None, hash=False, repr=False)


@dataclass(frozen=True, slots=True)
class Image:
    """A picture in a message. The bytes live in a media store under ``media.sha256``."""

    media: MediaRef
    origin: ImageOrigin
    alt: str = ""
    """What the picture shows, for people who cannot see it."""
    draft: bool = False
    """An interim picture of a thinking model: shown as a draft, never taken as the result."""
    echo: Echo | None = None
    mask: bool = False
    """Says where the first picture of its message may change: there it is transparent."""
    derivation: Derivation | None = None
    handle: int = 0
    """In a question: the number that its words call the picture by, see
    :mod:`chat.core.handles`; 0: it is counted."""
    caption: str = ""
    """What was asked for, as it stands under the picture; empty: it is not known."""
    model: str = ""
    """The id of the card that made it, where another model wrote the reply; empty: the same."""
    model_title: str = ""
    """What people call that model."""
    cost_usd: float | None = None
    """What that model took for it, if it is told apart from the reply's; ``None`` is unknown."""
    kind: Literal["image"] = "image"
    extra: Extra = field(default=None, hash=False, repr=False)


@dataclass(frozen=True, slots=True)
class File:
    """A file that is no picture: a tool made it, or the user added it to a question.

    Its bytes live in a media store, too.
    """

    media: MediaRef
    """Without width and height."""
    name: str
    """What people call it, its ending and all."""
    echo: None = None
    handle: int = 0
    """In a question: the number that its words call the file by, see :mod:`chat.core.handles`; 0:
    it is counted."""
    kind: Literal["file"] = "file"
    extra: Extra = field(default=None, hash=False, repr=False)


Decision: TypeAlias = Literal["", "once", "conversation", "deny"]
"""Of a user on a call: none yet; run it; run it, and the tool from now on in this conversation;
do not run it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a user is asked of a call before it is run, and what they said."""

    digest: str
    """Of the tool, as models are told of it, of the arguments and of the note: a decision holds for
    exactly these, see :mod:`chat.core.tool_digests`."""
    title: str = ""
    """What people call the tool."""
    source: str = ""
    reach: str = ""
    """Where the tool comes from and what it may do, as it said when the user was asked."""
    hints: Mapping[str, str] = field(default_factory=dict, hash=False)
    """What the tool says of its arguments, by their names."""
    always: bool = False
    """Each call of the tool is asked for: it cannot be allowed for the conversation."""
    note: str = ""
    """Why it is asked for again; empty: it is the first time."""
    begun: int = 0
    """How often it had been begun when Easel ended."""
    decision: Decision = ""
    word: str = ""
    """What the user says to the model with a denial."""
    extra: Extra = field(default=None, hash=False, repr=False)


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A model asks for a tool to be run."""

    call_id: str
    name: str
    arguments: Mapping[str, Json]
    echo: Echo | None = None
    asked: Asked | None = None
    """``None``: nobody was asked whether it may be run."""
    kind: Literal["tool_call"] = "tool_call"
    extra: Extra = field(default=None, hash=False, repr=False)


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool answered. A failed tool is an answer too."""

    call_id: str
    """The ``call_id`` of the call it answers."""
    name: str
    content: "tuple[Content, ...]"
    failed: bool = False
    echo: Echo | None = None
    took_s: float | None = field(default=None, compare=False)
    """How long it was at work, waits for the user apart; ``None``: it was not run, or an earlier
    Easel ran it. The same answer is the same, however long it took."""
    kind: Literal["tool_result"] = "tool_result"
    extra: Extra = field(default=None, hash=False, repr=False)


@dataclass(frozen=True, slots=True)
class UnknownPart:
    """A part that this Easel cannot read, kept as it is stored and written back unchanged.

    People are shown that it is there; models are told a remark.
    """

    stored: Json = field(hash=False)
    """All of it: mostly an object, its kind and all."""
    newer: bool = True
    """Whether a newer Easel made it; else it is an old one's that makes no sense."""
    echo: None = None
    """No provider's: what a newer Easel noted for one is part of what is stored."""
    extra: None = None
    kind: Literal["unknown"] = "unknown"

    @property
    def sentence(self) -> str:
        """What people are told of it."""
        return MADE_BY_NEWER if self.newer else UNREADABLE


MADE_BY_NEWER = "This part was made by a newer Easel; this one keeps it but cannot show it."
UNREADABLE = "This part cannot be read any more; it is kept as it is stored."

Content: TypeAlias = Text | Image | File | UnknownPart
"""What a tool answers with."""

Part: TypeAlias = Text | Reasoning | Image | File | ToolCall | ToolResult | UnknownPart


def plain_text(parts: tuple[Part, ...]) -> str:
    """The words of a message, adjacent text joined as it was streamed, pictures as blank lines."""
    joined: list[str] = []
    after_other = False
    for part in parts:
        if isinstance(part, Text):
            if after_other and joined:
                joined.append("\n\n")
            joined.append(part.text)
            after_other = False
        else:
            after_other = True
    return "".join(joined).strip()


def searched_text(parts: tuple[Part, ...]) -> str:
    """What a message is found by: its words, and the names of the files in it."""
    return "\n\n".join(filter(None, (plain_text(parts), *(file.name for file in files(parts)))))


def unanswered(parts: Sequence[Part]) -> tuple[ToolCall, ...]:
    """The calls that have no result, in order."""
    answered = {part.call_id for part in parts if isinstance(part, ToolResult)}
    calls = (part for part in parts if isinstance(part, ToolCall))
    return tuple(call for call in calls if call.call_id not in answered)


def undecided(parts: Sequence[Part]) -> tuple[ToolCall, ...]:
    """The calls that the user has to decide on, in order."""
    return tuple(call for call in unanswered(parts) if call.asked and not call.asked.decision)


def images(parts: Sequence[Part]) -> list[Image]:
    """Every picture in order, those inside tool results and drafts included."""
    found: list[Image] = []
    for part in parts:
        content = part.content if isinstance(part, ToolResult) else (part,)
        found.extend(item for item in content if isinstance(item, Image))
    return found


def pictures(parts: Sequence[Part]) -> tuple[Image, ...]:
    """The finished pictures in order, no masks; where drafts are all, the last stands in."""
    found = [image for image in images(parts) if not image.mask]
    finished = tuple(image for image in found if not image.draft)
    return finished or tuple(found[-1:])


def files(parts: Sequence[Part]) -> list[File]:
    """Every file in order, those inside tool results included."""
    found: list[File] = []
    for part in parts:
        content = part.content if isinstance(part, ToolResult) else (part,)
        found.extend(item for item in content if isinstance(item, File))
    return found


def with_pictures(parts: Sequence[Part], read: Callable[[Image], Image | Text]) -> tuple[Part, ...]:
    """The parts with each picture as it was read, those inside tool results included."""
    mapped: list[Part] = []
    for part in parts:
        if isinstance(part, Image):
            mapped.append(read(part))
        elif isinstance(part, ToolResult):
            content = tuple(read(c) if isinstance(c, Image) else c for c in part.content)
            mapped.append(replace(part, content=content))
        else:
            mapped.append(part)
    return tuple(mapped)
