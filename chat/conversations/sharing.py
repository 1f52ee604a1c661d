"""Showing others a conversation as it was, or a board as it is; and taking a copy of it.

Nobody writes by it: who looks sees words and pictures, and what they copy is their own. A share
holds for as long as its time, its owner and what it shows are there, and its owner may share. For
whoever may not look there is none.
"""

import asyncio
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chat.conversations.library import Board, board_of
from chat.core.errors import CapabilityError, NotFound
from chat.core.messages import (
    STUDIO,
    UNENDED,
    Conversation,
    Finish,
    Message,
    new_id,
    now,
)
from chat.core.parts import (
    Content,
    File,
    Image,
    MediaRef,
    Part,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
    UnknownPart,
    images,
)
from chat.core.people import Person
from chat.core.ports import BOARD, Conversations, WholeConversation
from chat.core.shares import MAX_SHARED_WITH, Share, ShareKind
from chat.models import Catalogues
from chat.models.role_rights import RoleRights

TOKEN_BYTES = 32
NOTHING = "There is nothing here that is shared with you, or not any more."
NO_SHARE = "You share nothing of that kind, or not any more."
UNTITLED = "New conversation"
LEFT_OUT = "[The file “{}” is not part of this copy.]"
PRIVATE_OPTIONS = frozenset({"safety_identifier"})
"""What was chosen for a reply that is nothing for others."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may look."""

    link: bool = False
    """Whoever has the link."""
    everybody: bool = False
    """All who sign in, guests aside."""
    names: tuple[str, ...] = ()
    """People, by the names under which they sign in."""
    groups: tuple[str, ...] = ()
    """Groups that whoever shares is in; of an administrator any that somebody is in."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks."""

    owner: str = ""
    """Of what they copy; empty: a stranger."""
    person: Person | None = None
    """Where people are told apart."""


STRANGER = Viewer()


@dataclass(frozen=True, slots=True)
class SharedView:
    """What is shown, without what is its owner's alone."""

    share: Share
    title: str
    by: str
    """What people call who shares it."""
    conversation: Conversation | None = None
    branch: Sequence[Message] = ()
    """Of a conversation, down to the last message that is shown."""
    board: Board | None = None


