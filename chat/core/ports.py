"""The sockets of the house: what the turn needs, and others provide.

Models have their own, in :mod:`chat.core.calling`.

Stores are plain synchronous code; who calls them from a coroutine uses ``asyncio.to_thread``.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeAlias, TypeVar

from chat.core.calling import ToolSpec
from chat.core.messages import Conversation, Message
from chat.core.parts import Json, MediaRef

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class ConversationHit:
    """A conversation in a list, with the passage that matched a search."""

    conversation: Conversation
    excerpt: str = ""
    """Plain text around the match; empty where nothing was searched or the title matched."""


@dataclass(frozen=True, slots=True)
class Spending:
    """What the replies of a conversation cost, those on branches out of sight included."""

    cost_usd: float = 0.0
    """The sum of what is known."""
    priced: int = 0
    """Replies whose price is known."""
    unpriced: int = 0
    """Ended replies whose price is unknown; they may have cost something."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """What a page shows of a conversation, all of it read at one moment."""

    conversation: Conversation
    spending: Spending
    branch: Sequence[Message]
    """Messages down to a leaf, oldest first."""
    siblings: Mapping[str, Sequence[str]]
    """For each of them, the ids of all children of its parent, oldest first."""


@dataclass(frozen=True, slots=True)
class DatabaseMark:
    """Which database it is, and how far it has come: an older copy of it has come less far."""

    database: str
    """An id made with the database and carried along in every copy of it."""
    newest: int
    """The place of its newest message in the order of arrival, counted from 1; 0 without any."""


class Conversations(Protocol):
    """Where conversations are kept. Every write is durable when the call returns.

    Raises, for all of it: ``NotFound`` where the thing is missing or another owner's,
    ``Full``, ``ReadOnly`` and other ``StorageError`` where a write fails.
    """

    def create(self, conversation: Conversation) -> None:
        """Add a conversation. Raises ``Conflict`` if its id exists."""
        ...

    def get(self, owner: str, conversation_id: str) -> Conversation:
        """A conversation that is not in the bin."""
        ...

    def change(
        self, owner: str, conversation_id: str, alter: Callable[[Conversation], Conversation]
    ) -> Conversation:
        """Alter the title and the settings in one transaction; what is stored now.

        Nothing else is altered, and nothing if ``alter`` raises. It must not call the store.
        """
        ...

    def delete(self, owner: str, conversation_id: str) -> None:
        """Put into the bin. Twice is once."""
        ...

    def restore(self, owner: str, conversation_id: str) -> Conversation:
        """Take out of the bin again."""
        ...

    def purge(self, deleted_before: datetime, empty_before: datetime | None = None) -> int:
        """Remove for good what has been in the bin since before then; how many were removed.

        With ``empty_before`` also what was created before that and holds no message.
        """
        ...

    def search(
        self, owner: str, query: str = "", limit: int = 50, before: datetime | None = None
    ) -> list[ConversationHit]:
        """Conversations that hold a message and are not in the bin, most recently used first.

        With a query: those whose title or words contain every word of it, any case.
        ``before`` continues a list: only those updated earlier than that.
        """
        ...

    def add(self, messages: Sequence[Message]) -> None:
        """Add messages of one conversation in one transaction and make the last the head.

        Raises ``Conflict`` if a ``client_id`` of theirs is already in the conversation
        (nothing is written then).
        """
        ...

    def update(self, message: Message) -> None:
        """Replace parts, status, finish, origin, usage, cost and end of a message."""
        ...

    def message(self, owner: str, message_id: str) -> Message:
        """One message, of a conversation that is not in the bin."""
        ...

    def by_client_id(self, conversation_id: str, client_id: str) -> Message | None:
        """The user message that the browser named so."""
        ...

    def reply_to(self, message_id: str) -> Message | None:
        """The newest child of a message."""
        ...

    def branch(self, leaf_id: str, limit: int | None = None) -> list[Message]:
        """The way from the root to ``leaf_id``, oldest first; with a limit, its last messages."""
        ...

    def siblings(self, message_ids: Sequence[str]) -> dict[str, list[str]]:
        """For each of these messages, the ids of all children of its parent, oldest first.

        Roots of one conversation are siblings of each other.
        """
        ...

    def newest_leaf(self, message_id: str) -> str:
        """From this message down, always by the newest child, to a leaf."""
        ...

    def spending(self, owner: str, conversation_id: str) -> Spending:
        """What the ended replies of a conversation cost. Raises ``NotFound``."""
        ...

    def transcript(
        self,
        owner: str,
        conversation_id: str,
        leaf_id: str | None,
        limit: int,
        *,
        follow: bool = False,
    ) -> Transcript:
        """A conversation, what it cost, and the last ``limit`` messages down to a leaf.

        ``None`` is the leaf shown last; with ``follow`` the newest leaf under it is taken.
        Without messages, the branch is empty.
        """
        ...

    def set_head(self, owner: str, conversation_id: str, message_id: str) -> None:
        """Show another branch. Raises ``NotFound`` if the message is not of the conversation."""
        ...

    def unfinished(self) -> list[Message]:
        """Messages still queued or streaming, oldest first: after a start, a crash's debris."""
        ...

    def grant_media(self, owner: str, ref: MediaRef) -> None:
        """Remember a stored picture and that this owner may see it. Twice is once."""
        ...

    def media(self, owner: str, sha256: str) -> MediaRef:
        """A picture that this owner may see."""
        ...

    def media_in_use(self) -> set[str]:
        """The sha256 of every picture that a message names."""
        ...

    def media_known(self) -> set[str]:
        """The sha256 of every picture that was ever granted to somebody."""
        ...

    def mark(self) -> DatabaseMark:
        """Which database this is, and how far it has come."""
        ...

    def close(self) -> None:
        """Let go of the store. Safe to call twice."""
        ...


