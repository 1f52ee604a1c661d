"""How long things are kept: the rules, a form to change them, and what is due now."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from html import escape

from fastapi import Request, Response

from chat.conversations.retention import Retention
from chat.core.messages import now
from chat.core.retention import FIELDS, RetentionRules, read_days
from chat.turns.app_state import AppState
from chat.web.admin.shell import Reader, page, reader_of, sent_by
from chat.web.audit_trail import AuditTrail
from chat.web.forms import Form
from chat.web.routes import Routes

WORDS = {
    "to_the_bin": "conversations went to the bin",
    "removed": "were removed for good",
    "audit_entries": "entries of the audit log went",
    "sums": "sums of use went",
}
SAVED = "These rules hold from now on. What is due goes within a day, or by the button below."
NOTHING_DUE = "Nothing was due."
BUSY = "Another process is tidying up just now. Try again in a moment."


def router(
    app_state: AppState,
    *,
    closed: bool,
    retention: Retention,
    tidy: Callable[[], Mapping[str, int] | None],
    clock: Callable[[], datetime] = now,
) -> Routes:
    """``/admin/retention``. ``tidy`` does what is due, or nothing where another is at it."""
    pages = Routes("/admin")
    trail = AuditTrail(app_state.conversations.audit, clock)

    async def answered(
        reader: Reader,
        status: int = 200,
        why: str = "",
        done: str = "",
        form: Form | None = None,
    ) -> Response:
        rules = await asyncio.to_thread(retention.rules)
        body = _body(reader, rules, retention.said, form)
        return page(reader, "retention", body, status=status, why=why, done=done)

    @pages.get("/retention")
    async def shown(request: Request) -> Response:
        return await answered(await reader_of(request, closed=closed))

    @pages.post("/retention")
    async def change(request: Request) -> Response:
        reader, form = await sent_by(request, closed=closed)
        before = await asyncio.to_thread(retention.rules)
        try:
            wanted = {
                name: read_days(name, form(name)) for name in FIELDS if name not in retention.said
            }
        except ValueError as wrong:
            return await answered(reader, 400, str(wrong), form=form)
        rules = await asyncio.to_thread(retention.change, replace(before, **wanted))
        if rules != before:
            facts = {
                name: _written(rules, name) or "for ever"
                for name in FIELDS
                if getattr(rules, name) != getattr(before, name)
            }
            await trail.note(request.scope, "retention_changed", facts)
        return await answered(reader, done=SAVED)

    @pages.post("/retention/run")
    async def run(request: Request) -> Response:
        reader = await reader_of(request, closed=closed)
        counts = await asyncio.to_thread(tidy)
        if counts is None:
            return await answered(reader, 409, BUSY)
        told = ", ".join(f"{count} {WORDS.get(name, name)}" for name, count in counts.items())
        return await answered(reader, done=f"{told}." if told else NOTHING_DUE)

    return pages


def _body(
    reader: Reader, rules: RetentionRules, said: Mapping[str, int | None], form: Form | None
) -> str:
    root = escape(reader.root)
    told = [f"<p>{_ABOUT}</p>", f'<form method="post" action="{root}/admin/retention">']
    for name, field in FIELDS.items():
        value = form(name) if form and name not in said else _written(rules, name)
        pinned = f" disabled aria-describedby={name}-by" if name in said else ""
        required = " required" if field.ends else ""
        told.append(
            f'<label>{field.title} (days) <input name="{name}" inputmode="numeric" '
            f'value="{escape(value)}" placeholder="for ever" autocomplete="off" maxlength="9"'
            f"{required}{pinned}></label>"
        )
        if name in said:
            told.append(f'<p class="more" id="{name}-by">Set by {field.variable}.</p>')
    told.append('<button class="first">Keep it so</button></form>')
    told.append("<h2>Now</h2>")
    told.append(f'<form method="post" action="{root}/admin/retention/run"><p>{_NOW}</p>')
    told.append("<button>Do what is due now</button></form>")
    return "".join(told)


def _written(rules: RetentionRules, name: str) -> str:
    value = getattr(rules, name)
    return "" if value is None else str(value)


_ABOUT = (
    "An empty field keeps for ever. Pinned conversations stay, and so do those whose reply is "
    "being written or waits for its owner. One that is restored, imported or no longer pinned, and "
    "one whose share others look at, counts as opened then. Pictures that nothing names any more "
    "lie in a bin of their own for 30 days more. What backups hold, they hold until they are "
    "removed."
)
_NOW = "It is done at each start, and once a day."