@dataclass(frozen=True, slots=True)
class ListedShare:
    """A share in a list."""

    share: Share
    title: str
    by: str
    names: tuple[str, ...] = ()
    """Of the people it is shared with, for its owner."""


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy that somebody took of what is shared with them."""

    conversation: Conversation
    share_id: str
    kind: ShareKind


class Sharing:
    """What the people of one Easel show each other."""

    def __init__(
        self,
        conversations: Conversations,
        catalogues: Catalogues,
        rights: RoleRights,
        clock: Callable[[], datetime] = now,
    ) -> None:
        """Share what is kept here; ``rights`` say who may."""
        self._conversations = conversations
        self._catalogues = catalogues
        self._rights = rights
        self._clock = clock

    # Of who shares

    async def share(
        self,
        owner: str,
        kind: ShareKind,
        subject: str,
        audience: Audience,
        *,
        leaf: str = "",
        lasts: timedelta | None = None,
    ) -> ListedShare:
        """Let others look at something.

        Args:
            owner: whose it is.
            kind: what it is.
            subject: its id.
            audience: who may look.
            leaf: of a conversation, the last message that is shown; empty: the one that is last on
                the screen of its owner.
            lasts: for how long; ``None``: until it is ended.

        Raises:
            CapabilityError: they may not share, a reply is being written, or nobody is named.
            NotFound: there is no such thing of this owner.
            TooMany: they share as much as may be.
        """
        self._rights.of(owner).must_share()
        return await asyncio.to_thread(self._share, owner, kind, subject, audience, leaf, lasts)

    def _share(
        self,
        owner: str,
        kind: ShareKind,
        subject: str,
        audience: Audience,
        leaf: str,
        lasts: timedelta | None,
    ) -> ListedShare:
        moment = self._clock()
        if kind == "board":
            leaf = ""
        elif not leaf:
            leaf = self._conversations.get(owner, subject).head_id or ""
        made = Share(
            new_id(),
            owner,
            kind,
            subject,
            leaf,
            secrets.token_urlsafe(TOKEN_BYTES) if audience.link else "",
            everybody=audience.everybody,
            people=self._named(owner, audience.names),
            groups=self._grouped(owner, audience.groups),
            created_at=moment,
            ends_at=None if lasts is None else moment + lasts,
        )
        if not (made.token or made.everybody or made.people or made.groups):
            raise CapabilityError(
                "Say who may look: by a link, by name, in a group, or everybody here."
            )
        view = self._seen(made)
        if any(message.status in UNENDED for message in view.branch):
            raise CapabilityError("A reply is being written. Share it when it has ended.")
        self._conversations.shares.add(made)
        return self._listed(made, view)

    def _named(self, owner: str, names: Sequence[str]) -> tuple[str, ...]:
        """The ids of people. Raises ``CapabilityError`` for a name that is nobody's."""
        wanted = list(dict.fromkeys(name.strip().lower() for name in names if name.strip()))
        if len(wanted) > MAX_SHARED_WITH:
            raise CapabilityError(f"One thing is shared with at most {MAX_SHARED_WITH} people.")
        found: list[str] = []
        for name in wanted:
            person = self._conversations.people.by_name(name)
            if person is None or person.is_out(self._clock()):
                raise CapabilityError(f"Nobody signs in here as “{name[:100]}”.")
            if person.id == owner:
                raise CapabilityError("You see it anyway: name somebody else.")
            found.append(person.id)
        return tuple(sorted(found))

    async def groups(self, owner: str) -> list[str]:
        """The groups with which somebody may share, sorted."""
        return await asyncio.to_thread(self._groups, owner)

    def _groups(self, owner: str) -> list[str]:
        people = self._conversations.people
        person = people.person(owner)
        if person is None:
            return []
        return people.groups() if person.role == "administrator" else list(person.groups)

    def _grouped(self, owner: str, names: Sequence[str]) -> tuple[str, ...]:
        """The same names. Raises ``CapabilityError`` for a group that is not theirs to name."""
        wanted = sorted({name.strip() for name in names if name.strip()})
        theirs = set(self._groups(owner)) if wanted else set()
        for name in wanted:
            if name not in theirs:
                raise CapabilityError(f"You are in no group called “{name[:100]}”.")
        return tuple(wanted)

    async def mine(self, owner: str) -> list[ListedShare]:
        """What somebody shares, the newest first."""
        return await asyncio.to_thread(self._mine, owner)

    def _mine(self, owner: str) -> list[ListedShare]:
        return self._told(self._conversations.shares.of(owner))

    async def end(self, owner: str, share_id: str) -> None:
        """Share something no more. Raises ``NotFound``."""
        ended = await asyncio.to_thread(self._conversations.shares.remove, owner, share_id)
        if not ended:
            raise NotFound(NO_SHARE)

    # Of who looks

    async def with_somebody(self, viewer: Viewer) -> list[ListedShare]:
        """What others share with somebody, a group of theirs, or all who sign in; newest first."""
        return await asyncio.to_thread(self._with_somebody, viewer)

    def _with_somebody(self, viewer: Viewer) -> list[ListedShare]:
        person = viewer.person
        if person is None:
            return []
        shares = self._conversations.shares
        found = shares.shared_with(
            person.id, everybody=person.role != "guest", groups=person.groups
        )
        return [replace(each, names=()) for each in self._told(found)]

    async def looked_at(self, key: str, viewer: Viewer, *, counts: bool = False) -> SharedView:
        """What is shown under a key, which is a link's or a share's own id.

        ``counts``: it is opened, which its owner is told the number of.

        Raises:
            NotFound: there is nothing for whoever looks.
        """
        return await asyncio.to_thread(self._looked_at, key, viewer, counts)

    def _looked_at(self, key: str, viewer: Viewer, counts: bool) -> SharedView:
        shares = self._conversations.shares
        share = shares.by_token(key)
        if share is None:
            share = shares.get(key)
            if share is None or not _may_look(share, viewer):
                raise NotFound(NOTHING)
        if not self._holds(share):
            raise NotFound(NOTHING)
        try:
            view = self._seen(share)
        except NotFound as error:
            raise NotFound(NOTHING) from error
        if counts and viewer.owner != share.owner:
            shares.viewed(share.id)
            if share.kind == "conversation":
                self._conversations.note_use(share.owner, share.subject)
        return view

    async def picture_owner(self, key: str, viewer: Viewer, sha256: str) -> str:
        """Whose picture it is that is shown under a key. Raises ``NotFound``."""
        view = await self.looked_at(key, viewer)
        if sha256 not in {ref.sha256 for ref in shown_pictures(view)}:
            raise NotFound(NOTHING)
        return view.share.owner

    async def copied(self, key: str, viewer: Viewer, picture: str = "") -> Copied:
        """What is shown under a key, as a conversation of whoever looks; of a board, one picture.

        Raises:
            NotFound: there is nothing for whoever looks, or no such picture on the board.
        """
        if not viewer.owner:
            raise NotFound(NOTHING)
        return await asyncio.to_thread(self._copied, key, viewer, picture)

    def _copied(self, key: str, viewer: Viewer, picture: str) -> Copied:
        view = self._looked_at(key, viewer, counts=False)
        store, model = self._conversations, self._model(view, viewer.owner)
        moment = self._clock()
        fresh = Conversation(
            new_id(), viewer.owner, view.title, model=model, created_at=moment, updated_at=moment
        )
        if view.board is None:
            messages = [_without_files(each) for each in _under(view.branch, fresh.id)]
        else:
            wanted = [sha for sha in view.board.pictures if picture in ("", sha)]
            refs = self._there(view.share.owner, wanted)
            if not refs:
                raise NotFound(NOTHING)
            messages = _of_board(fresh.id, view, refs, moment)
        named = {image.media.sha256 for message in messages for image in images(message.parts)}
        refs = self._there(view.share.owner, sorted(named))
        fresh = replace(fresh, head_id=messages[-1].id)
        whole, lender = WholeConversation(fresh, messages), view.share.owner
        (kept,) = store.add_whole(viewer.owner, [whole], refs, lender=lender)
        return Copied(kept, view.share.id, view.share.kind)

    def _model(self, view: SharedView, owner: str) -> str:
        """That of the conversation, where whoever copies it may use it; else their usual one."""
        catalogue = self._catalogues.of(owner)
        wanted = view.conversation.model if view.conversation is not None else ""
        if wanted and catalogue.find(wanted) is not None:
            return wanted
        usable = catalogue.usable()
        return usable[0].id if usable else ""

    def _there(self, owner: str, shas: Sequence[str]) -> list[MediaRef]:
        """Those of these pictures that their owner still has."""
        found: list[MediaRef] = []
        for sha256 in shas:
            try:
                found.append(self._conversations.media(owner, sha256))
            except NotFound:
                continue
        return found

    # What holds

    def _holds(self, share: Share) -> bool:
        """Whether its time is not over, and its owner is here and may share."""
        moment = self._clock()
        if share.ends_at is not None and share.ends_at <= moment:
            return False
        person = self._conversations.people.person(share.owner)
        if person is not None and person.is_out(moment):
            return False
        return self._rights.looked_up(share.owner).sharing

    def _seen(self, share: Share) -> SharedView:
        """What it shows. Raises ``NotFound`` where that is not there any more."""
        store, by = self._conversations, self._called(share.owner)
        if share.kind == "board":
            record = store.record(share.owner, BOARD, share.subject)
            if record is None:
                raise NotFound(NOTHING)
            board = board_of(record)
            return SharedView(share, board.name, by, board=board)
        conversation = store.get(share.owner, share.subject)
        leaf = store.message(share.owner, share.leaf)
        if leaf.conversation_id != conversation.id:
            raise NotFound(NOTHING)
        branch = [_for_others(message) for message in store.branch(leaf.id)]
        return SharedView(share, conversation.title or UNTITLED, by, conversation, branch)

    def _told(self, shares: Sequence[Share]) -> list[ListedShare]:
        """As lists show them; what is not there any more is left out."""
        told: list[ListedShare] = []
        for share in shares:
            if not self._holds(share):
                continue
            try:
                told.append(self._listed(share, self._titled(share)))
            except NotFound:
                continue
        return told

    def _titled(self, share: Share) -> SharedView:
        """The same as ``_seen`` without its messages."""
        if share.kind == "board":
            return self._seen(share)
        conversation = self._conversations.get(share.owner, share.subject)
        return SharedView(share, conversation.title or UNTITLED, self._called(share.owner))

    def _listed(self, share: Share, view: SharedView) -> ListedShare:
        names = tuple(self._called(person_id) for person_id in share.people)
        return ListedShare(share, view.title, view.by, names)

    def _called(self, owner: str) -> str:
        person = self._conversations.people.person(owner)
        return "" if person is None else person.title or person.name


