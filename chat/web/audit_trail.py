"""Writes into the audit log what was done by a request: the one place from which it is written.

Routes and the layers of the login call it when what they did is done. What cannot be written is
said in the log of the program, and holds nobody up: an Easel whose disk is full can still be left.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from starlette.types import Scope

from chat.core.audit import Act, AuditEntry, AuditLog
from chat.core.messages import now
from chat.core.people import Person
from chat.turns.app_state import LOCAL_OWNER
from chat.web.attempts import address_of
from chat.web.owner import PERSON

log = logging.getLogger(__name__)

HOST = "Host"
"""What the one user of an Easel without people is called."""
MAX_FACT = 200
MOST_GROUPS = 20
MAX_GROUP_NAME = 60
"""Of a fact that names groups."""
NO_FACTS: Mapping[str, object] = {}


class AuditTrail:
    """Of one Easel."""

    def __init__(self, kept: AuditLog | None, clock: Callable[[], datetime] = now) -> None:
        """Write into this log; ``None``: into none."""
        self._kept = kept
        self._clock = clock

    async def note(
        self,
        scope: Scope,
        act: Act,
        facts: Mapping[str, object] = NO_FACTS,
        *,
        actor: Person | None = None,
        subject: Person | str = "",
        subject_name: str = "",
        nobody: bool = False,
    ) -> None:
        """Write down that somebody has done something.

        Args:
            scope: the request by which it was done.
            act: what it was.
            facts: a few words each, without a secret and without what was said or drawn.
            actor: who did it; ``None``: whom the login has noted in the scope, or the one user
                where nobody is told apart.
            subject: whom or what it was done to.
            subject_name: what that is called, where it is no person.
            nobody: it was done by somebody who is not known.
        """
        person = Person("") if nobody else actor or acting(scope)
        address = address_of(scope)
        await asyncio.to_thread(self.keep, act, person, facts, subject, subject_name, address)

    def keep(
        self,
        act: Act,
        actor: Person,
        facts: Mapping[str, object] = NO_FACTS,
        subject: Person | str = "",
        subject_name: str = "",
        address: str = "",
    ) -> None:
        """The same for a thread, and for what no request has done."""
        if self._kept is None:
            return
        whom = subject.id if isinstance(subject, Person) else subject
        called = name_of(subject) if isinstance(subject, Person) else subject_name
        told = {name: str(fact)[:MAX_FACT] for name, fact in facts.items() if fact != ""}
        entry = AuditEntry(
            act, actor.id, name_of(actor), whom, called[:MAX_FACT], address, told, self._clock()
        )
        try:
            self._kept.add(entry)
        except Exception:
            log.exception("the audit log could not be written: %s by %s", act, actor.id)


def acting(scope: Scope) -> Person:
    """Whose request it is: whom the login has noted, or the one user where nobody is told apart."""
    found = scope.get(PERSON)
    if isinstance(found, Person):
        return found
    return Person(LOCAL_OWNER, title=HOST, role="administrator")


def groups_named(groups: Sequence[str]) -> str:
    """Names of groups as a fact: some of many, cut where they are long, and how many more."""
    named: list[str] = []
    for each in groups[:MOST_GROUPS]:
        cut = each if len(each) <= MAX_GROUP_NAME else f"{each[: MAX_GROUP_NAME - 1]}…"
        # There is room for how many more.
        if len(", ".join([*named, cut])) > MAX_FACT - 20:
            break
        named.append(cut)
    more = len(groups) - len(named)
    return ", ".join(named) + (f" and {more} more" if more else "")


def name_of(person: Person) -> str:
    """What somebody is called in the log: by what they sign in with, if they have that."""
    return person.name or person.title
