"""Sessions of browsers: a signed cookie with a random name, of which the store has the hash.

A cookie of another key is refused without a look into the store. Each sign-in makes a new session
and ends the one that the browser had, so that nobody is signed in by a cookie from before.
"""

import asyncio
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from itsdangerous import Signer
from starlette.types import Scope

from chat.core.messages import now
from chat.core.people import People, Person, Session
from chat.web.cookies import cookie_name, set_cookie, signed_values

KIND = "session"

SEEN_EVERY = timedelta(minutes=5)
"""A session that is used is written down again after so long."""

IDLE, LASTS = timedelta(hours=12), timedelta(days=7)
"""A session ends so long after its last use, and so long after signing in. A guest's lasts as long
as the guest may stay: without it nobody would find the way back."""

Look = tuple[Session, Person]


class Sessions:
    """The sessions of one Easel."""

    def __init__(
        self,
        people: People,
        key: bytes,
        admits: Callable[[Person], bool],
        clock: Callable[[], datetime] = now,
    ) -> None:
        """Sign cookies with ``key``; ``admits`` says of somebody whether they may sign in here."""
        self._people = people
        self._signer = Signer(key, salt="easel-session", digest_method=sha256)
        self._admits = admits
        self._clock = clock
        self._watched: dict[str, set[asyncio.Event]] = defaultdict(set)
        self.relay: Callable[[str], object] = lambda _: None
        """Tells other processes of each session that ends here before its time, by its id."""

    async def find(self, scope: Scope, *, secure: bool) -> Look | None:
        """Whose request it is, by its cookie; ``None``: nobody's."""
        for token in self._tokens(scope, secure=secure):
            if found := await self.look(_hash(token)):
                return found
        return None

    async def look(self, session_id: str) -> Look | None:
        """A session that holds, and whose it is; its use is remembered."""
        found = await asyncio.to_thread(self._people.session, session_id)
        if found is None:
            return None
        session, person = found
        moment = self._clock()
        if not (self._holds(session, person, moment) and self.lets_in(person)):
            return None
        if moment - session.seen_at > SEEN_EVERY:
            await asyncio.to_thread(self._people.seen, session.id, moment)
        return found

    async def again(self, look: Look) -> Look | None:
        """Who asked, as they are by now; ``None``: they are not signed in any more."""
        session, person = look
        if session.id != _standing_id(person.id):
            return await self.look(session.id)
        found = await asyncio.to_thread(self._people.person, person.id)
        return (session, found) if found is not None and self.lets_in(found) else None

    def lets_in(self, person: Person) -> bool:
        """Whether somebody may be here, by whatever way."""
        return self._admits(person) and not person.is_out(self._clock())

    def _holds(self, session: Session, person: Person, moment: datetime) -> bool:
        idle = moment - session.seen_at > IDLE and person.role != "guest"
        return moment < session.ends_at and not idle

    async def begin(self, person: Person, before: Look | None) -> tuple[str, Session]:
        """Sign somebody in: what the cookie carries, and the session.

        ``before`` is what the browser had until now; it ends.
        """
        token, moment = secrets.token_urlsafe(32), self._clock()
        ends_at = person.ends_at or moment + LASTS
        session = Session(_hash(token), person.id, ends_at, moment, moment)
        await asyncio.to_thread(self._people.begin, session)
        if before is not None:
            await self.end(before[0])
        return self._signer.sign(token.encode("ascii")).decode("ascii"), session

    async def end(self, session: Session) -> None:
        """Sign a browser out."""
        await asyncio.to_thread(self._people.end, session.id)
        self._tell([session.id])

    async def end_all(self, person_id: str, but: str = "") -> None:
        """Sign somebody out everywhere, but for one session."""
        ended = await asyncio.to_thread(self._people.end_all, person_id, but)
        self._tell([*ended, _standing_id(person_id)])

    def ended_elsewhere(self, person_id: str, session_ids: Iterable[str]) -> None:
        """Somebody was signed out by another part of Easel: their live connections end, too."""
        self._tell([*session_ids, _standing_id(person_id)])

    def watch(self, session: Session) -> asyncio.Event:
        """Set when the session ends here; :meth:`unwatch` lets go of it."""
        event = asyncio.Event()
        self._watched[session.id].add(event)
        return event

    def unwatch(self, session: Session, event: asyncio.Event) -> None:
        """Nobody waits for it any more."""
        self._watched[session.id].discard(event)
        if not self._watched[session.id]:
            del self._watched[session.id]

    def _tell(self, ended: Iterable[str]) -> None:
        for session_id in ended:
            self.ended_at_another(session_id)
            self.relay(session_id)

    def ended_at_another(self, session_id: str) -> None:
        """Another process says that a session is over: its live connections here end, too."""
        for event in self._watched.get(session_id, ()):
            event.set()

    def _tokens(self, scope: Scope, *, secure: bool) -> Iterable[str]:
        return signed_values(scope, cookie_name(scope, KIND, secure=secure), self._signer)

    def cookie(
        self, scope: Scope, value: str, session: Session | None, *, secure: bool, framed: bool
    ) -> str:
        """The header that gives a browser its cookie; an empty value takes it away."""
        lasts = session.ends_at - self._clock() if session and value else timedelta()
        site = "SameSite=None; Partitioned" if framed else "SameSite=Lax"
        name = cookie_name(scope, KIND, secure=secure)
        return set_cookie(name, value, int(lasts.total_seconds()), secure=secure, site=site)


def standing(person: Person, moment: datetime) -> Session:
    """The session of somebody whom every request names anew: no cookie stands for it.

    It is kept nowhere, and may be watched.
    """
    return Session(_standing_id(person.id), person.id, moment + LASTS, moment, moment)


def _standing_id(person_id: str) -> str:
    return f"standing {person_id}"


def _hash(token: str) -> str:
    return sha256(token.encode("ascii")).hexdigest()