def _may_look(share: Share, viewer: Viewer) -> bool:
    """By the share's own id: its owner, those it names, those in a group that it names, and all.

    Who is in a group counts now; all who sign in may look where it says so.
    """
    if viewer.owner == share.owner:
        return True
    person = viewer.person
    if person is None:
        return False
    if person.id in share.people or not set(share.groups).isdisjoint(person.groups):
        return True
    return share.everybody and person.role != "guest"


def shown_pictures(view: SharedView) -> list[MediaRef]:
    """The pictures that it shows, of a board by their names alone."""
    if view.board is not None:
        return [MediaRef(sha256, "", 0, 0, 0) for sha256 in view.board.pictures]
    return [image.media for message in view.branch for image in images(message.parts)]


def _for_others(message: Message) -> Message:
    """A message without what is its owner's and its provider's alone."""
    origin, finish = message.origin, message.finish
    if origin is not None:
        kept = {name: v for name, v in origin.settings.items() if name not in PRIVATE_OPTIONS}
        origin = replace(origin, settings=kept, notes=(), response_id="")
    if finish is not None:
        finish = Finish(finish.kind)
    return replace(
        message,
        parts=tuple(each for part in message.parts if (each := _part(part)) is not None),
        client_id=None,
        cost_usd=None,
        usage=None,
        origin=origin,
        finish=finish,
    )