class MediaStore(Protocol):
    """Picture bytes by name, and a bin for those that nobody needs.

    A name is a sha256, or a sha256 with a suffix for a derived copy: ``<64 hex>`` or
    ``<64 hex>.<a-z0-9>``, for example ``<64 hex>.t768``.

    Raises ``Full``, ``ReadOnly`` or ``StorageError`` where a write fails, ``NotFound`` where
    a read does, and ``ValueError`` for a name of another form.
    """

    def put(self, name: str, data: bytes) -> None:
        """Store; on return the bytes are durable under their final name. Twice is once.

        Damaged bytes under this name are replaced.
        """
        ...

    def get(self, name: str) -> bytes:
        """The bytes, compared with the sha256 that names them.

        Damaged ones are moved aside and never given out. What is lost or damaged is taken from
        the bin, or from a backup on this machine, if it is there.
        """
        ...

    def has(self, name: str) -> bool:
        """Whether they are there, or in the bin."""
        ...

    def delete(self, name: str) -> None:
        """Remove at once; no error if they are not there."""
        ...

    def names(self, older_than: datetime) -> list[str]:
        """Every name stored before then; what lies in the bin is not among them."""
        ...

    def discard(self, name: str, day: date) -> None:
        """Put into the bin of a day, from which ``get`` takes it back."""
        ...

    def empty_bin(self, before: date, keep: Collection[str] = ()) -> list[str]:
        """Remove for good what was put into the bin before a day; the names that went.

        Pictures to ``keep``, by sha256, are put back instead.
        """
        ...

    def record(self, title: str) -> Json:
        """What was noted beside the pictures under a title; ``None`` where nothing was."""
        ...

    def note(self, title: str, value: Json) -> None:
        """Note something beside the pictures; ``None`` removes it."""
        ...

    def records(self) -> list[str]:
        """The titles under which something is noted, sorted."""
        ...


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that a tool is given, or made and nobody has admitted yet."""

    data: bytes
    alt: str


ToolOutput: TypeAlias = str | Picture


class ToolContext(Protocol):
    """One call of a tool, as far as the tool may know what is around it.

    ``progress``, ``stopped`` and ``raise_if_stopped`` may be called from any thread.
    """

    @property
    def stopped(self) -> bool:
        """Whether nobody waits for the result any more: the user stopped, or it took too long."""
        ...

    def raise_if_stopped(self) -> None:
        """Give up where nobody waits any more. Raises ``ToolFailed``."""
        ...

    def progress(self, note: str, share: float | None = None) -> None:
        """Say how far the work is, for the tool's card; it also gives the tool more time.

        Args:
            note: a few words, such as “Reading page 3”.
            share: how much is done, from 0 to 1; ``None``: not known.
        """
        ...

    async def picture(self, name: str) -> Picture:
        """A picture of the conversation.

        Args:
            name: ``latest``, its number counted from the first, or the start of its sha256.

        Raises:
            ToolFailed: there is none of that name; the sentence says which there are.
        """
        ...

    async def in_thread(self, work: Callable[[], Result]) -> Result:
        """Run blocking work beside the conversations, in a thread for tools."""
        ...


class Tool(Protocol):
    """Something a model may ask for."""

    @property
    def spec(self) -> ToolSpec:
        """What models are told."""
        ...

    @property
    def title(self) -> str:
        """What people are told: a word or two."""
        ...

    async def run(
        self, arguments: Mapping[str, Json], context: ToolContext
    ) -> Sequence[ToolOutput]:
        """Do it, and give what it made, in order. Cancelling it stops it.

        Raises:
            ToolFailed: the arguments are wrong or the work cannot be done.
        """
        ...
