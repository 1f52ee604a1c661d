"""The log on standard error: one line an event, and never a key in it.

As text for people, or each event as an object of JSON for a collector of logs.

Servers echo what they were sent, and SDKs put what servers say into their errors; so keys are
taken out of the finished text, traces included, whoever logs it.
"""

import copy
import json
import logging
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TextIO

from chat.core.errors import Full, ReadOnly, StorageError
from chat.core.redaction import HIDDEN, without_keys

FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
OURS = ("chat", "easel", "storage")
AGAIN_AFTER_S = 60.0
UNSEEN = {
    code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"
}
"""How signs are written that a terminal would obey: addresses and programs may hold them."""
REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
"""What the request is called that is being answered, or that began what runs; empty: none did."""
SHARED_LINK = re.compile(r"(/shared/)[\w-]{32,}")
"""What stands there opens what is shared; names of files and folders are shorter."""
CHATTY = ("alembic", "httpx", "httpx2", "matplotlib")


class Discreet(logging.Formatter):
    """Formats as its parent does, and leaves out keys."""

    def __init__(self, fmt: str = FORMAT) -> None:
        """Leave out what looks like a key, until :meth:`hide` names the real ones."""
        super().__init__(fmt)
        self._keys: frozenset[str] = frozenset()
        self.as_json = False
        """Whether each record is one line of JSON."""

    def hide(self, keys: Iterable[str]) -> None:
        """Leave out these too, from the next record on."""
        self._keys |= frozenset(keys)

    def format(self, record: logging.LogRecord) -> str:
        """The whole text of a record, with its trace."""
        if self.as_json:
            return json.dumps(self._discreet(self._told(record)), ensure_ascii=False, default=str)
        return self._without_secrets(super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # logging's own name
        """The line of a record without its trace; of a trouble with the name of its request."""
        line, name = super().formatMessage(record), REQUEST_ID.get()
        return f"{line} (request {name})" if name and record.levelno >= logging.WARNING else line

    def _told(self, record: logging.LogRecord) -> dict[str, Any]:
        at = datetime.fromtimestamp(record.created, UTC)
        fields = getattr(record, "fields", None)
        told: dict[str, Any] = {
            "time": at.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
        }
        # Where a record brings its fields, its message is the same once more, as text.
        told |= {"message": record.getMessage()} if fields is None else {"fields": fields}
        if name := REQUEST_ID.get():
            told["request_id"] = name
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)
        return told

    def _without_secrets(self, text: str) -> str:
        return without_keys(SHARED_LINK.sub(rf"\1{HIDDEN}", text.translate(UNSEEN)), self._keys)

    def _discreet(self, value: Any) -> Any:
        """A value without keys, wherever in it they stand: quoted, they would look different."""
        if isinstance(value, str):
            return self._without_secrets(value)
        if isinstance(value, Mapping):
            return {str(name): self._discreet(each) for name, each in value.items()}
        if isinstance(value, list | tuple):
            return [self._discreet(each) for each in value]
        return value


class Sparing(logging.StreamHandler[TextIO]):
    """Writes as its parent does; but a disk that is full, or may not be written, once a minute.

    Every write of every turn meets the same fault then. Its line has the cause and no trace, and
    the next one says how many it stands for.
    """

    def __init__(
        self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Write to a stream, standard error by default. ``clock`` gives seconds."""
        super().__init__(stream)
        self._clock = clock
        self._said_at_s: dict[type[StorageError], float] = {}
        self._unsaid: dict[type[StorageError], int] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, unless it repeats what was written within the last minute."""
        fault = next(_lasting_faults(record), None)
        if fault is None:
            super().emit(record)
            return
        kind, at_s = type(fault), self._clock()
        if kind in self._said_at_s and at_s - self._said_at_s[kind] < AGAIN_AFTER_S:
            self._unsaid[kind] = self._unsaid.get(kind, 0) + 1
            return
        self._said_at_s[kind] = at_s
        super().emit(_in_one_line(record, fault, self._unsaid.pop(kind, 0)))


def _lasting_faults(record: logging.LogRecord) -> Iterator[StorageError]:
    """What the record tells of a store that takes nothing more, until somebody makes room."""
    told = list(record.args.values() if isinstance(record.args, dict) else record.args or ())
    error = record.exc_info[1] if record.exc_info else None
    while error is not None:
        told.append(error)
        error = error.__cause__
    yield from (each for each in told if isinstance(each, Full | ReadOnly))


def _in_one_line(record: logging.LogRecord, fault: StorageError, unsaid: int) -> logging.LogRecord:
    line = copy.copy(record)
    words = " ".join(record.getMessage().split())
    told = [words if str(fault) in words else f"{words}: {fault}"]
    if (cause := fault.__cause__) is not None:
        first = str(getattr(cause, "orig", None) or cause).strip().partition("\n")[0]
        told.append(f"({type(cause).__name__}: {first})")
    if unsaid:
        told.append(f"[{unsaid} more like this since the last one]")
    line.msg, line.args = " ".join(told), None
    line.exc_info = line.exc_text = line.stack_info = None
    return line


def set_level(level: str) -> None:
    """Write our own records from this level on; libraries go on from INFO, or above."""
    for name in OURS:
        logging.getLogger(name).setLevel(level)


def start_log() -> Discreet:
    """Log to standard error; who learns of keys tells them to what this returns."""
    formatter = Discreet()
    handler = Sparing()
    handler.setFormatter(formatter)
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.captureWarnings(True)  # those of SDKs quote what servers say
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    return formatter
