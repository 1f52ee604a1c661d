"""Pictures and files over HTTP: upload, thumbnails, and the exact stored bytes."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

from fastapi import Path, Request, Response

from chat.archive.names import download_name, file_name
from chat.core.parts import MediaRef
from chat.turns.app_state import AppState
from chat.turns.picture_address import picture_at
from chat.turns.uploads import Upload, Uploads
from chat.web import ranges
from chat.web.api.answers import answer
from chat.web.api.pictures import Added, PictureAddress, StoredFile, StoredPicture
from chat.web.arrivals import Arrivals, TooSlow
from chat.web.concurrency_limiter import Busy, ConcurrencyLimiter
from chat.web.faults import sentence
from chat.web.file_names import disposition
from chat.web.owner import Owner
from chat.web.routes import Routes
from chat.web.tiles import Tiles

Kept = TypeVar("Kept")
Sha = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]

HEADERS = {
    # The name is the hash of the content: it can never change.
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
}

MAX_TITLE_CHARACTERS = 500

UPLOADS_AT_ONCE = 3
"""Pictures that are opened and stored side by side."""

UPLOADS_ARRIVING = 15
"""Bodies that are held in memory while they arrive or wait; a page sends two at once."""

SLOW_AFTER_S = 5.0
"""An upload that has begun so long ago may be sent away for another, the slowest first."""

UPLOAD_PATIENCE_S = 120.0
RETRY_AFTER_S = 5
SLOW = "The file arrived too slowly while others waited. Add it again."
BUSY = "Easel is taking in many files just now. Add this one again in a moment."


def described(ref: MediaRef, note: str = "") -> StoredPicture:
    """A picture as the page knows it."""
    return StoredPicture(
        sha=ref.sha256,
        mime=ref.mime,
        width=ref.width_px,
        height=ref.height_px,
        bytes=ref.size_bytes,
        note=note,
    )


def added(upload: Upload) -> Added:
    """What a user added, as the page knows it."""
    if upload.kind is None:
        return Added(picture=described(upload.ref, upload.note))
    ref, title = upload.ref, upload.kind.title
    return Added(
        file=StoredFile(sha=ref.sha256, name=upload.name, kind=title, bytes=ref.size_bytes)
    )


def busy(words: str) -> Response:
    """There is no room now, in these words; there may be in a moment."""
    told = sentence(503, words)
    told.headers["Retry-After"] = str(RETRY_AFTER_S)
    return told


def router(app_state: AppState) -> Routes:
    """``/api/media`` takes a picture as the raw body, ``/api/media/added`` other files too.

    ``/media`` gives them back.
    """
    media = Routes()
    pictures = app_state.pictures
    uploads = Uploads(app_state.studio, pictures)
    gate = ConcurrencyLimiter(UPLOADS_AT_ONCE, UPLOADS_ARRIVING, UPLOAD_PATIENCE_S)
    fetching = ConcurrencyLimiter(UPLOADS_AT_ONCE, UPLOADS_ARRIVING, UPLOAD_PATIENCE_S)
    arrivals = Arrivals(UPLOADS_ARRIVING, SLOW_AFTER_S)
    tiles = Tiles(app_state.studio.editor)

    async def taken_in(
        owner: str,
        request: Request,
        keep: Callable[[bytes], Awaitable[Kept]],
        told: Callable[[Kept], Any],
    ) -> Response:
        """Keep the body, when it is its turn, and tell what it is."""
        try:
            async with arrivals.one(owner) as arrival:
                data = await arrival.body(request.stream())
                async with gate:
                    kept = await keep(data)
        except TooSlow:
            return sentence(408, SLOW)
        except Busy:
            return busy(BUSY)
        return answer(told(kept))

    @media.post("/api/media", response_model=StoredPicture)
    async def upload(owner: Owner, request: Request) -> Response:
        """The body is counted and capped by the guard in front of every route."""
        app_state.rights.of(owner).must_upload()
        return await taken_in(
            owner,
            request,
            lambda data: app_state.studio.upload(owner, data),
            lambda kept: described(*kept),
        )

    @media.post("/api/media/added", response_model=Added)
    async def add(owner: Owner, request: Request, name: str = "") -> Response:
        """Whatever goes along with a message; ``name`` is what the user calls it."""
        app_state.rights.of(owner).must_upload()
        title = name[:MAX_TITLE_CHARACTERS]
        return await taken_in(owner, request, lambda data: uploads.take(owner, data, title), added)

    @media.post("/api/media/address", response_model=StoredPicture)
    async def from_address(owner: Owner, wanted: PictureAddress) -> Response:
        """Only ever asked for by a click: the page opens no address by itself."""
        app_state.rights.of(owner).must_upload()
        try:
            async with fetching:
                data = await picture_at(wanted.address, app_state.picture_sites)
            async with gate:
                ref, note = await app_state.studio.upload(owner, data)
        except Busy:
            return busy(BUSY)
        return answer(described(ref, note))

    @media.head("/media/{sha}", include_in_schema=False)
    @media.get("/media/{sha}")
    async def original(
        owner: Owner, request: Request, sha: Sha, download: bool = False, title: str = ""
    ) -> Response:
        """``title``: words for the name of a download."""
        if download:
            ref, data = await pictures.bytes_of(owner, sha, thumbnail=False)
        else:
            ref, data = await pictures.shown(owner, sha)
        # What is no picture is never opened by the browser.
        kind = "attachment" if download or not ref.is_picture else "inline"
        named = download_name if ref.is_picture else file_name
        name = named(title[:MAX_TITLE_CHARACTERS], sha, ref.mime)
        headers = {
            **HEADERS,
            "ETag": f'"{ref.sha256}"',
            "Content-Disposition": disposition(kind, name),
        }
        return ranges.answer(request, data, ref.mime, headers)

    @media.head("/media/{sha}/thumb", include_in_schema=False)
    @media.get("/media/{sha}/thumb")
    async def thumbnail(owner: Owner, request: Request, sha: Sha, tile: bool = False) -> Response:
        """``tile``: as small as a row of the list shows it."""
        _, data = await pictures.bytes_of(owner, sha, thumbnail=True)
        if tile:
            data = await tiles.of(sha, data)
        return ranges.answer(request, data, "image/webp", HEADERS)

    return media
