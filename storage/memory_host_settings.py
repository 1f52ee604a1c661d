"""What the host has set while Easel runs, in a dictionary: gone when the program ends."""

from chat.core.parts import Json


class MemoryHostSettings:
    """The port ``HostSettings`` in memory."""

    def __init__(self) -> None:
        self._values: dict[str, Json] = {}

    def value(self, name: str) -> Json:
        """What is kept under a name."""
        return self._values.get(name)

    def keep(self, name: str, value: Json) -> None:
        """Keep a value in place of the one before."""
        self._values.pop(name, None)
        if value is not None:
            self._values[name] = value
