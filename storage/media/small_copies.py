"""Small copies of pictures kept at hand, so that a page of them does not ask far away for each.

They are derived from pictures and made anew where they are lost; the pictures themselves are never
kept here.
"""

import re
import threading
from collections import OrderedDict
from datetime import datetime

from storage.media.objects import Objects

KEPT_BYTES = 64 * 1024 * 1024
"""About 2,000 thumbnails."""

_DERIVED = re.compile(r"[0-9a-f]{2}/[0-9a-f]{64}\.[a-z0-9]+")


class SmallCopies:
    """``Objects`` that remembers derived copies last read or written, up to ``KEPT_BYTES``."""

    def __init__(self, objects: Objects, kept_bytes: int = KEPT_BYTES) -> None:
        """Stand before these objects."""
        self._objects = objects
        self._most = kept_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0

    def write(self, key: str, data: bytes) -> None:
        """Have exactly these bytes under a key."""
        self._objects.write(key, data)
        self._keep(key, data)

    def read(self, key: str) -> bytes:
        """The bytes under a key."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        data = self._objects.read(key)
        self._keep(key, data)
        return data

    def has(self, key: str) -> bool:
        """Whether there is something under a key."""
        return self._objects.has(key)

    def remove(self, key: str) -> None:
        """Have nothing under a key."""
        self._forget(key)
        self._objects.remove(key)

    def move(self, key: str, to: str) -> None:
        """Put what is under one key under another."""
        self._forget(key)
        self._forget(to)
        self._objects.move(key, to)

    def listing(self, prefix: str = "") -> list[tuple[str, datetime]]:
        """Every key that begins so, with the time of its last write."""
        return self._objects.listing(prefix)

    def _keep(self, key: str, data: bytes) -> None:
        if not _DERIVED.fullmatch(key) or len(data) > self._most // 16:
            return
        with self._lock:
            self._size += len(data) - len(self._kept.pop(key, b""))
            self._kept[key] = data
            while self._size > self._most:
                _, dropped = self._kept.popitem(last=False)
                self._size -= len(dropped)

    def _forget(self, key: str) -> None:
        with self._lock:
            self._size -= len(self._kept.pop(key, b""))
