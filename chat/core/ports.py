"""The sockets of the house: what the turn needs, and others provide.

Models and tools have their own, in :mod:`chat.core.calling` and :mod:`chat.core.tools`.

Stores are plain synchronous code; who calls them from a coroutine uses ``asyncio.to_thread``.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Protocol

from chat.core.audit import AuditLog
from chat.core.host_settings import HostSettings
from chat.core.messages import Conversation, Message, now
from chat.core.parts import Image, Json, MediaRef, Part
from chat.core.people import People
from chat.core.personal_keys import PersonalKeys
from chat.core.replicas import Replicas
from chat.core.shares import Shares
from chat.core.spending import SpendingStore
from chat.core.stored_sizes import StoredSizes
from chat.core.usage_sums import UsageStore


@dataclass(frozen=True, slots=True)
class ConversationHit:
    """A conversation in a list, with the passage that matched a search."""

    conversation: Conversation
    picture: str = ""
    """The sha256 of the picture that came last in it, on whichever branch; empty: there is none."""
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
    picture: str = ""
    """As in a list of conversations."""


@dataclass(frozen=True, slots=True)
class OwnedRecord:
    """Something small that an owner keeps beside the conversations: a board, a preset, a name."""

    kind: str
    """What it is, in one word; each kind has its own form of ``value``."""
    id: str
    """Unique among the owner's records of this kind."""
    value: Json
    pictures: tuple[str, ...] = ()
    """The sha256 of stored pictures that it names: they are kept as long as it is."""
    changed_at: datetime = field(default_factory=now)
    conversation_id: str = ""
    """The conversation that it is part of: once that is removed for good, so is it."""


MOST_PINNED = 100
"""Conversations of an owner that are pinned: all of them are in every list."""

FAVOURITE, BOARD = "favourite", "board"
"""The kinds of record that the library heeds. The id of a favourite is its picture's sha256; the
pictures of a board stand in its order."""


USED = "used"
"""The kind of record whose time says when a conversation, whose id it has, was used last without a
word in it: opened, restored, added from elsewhere."""


@dataclass(frozen=True, slots=True)
class LibraryQuery:
    """Which pictures of a library are wanted; what is left out does not matter."""

    words: str = ""
    """Those whose prompt or reply holds every word, in any case."""
    made: bool | None = None
    """``True``: those of models and tools; ``False``: uploads."""
    model: str = ""
    """The id of the model card that drew it."""
    since: datetime | None = None
    until: datetime | None = None
    """Made from then on, and before then."""
    favourites: bool = False
    board: str = ""
    """The id of a board: its pictures in its order."""
    only: tuple[str, ...] = ()
    """The sha256 of pictures: those of them that are there, in this order; no board then."""


@dataclass(frozen=True, slots=True)
class LibraryPicture:
    """A picture of an owner, where it came first among the conversations that are not deleted."""

    image: Image
    made_at: datetime
    prompt: str = ""
    """The words that it answers; for an upload, those it came with."""
    model: str = ""
    """The id of the model card; empty: no model made it."""
    message_id: str = ""
    conversation_id: str = ""
    """Empty, both, where no message shows it any more."""
    title: str = ""
    """Of that conversation."""
    deleted: bool = False
    """Whether that conversation is in the bin; favourites and boards keep their pictures."""
    favourite: bool = False


@dataclass(frozen=True, slots=True)
class LibraryPage:
    """Some pictures of a library, and where to go on."""

    pictures: Sequence[LibraryPicture]
    after: str
    """What continues the list; empty: this is its end."""


@dataclass(frozen=True, slots=True)
class LibraryCounts:
    """How many pictures of a library are wanted."""

    total: int
    months: Sequence[tuple[str, int]]
    """Of each month that has some, newest first, as ``2026-11``; none of what has its own order."""


@dataclass(frozen=True, slots=True)
class PictureUse:
    """A conversation that shows a picture."""

    conversation_id: str
    title: str
    messages: int


@dataclass(frozen=True, slots=True)
class WholeConversation:
    """A conversation with every message of it, as it is moved between stores."""

    conversation: Conversation
    messages: Sequence[Message]
    """In the order of arrival: a parent before its children."""


