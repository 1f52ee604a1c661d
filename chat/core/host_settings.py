"""What the host has set while Easel runs, and the port that keeps it."""

from typing import Protocol

from chat.core.parts import Json


class HostSettings(Protocol):
    """Values by name. Every write is durable when the call returns.

    Raises, for all of it: ``Full``, ``ReadOnly`` and other ``StorageError``.
    """

    def value(self, name: str) -> Json:
        """What is kept under a name; ``None``: nothing."""
        ...

    def keep(self, name: str, value: Json) -> None:
        """Keep a value in place of the one before; ``None`` forgets it."""
        ...
