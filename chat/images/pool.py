"""The decoder processes as a pool: who has work on a picture waits here for a free one."""

import queue
import threading
from collections.abc import Mapping

from chat.core.errors import PicturesBusy
from chat.core.parts import Json
from chat.images.decoder import Answer, Decoder, OutOfTime
from chat.images.limits import BUSY, Limits

_DECODERS = 2


class DecoderPool:
    """Two processes, shared by threads; two pictures are worked on at once.

    Of those, one may be large or slow at a time, so that nobody's small picture waits for it.
    """

    def __init__(self, limits: Limits) -> None:
        """Nothing is started before the first picture comes."""
        self.limits = limits
        self._decoders = tuple(Decoder(limits) for _ in range(_DECODERS))
        # Last in, first out: a lone user keeps one process warm, not two.
        self._free: queue.LifoQueue[Decoder] = queue.LifoQueue()
        for decoder in self._decoders:
            self._free.put(decoder)
        self._large = threading.Semaphore(_DECODERS - 1)

    def ask(self, job: Mapping[str, Json], *files: bytes, most_s: float | None = None) -> Answer:
        """Have a job done, first as a quick one; blocks.

        Args:
            job: What to do; ``do`` names the task.
            files: What to do it with, at least one.
            most_s: Seconds of processor time that it may take; the limits' without it.

        Raises:
            PicturesBusy: no process was free for it.
            MediaRejected: it was refused; the sentence says why.
        """
        try:
            answer, blobs = self._work({**job, "quick": True}, files, self.limits.quick_cpu_s)
        except OutOfTime:
            answer, blobs = {"large": True}, []
        if "large" not in answer:
            return answer, blobs
        if not self._large.acquire(timeout=self.limits.patience_s):
            raise PicturesBusy(BUSY)
        try:
            return self._work({**job, "quick": False}, files, most_s or self.limits.cpu_s)
        finally:
            self._large.release()

    def pids(self) -> list[int]:
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

    def _work(self, job: Mapping[str, Json], files: tuple[bytes, ...], cpu_s: float) -> Answer:
        try:
            decoder = self._free.get(timeout=self.limits.patience_s)
        except queue.Empty as error:
            raise PicturesBusy(BUSY) from error
        try:
            return decoder.ask({**job, "cpu_s": cpu_s}, *files)
        finally:
            self._free.put(decoder)
