"""What the host has set while Easel runs, in the database of the conversations."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import Engine

from chat.core.messages import now
from chat.core.parts import Json
from storage.transaction import transaction


class SqlHostSettings:
    """The port ``HostSettings`` on a migrated database. Each call is one transaction."""

    def __init__(self, engine: Engine, turn: Callable[[], AbstractContextManager[float]]) -> None:
        """``turn`` is that of the store of conversations: one queue of writers for a database."""
        self._engine = engine
        self._turn = turn

    def value(self, name: str) -> Json:
        """What is kept under a name."""
        with transaction(self._engine) as reading:
            row = reading.row("SELECT value FROM host_setting WHERE name = :name", name=name)
        kept: Json = None if row is None else json.loads(row[0])
        return kept

    def keep(self, name: str, value: Json) -> None:
        """Keep a value in place of the one before."""
        with self._turn() as patience_s, transaction(self._engine, patience_s) as writing:
            if value is None:
                writing.run("DELETE FROM host_setting WHERE name = :name", name=name)
                return
            moment = writing.moment(now())
            writing.run(_KEEP, name=name, value=json.dumps(value), moment=moment)


_KEEP = """
    INSERT INTO host_setting (name, value, changed_at) VALUES (:name, :value, :moment)
    ON CONFLICT (name) DO UPDATE
    SET value = excluded.value, changed_at = excluded.changed_at
"""