def _part(part: Part) -> Part | None:
    match part:
        case Reasoning() | UnknownPart():
            return None
        case ToolCall():
            return replace(part, echo=None, asked=None, extra=None)
        case ToolResult():
            content = tuple(each for item in part.content if (each := _content(item)) is not None)
            return replace(part, content=content, echo=None, extra=None)
        case _:
            return _content(part)


def _content(item: Content) -> Content | None:
    match item:
        case Text():
            return replace(item, echo=None, extra=None)
        case Image():
            return replace(item, echo=None, cost_usd=None, extra=None)
        case File():
            return replace(item, extra=None)
        case _:
            return None


def _under(branch: Sequence[Message], conversation_id: str) -> list[Message]:
    """The messages of a branch in a new conversation, under new ids."""
    fresh = {message.id: new_id() for message in branch}
    return [
        replace(
            message,
            id=fresh[message.id],
            conversation_id=conversation_id,
            parent_id=fresh.get(message.parent_id or ""),
        )
        for message in branch
    ]


def _of_board(
    conversation_id: str, view: SharedView, refs: Sequence[MediaRef], moment: datetime
) -> list[Message]:
    """An exchange that has the pictures of a board in it."""
    by = f", shared by {view.by}" if view.by else ""
    what = "A picture" if len(refs) == 1 else "The pictures"
    question = Message(
        new_id(),
        conversation_id,
        None,
        "user",
        (Text(f"{what} of the board “{view.title}”{by}"),),
        created_at=moment,
    )
    reply = Message(
        new_id(),
        conversation_id,
        question.id,
        "assistant",
        tuple(Image(ref, "upload") for ref in refs),
        finish=Finish("stop", billed="no"),
        origin=STUDIO,
        cost_usd=0.0,
        created_at=moment,
        finished_at=moment,
    )
    return [question, reply]


def _without_files(message: Message) -> Message:
    """A message whose files are words that say so: the page shows their names and nothing more."""

    def left_out(part: Part) -> Part:
        match part:
            case File(name=name):
                return Text(LEFT_OUT.format(name))
            case ToolResult():
                content = tuple(
                    Text(LEFT_OUT.format(each.name)) if isinstance(each, File) else each
                    for each in part.content
                )
                return replace(part, content=content)
            case _:
                return part

    return replace(message, parts=tuple(map(left_out, message.parts)))
