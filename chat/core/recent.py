"""What was used last, kept up to a total size: a number of things alone says nothing of memory."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """Values by their keys; the longest unused is forgotten first, the newest always stays.

    Any thread may use it.
    """

    def __init__(self, most: int, entries: int | None = None) -> None:
        """Keep nothing yet.

        Args:
            most: the total size that is kept, in whatever ``keep`` is told sizes in.
            entries: how many are kept at most; ``None``: any number within the size.
        """
        self._most, self._entries = most, entries
        self._kept: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def __contains__(self, key: Key) -> bool:
        return key in self._kept

    def get(self, key: Key) -> Value | None:
        """What is kept under a key, which counts as a use."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            return found[0]

    def keep(self, key: Key, value: Value, size: int) -> None:
        """Keep a value of this size; others make room for it."""
        with self._lock:
            _, before = self._kept.pop(key, (None, 0))
            self._kept[key] = value, size
            self._size += size - before
            while len(self._kept) > 1 and self._is_full():
                _, (_, freed) = self._kept.popitem(last=False)
                self._size -= freed

    def _is_full(self) -> bool:
        return self._size > self._most or (
            self._entries is not None and len(self._kept) > self._entries
        )
