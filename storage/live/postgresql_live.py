"""The logs of growing replies in PostgreSQL, and signals by its NOTIFY.

The table is UNLOGGED: what is in it is written to no log and waits for no disk, and a server that
crashes empties it, after which each process lays out its own logs once more. One connection of the
process listens. It has to lead to the server itself: a pooler that gives each transaction another
connection passes no signals on.
"""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Any

import psycopg
from sqlalchemy import Engine

from chat.core.live_log import Heard, LogPiece, Signal
from chat.core.messages import new_id
from chat.core.parts import Json
from storage.data_dir_lock import Process
from storage.live.event_codec import Pieces, events_to_json
from storage.live.signals import signals_in, texts_of
from storage.postgresql import postgresql_engine
from storage.transaction import transaction

log = logging.getLogger(__name__)

CHANNEL = "easel_live"
PROBE_S = 15.0
"""So often it is made sure that signals still come through."""
ANSWER_S = 5.0
AGAIN_S = 1.0

NO_WORD = (
    "Signals of PostgreSQL do not come through. Where a pooler stands before it, name the server's "
    "own address in EASEL_LIVE_URL."
)


def open_postgresql_live(url: str, process: Process) -> "PostgresqlLiveLog":
    """The logs in the database at an address, which needs none of Easel's own tables.

    Raises:
        ConfigError: the driver is not installed, or the address makes no sense.
        StorageError: it cannot be reached.
    """
    engine = postgresql_engine(url)
    try:
        with transaction(engine, 0.0) as writing:
            writing.alone(CHANNEL)  # of two that make it at once one would fail
            writing.run(_TABLE)
            writing.run(_FORGET_OLD)
    except BaseException:
        engine.dispose()
        raise
    return PostgresqlLiveLog(engine, process.id)


