"""Pictures over HTTP: upload, thumbnails, and the exact stored bytes."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from chat.core.parts import MediaRef
from chat.turns.services import Services
from chat.web import ranges
from chat.web.api import StoredPicture, answer
from chat.web.arrivals import Arrivals, TooSlow
from chat.web.concurrency_limiter import Busy, ConcurrencyLimiter
from chat.web.faults import sentence
from chat.web.owner import Owner

Sha = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]

EXTENSIONS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "image/gif": "gif",
    "image/avif": "avif",
    "image/heif": "heif",
    "image/heic": "heic",
    "image/svg+xml": "svg",
}

HEADERS = {
    # The name is the hash of the content: it can never change.
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
}

UPLOADS_AT_ONCE = 3
"""Pictures that are opened and stored side by side."""

UPLOADS_ARRIVING = 15
"""Bodies that are held in memory while they arrive or wait; a page sends two at once."""

SLOW_AFTER_S = 5.0
"""An upload that has begun so long ago may be sent away for another, the slowest first."""

UPLOAD_PATIENCE_S = 120.0
RETRY_AFTER_S = 5
SLOW = "The picture arrived too slowly while others waited. Add it again."
BUSY = "Easel is taking in many pictures just now. Add this one again in a moment."


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


def router(services: Services) -> APIRouter:
    """``/api/media`` takes a picture as the raw body; ``/media`` gives it back."""
    media = APIRouter()
    pictures = services.pictures
    gate = ConcurrencyLimiter(UPLOADS_AT_ONCE, UPLOADS_ARRIVING, UPLOAD_PATIENCE_S)
    arrivals = Arrivals(UPLOADS_ARRIVING, SLOW_AFTER_S)

    @media.post("/api/media", response_model=StoredPicture)
    async def upload(owner: Owner, request: Request) -> Response:
        """The body is counted and capped by the guard in front of every route."""
        try:
            async with arrivals.one() as arrival:
                data = await arrival.body(request.stream())
                async with gate:
                    ref, note = await pictures.keep(owner, data, "upload")
        except TooSlow:
            return sentence(408, SLOW)
        except Busy:
            busy = sentence(503, BUSY)
            busy.headers["Retry-After"] = str(RETRY_AFTER_S)
            return busy
        return answer(described(ref, note))

    @media.head("/media/{sha}", include_in_schema=False)
    @media.get("/media/{sha}")
    async def original(
        owner: Owner, request: Request, sha: Sha, download: bool = False
    ) -> Response:
        if download:
            ref, data = await pictures.bytes_of(owner, sha, thumbnail=False)
        else:
            ref, data = await pictures.shown(owner, sha)
        kind = "attachment" if download else "inline"
        name = f"easel-{sha[:12]}.{EXTENSIONS.get(ref.mime, 'bin')}"
        headers = {
            **HEADERS,
            "ETag": f'"{ref.sha256}"',
            "Content-Disposition": f'{kind}; filename="{name}"',
        }
        return ranges.answer(request, data, ref.mime, headers)

    @media.head("/media/{sha}/thumb", include_in_schema=False)
    @media.get("/media/{sha}/thumb")
    async def thumbnail(owner: Owner, request: Request, sha: Sha) -> Response:
        _, data = await pictures.bytes_of(owner, sha, thumbnail=True)
        return ranges.answer(request, data, "image/webp", HEADERS)

    return media