@dataclass(frozen=True, slots=True)
class OwnedThings:
    """What there is of an owner, without the messages."""

    conversations: Sequence[Conversation]
    """Those in the bin, too; the first first. None in which nothing was said."""
    records: Sequence[OwnedRecord]
    """Of every kind, by kind and id."""
    media: Sequence[MediaRef]
    """The pictures and files that they may see, by sha256."""


@dataclass(frozen=True, slots=True)
class RemovedOwner:
    """What became of the things of somebody who was removed for good."""

    conversations: int
    pictures: Sequence[str]
    """The sha256 of those that nobody else has or names, whose bytes are to go now."""


@dataclass(frozen=True, slots=True)
class DatabaseMark:
    """Which database it is, and how far it has come: an older copy of it has come less far."""

    database: str
    """An id made with the database and carried along in every copy of it."""
    newest: int
    """The place of its newest message in the order of arrival, counted from 1; 0 without any. One
    that was removed since is counted, too."""


@dataclass(frozen=True, slots=True)
class WaitingReply:
    """A reply that waits until its owner has decided on its calls."""

    owner: str
    conversation_id: str
    reply_id: str
    since: datetime


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
        """Take out of the bin again, as ``note_use`` does, too."""
        ...

    def note_use(self, owner: str, conversation_id: str) -> None:
        """Note that a conversation is used now, which keeps it from ``bin_untouched``.

        Its place in lists is where it was. Of what is missing nothing is noted.
        """
        ...

    def binned(
        self, owner: str, limit: int = 50, before: datetime | None = None
    ) -> list[Conversation]:
        """Conversations in the bin that hold a message, deleted last first.

        ``before`` continues a list: only those deleted earlier than that.
        """
        ...

    def erase(self, owner: str, conversation_id: str | None = None) -> list[str]:
        """Remove one conversation that is in the owner's bin for good, or all; their ids.

        Messages and records that are part of it go with it, as in ``purge``.
        """
        ...

    def purge(self, deleted_before: datetime, empty_before: datetime | None = None) -> int:
        """Remove for good what has been in the bin since before then; how many were removed.

        With ``empty_before`` also what was created before that and holds no message. Records that
        name such a conversation go with it, and so do those that say something of a picture, under
        its sha256, which nothing else names any more: no message, board or favourite.
        """
        ...

    def pin(self, owner: str, conversation_id: str, *, on: bool) -> Conversation:
        """Have a conversation on top of the list, or no longer; as it is kept. Twice is once.

        As ``note_use`` does, too, for what was pinned is not old because it was so for long.

        Raises ``TooMany`` where the owner has pinned ``MOST_PINNED`` already.
        """
        ...

    def listed(self, owner: str, conversation_id: str) -> ConversationHit:
        """A conversation that is not in the bin, as a list shows it."""
        ...

    def search(
        self, owner: str, query: str = "", limit: int = 50, before: datetime | None = None
    ) -> list[ConversationHit]:
        """Conversations that hold a message and are not in the bin, most recently used first.

        With a query: those whose title or words contain every word of it, any case. Without one
        those that are pinned come before all others, the one pinned last first, however few are
        wanted; ``limit`` counts the others. ``before`` continues a list: only those updated
        earlier than that, and of a list without a query none that is pinned.
        """
        ...

    def add(self, messages: Sequence[Message]) -> None:
        """Add messages of one conversation in one transaction and make the last the head.

        Raises ``Conflict`` if a ``client_id`` of theirs is already in the conversation
        (nothing is written then).
        """
        ...

    def add_whole(
        self,
        owner: str,
        wholes: Sequence[WholeConversation],
        pictures: Sequence[MediaRef] = (),
        *,
        lender: str = "",
    ) -> list[Conversation]:
        """Add conversations that were kept elsewhere, all or none; they as they are kept now.

        They become the owner's. An id that is taken is made new, and named so wherever it was
        named. A time of use is moved by microseconds where another conversation of the owner has
        it, and never lies ahead; ``note_use`` holds as of now. The owner may then see these
        pictures, whose bytes are stored. ``lender`` is whose they are until then, if somebody's.

        Raises ``OwnerGone`` where the owner was removed for good, and ``NotFound`` where the lender
        has one of the pictures no more.

        Raises ``NotFound`` if a parent does not stand before its child in the same conversation,
        or the head is no message of it; ``Conflict`` if an id or ``client_id`` comes twice.
        """
        ...

    def update(self, message: Message) -> None:
        """Replace parts, status, finish, origin, usage, cost and end of a message.

        Raises ``Conflict`` where another process writes it by now.
        """
        ...

    def update_together(self, messages: Sequence[Message]) -> None:
        """As ``update`` with each of these, in one transaction: all of them, or none."""
        ...

    def change_message(
        self, owner: str, message_id: str, alter: Callable[[Message], Message]
    ) -> Message:
        """Alter what ``update`` may replace, in one transaction; the message as it is stored now.

        ``alter`` is given what is stored, and nothing changes if it raises. It must not call the
        store. Raises ``NotFound`` as ``message`` does.
        """
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

    def tree(self, owner: str, conversation_id: str) -> list[Message]:
        """Every message of a conversation that is not in the bin, in the order of arrival.

        Raises ``NotFound``.
        """
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
        """Messages still queued or streaming, oldest first, whoever writes them."""
        ...

    def waiting(self) -> list[WaitingReply]:
        """Replies that wait for their owner, oldest first, without those in the bin."""
        ...

    def grant_media(self, owner: str, ref: MediaRef) -> None:
        """Remember a stored picture and that this owner may see it. Twice is once.

        Raises ``OwnerGone`` where they were removed for good.
        """
        ...

    def media(self, owner: str, sha256: str) -> MediaRef:
        """A picture that this owner may see."""
        ...

    def withdraw_media(self, owner: str, sha256: str) -> None:
        """Delete a picture of an owner: to them it is lost, until it is granted again.

        Twice is once. Raises ``NotFound``.
        """
        ...

    def restore_media(self, owner: str, sha256: str) -> MediaRef:
        """Take that back, as far as the bytes go. Raises ``NotFound`` if it never was theirs."""
        ...

    def media_is_held(self, sha256: str) -> bool:
        """Whether a picture was granted to anybody, or a message or a record names it."""
        ...

    def media_in_use(self) -> set[str]:
        """The sha256 of every picture that a message or an owner's record names.

        Those are left out that everybody has deleted who might see them.
        """
        ...

    def library(self, owner: str, query: LibraryQuery, limit: int, after: str = "") -> LibraryPage:
        """The finished pictures of an owner, each once, newest first; of a board, in its order.

        A picture is where it arrived first among the conversations that are not in the bin. One
        that no such conversation shows is left out, unless it is a favourite or on a board.
        ``after`` is what a page before gave; one that makes no sense begins anew.
        """
        ...

    def library_counts(self, owner: str, query: LibraryQuery, zone: tzinfo) -> LibraryCounts:
        """How many pictures :meth:`library` gives in all, and in each month of a time zone."""
        ...

    def library_models(self, owner: str) -> list[str]:
        """The ids of the model cards that drew pictures of an owner, sorted."""
        ...

    def picture_uses(self, owner: str, sha256: str) -> list[PictureUse]:
        """The conversations, not in the bin, that show a picture, last used first."""
        ...

    def media_known(self) -> set[str]:
        """The sha256 of every picture that was ever granted to somebody."""
        ...

    def records(self, owner: str, kind: str) -> list[OwnedRecord]:
        """What an owner keeps of a kind, longest unchanged first, without deleted pictures."""
        ...

    def record(self, owner: str, kind: str, record_id: str) -> OwnedRecord | None:
        """What an owner keeps of a kind under an id; ``None`` where it is nothing."""
        ...

    def keep_record(
        self,
        owner: str,
        kind: str,
        record_id: str,
        alter: Callable[[OwnedRecord | None], OwnedRecord | None],
        most: int | None = None,
    ) -> OwnedRecord | None:
        """Alter a record in one transaction; what is kept now.

        ``alter`` is given what is kept (``None``: nothing) and gives what shall be (``None``:
        nothing); nothing changes if it raises, and it must not call the store. Whatever owner,
        kind, id and time it gives, those of the call hold.

        Raises ``NotFound`` where the record names a picture anew that the owner may not see, or a
        conversation that is not theirs; and ``TooMany`` where it is new and the owner keeps
        ``most`` of the kind already, however many are added at once.
        """
        ...

    def put_away(self, owner: str) -> None:
        """Put every conversation of an owner into the bin, and forget their records."""
        ...

    def check(self) -> None:
        """Do nothing, if the store answers and has the form that this program knows.

        Raises:
            Damaged: another program has changed its form: a newer Easel, for one.
            StorageError: it does not answer.
        """
        ...

    def mark(self) -> DatabaseMark:
        """Which database this is, and how far it has come."""
        ...

    @property
    def replicas(self) -> Replicas:
        """The processes that use it, and what those left who live no more."""
        ...

    @property
    def people(self) -> People:
        """Those who may sign in, kept in the same place."""
        ...

    @property
    def personal_keys(self) -> PersonalKeys:
        """The keys of their programs, kept in the same place."""
        ...

    @property
    def shares(self) -> Shares:
        """What they show each other, kept in the same place."""
        ...

    @property
    def budgets(self) -> SpendingStore:
        """What owners spend, and what they may, kept in the same place."""
        ...

    def bin_untouched(self, untouched_since: datetime, moment: datetime) -> int:
        """Put into the bin, as of a moment, what was used last before then; how many went.

        Used is what something was said in, or what ``note_use`` was told of. Pinned ones stay, and
        so does where a reply is being written or waits for its owner.
        """
        ...

    def everything(self, owner: str) -> OwnedThings:
        """All that there is of an owner."""
        ...

    def whole(self, owner: str, conversation_id: str) -> WholeConversation:
        """A conversation, in the bin or not, with every message of it."""
        ...

    def remove_owner(self, owner: str, pseudonym: str) -> RemovedOwner:
        """Remove somebody for good with all that is theirs, in one transaction.

        What they used and spent, and what they did, stays under a pseudonym. Pictures that others
        may see, or name, stay for them. From then on nothing can be added that would be theirs.

        Raises ``Conflict`` where nobody would be left who is an administrator and may sign in.
        """
        ...

    def tell_people_apart(self) -> None:
        """From now on nothing is added but for somebody who is kept, or for a key of the host.

        Said once at the start, where people sign in: the one user of an Easel without a login is
        a person there, too, or was removed.
        """
        ...

    def sizes(self) -> StoredSizes:
        """How much is kept, of everybody and of each."""
        ...

    def integrity(self) -> str:
        """What is wrong with what is kept, as a sentence; empty: nothing that can be found.

        It reads all of it, and may take a while.
        """
        ...

    @property
    def usage(self) -> UsageStore:
        """What owners use of models, kept in the same place."""
        ...

    @property
    def audit(self) -> AuditLog:
        """Who did what, kept in the same place."""
        ...

    @property
    def host_settings(self) -> HostSettings:
        """What the host has set while Easel runs, kept in the same place."""
        ...

    def close(self) -> None:
        """Let go of the store. Safe to call twice."""
        ...


