"""The live protocol: what the server tells a page, and what a page may say.

Both travel as one JSON object a message, told apart by ``type``. The page has these types too:
``.ci/page_types.py`` writes ``assets/js/protocol.js`` from them.
"""

from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from chat.core.messages import Status
from chat.core.strict_json import strict_json
from chat.web.api.conversations import ConversationRow
from chat.web.api.models import ModelFacts
from chat.web.api.settings import ToolsAtTheBox
from chat.web.api.values import Id
from chat.web.api.words import Words, in_words

MAX_HELD_MESSAGES = 200
"""A page that shows more than this starts from a whole window when its connection comes back."""

MAX_REQUEST_CHARACTERS = 32_000
"""What names so many messages takes half of this."""

MAX_REQUEST_BYTES = 4 * MAX_REQUEST_CHARACTERS
"""Of a frame, unpacked; the server closes the line of whoever sends more."""


@dataclass(frozen=True, kw_only=True)
class CarriedPicture:
    """The latest picture of the transcript: it goes along with the next message by default."""

    sha: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True, kw_only=True)
class DrawnMessage:
    """One message of the transcript."""

    id: str
    stamp: str
    """Two drawings with equal stamps look the same."""
    html: str


@dataclass(frozen=True, kw_only=True)
class VariantGrid:
    """Replies that were asked for at once; the last reply on the screen is one of them."""

    open: bool
    """Whether they are shown side by side, in place of that one."""
    total: int
    """How many there are, those out of sight included."""
    tiles: list[DrawnMessage]
    """Those in sight where it is open, in order."""


@dataclass(frozen=True, kw_only=True)
class _Transcript:
    """What holds for the whole transcript."""

    conversation: str
    leaf: str | None
    """The last message of the branch that is shown."""
    has_older: bool
    carry: CarriedPicture | None
    facts: ModelFacts | None
    """What the model is like that answers next; ``None`` where none can."""
    settings: str
    """The stamp of the conversation's settings."""
    spent: Words
    """A sentence."""
    variants: VariantGrid | None


@dataclass(frozen=True, kw_only=True)
class Hello:
    """The answer to the page's own: which Easel this is."""

    type: Literal["hello"] = "hello"
    build: str
    version: str
    beat_ms: int
    """The server is never silent for longer than this."""


@dataclass(frozen=True, kw_only=True)
class Beat:
    """Nothing new, and the connection is alive."""

    type: Literal["beat"] = "beat"
    answers: bool = False
    """Whether it answers a ping: what the page says is heard, too."""


@dataclass(frozen=True, kw_only=True)
class TranscriptWindow(_Transcript):
    """A conversation from nothing: its last messages."""

    type: Literal["window"] = "window"
    title: str
    model: str
    added: list[DrawnMessage]


@dataclass(frozen=True, kw_only=True)
class Patch(_Transcript):
    """What changed: the first ``keep`` messages stay, those of ``added`` follow them."""

    type: Literal["patch"] = "patch"
    keep: int
    redrawn: list[DrawnMessage]
    """Of those that stay, the ones that look different now."""
    added: list[DrawnMessage]


@dataclass(frozen=True, kw_only=True)
class OlderMessages:
    """The messages above the first one shown."""

    type: Literal["older"] = "older"
    added: list[DrawnMessage]
    has_older: bool


@dataclass(frozen=True, kw_only=True)
class Blank:
    """No conversation is shown."""

    type: Literal["blank"] = "blank"
    facts: ModelFacts | None


@dataclass(frozen=True, kw_only=True)
class StreamBegins:
    """A reply on the screen is being written; its frames follow."""

    type: Literal["stream"] = "stream"
    reply: str
    stream: int
    """Its name in frames."""
    held: int
    """So many finished blocks the page has already: they are not sent again."""


@dataclass(frozen=True, kw_only=True)
class FrameChange:
    """One step of the open block of a growing reply."""

    keep: int
    """How many UTF-16 units of its HTML stay."""
    tail: str
    finished: bool
    """Whether the block is closed after this, and an empty one opened."""


@dataclass(frozen=True, kw_only=True)
class Frame:
    """A growing reply has grown."""

    type: Literal["frame"] = "frame"
    stream: int
    changes: list[FrameChange]


@dataclass(frozen=True, kw_only=True)
class DrawnQuestion:
    """What a running tool asks the user."""

    id: str
    html: str


@dataclass(frozen=True, kw_only=True)
class OpenQuestions:
    """All that the tools of a growing reply ask at the moment."""

    type: Literal["questions"] = "questions"
    reply: str
    questions: list[DrawnQuestion]


