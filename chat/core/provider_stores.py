"""The sockets for what people set up of providers in the page: keys, and rows as a text.

Stores are plain synchronous code; who calls them from a coroutine uses ``asyncio.to_thread``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class KeptKeys:
    """The keys that a store holds."""

    keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    """By the name of the variable that could hold each as well."""
    trouble: str = ""
    """What cannot be read and what to do about it, in sentences; empty: nothing."""


class KeyStore(Protocol):
    """Keys of providers that people typed in. They go nowhere but to their provider."""

    @property
    def place(self) -> str:
        """Where a key that is kept now goes, as the end of a sentence."""
        ...

    def read(self) -> KeptKeys:
        """Every key that can be read. Never raises for those that cannot."""
        ...

    def keep(self, name: str, key: str) -> None:
        """Have this key under a name, in the place of another. Raises ``StorageError``."""
        ...

    def forget(self, name: str) -> None:
        """Have none under this name. Twice is once. Raises ``StorageError``."""
        ...


class KeptText(Protocol):
    """A text that is replaced as a whole."""

    @property
    def name(self) -> str:
        """What to call it in a sentence."""
        ...

    def read(self) -> str:
        """What is in it; empty where there is none. Raises ``StorageError``."""
        ...

    def write(self, text: str) -> None:
        """Have this in it, all or what was there before. Raises ``StorageError``."""
        ...
