"""The one door for pictures: uploads, models' pictures and tools' pictures all come in here.

It bounds, sniffs and names; decoding happens in another process, so that a picture made to
break a decoder breaks nothing else.
"""

import hashlib
import queue
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from chat.core.errors import MediaRejected
from chat.core.parts import ImageOrigin, Json, MediaRef
from chat.images.decoder import Answer, Decoder, OutOfTime
from chat.images.formats import SVG, WEBP, Format, sniff, sniff_made
from chat.images.limits import BUSY, DAMAGED, Limits, too_large

_DECODERS = 2


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
    """Takes pictures in. Threads may share it; two pictures are worked on at once.

    Of those, one may be large or slow at a time, so that nobody's small picture waits for it.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        """Nothing is started before the first picture comes."""
        self._limits = limits or Limits()
        self._decoders = tuple(Decoder(self._limits) for _ in range(_DECODERS))
        # Last in, first out: a lone user keeps one process warm, not two.
        self._free: queue.LifoQueue[Decoder] = queue.LifoQueue()
        for decoder in self._decoders:
            self._free.put(decoder)
        self._large = threading.Semaphore(_DECODERS - 1)

    def ingest(self, data: bytes, origin: ImageOrigin) -> IngestedImage:
        """Check a picture and make what is stored of it.

        Raises:
            MediaRejected: it is not taken; the sentence says why.
        """
        most_bytes = self._limits.most_bytes(origin)
        if len(data) > most_bytes:
            raise MediaRejected(too_large(len(data), most_bytes))
        form = sniff(data) if origin == "upload" else sniff_made(data)
        job = {"do": "ingest", "origin": origin}
        most_s = self._limits.drawing_cpu_s if form == SVG else self._limits.cpu_s
        try:
            kept, small, found = self._ask(job, data, most_s)
        except MediaRejected:
            if form != SVG:
                raise
            # It was paid for, and others may open it: the file is kept, whatever it shows here.
            kept, small, found = self._ask({**job, "undrawn": True}, data, most_s)
        if sniff(small) != WEBP:
            raise MediaRejected(DAMAGED)
        form = sniff(kept) if form != SVG else SVG
        return IngestedImage(_ref(kept, found, form), kept, small, str(found["note"]))

    def fit(self, data: bytes, max_bytes: int, max_side_px: int = 4096) -> tuple[bytes, MediaRef]:
        """A PNG, JPEG or WebP for a model, within its budget; the same bytes if they are one.

        Raises:
            MediaRejected: it cannot be opened, or not be made so small.
        """
        job = {"do": "fit", "max_bytes": max_bytes, "max_side_px": max_side_px}
        kept, _, found = self._ask(job, data, self._limits.cpu_s)
        return kept, _ref(kept, found, sniff(kept))

    def worker_pids(self) -> list[int]:
        """The processes that are warm now: none before the first picture."""
        # Asked once each: a decoder whose process just died has none a moment later.
        pids = [decoder.pid for decoder in self._decoders]
        return [pid for pid in pids if pid is not None]

    def close(self) -> None:
        """End the processes; a picture under way is refused. Safe to call twice."""
        for decoder in self._decoders:
            decoder.stop()
        mine = [self._free.get() for _ in self._decoders]
        for decoder in mine:
            decoder.close()
            self._free.put(decoder)

    def _ask(
        self, job: Mapping[str, Json], data: bytes, most_s: float
    ) -> tuple[bytes, bytes, dict[str, Json]]:
        try:
            answer, blobs = self._work({**job, "quick": True}, data, self._limits.quick_cpu_s)
        except OutOfTime:
            answer, blobs = {"large": True}, []
        if "large" in answer:
            if not self._large.acquire(timeout=self._limits.patience_s):
                raise MediaRejected(BUSY)
            try:
                answer, blobs = self._work({**job, "quick": False}, data, most_s)
            finally:
                self._large.release()
        kept, small = blobs
        return (data if answer["same"] else kept), small, answer["found"]

    def _work(self, job: Mapping[str, Json], data: bytes, cpu_s: float) -> Answer:
        try:
            decoder = self._free.get(timeout=self._limits.patience_s)
        except queue.Empty as error:
            raise MediaRejected(BUSY) from error
        try:
            return decoder.ask({**job, "cpu_s": cpu_s}, data)
        finally:
            self._free.put(decoder)


def _ref(data: bytes, found: Mapping[str, Json], form: Format) -> MediaRef:
    """Name the bytes. What they are is told from them, not by the process that met a stranger."""
    return MediaRef(
        sha256=hashlib.sha256(data).hexdigest(),
        mime=form.mime,
        size_bytes=len(data),
        width_px=int(found["width_px"]),
        height_px=int(found["height_px"]),
    )
