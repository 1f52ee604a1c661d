"""Everything of one person: as a file, and its end for good."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from html import escape
from urllib.parse import quote

from fastapi import Request, Response

from chat.archive.everything import EverythingExporter
from chat.archive.exporting import Exporter
from chat.archive.known_facts import known_of
from chat.core.errors import Conflict, NotFound
from chat.core.messages import now
from chat.core.people import Person
from chat.core.ports import RemovedOwner
from chat.core.stored_sizes import KnownBackup, OwnerSizes
from chat.turns.app_state import AppState
from chat.web.admin.shell import NOTHING, Reader, page, reader_of, sent_by
from chat.web.admin.storage_page import in_bytes
from chat.web.archives import sent_file
from chat.web.audit_trail import AuditTrail, acting, name_of
from chat.web.owner import Owner
from chat.web.routes import Routes

NOBODY = "There is nobody of that name any more."
NOT_YOURSELF = "You cannot remove yourself. Another administrator can."
NOT_TYPED = "Type the name exactly as it stands there, to show that you mean it."
STOPPED_S = 5.0
"""So long the last saves of running replies are waited for."""


@dataclass(frozen=True, slots=True)
class Removal:
    """What happens around the end of somebody."""

    signed_out: Callable[[str, Sequence[str]], None] = lambda _, __: None
    """Ends the live connections of a person, by these sessions that are kept no more."""
    forget_pictures: Callable[[Sequence[str]], None] = lambda _: None
    """Removes the bytes of these, and their small copies; for a thread."""
    forget_copies: Callable[[], None] = lambda: None
    """Removes what is laid out for other Easels of replies that nobody writes; for a thread."""
    counted: Callable[[], None] = lambda: None
    """Has what was used until now in the sums, which are renamed then; for a thread."""
    backups: Callable[[], Sequence[KnownBackup]] = list
    """That may hold what was theirs; for a thread."""


class PersonPages:
    """The pages of one Easel."""

    def __init__(
        self, app_state: AppState, removal: Removal, clock: Callable[[], datetime], *, closed: bool
    ) -> None:
        """``closed``: where nobody is told apart, nobody is the host."""
        self._store = store = app_state.conversations
        self._jobs = app_state.jobs
        self._removal = removal
        self._clock = clock
        self._closed = closed
        self._trail = AuditTrail(store.audit, clock)
        pictures, names = app_state.pictures, app_state.names
        one = Exporter(store, pictures, app_state.stored_form, names)
        self._exporter = EverythingExporter(store, pictures, one)

    async def shown(self, request: Request) -> Response:
        """The page of somebody."""
        reader = await reader_of(request, closed=self._closed)
        return await self._answered(reader, await self._found(_asked(request)))

    async def export(self, request: Request) -> Response:
        """Everything of somebody."""
        await reader_of(request, closed=self._closed)
        person = await self._found(_asked(request))
        await self._trail.note(request.scope, "person_exported", subject=person)
        return await self._everything(person)

    async def own(self, owner: str, request: Request) -> Response:
        """Everything of whoever asks."""
        person = acting(request.scope)
        if person.id != owner:
            person = Person(owner)
        await self._trail.note(request.scope, "person_exported", actor=person, subject=person)
        return await self._everything(person)

    async def remove(self, request: Request) -> Response:
        """The end of somebody, once their name was typed."""
        reader, form = await sent_by(request, closed=self._closed)
        if not reader.apart:
            raise NotFound(NOTHING)
        person = await self._found(form("person"))
        if person.id == reader.person.id:
            return await self._answered(reader, person, status=409, why=NOT_YOURSELF)
        if form("typed").strip() != name_of(person):
            return await self._answered(reader, person, status=400, why=NOT_TYPED)
        pseudonym = pseudonym_of(person)
        try:
            gone = await self._removed(person, reader.person.id)
        except Conflict as last:
            return await self._answered(reader, person, status=409, why=str(last))
        facts = {"conversations": gone.conversations, "pictures": len(gone.pictures)}
        await self._trail.note(
            request.scope, "person_removed", facts, subject=pseudonym, subject_name=pseudonym
        )
        held = _held(await asyncio.to_thread(self._removal.backups))
        done = (
            f"Removed for good: {gone.conversations} conversations, {len(gone.pictures)} pictures "
            f"and files that nobody else has, and who they were. {held}"
        )
        return page(reader, "people", _back(reader), done=done)

    async def _found(self, person_id: str) -> Person:
        person = await asyncio.to_thread(self._store.people.person, person_id)
        if person is None:
            raise NotFound(NOBODY)
        return person

    async def _answered(
        self, reader: Reader, person: Person, *, status: int = 200, why: str = ""
    ) -> Response:
        def look() -> str:
            sizes = self._store.sizes().owners.get(person.id, OwnerSizes())
            running = len(self._jobs.of_owner(person.id))
            return _body(reader, person, sizes, self._removal.backups(), running)

        return page(reader, "people", await asyncio.to_thread(look), status=status, why=why)

    async def _everything(self, person: Person) -> Response:
        known = await asyncio.to_thread(known_of, self._store, person.id, person)
        made = self._exporter.zip(person.id, name_of(person) or "me", known)
        return sent_file(made, "application/zip")

    async def _removed(self, person: Person, by: str) -> RemovedOwner:
        """First nothing new can begin, then what runs ends, then all of it goes.

        Raises:
            Conflict: nobody would be left who is administrator.
            NotFound: somebody was quicker, or ``by`` is no administrator any more.
        """

        def may(reader: Person, _: Person) -> None:
            if reader.role != "administrator" or reader.disabled_at is not None:
                raise NotFound(NOTHING)

        def shut(kept: Person) -> Person:
            return replace(kept, disabled_at=self._clock())

        def change() -> None:
            people = self._store.people
            people.change(person.id, shut, keeps_administrator=True, by=(by, may))

        await asyncio.to_thread(change)
        ended = await asyncio.to_thread(self._store.people.end_all, person.id)
        await asyncio.to_thread(self._store.personal_keys.remove, person.id)
        self._removal.signed_out(person.id, ended)
        running = [job for job in self._jobs.everywhere if job.owner == person.id]
        for job in running:
            self._jobs.stop(job.id, by_host=True)
        for job in running:
            await self._jobs.wait(job.id, STOPPED_S)
        await asyncio.to_thread(self._removal.counted)
        pseudonym = pseudonym_of(person)
        gone = await asyncio.to_thread(self._store.remove_owner, person.id, pseudonym)
        await asyncio.to_thread(self._removal.forget_pictures, gone.pictures)
        await asyncio.to_thread(self._removal.forget_copies)
        return gone


def router(
    app_state: AppState,
    *,
    closed: bool,
    removal: Removal,
    clock: Callable[[], datetime] = now,
) -> Routes:
    """``/admin/person``, and ``/api/everything`` for what is one's own."""
    routes, pages = Routes(""), PersonPages(app_state, removal, clock, closed=closed)

    @routes.get("/admin/person")
    async def shown(request: Request) -> Response:
        return await pages.shown(request)

    @routes.get("/admin/person/export")
    async def export(request: Request) -> Response:
        return await pages.export(request)

    @routes.post("/admin/person/remove")
    async def remove(request: Request) -> Response:
        return await pages.remove(request)

    @routes.get("/api/everything")
    async def own(owner: Owner, request: Request) -> Response:
        return await pages.own(owner, request)

    return routes


