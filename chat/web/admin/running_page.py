"""The replies that are being written, with their places in the queue, and a Stop for each."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from html import escape

from fastapi import Request, Response

from chat.core.errors import NotFound
from chat.core.messages import now
from chat.core.people import Person
from chat.turns.app_state import LOCAL_OWNER, AppState
from chat.turns.jobs import Job
from chat.web.admin.shell import Reader, name_in, onward, page, reader_of, sent_by, table
from chat.web.audit_trail import HOST, AuditTrail
from chat.web.routes import Routes

HEADS = ("Whose", "Model", "State", "Begun", "Stop")
OVER = "That reply has ended already."
NOT_YOURS = "Only an administrator stops that one."


def router(app_state: AppState, *, closed: bool, clock: Callable[[], datetime] = now) -> Routes:
    """``/admin/running``."""
    pages = Routes("/admin")
    jobs, titles = app_state.jobs, app_state.names.models
    trail = AuditTrail(app_state.conversations.audit, clock)

    def people() -> Mapping[str, Person]:
        every = app_state.conversations.people.everybody()
        return {LOCAL_OWNER: Person(LOCAL_OWNER, title=HOST), **{each.id: each for each in every}}

    def elsewhere() -> list[Job]:
        """Those of other processes over the same store, as they were last saved."""
        found = []
        for job in tuple(jobs.remote.values()):
            with suppress(NotFound):  # it went with its conversation
                found.append(Job(job.owner, app_state.conversations.message(job.owner, job.id)))
        return found

    async def answered(reader: Reader, status: int = 200, why: str = "") -> Response:
        known = await asyncio.to_thread(people)
        names = {each.id: each.title or each.name for each in known.values()}
        every = [*jobs.running, *await asyncio.to_thread(elsewhere)]
        rows = [
            [
                escape(name_in(names, job.owner)),
                escape(_model(job, titles)),
                escape(_state(job)),
                escape(_since(job.message.created_at, clock())),
                _stop(reader, job, name_in(names, job.owner))
                if _may_stop(reader, known.get(job.owner))
                else "",
            ]
            for job in every
        ]
        told = [f'<p><a href="{escape(reader.root)}/admin/running">Look again</a></p>']
        told.append(table("Replies that are being written, the oldest first", HEADS, rows, 9))
        if not rows:
            told.append("<p>No reply is being written.</p>")
        return page(reader, "running", "".join(told), status=status, why=why)

    @pages.get("/running")
    async def shown(request: Request) -> Response:
        return await answered(await reader_of(request, closed=closed, managers=True))

    @pages.post("/running/stop")
    async def stop(request: Request) -> Response:
        reader, form = await sent_by(request, closed=closed, managers=True)
        job = jobs.get(form("reply"))
        if job is None:
            return await answered(reader, 404, OVER)
        known = await asyncio.to_thread(people)
        owner = known.get(job.owner)
        if not _may_stop(reader, owner):
            return await answered(reader, 403, NOT_YOURS)
        if not jobs.stop(job.id, by_host=job.owner != reader.person.id):
            return await answered(reader, 404, OVER)
        whom = owner or Person(job.owner, title=name_in({}, job.owner))
        await trail.note(request.scope, "reply_stopped", {"model": _model(job, {})}, subject=whom)
        await jobs.wait(job.id, STOPPED_S)
        return onward(reader, "/admin/running")

    return pages


STOPPED_S = 3.0
"""The page is shown again when the reply has ended, or after so long."""


def _may_stop(reader: Reader, owner: Person | None) -> bool:
    """Managers stop replies of those after whom they look, and their own."""
    if reader.administrates:
        return True
    return owner is not None and (reader.person.may_change(owner) or owner.id == reader.person.id)


def _model(job: Job, titles: Mapping[str, str]) -> str:
    origin = job.message.origin
    return titles.get(origin.model, origin.model) if origin else "not asked yet"


def _state(job: Job) -> str:
    if job.place:
        return f"waits, number {job.place} in the queue"
    return "waits for its model" if job.message.status == "queued" else "is being written"


def _since(begun: datetime, moment: datetime) -> str:
    seconds = max(0, int((moment - begun).total_seconds()))
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes} min {seconds} s ago" if minutes else f"{seconds} s ago"


def _stop(reader: Reader, job: Job, name: str) -> str:
    return (
        f'<form class="acts" method="post" action="{escape(reader.root)}/admin/running/stop">'
        f'<input type="hidden" name="reply" value="{escape(job.id)}">'
        f'<button aria-label="Stop: {escape(name)}">Stop</button></form>'
    )