class PostgresqlLiveLog:
    """The port ``LiveLog``."""

    def __init__(self, engine: Engine, own: str) -> None:
        self._engine = engine
        self._own = own
        self._pieces = Pieces()

    def tell(
        self,
        pieces: Sequence[LogPiece] = (),
        signals: Sequence[Signal] = (),
        ended: Sequence[str] = (),
        notes: Mapping[str, Json] | None = None,
    ) -> None:
        """Forget what has ended, lay out pieces and notes, and tell the others."""
        rows = [
            (piece.turn, piece.first, len(piece.events), events_to_json(piece.events))
            for piece in pieces
        ]
        rows += [(name, 0, 0, json.dumps(value)) for name, value in (notes or {}).items()]
        # That a turn has begun comes before what it says.
        told = [*signals, *(Signal("frames", (piece.turn,)) for piece in pieces)]
        with transaction(self._engine, 0.0) as writing:
            writing.run("SET LOCAL synchronous_commit = off")
            if ended:
                writing.run(_FORGET_OWN, own=self._own, turns=list(ended))
            if rows:
                turns, firsts, counts, events = map(list, zip(*rows, strict=True))
                writing.run(
                    _LAY, own=self._own, turns=turns, firsts=firsts, counts=counts, events=events
                )
            texts = list(texts_of(self._own, told))
            if texts:
                writing.run(_NOTIFY, channel=CHANNEL, texts=texts)

    def read(self, wanted: Mapping[str, int]) -> list[LogPiece]:
        """The pieces that reach beyond so many events of a turn."""
        with transaction(self._engine) as reading:
            rows = reading.rows(_READ, turns=list(wanted), offsets=list(wanted.values()))
        return self._pieces.read(rows)

    def take_note(self, name: str) -> Json | None:
        """A note, which is gone then."""
        with transaction(self._engine, 0.0) as writing:
            row = writing.row(f"{_FORGET} RETURNING events", turns=[name])
            return None if row is None else json.loads(row[0])

    def turns(self) -> list[str]:
        """The turns of which anything is laid out."""
        with transaction(self._engine) as reading:
            return [turn for (turn,) in reading.rows(_TURNS)]

    def forget(self, names: Sequence[str]) -> None:
        """Forget everything of these turns, and these notes."""
        with transaction(self._engine, 0.0) as writing:
            writing.run(_FORGET, turns=list(names))

    def forget_old(self) -> None:
        """Forget what nobody asked for within a day."""
        with transaction(self._engine, 0.0) as writing:
            writing.run(_FORGET_OLD)

    async def heard(self) -> AsyncGenerator[Heard, None]:
        """What others tell, by a connection that does nothing else."""
        said = ""
        while True:
            try:
                async with await self._line() as line, aclosing(self._signals(line)) as told:
                    async for heard in told:
                        said = ""
                        yield heard
            except (psycopg.Error, TimeoutError, OSError) as error:
                why = NO_WORD if isinstance(error, TimeoutError) else type(error).__name__
                if why != said:  # once for all of a time without
                    log.warning("what other processes tell is not heard: %s", why)
                said = why
            await asyncio.sleep(AGAIN_S)

    async def _line(self) -> psycopg.AsyncConnection[Any]:
        arguments, named = self._engine.dialect.create_connect_args(self._engine.url)
        lively = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
        return await psycopg.AsyncConnection.connect(
            *arguments, **{**lively, "connect_timeout": 5, **named}, autocommit=True
        )

    async def _signals(self, line: psycopg.AsyncConnection[Any]) -> AsyncGenerator[Heard, None]:
        """Signals, and first that they come; raises ``TimeoutError`` where none do any more."""
        await line.execute(f"LISTEN {CHANNEL}")
        anew = True
        while True:
            # What this connection itself says comes back by the same way as what others do.
            word = json.dumps([self._own, new_id()])
            async with asyncio.timeout(ANSWER_S):
                await line.execute("SELECT pg_notify(%s, %s)", [CHANNEL, word])
            due_s = ANSWER_S
            while due_s:
                came = False
                async with aclosing(line.notifies(timeout=due_s, stop_after=1)) as notes:
                    async for note in notes:
                        came = True
                        if note.payload == word:
                            due_s = PROBE_S
                            yield Heard(anew=anew)
                            anew = False
                        elif signals := signals_in(note.payload, self._own):
                            yield Heard(signals)
                if not came and due_s == ANSWER_S:
                    raise TimeoutError
                if not came:
                    due_s = 0.0

    def close(self) -> None:
        """Let go of it."""
        self._engine.dispose()


_TABLE = """
    CREATE UNLOGGED TABLE IF NOT EXISTS easel_live (
        turn text, writer text, first integer, count integer, events text,
        at timestamptz DEFAULT clock_timestamp(), PRIMARY KEY (turn, writer, first)
    )
"""
_LAY = """
    INSERT INTO easel_live (turn, writer, first, count, events)
    SELECT turn, :own, first, count, events FROM unnest(
        CAST(:turns AS text[]), CAST(:firsts AS integer[]), CAST(:counts AS integer[]),
        CAST(:events AS text[])
    ) AS piece(turn, first, count, events)
    ON CONFLICT (turn, writer, first) DO UPDATE SET count = EXCLUDED.count, events = EXCLUDED.events
"""
_NOTIFY = "SELECT pg_notify(:channel, told) FROM unnest(CAST(:texts AS text[])) AS told"
_READ = """
    SELECT turn, first, events FROM easel_live
    JOIN unnest(CAST(:turns AS text[]), CAST(:offsets AS integer[])) AS wanted(id, reached)
        ON turn = wanted.id AND first + count > wanted.reached
    ORDER BY turn, first
"""
_TURNS = "SELECT DISTINCT turn FROM easel_live WHERE count > 0"
_FORGET = "DELETE FROM easel_live WHERE turn = ANY(CAST(:turns AS text[]))"
_FORGET_OWN = f"{_FORGET} AND writer = :own"
# Of processes that died, and of notes that nobody took.
_FORGET_OLD = "DELETE FROM easel_live WHERE at < clock_timestamp() - interval '1 day'"
