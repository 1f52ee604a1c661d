"""The processes over a database, and whose reply is whose, in the database itself.

Only where a server keeps it are there several: a data folder is one program's at a time. Moments
are the server's own, so that the clocks of the machines do not matter.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from chat.core.errors import StorageError
from chat.core.replicas import LEASE_S, LeftReply, ReplicasSeen, TurnElsewhere
from storage.rows import MESSAGE_COLUMNS, from_message_row
from storage.tables import ALIVE_SQL
from storage.transaction import transaction

CLOSED = "The store is closed."
CLOSING_S = 3.0
"""How long a server that does not answer may hold up the end."""
HOUSEKEEPING = 0x4561_7365_6D
"""The number under which the server keeps housekeepers apart."""


class SqlReplicas:
    """The port ``Replicas`` on a migrated database."""

    def __init__(self, engine: Engine, own: str = "", before: str = "") -> None:
        """``own`` is the id of this process, ``before`` of the one before it, surely ended.

        Without an id of its own it is the only one.
        """
        self._engine = engine
        self.own = own
        self._before = before
        self._beating = threading.Lock()
        self._closed = False

    @property
    def shared(self) -> bool:
        """Whether several may use the database at once."""
        return bool(self.own)

    def beat(self) -> ReplicasSeen:
        """Say that this process lives; what there is of others."""
        if not self.shared:
            return ReplicasSeen()
        with self._beating:
            if self._closed:
                raise StorageError(CLOSED)
            return self._beat()

    def _beat(self) -> ReplicasSeen:
        with transaction(self._engine, 0.0) as writing:
            # The next one is soon: nobody need wait for a disk.
            writing.run("SET LOCAL synchronous_commit = off")
            writing.run(_BEAT, own=self.own, lease_s=LEASE_S)
            others = writing.rows(_OTHERS, own=self.own)
        return ReplicasSeen(
            [other for other, lives in others if lives], not all(lives for _, lives in others)
        )

    def close(self) -> None:
        """Say nothing any more, once a beat that is under way is over.

        Beats have a thread of their own, and one that came after the store was closed would open a
        connection that nobody closes.
        """
        over = self._beating.acquire(timeout=CLOSING_S)
        self._closed = True
        if over:
            self._beating.release()

    def take_over(self, *, lapsed: bool) -> list[LeftReply]:
        """Unfinished replies that nobody writes; they are this process's now."""
        with transaction(self._engine, 0.0 if self.shared else None) as writing:
            if not self.shared:
                rows = writing.rows(f"{_LEFT} WHERE {ALIVE_SQL} ORDER BY m.seq")
                return [LeftReply(row[0], from_message_row(row[1:])) for row in rows]
            whose = _LAPSED if lapsed else _SURELY
            taken = writing.rows(
                f"{_TAKE} AND {whose} RETURNING id", own=self.own, was=self._before
            )
            if lapsed:
                writing.run(_FORGET, own=self.own)
            found = []
            for (message_id,) in taken:
                row = writing.row(f"{_LEFT_SEQ} WHERE m.id = :message_id", message_id=message_id)
                assert row is not None, "it is held by this transaction"
                found.append((row[0], LeftReply(row[1], from_message_row(row[2:]))))
            return [left for _, left in sorted(found, key=lambda each: int(each[0]))]

    def elsewhere(self) -> list[TurnElsewhere]:
        """The replies that living others write, oldest first."""
        if not self.shared:
            return []
        with transaction(self._engine) as reading:
            return [TurnElsewhere(*row) for row in reading.rows(_ELSEWHERE, own=self.own)]

    def leave(self) -> None:
        """This process is about to end."""
        if self.shared:
            with transaction(self._engine, 0.0) as writing:
                writing.run(_LEAVE, own=self.own)

    @contextmanager
    def housekeeping(self) -> Iterator[bool]:
        """Hold what only one process may do at a time."""
        if not self.shared:
            yield True
            return
        with transaction(self._engine) as held:
            # It is idle for as long as the work takes; a pooler gives it no other connection.
            held.run("SET LOCAL idle_in_transaction_session_timeout = 0")
            row = held.row("SELECT pg_try_advisory_xact_lock(:key)", key=HOUSEKEEPING)
            yield bool(row and row[0])


CLOCK = "(clock_timestamp() AT TIME ZONE 'UTC')"
"""The moment by the server's own clock, as columns keep it."""
_BEAT = f"""
    INSERT INTO replica (id, until) VALUES (:own, {CLOCK} + make_interval(secs => :lease_s))
    ON CONFLICT (id) DO UPDATE SET until = EXCLUDED.until
"""
_OTHERS = f"SELECT id, until > {CLOCK} FROM replica WHERE id <> :own ORDER BY id"
_TAKE = f"UPDATE message SET lease_by = :own WHERE {ALIVE_SQL}"
_SURELY = "(lease_by IS NULL OR lease_by IN (:own, :was))"
_LAPSED = f"""
    lease_by <> :own AND NOT EXISTS (
        SELECT 1 FROM replica WHERE replica.id = message.lease_by AND until > {CLOCK}
    )
"""
_FORGET = f"DELETE FROM replica WHERE id <> :own AND until < {CLOCK}"
_LEAVE = f"UPDATE replica SET until = {CLOCK} - interval '1 second' WHERE id = :own"
_JOINED = "FROM message AS m JOIN conversation AS c ON c.id = m.conversation_id"
_ELSEWHERE = f"""
    SELECT m.id, c.owner, m.conversation_id {_JOINED}
    WHERE {ALIVE_SQL} AND lease_by <> :own AND EXISTS (
        SELECT 1 FROM replica WHERE replica.id = m.lease_by AND until > {CLOCK}
    ) ORDER BY m.seq
"""
_LEFT = f"SELECT c.owner, {MESSAGE_COLUMNS} {_JOINED}"
_LEFT_SEQ = f"SELECT m.seq, c.owner, {MESSAGE_COLUMNS} {_JOINED}"
