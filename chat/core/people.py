"""People who may sign in, and the sessions that browsers keep for them."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from chat.core.messages import now

Role: TypeAlias = Literal["administrator", "manager", "user", "guest"]
"""What somebody may do: look after everybody, or after users and what they spend; use Easel, or use
it for a while."""


KEY_ROLE = "key"
"""The role of the host's keys of programs, which are no persons."""

KEY_OWNER = "key:"
"""With this the name of such an owner begins."""

MAX_GROUPS = 500
"""That somebody is in by the word of who signs them in, and as many again by that of the host."""
MAX_GROUP_CHARACTERS = 500
"""Of the name of a group."""

_PERSON_ID = re.compile("[0-9a-f]{32}")


def is_person_id(owner: str) -> bool:
    """Whether an owner is a person who was added.

    The one user of an Easel without a login is none, nor is a key of the host.
    """
    return _PERSON_ID.fullmatch(owner) is not None


def must_be_kept(owner: str, *, people_apart: bool) -> bool:
    """Whether an owner is somebody who has to be kept as a person before anything is theirs.

    ``people_apart``: people sign in, so that whoever has no key of the host is one.
    """
    return is_person_id(owner) or (people_apart and not owner.startswith(KEY_OWNER))


def group_names(named: Iterable[str]) -> tuple[str, ...]:
    """Names of groups as they are kept: sorted, each once, without what is no name."""
    plain = (name.strip() for name in named)
    # What can be printed every database takes, too.
    found = {each for each in plain if 0 < len(each) <= MAX_GROUP_CHARACTERS and each.isprintable()}
    return tuple(sorted(found)[:MAX_GROUPS])


MANAGED: frozenset[Role] = frozenset({"user", "guest"})
"""After whom managers look."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whose conversations and pictures are kept apart from those of others."""

    id: str
    """The owner of all that is theirs. It is never given out a second time."""
    name: str = ""
    """By which they sign in, unique in lower case; empty: they have none."""
    title: str = ""
    """What they are called on the page."""
    role: Role = "user"
    password: str = field(default="", repr=False)
    """As a salted hash that names its own form; empty: they have none yet."""
    invitation: str = field(default="", repr=False)
    """The sha256 of what a link carries by which they choose a password, once; empty: none."""
    invited_until: datetime | None = None
    created_at: datetime = field(default_factory=now)
    ends_at: datetime | None = None
    """From then on a guest is not let in any more."""
    disabled_at: datetime | None = None
    """Set: they are not let in."""
    identity: str = field(default="", repr=False)
    """The sha256 of what a provider of identities knows them by; empty: none signs them in."""
    told_groups: tuple[str, ...] = ()
    """The groups that a provider of identities or a proxy said they are in when they last signed
    in by it, sorted."""
    given_groups: tuple[str, ...] = ()
    """Those that administrators have put them into, sorted."""

    @property
    def groups(self) -> tuple[str, ...]:
        """All that they are in, sorted. Who shows something to one of them shows it to them."""
        return tuple(sorted({*self.told_groups, *self.given_groups}))

    @property
    def manages(self) -> bool:
        """Whether they see who there is and what everybody spends."""
        return self.role in {"administrator", "manager"}

    def may_change(self, other: "Person") -> bool:
        """Whether they look after this one: managers after users and guests alone."""
        managed = self.role == "manager" and other.role in MANAGED
        return self.role == "administrator" or managed

    def signs_in(self, *, passwords: bool, provider: bool) -> bool:
        """Whether they have something to sign in with, of what is taken."""
        return bool((passwords and self.password) or (provider and self.identity))

    def is_out(self, moment: datetime) -> bool:
        """Whether they were shut out, or their time as a guest is over."""
        return self.disabled_at is not None or (self.ends_at is not None and self.ends_at <= moment)

    @property
    def may_sign_in(self) -> bool:
        """Whether they have something to sign in with, and are not shut out."""
        return self.disabled_at is None and self.signs_in(passwords=True, provider=True)

    @property
    def looks_after_all(self) -> bool:
        """Whether they are an administrator who may sign in: of those one has to stay."""
        return self.role == "administrator" and self.may_sign_in


@dataclass(frozen=True, slots=True)
class Session:
    """That a browser is signed in. What it sends is known to nobody else, here stands its hash."""

    id: str = field(repr=False)
    """The sha256, in hex, of what the browser's cookie carries."""
    person_id: str
    ends_at: datetime
    """However much it is used."""
    created_at: datetime = field(default_factory=now)
    seen_at: datetime = field(default_factory=now)
    """When it was last used, to a few minutes."""


By: TypeAlias = tuple[str, Callable[[Person, Person], None]]
"""Who asks that somebody be altered, by their id; and what raises ``NotFound``, given both as they
are kept now, unless they may. Whoever is not kept any more may nothing."""


class People(Protocol):
    """Where people and their sessions are kept. Every write is durable when the call returns.

    Raises, for all of it: ``NotFound`` where a person is missing, ``Full``, ``ReadOnly`` and other
    ``StorageError`` where a write fails.
    """

    def add(self, person: Person) -> None:
        """Add somebody.

        Raises ``Conflict`` if the id, the name, the invitation or the identity is taken.
        """
        ...

    def change(
        self,
        person_id: str,
        alter: Callable[[Person], Person],
        *,
        keeps_administrator: bool = False,
        by: By | None = None,
    ) -> Person:
        """Alter somebody in one transaction; as they are kept now. The id stays.

        Nothing changes if ``alter`` raises, and it must not call the store. Raises ``Conflict`` if
        the name or the identity is taken; and with ``keeps_administrator`` where they are the last
        who is an administrator and may sign in, and would be it no more. ``by`` is who asks for it.
        """
        ...

    def remove(self, person_id: str) -> None:
        """Forget somebody with their sessions and what they share, not what is theirs.

        Twice is once.
        """
        ...

    def person(self, person_id: str) -> Person | None:
        """Somebody by their id."""
        ...

    def by_name(self, name: str) -> Person | None:
        """Somebody by the name under which they sign in, in any case."""
        ...

    def by_invitation(self, invitation: str) -> Person | None:
        """Somebody by the sha256 of their invitation, whether or not its time is over."""
        ...

    def by_identity(self, identity: str) -> Person | None:
        """Somebody by the sha256 of what a provider of identities knows them by."""
        ...

    def everybody(self) -> list[Person]:
        """All there are, the first first."""
        ...

    def groups(self) -> list[str]:
        """The groups that anybody is in, sorted."""
        ...

    def begin(self, session: Session) -> None:
        """Keep a new session. Raises ``NotFound`` where its person is missing."""
        ...

    def session(self, session_id: str) -> tuple[Session, Person] | None:
        """A session and whose it is, whether or not its time is over."""
        ...

    def sessions(self, person_id: str) -> list[Session]:
        """The sessions of somebody, last used first."""
        ...

    def seen(self, session_id: str, at: datetime) -> None:
        """Remember when a session was last used, if there still is such a one."""
        ...

    def end(self, session_id: str) -> None:
        """Forget a session. Twice is once."""
        ...

    def end_all(self, person_id: str, but: str = "") -> list[str]:
        """Forget the sessions of somebody, but for one; the ids of those that ended."""
        ...

    def end_over(self, moment: datetime) -> int:
        """Forget the sessions whose time was over at a moment; how many there were."""
        ...
