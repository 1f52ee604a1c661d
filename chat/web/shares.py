"""Sharing over HTTP: what is shown to others, begun, listed and ended by its owner."""

from datetime import timedelta

from fastapi import APIRouter, Request, Response

from chat.conversations.sharing import Audience, ListedShare, Sharing
from chat.core.people import Person
from chat.turns.app_state import AppState
from chat.web.api.answers import PRIVATE, Done, answer
from chat.web.api.shares import NewShare, ShareListed, ShareLists
from chat.web.api.values import Id
from chat.web.audit_trail import AuditTrail, groups_named
from chat.web.owner import PERSON, Owner
from chat.web.routes import Routes
from chat.web.shared_pages import viewer_of


def router(app_state: AppState) -> APIRouter:
    """``/api/shares``."""
    api = Routes("/api/shares")
    sharing = Sharing(app_state.conversations, app_state.catalogues, app_state.rights)
    trail = AuditTrail(app_state.conversations.audit)

    @api.get("", response_model=ShareLists)
    async def listed(owner: Owner, request: Request) -> Response:
        told = ShareLists(
            mine=[_mine(each) for each in await sharing.mine(owner)],
            with_me=[
                _of_others(each) for each in await sharing.with_somebody(await viewer_of(request))
            ],
            people=isinstance(request.scope.get(PERSON), Person),
            groups=await sharing.groups(owner),
        )
        return answer(told, PRIVATE)

    @api.post("", response_model=ShareListed)
    async def share(owner: Owner, request: Request, body: NewShare) -> Response:
        made = await sharing.share(
            owner,
            body.kind,
            body.subject,
            Audience(body.link, body.everybody, tuple(body.names), tuple(body.groups)),
            leaf=body.leaf,
            lasts=None if body.days is None else timedelta(days=body.days),
        )
        facts = {
            "kind": body.kind,
            "link": "yes" if body.link else "",
            "everybody": "yes" if body.everybody else "",
            "people": len(made.share.people) or "",
            "groups": groups_named(made.share.groups),
            "until": made.share.ends_at.isoformat() if made.share.ends_at else "",
        }
        await trail.note(request.scope, "share_made", facts, subject=made.share.id)
        return answer(_mine(made), PRIVATE)

    @api.delete("/{share_id}", response_model=Done)
    async def end(owner: Owner, request: Request, share_id: Id) -> Response:
        await sharing.end(owner, share_id)
        await trail.note(request.scope, "share_revoked", subject=share_id)
        return answer(Done())

    return api


def _mine(each: ListedShare) -> ShareListed:
    share = each.share
    return ShareListed(
        id=share.id,
        kind=share.kind,
        subject=share.subject,
        title=each.title,
        by=each.by,
        address=f"shared/{share.token or share.id}",
        link=bool(share.token),
        everybody=share.everybody,
        names=list(each.names),
        groups=list(share.groups),
        since=share.created_at.isoformat(),
        until=share.ends_at.isoformat() if share.ends_at else "",
        views=share.views,
    )


def _of_others(each: ListedShare) -> ShareListed:
    """Without who else it is shared with, and its link."""
    share = each.share
    return ShareListed(
        id=share.id,
        kind=share.kind,
        subject="",
        title=each.title,
        by=each.by,
        address=f"shared/{share.id}",
        link=False,
        everybody=False,
        names=[],
        groups=[],
        since=share.created_at.isoformat(),
        until=share.ends_at.isoformat() if share.ends_at else "",
        views=0,
    )
