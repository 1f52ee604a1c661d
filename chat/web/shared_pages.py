"""What is shared, as a page for whoever may look: read only, without a script.

Whoever has a link looks without signing in, wherever people do; for all others a share is there if
it names them. What is not for somebody is not there. The one thing to be done is a copy of one's
own.
"""

from collections.abc import AsyncIterator, Iterator
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Path, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse

from chat.conversations.sharing import NOTHING, STRANGER, SharedView, Sharing, Viewer
from chat.core.errors import MediaRejected, NotFound
from chat.core.messages import now
from chat.core.parts import Image
from chat.core.people import Person
from chat.images.formats import WEBP
from chat.render.shared import shared_board_html, shared_conversation_pieces
from chat.render.standalone import placed_html
from chat.turns.app_state import AppState
from chat.web.audit_trail import AuditTrail
from chat.web.media import Sha
from chat.web.owner import PERSON, Owner, current_owner
from chat.web.plain_page import plain_page
from chat.web.root_path import base_of
from chat.web.routes import LazyRoute
from chat.web.strangers import SHARED, is_stranger

HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": (
        "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    # Else a browser names no origin for our form, which is then taken for a stranger's.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
HTML = "text/html; charset=utf-8"

Key = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{16,64}$")]


async def viewer_of(request: Request) -> Viewer:
    """Who looks."""
    if is_stranger(request.scope):
        return STRANGER
    try:
        owner = await current_owner(request)
    except HTTPException:
        return STRANGER
    person = request.scope.get(PERSON)
    return Viewer(owner, person if isinstance(person, Person) else None)


def router(app_state: AppState) -> APIRouter:
    """``/shared``."""
    pages = APIRouter(prefix=SHARED.rstrip("/"), route_class=LazyRoute)
    sharing = Sharing(app_state.conversations, app_state.catalogues, app_state.rights)
    trail = AuditTrail(app_state.conversations.audit)

    @pages.get("/{key}")
    async def page(request: Request, key: Key) -> Response:
        viewer = await viewer_of(request)
        try:
            view = await sharing.looked_at(key, viewer, counts=True)
        except NotFound:
            if "text/html" not in request.headers.get("accept", ""):
                raise
            return _nothing(request, viewer)
        here = f"{base_of(request.scope)}{SHARED}{key}"
        if view.board is not None:
            told = shared_board_html(view.title, view.by, view.board.pictures, here, _may(viewer))
            return Response(told, media_type=HTML, headers=HEADERS)
        pieces = _drawn(app_state, view, here, viewer)
        return StreamingResponse(_encoded(pieces), media_type=HTML, headers=HEADERS)

    @pages.get("/{key}/{sha}")
    async def picture(request: Request, key: Key, sha: Sha, small: bool = False) -> Response:
        owner = await sharing.picture_owner(key, await viewer_of(request), sha)
        pictures = app_state.pictures
        if not small:
            try:
                ref, data = await pictures.shown(owner, sha)
                return Response(data, media_type=ref.mime, headers=HEADERS)
            except MediaRejected:  # no browser shows it: a small copy does
                pass
        _, data = await pictures.bytes_of(owner, sha, thumbnail=True)
        return Response(data, media_type=WEBP.mime, headers=HEADERS)

    @pages.post("/{key}/copy")
    async def copy(
        owner: Owner, request: Request, key: Key, picture: Annotated[Sha | None, Form()] = None
    ) -> Response:
        """A conversation of one's own with what is shown; of a board, with all or one of it."""
        made = await sharing.copied(key, await viewer_of(request), picture or "")
        await trail.note(request.scope, "share_copied", {"kind": made.kind}, subject=made.share_id)
        app_state.news.publish(owner, made.conversation.id)
        return RedirectResponse(f"{base_of(request.scope)}/?c={made.conversation.id}", 303)

    return pages


def _may(viewer: Viewer) -> bool:
    return bool(viewer.owner)


def _nothing(request: Request, viewer: Viewer) -> Response:
    """The same for whatever is not there, and for what is not for who looks."""
    more = "" if viewer.owner else "If it was shared with you by name, sign in first."
    home = f"{base_of(request.scope)}/"
    link = f'<p><a href="{home}">To Easel</a></p>'
    return Response(plain_page(NOTHING, more, link), 404, media_type=HTML, headers=HEADERS)


def _drawn(app_state: AppState, view: SharedView, here: str, viewer: Viewer) -> Iterator[str]:
    pieces = shared_conversation_pieces(
        view.title, view.by, view.branch, app_state.names, now(), here, may_copy=_may(viewer)
    )
    for piece in pieces:
        yield piece if isinstance(piece, str) else _placed(piece.image, here)


def _placed(image: Image, here: str) -> str:
    return placed_html(image, f"{here}/{image.media.sha256}")


async def _encoded(pieces: Iterator[str]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece.encode("utf-8", "replace")
