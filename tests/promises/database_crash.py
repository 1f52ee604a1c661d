"""A PostgreSQL server that crashes and recovers by itself."""

import os
import signal

import psycopg

from tests.process.disk import until


def recovered(address: str) -> int | None:
    """The process that a server starts anew when it recovers; ``None`` while it lets nobody in."""
    asked = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'"
    try:
        with psycopg.connect(address) as connection:
            found = connection.execute(asked).fetchone()
    except psycopg.OperationalError:
        return None
    return int(found[0]) if found else None


def crash(address: str) -> None:
    """Kill one of its processes, as being out of memory does: it ends them all, and recovers."""
    before = until(lambda: recovered(address))
    with psycopg.connect(address) as connection:
        os.kill(connection.info.backend_pid, signal.SIGKILL)
    until(lambda: recovered(address) not in (None, before) or None)
