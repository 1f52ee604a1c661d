"""The audit log as a page, and as a file."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from html import escape
from urllib.parse import urlencode

from fastapi import Request, Response

from chat.core.audit import ACTS, AuditEntry, AuditLog, AuditQuery
from chat.core.messages import now
from chat.core.spending import day_of
from chat.turns.app_state import AppState
from chat.web.admin.csv_file import csv_file
from chat.web.admin.days import USUAL, Days, chooser, days_of
from chat.web.admin.shell import Reader, name_in, names_of, page, reader_of, table
from chat.web.routes import Routes

ROWS = 100
MOST_IN_FILE = 100_000
HEADS = ("When (UTC)", "Who", "What", "Whom or what", "More", "From")
FILE_HEADS = ("at", "who", "who id", "act", "whom", "whom id", "more", "address")


def router(app_state: AppState, *, closed: bool, clock: Callable[[], datetime] = now) -> Routes:
    """``/admin/audit``, and the same as a file."""
    pages = Routes("/admin")
    store = app_state.conversations

    @pages.get("/audit")
    async def shown(request: Request) -> Response:
        reader = await reader_of(request, closed=closed)
        fields, why = dict(request.query_params), ""
        today = day_of(clock())
        try:
            days = days_of(fields, today)
        except ValueError as wrong:
            why, days = str(wrong), days_of({"range": USUAL}, today)
        query = _query(fields, days)

        def read() -> tuple[list[AuditEntry], Mapping[str, str]]:
            before = store.audit.entry(fields["before"]) if fields.get("before") else None
            return list(store.audit.entries(query, ROWS + 1, before)), names_of(store)

        found, names = await asyncio.to_thread(read)
        body = _body(reader, found, names, fields, days)
        return page(reader, "audit", body, status=400 if why else 200, why=why)

    @pages.get("/audit.csv")
    async def file(request: Request) -> Response:
        await reader_of(request, closed=closed)
        fields = dict(request.query_params)
        try:
            days = days_of(fields, day_of(clock()))
        except ValueError:
            days = days_of({"range": USUAL}, day_of(clock()))
        query = _query(fields, days)
        parts = ([_cells(each) for each in some] for some in _every(store.audit, query))
        return csv_file(f"audit-{days.since}-{days.until}.csv", FILE_HEADS, parts)

    return pages


def _every(log: AuditLog, query: AuditQuery) -> Iterator[Sequence[AuditEntry]]:
    """The newest of them, as many as a file holds, a thousand at a time."""
    last: AuditEntry | None = None
    for _ in range(MOST_IN_FILE // 1000):
        some = log.entries(query, 1000, last)
        yield some
        if len(some) < 1000:
            return
        last = some[-1]


def _cells(entry: AuditEntry) -> tuple[object, ...]:
    """A row of the file."""
    return (
        entry.at.isoformat(), entry.actor_name, entry.actor, entry.act, entry.subject_name,
        entry.subject, _facts(entry), entry.address,
    )  # fmt: skip


def _query(fields: Mapping[str, str], days: Days) -> AuditQuery:
    return AuditQuery(
        fields.get("act", ""),
        fields.get("person", ""),
        datetime.combine(days.since, time(), UTC),
        datetime.combine(days.until + timedelta(days=1), time(), UTC),
    )


def _body(
    reader: Reader,
    found: list[AuditEntry],
    names: Mapping[str, str],
    fields: Mapping[str, str],
    days: Days,
) -> str:
    root = escape(reader.root)
    told = [f'<form class="row" method="get" action="{root}/admin/audit">']
    told += [
        chooser(fields, days),
        _select(
            "act", "What", "everything", {str(act): words for act, words in ACTS.items()}, fields
        ),
    ]
    if reader.apart:
        told.append(_select("person", "Who or whom", "everybody", names, fields))
    told += ['<button class="first">Show</button></form>', f"<p>{_ABOUT}</p>"]
    rows = [_row(each, names) for each in found[:ROWS]]
    told.append(table("What was done, the newest first", HEADS, rows, len(HEADS)))
    if not rows:
        told.append("<p>Nothing was done in these days.</p>")
    kept = {name: fields[name] for name in ("act", "person") if fields.get(name)}
    if len(found) > ROWS:
        query = escape(urlencode({**days.query, **kept, "before": found[ROWS - 1].id}))
        told.append(f'<p><a href="{root}/admin/audit?{query}">Older entries</a></p>')
    query = escape(urlencode({**days.query, **kept}))
    told.append(f'<p><a href="{root}/admin/audit.csv?{query}" download>Download as a CSV file</a>')
    return f"{''.join(told)}</p>"


def _row(entry: AuditEntry, names: Mapping[str, str]) -> list[str]:
    who = entry.actor_name or name_in(names, entry.actor)
    whom = entry.subject_name or (name_in(names, entry.subject) if entry.subject else "")
    return [
        entry.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"),
        escape(who),
        escape(ACTS.get(entry.act, entry.act)),
        escape(whom),
        escape(_facts(entry)),
        escape(entry.address),
    ]


def _facts(entry: AuditEntry) -> str:
    return ", ".join(f"{name.replace('_', ' ')}: {fact}" for name, fact in entry.facts.items())


def _select(
    name: str, label: str, every: str, options: Mapping[str, str], fields: Mapping[str, str]
) -> str:
    chosen = fields.get(name, "")
    told = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>'
        f"{escape(words)}</option>"
        for value, words in options.items()
    )
    return (
        f'<label>{label} <select name="{name}"><option value="">{every}</option>{told}</select>'
        "</label>"
    )


_ABOUT = (
    "Who did what, from which address. No secret stands here, and nothing of what was asked or "
    "drawn. Entries are added and never changed; when their time is over they go."
)
