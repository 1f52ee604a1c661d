"""What the SDK logs of servers: a server that sends nonsense would fill the disk with it.

It writes a trace for each message that it cannot read. Here each of its loggers says one line a
minute, which has the cause and no trace, and tells how many it stands for.
"""

import logging
import time
from collections.abc import Callable

AGAIN_AFTER_S = 60.0
LOGGERS = (
    "client",
    "mcp.client.client",
    "mcp.client.streamable_http",
    "mcp.client.auth.oauth2",
    "mcp.client.auth.utils",
    "mcp.client.subscriptions",
    "mcp.shared.dispatcher",
    "mcp.shared.jsonrpc_dispatcher",
)
"""Source: mcp 2.3.0, ``getLogger`` in ``mcp/client`` and ``mcp/shared``, read 2026-11-30."""

_CHARACTERS = 300


class Counted(logging.Filter):
    """Lets through one record a minute, in one line."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Go by this clock, in seconds."""
        super().__init__()
        self._clock = clock
        self._said_at_s = -AGAIN_AFTER_S
        self._unsaid = 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether it is written; it is shortened then."""
        now_s = self._clock()
        if now_s - self._said_at_s < AGAIN_AFTER_S:
            self._unsaid += 1
            return False
        words = [record.getMessage()]
        if record.exc_info and record.exc_info[1] is not None:
            words.append(f"({type(record.exc_info[1]).__name__}: {record.exc_info[1]})")
        line = " ".join(" ".join(words).split())[:_CHARACTERS]
        if self._unsaid:
            line += f" [{self._unsaid} more since the last one]"
        record.msg, record.args = line, None
        record.exc_info = record.exc_text = record.stack_info = None
        self._said_at_s, self._unsaid = now_s, 0
        return True


def count() -> None:
    """Count what the SDK's loggers say from now on. Safe to call twice."""
    for name in LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(each, Counted) for each in logger.filters):
            logger.addFilter(Counted())
