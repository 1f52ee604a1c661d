"""The one way in for pictures: uploads, models' pictures and tools' pictures all come in here.

It bounds, sniffs and names; decoding happens in another process, so that a picture made to
break a decoder breaks nothing else.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from chat.core.errors import MediaRejected, PicturesBusy
from chat.core.parts import ImageOrigin, Json, MediaRef
from chat.images.declared import declared_px
from chat.images.formats import DISPLAYED, SVG, WEBP, Format, sniff, sniff_made
from chat.images.limits import DAMAGED, UNSEEN, Limits, too_large
from chat.images.pool import DecoderPool


@dataclass(frozen=True, slots=True)
class IngestedImage:
    """A picture that may be stored."""

    ref: MediaRef
    data: bytes
    """What to store: the clean copy of an upload, or exactly what a model or tool made."""
    thumbnail: bytes
    """A WebP of at most 768 px."""
    note: str = ""
    """What the user should know of it, in sentences; mostly empty."""


class ImageIngest:
    """Takes pictures in. Threads may share it; two pictures are worked on at once."""

    def __init__(self, limits: Limits | None = None) -> None:
        """Nothing is started before the first picture comes."""
        self._limits = limits or Limits()
        self.pool = DecoderPool(self._limits)
        """The processes behind it, for other work on pictures."""

    def ingest(self, data: bytes, origin: ImageOrigin) -> IngestedImage:
        """Check a picture and make what is stored of it.

        Raises:
            PicturesBusy: nobody could look at it just now.
            MediaRejected: it is not taken; the sentence says why.
        """
        self._bound(data, origin)
        form = sniff(data) if origin == "upload" else sniff_made(data)
        job = {"do": "ingest", "origin": origin}
        most_s = self._limits.drawing_cpu_s if form == SVG else self._limits.cpu_s
        try:
            kept, small, found = self._ask(job, data, most_s)
        except PicturesBusy:
            raise
        except MediaRejected:
            if origin == "upload" or form.mime in DISPLAYED:
                raise
            # It was paid for, and others may open it: the file is kept, whatever it shows here.
            kept, small, found = self._ask({**job, "undrawn": True}, data, most_s)
        if sniff(small) != WEBP:
            raise MediaRejected(DAMAGED)
        form = sniff(kept) if origin == "upload" else form
        return IngestedImage(named(kept, found, form), kept, small, str(found["note"]))

    def unseen(self, data: bytes) -> IngestedImage:
        """A picture that a model or a tool made, kept before anybody could look at it.

        It has no small copy yet, and the size is what its head says.

        Raises:
            MediaRejected: it is too large, or none that Easel keeps.
        """
        self._bound(data, "model")
        form = sniff_made(data)
        width_px, height_px = declared_px(data, form)
        found: dict[str, Json] = {"width_px": width_px, "height_px": height_px}
        return IngestedImage(named(data, found, form), data, b"", UNSEEN)

    def fit(self, data: bytes, max_bytes: int, max_side_px: int = 4096) -> tuple[bytes, MediaRef]:
        """A PNG, JPEG or WebP for a model, within its budget; the same bytes if they are one.

        Raises:
            MediaRejected: it cannot be opened, or not be made so small.
        """
        job = {"do": "fit", "max_bytes": max_bytes, "max_side_px": max_side_px}
        kept, _, found = self._ask(job, data, self._limits.cpu_s)
        return kept, named(kept, found, sniff(kept))

    def worker_pids(self) -> list[int]:
        """The processes that are warm now: none before the first picture."""
        return self.pool.pids()

    def close(self) -> None:
        """End the processes; a picture under way is refused. Safe to call twice."""
        self.pool.close()

    def _bound(self, data: bytes, origin: ImageOrigin) -> None:
        most_bytes = self._limits.most_bytes(origin)
        if len(data) > most_bytes:
            raise MediaRejected(too_large(len(data), most_bytes))

    def _ask(
        self, job: Mapping[str, Json], data: bytes, most_s: float
    ) -> tuple[bytes, bytes, dict[str, Json]]:
        answer, (kept, small) = self.pool.ask(job, data, most_s=most_s)
        return (data if answer["same"] else kept), small, answer["found"]


def named(data: bytes, found: Mapping[str, Json], form: Format) -> MediaRef:
    """Name the bytes. What they are is told from them, not by the process that met a stranger."""
    return MediaRef(
        sha256=hashlib.sha256(data).hexdigest(),
        mime=form.mime,
        size_bytes=len(data),
        width_px=int(found["width_px"]),
        height_px=int(found["height_px"]),
    )
