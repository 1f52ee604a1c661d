"""The bin over HTTP: what was deleted and when it goes, and its end before that."""

import asyncio
from datetime import timedelta

from fastapi import Request, Response

from chat.core.messages import Conversation, now
from chat.turns.app_state import AppState
from chat.web.api.answers import answer
from chat.web.api.conversations import UNTITLED, BinnedRow, BinPage, Erased
from chat.web.api.values import Id, Moment
from chat.web.audit_trail import AuditTrail
from chat.web.owner import Owner
from chat.web.routes import Routes

PAGE_ROWS = 50


def router(app_state: AppState) -> Routes:
    """``/api/bin``; what comes out of it again does so by ``/api/conversations/{id}/restore``."""
    api = Routes("/api")
    library = app_state.library

    trail = AuditTrail(app_state.conversations.audit)

    async def erased(request: Request, ids: list[str]) -> Response:
        if ids:
            await trail.note(request.scope, "erased", {"conversations": len(ids)})
        return answer(Erased(erased=len(ids)))

    @api.get("/bin", response_model=BinPage)
    async def listed(owner: Owner, before: Moment | None = None) -> Response:
        found = await library.binned(owner, PAGE_ROWS + 1, before)
        days = await asyncio.to_thread(library.bin_days)
        rows = [_row(each, days) for each in found[:PAGE_ROWS]]
        return answer(BinPage(conversations=rows, more=len(found) > PAGE_ROWS, days=days))

    @api.delete("/bin", response_model=Erased)
    async def empty(owner: Owner, request: Request) -> Response:
        return await erased(request, await library.erase(owner))

    @api.delete("/bin/{conversation_id}", response_model=Erased)
    async def erase(owner: Owner, request: Request, conversation_id: Id) -> Response:
        return await erased(request, await library.erase(owner, conversation_id))

    return api


def _row(conversation: Conversation, days: int) -> BinnedRow:
    deleted_at = conversation.deleted_at or now()
    return BinnedRow(
        id=conversation.id,
        title=conversation.title or UNTITLED,
        deleted_at=deleted_at.isoformat(),
        goes_at=(deleted_at + timedelta(days=days)).isoformat(),
    )
