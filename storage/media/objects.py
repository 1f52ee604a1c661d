"""What a place for picture bytes must be able to do; the rules about pictures stand above it.

A new kind of storage is a class with these six methods and a row in ``storage.open.MEDIA``.
"""

from datetime import datetime
from typing import Protocol


class Objects(Protocol):
    """Bytes under keys such as ``ab/abcd...`` or ``bin/2026-11-29/abcd...``.

    Keys are relative paths of lower-case letters, digits, dots and dashes, with ``/`` between.

    Raises ``Full``, ``ReadOnly`` or ``StorageError`` where a write fails, ``NotFound`` where
    there is nothing under a key, ``StorageError`` where it cannot be told.
    """

    def write(self, key: str, data: bytes) -> None:
        """Have exactly these bytes under a key, whatever was there; its time is now.

        On return they are durable. Whoever reads meanwhile gets the old bytes or the new ones,
        never a part; if the write fails the old ones stay.
        """
        ...

    def read(self, key: str) -> bytes:
        """The bytes under a key."""
        ...

    def has(self, key: str) -> bool:
        """Whether there is something under a key."""
        ...

    def remove(self, key: str) -> None:
        """Have nothing under a key; no error if that is so already."""
        ...

    def move(self, key: str, to: str) -> None:
        """Put what is under one key under another, over whatever is there. Raises ``NotFound``."""
        ...

    def listing(self, prefix: str = "") -> list[tuple[str, datetime]]:
        """Every key that begins so, with the time of its last write, sorted."""
        ...