@dataclass(frozen=True, kw_only=True)
class ReplyEnded:
    """A growing reply has reached its end."""

    type: Literal["end"] = "end"
    reply: str
    stamp: str
    status: Status
    author: str
    """Another may have answered than who was asked."""
    tail: str
    """What stands under the body."""
    body: str | None
    """The body drawn anew, where streaming left something that looks different in the end."""
    carry: CarriedPicture | None


@dataclass(frozen=True, kw_only=True)
class ConversationMissing:
    """What was asked for is not there; of ``None`` it is not even known what that was."""

    type: Literal["missing"] = "missing"
    conversation: str | None


@dataclass(frozen=True, kw_only=True)
class ConversationGone:
    """A conversation has left the sidebar."""

    type: Literal["gone"] = "gone"
    conversation: str


@dataclass(frozen=True, kw_only=True)
class RowChanged:
    """A row of the sidebar has changed, or come."""

    type: Literal["row"] = "row"
    row: ConversationRow


@dataclass(frozen=True, kw_only=True)
class ToolsChanged:
    """There are other tools now: what the switch at the message box says of them."""

    type: Literal["tools"] = "tools"
    conversation: str | None
    """The one that the page shows; null: none."""
    tools: ToolsAtTheBox


@dataclass(frozen=True, kw_only=True)
class ModelsChanged:
    """There are other models now: the menu is to be asked for again."""

    type: Literal["models"] = "models"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Something failed; a sentence for the user."""

    type: Literal["error"] = "error"
    error: Words


@dataclass(frozen=True, kw_only=True)
class Restarting:
    """This server finishes what runs, and ends; the page finds the next one by itself."""

    type: Literal["restarting"] = "restarting"


@dataclass(frozen=True, kw_only=True)
class NotUnderstood:
    """The page said what this server does not know; the reason is for its developer."""

    type: Literal["not-understood"] = "not-understood"
    reason: str


Told: TypeAlias = Annotated[
    Hello
    | Beat
    | TranscriptWindow
    | Patch
    | OlderMessages
    | Blank
    | StreamBegins
    | Frame
    | OpenQuestions
    | ReplyEnded
    | ConversationMissing
    | ConversationGone
    | RowChanged
    | ToolsChanged
    | ModelsChanged
    | Fault
    | Restarting
    | NotUnderstood,
    Field(discriminator="type"),
]
"""Whatever a server tells."""


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SayHello(_Request):
    """The first thing a page says: which build its scripts are of."""

    type: Literal["hello"]
    build: str = Field(max_length=100)


class HeldMessage(_Request):
    """A message that the page shows."""

    id: Id
    stamp: str = Field(max_length=64)


class HeldStream(_Request):
    """A growing reply that the page shows in part."""

    reply: Id
    stream: int
    blocks: int = Field(ge=0)
    """So many finished blocks of it."""


class Held(_Request):
    """What is on the screen of a page whose connection was lost."""

    messages: tuple[HeldMessage, ...] = Field(min_length=1, max_length=MAX_HELD_MESSAGES)
    """From the top."""
    streams: tuple[HeldStream, ...] = Field(default=(), max_length=MAX_HELD_MESSAGES)


class OpenConversation(_Request):
    """Show a conversation; with ``held`` only what the page does not have yet."""

    type: Literal["open"]
    conversation: Id
    held: Held | None = None


class FollowMessage(_Request):
    """Show the branch that this message is on."""

    type: Literal["follow"]
    message: Id


class ShowOlder(_Request):
    """Show the messages above the first one."""

    type: Literal["older"]


class CloseConversation(_Request):
    """Show none."""

    type: Literal["close"]


class Ping(_Request):
    """Say anything: is the connection alive?"""

    type: Literal["ping"]


Asked: TypeAlias = Annotated[
    SayHello | OpenConversation | FollowMessage | ShowOlder | CloseConversation | Ping,
    Field(discriminator="type"),
]
"""Whatever a page may say."""

_ASKED: TypeAdapter[Asked] = TypeAdapter(Asked)


class Unknown(Exception):
    """What a page said is no message of this protocol. The words name no value of it."""


def read_request(text: str | None) -> Asked:
    """What a page says. Raises ``Unknown`` for what no page of this build would say."""
    if text is None:
        raise Unknown("bytes, where text is expected")
    if len(text) > MAX_REQUEST_CHARACTERS:
        raise Unknown(f"{len(text)} characters")
    try:
        return _ASKED.validate_json(text.encode("utf-8", "replace"))
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise Unknown(f"{wrong['type']} at {'.'.join(map(str, wrong['loc'][:2]))}") from error


def written(told: Told) -> str:
    """A message as it travels."""
    return strict_json(in_words(told))