class StoredForm(Protocol):
    """Conversations and messages as JSON objects, for a file, with nothing lost.

    Reading raises ``ValueError`` where an object does not hold what it must.
    """

    def conversation_to_json(self, conversation: Conversation) -> dict[str, Json]:
        """A conversation without its owner and without its messages."""
        ...

    def conversation_from_json(self, stored: Mapping[str, Json]) -> Conversation:
        """The conversation that such an object holds, of nobody yet."""
        ...

    def message_to_json(self, message: Message) -> dict[str, Json]:
        """A message, whatever is in it."""
        ...

    def message_from_json(self, conversation_id: str, stored: Mapping[str, Json]) -> Message:
        """The message that such an object holds; one that was under way is interrupted."""
        ...

    def pictures_of(self, parts: Sequence[Part]) -> list[str]:
        """The sha256 of every picture that parts name, unknown parts included, in order."""
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

    def get_with_crc32(self, name: str) -> tuple[bytes, int]:
        """The same, with the CRC-32 of the bytes.

        Bytes that were compared with their sha256 since the start may be compared with their
        CRC-32 of then: it finds what a disk does to them, for a third of the CPU.
        """
        ...

    def holds(self, name: str, data: bytes, crc32: int | None = None) -> bool:
        """Whether exactly these bytes are what a name promises, and are stored under it.

        ``crc32`` is theirs where somebody has just summed them up, which saves doing so again.
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

    def check(self) -> None:
        """Do nothing, if the store answers.

        Raises:
            ReadOnly: nothing can be put into it.
            StorageError: it does not answer, or is not there.
        """
        ...

    def records(self) -> list[str]:
        """The titles under which something is noted, sorted."""
        ...
