"""Picture bytes in a dictionary: gone when the program ends. A peer of the folder."""

import threading
from datetime import datetime

from chat.core.errors import NotFound
from chat.core.messages import now
from storage.media.pictures import GONE, StoredPictures


def open_memory_media(url: str) -> "MemoryMedia":
    """A new, empty store; the address says nothing more."""
    del url
    return MemoryMedia()


class MemoryObjects:
    """``Objects`` in a dictionary."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stored: dict[str, tuple[bytes, datetime]] = {}

    def write(self, key: str, data: bytes) -> None:
        """Have exactly these bytes under a key."""
        with self._lock:
            self._stored[key] = (bytes(data), now())

    def read(self, key: str) -> bytes:
        """The bytes under a key."""
        with self._lock:
            stored = self._stored.get(key)
        if stored is None:
            raise NotFound(GONE)
        return stored[0]

    def has(self, key: str) -> bool:
        """Whether there is something under a key."""
        with self._lock:
            return key in self._stored

    def remove(self, key: str) -> None:
        """Have nothing under a key."""
        with self._lock:
            self._stored.pop(key, None)

    def move(self, key: str, to: str) -> None:
        """Put what is under one key under another."""
        with self._lock:
            if key not in self._stored:
                raise NotFound(GONE)
            self._stored[to] = self._stored.pop(key)

    def listing(self, prefix: str = "") -> list[tuple[str, datetime]]:
        """Every key that begins so, with the time of its last write."""
        with self._lock:
            found = [(key, at) for key, (_, at) in self._stored.items() if key.startswith(prefix)]
        return sorted(found)


class MemoryMedia(StoredPictures):
    """The port ``MediaStore`` in memory."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__(MemoryObjects())