def _asked(request: Request) -> str:
    return request.query_params.get("id", "")


def pseudonym_of(person: Person) -> str:
    """What stands for somebody who is gone: it says of two entries that they are of the same.

    The first administrator has the id of the one user of an Easel without a login, and so may have
    another who comes when that one is gone; nobody came in the same moment.
    """
    whole = f"easel removed {person.id} {person.created_at.isoformat()}"
    return f"removed-{sha256(whole.encode()).hexdigest()[:12]}"


def _body(
    reader: Reader,
    person: Person,
    sizes: OwnerSizes,
    backups: Sequence[KnownBackup],
    running: int,
) -> str:
    name, root, whom = escape(name_of(person)), escape(reader.root), quote(person.id)
    told = [
        f"<h2>{name}</h2>",
        f"<p>{escape(person.role)}: {_counted(sizes, running)}.</p>",
        f'<p><a class="button" download href="{root}/admin/person/export?id={whom}">{_GET}',
        f'<p class="more">{_ZIP}</p>',
    ]
    if reader.apart and person.id != reader.person.id:
        told.append(
            f'<h2>Remove for good</h2><p>{_REMOVE} {_held(backups)}</p><form method="post" '
            f'action="{root}/admin/person/remove"><input type="hidden" name="person" '
            f'value="{escape(person.id)}"><label>Type “{name}” to remove them '
            '<input name="typed" autocomplete="off" autocapitalize="none" spellcheck="false" '
            f"required></label><button>Remove {name} for good</button></form>"
        )
    return f"{''.join(told)}{_back(reader)}"


def _counted(sizes: OwnerSizes, running: int) -> str:
    return (
        f"{sizes.conversations} conversations, {sizes.binned} in the bin, {sizes.pictures} "
        f"pictures and files ({in_bytes(sizes.picture_bytes)}), {running} replies being written"
    )


def _back(reader: Reader) -> str:
    return f'<p><a href="{escape(reader.root)}/people">To everybody</a></p>'


def _held(backups: Sequence[KnownBackup]) -> str:
    if not backups:
        return "No backup of this Easel is known; one that was made otherwise still holds it all."
    newest = backups[0].made_at.astimezone(UTC).strftime("%Y-%m-%d")
    many = "1 backup" if len(backups) == 1 else f"{len(backups)} backups"
    return (
        f"{many} that Easel knows of, the newest of {newest}, may still hold what was theirs, "
        "until whoever made them removes them."
    )


_GET = "Download everything as a zip</a></p>"
_ZIP = (
    "Conversations with their pictures, those in the bin, boards and presets, what was used, the "
    "names of API keys and what the audit log says of them. Another Easel takes it in."
)
_REMOVE = (
    "Their replies are stopped, they are signed out, their API keys open nothing. Conversations, "
    "boards, presets and pictures go at once and cannot be had back; a picture that somebody else "
    "has, too, stays for them. What they spent stays in the sums, and what they did in the audit "
    "log, under a pseudonym."
)
