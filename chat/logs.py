"""The log on standard error: one line an event, and never a key in it.

Servers echo what they were sent, and SDKs put what servers say into their errors; so keys are
taken out of the finished text, traces included, whoever logs it.
"""

import logging
from collections.abc import Iterable

from chat.core.redaction import without_keys

FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
OURS = ("chat", "easel", "storage")
CHATTY = ("alembic", "httpx", "httpx2", "matplotlib")


class Discreet(logging.Formatter):
    """Formats as its parent does, and leaves out keys."""

    def __init__(self, fmt: str = FORMAT) -> None:
        """Leave out what looks like a key, until :meth:`hide` names the real ones."""
        super().__init__(fmt)
        self._keys: frozenset[str] = frozenset()

    def hide(self, keys: Iterable[str]) -> None:
        """Leave out these too, from the next record on."""
        self._keys |= frozenset(keys)

    def format(self, record: logging.LogRecord) -> str:
        """The whole text of a record, with its trace."""
        return without_keys(super().format(record), self._keys)


def set_level(level: str) -> None:
    """Write our own records from this level on; libraries go on from INFO, or above."""
    for name in OURS:
        logging.getLogger(name).setLevel(level)


def start_log() -> Discreet:
    """Log to standard error; who learns of keys tells them to what this returns."""
    formatter = Discreet()
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    return formatter
