"""The logs of growing replies in Redis Streams, and signals by another stream.

For more of them than a database should carry, about 5,000 pieces a second. A stream of a reply and
process holds its pieces, a set names the processes, and one stream carries the signals of all: who
lost the line goes on in it where it stood. Any server that speaks as Redis 6.2 does will do; what
it forgets is laid out again, so it need not keep anything on a disk.
"""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from chat.core.errors import ConfigError, StorageError
from chat.core.extras import install_command
from chat.core.live_log import Heard, LiveLog, LogPiece, Signal
from chat.core.parts import Json
from storage.data_dir_lock import Process
from storage.live.event_codec import Pieces, events_to_json
from storage.live.signals import signals_in, texts_of

log = logging.getLogger(__name__)

SIGNALS = "easel:signals"
SIGNALS_KEPT = 10_000
"""About so many texts: a process that was away for longer than they last reads everything again."""
KEPT_S = 86_400
"""Of processes that died, and of notes that nobody took."""
ANSWER_S = 5.0
QUIET_MS = 15_000
AGAIN_S = 1.0

NO_DRIVER = (
    "EASEL_LIVE_URL=redis://... needs the Python package redis, which is not installed. Install it "
    f"with: {install_command('redis')}"
)
MALFORMED = "The address in EASEL_LIVE_URL has the form redis://user:password@host:6379/0."
AWAY = "The Redis server cannot be reached just now: please try again."
AT_START = (
    "The Redis server of EASEL_LIVE_URL cannot be reached: look whether it runs at that host and "
    "port, and whether user and password are right."
)


def open_redis_live(url: str, process: Process) -> LiveLog:
    """The logs in the Redis database at an address; each site has one of its own.

    Raises:
        ConfigError: the driver is not installed, or the address makes no sense.
        StorageError: it cannot be reached.
    """
    try:
        import redis
    except ModuleNotFoundError as error:
        raise ConfigError(NO_DRIVER) from error
    try:
        client = redis.Redis.from_url(url, **_CLIENT)
    except ValueError:
        # What it complains of may be a piece of the password, so the cause goes, too.
        raise ConfigError(MALFORMED) from None
    try:
        client.ping()
    except redis.RedisError as error:
        client.close()
        raise StorageError(AT_START) from error
    return RedisLiveLog(client, url, process.id)


_CLIENT: dict[str, Any] = {
    "decode_responses": True,
    "protocol": 2,  # the other one has other shapes of answers
    "socket_timeout": ANSWER_S,
    "socket_connect_timeout": ANSWER_S,
    "health_check_interval": 15,
}


class RedisLiveLog:
    """The port ``LiveLog``."""

    def __init__(self, client: Any, url: str, own: str) -> None:
        self._client = client
        self._url = url
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
        # That a turn has begun comes before what it says.
        told = [*signals, *(Signal("frames", (piece.turn,)) for piece in pieces)]
        with _translated(), self._client.pipeline(transaction=True) as line:
            for turn in ended:
                line.delete(_stream(turn, self._own))
                line.srem(_writers(turn), self._own)
            for piece in pieces:
                stream = _stream(piece.turn, self._own)
                count, events = len(piece.events), events_to_json(piece.events)
                line.xadd(stream, {"first": piece.first, "count": count, "events": events})
                line.sadd(_writers(piece.turn), self._own)
                line.expire(stream, KEPT_S)
                line.expire(_writers(piece.turn), KEPT_S)
            for name, value in (notes or {}).items():
                line.set(_note(name), json.dumps(value), ex=KEPT_S)
            for text in texts_of(self._own, told):
                line.xadd(SIGNALS, {"told": text}, maxlen=SIGNALS_KEPT, approximate=True)
            line.execute()

    def read(self, wanted: Mapping[str, int]) -> list[LogPiece]:
        """The pieces that reach beyond so many events of a turn."""
        turns = list(wanted)
        with _translated(), self._client.pipeline(transaction=False) as line:
            for turn in turns:
                line.smembers(_writers(turn))
            pairs = [
                (turn, writer)
                for turn, writers in zip(turns, line.execute(), strict=True)
                for writer in sorted(writers)
            ]
            for turn, writer in pairs:
                line.xrange(_stream(turn, writer))
            found = line.execute() if pairs else []
        pieces = self._pieces.read(
            (turn, held["first"], held["events"])
            for (turn, _), entries in zip(pairs, found, strict=True)
            for _, held in entries
            if int(held["first"]) + int(held["count"]) > wanted[turn]
        )
        return sorted(pieces, key=lambda piece: (piece.turn, piece.first))

    def take_note(self, name: str) -> Json | None:
        """A note, which is gone then."""
        with _translated():
            held = self._client.getdel(_note(name))
        return None if held is None else json.loads(held)

    def turns(self) -> list[str]:
        """The turns of which anything is laid out."""
        before = _writers("")
        with _translated():
            found = list(self._client.scan_iter(f"{before}*", count=1_000))
        return sorted({key.removeprefix(before) for key in found})

    def forget(self, names: Sequence[str]) -> None:
        """Forget everything of these turns, and these notes."""
        with _translated():
            for name in names:
                writers = self._client.smembers(_writers(name))
                streams = (_stream(name, each) for each in writers)
                self._client.delete(_writers(name), _note(name), *streams)

    def forget_old(self) -> None:
        """Nothing: the server does so by itself."""

    async def heard(self) -> AsyncGenerator[Heard, None]:
        """What others tell, by a connection that does nothing else."""
        from redis import RedisError

        last, said = "", ""
        while True:
            try:
                async with self._line() as line:
                    if not last or not await line.xrange(SIGNALS, last, last):
                        newest = await line.xrevrange(SIGNALS, count=1)
                        last = newest[0][0] if newest else "0-0"
                        yield Heard(anew=True)
                    said = ""
                    while True:
                        told = await line.xread({SIGNALS: last}, block=QUIET_MS)
                        for at, held in told[0][1] if told else ():
                            last = at
                            if signals := signals_in(held.get("told", ""), self._own):
                                yield Heard(signals)
            except (RedisError, OSError) as error:
                if type(error).__name__ != said:  # once for all of a time without
                    log.warning("what other processes tell is not heard: %s", type(error).__name__)
                said = type(error).__name__
            await asyncio.sleep(AGAIN_S)

    @asynccontextmanager
    async def _line(self) -> AsyncGenerator[Any, None]:
        from redis import asyncio as redis

        patient = {**_CLIENT, "socket_timeout": QUIET_MS / 1_000 + ANSWER_S}
        line = redis.Redis.from_url(self._url, **patient)
        try:
            yield line
        finally:
            await line.aclose()

    def close(self) -> None:
        """Let go of it."""
        self._client.close()


@contextmanager
def _translated() -> Iterator[None]:
    from redis import RedisError

    try:
        yield
    except (RedisError, OSError) as error:
        raise StorageError(AWAY) from error


def _stream(turn: str, writer: str) -> str:
    return f"easel:log:{turn}:{writer}"


def _writers(turn: str) -> str:
    return f"easel:writers:{turn}"


def _note(name: str) -> str:
    return f"easel:note:{name}"
