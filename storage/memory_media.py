"""Picture bytes in a dictionary: gone when the program ends. A peer of the folder."""

import threading
from datetime import datetime

from chat.core.errors import NotFound
from chat.core.messages import now
from storage.media_names import check_bytes, checked


def open_memory_media(url: str) -> "MemoryMedia":
    """A new, empty store; the address says nothing more."""
    del url
    return MemoryMedia()


class MemoryMedia:
    """The port ``MediaStore`` in memory."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stored: dict[str, tuple[bytes, datetime]] = {}

    def put(self, name: str, data: bytes) -> None:
        """Store; the first bytes under a name stay."""
        check_bytes(name, data)
        with self._lock:
            kept, _ = self._stored.get(name, (bytes(data), None))
            self._stored[name] = (kept, now())

    def get(self, name: str) -> bytes:
        """The bytes."""
        with self._lock:
            stored = self._stored.get(checked(name))
        if stored is None:
            raise NotFound("That picture is not there any more.")
        return stored[0]

    def has(self, name: str) -> bool:
        """Whether they are there."""
        with self._lock:
            return checked(name) in self._stored

    def delete(self, name: str) -> None:
        """Remove; no error if they are not there."""
        with self._lock:
            self._stored.pop(checked(name), None)

    def names(self, older_than: datetime) -> list[str]:
        """Every name last put before then."""
        with self._lock:
            return sorted(name for name, (_, at) in self._stored.items() if at < older_than)
