"""What an Easel has on its disk, seen from outside while it runs and after it has died."""

import hashlib
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from chat.core.messages import ALIVE, Conversation, Message
from storage.open import open_conversations, path_of
from tests.patience import PATIENCE_S

T = TypeVar("T")

OWNER = "local"
REST_S = 0.05


def until(look: Callable[[], T | None]) -> T:
    """What a look at another process gives, as soon as it gives something that is not empty.

    For what nobody announces, such as words that are saved amid a reply: it is looked for again
    and again, with rests that leave the machine to who is to write it. The end of a reply is
    announced: ``Easel.awaited`` waits for it.
    """
    deadline_s = time.monotonic() + PATIENCE_S
    while not (found := look()):
        assert time.monotonic() < deadline_s, "it did not come"
        time.sleep(REST_S)
    return found


class Disk:
    """The data folder of an Easel."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._database = folder / "easel.db"

    def message(self, message_id: str) -> Message:
        """A message as the store reads it."""
        store = open_conversations(f"sqlite:///{self._database}")
        try:
            return store.message(OWNER, message_id)
        finally:
            store.close()

    def ended(self, reply_id: str) -> Message | None:
        """A reply whose last state is saved; ``None`` while it is being written."""
        reply = self.message(reply_id)
        return None if reply.status in ALIVE else reply

    def is_final(self, reply_id: str) -> bool:
        """Whether the last state of a reply is saved; the cheapest way to ask."""
        rows = self._rows("SELECT status FROM message WHERE id = ?", reply_id)
        return bool(rows) and rows[0][0] not in ALIVE

    def conversation(self, conversation_id: str) -> Conversation:
        """A conversation as the store reads it."""
        store = open_conversations(f"sqlite:///{self._database}")
        try:
            return store.get(OWNER, conversation_id)
        finally:
            store.close()

    def branch(self, leaf_id: str) -> list[Message]:
        """The messages down to one, oldest first."""
        store = open_conversations(f"sqlite:///{self._database}")
        try:
            return store.branch(leaf_id)
        finally:
            store.close()

    def known(self, message_ids: Iterable[str]) -> set[str]:
        """Those of these messages that there are."""
        return {row[0] for row in self._rows("SELECT id FROM message")} & set(message_ids)

    def messages(self, conversation_id: str) -> int:
        """How many messages a conversation has, on all of its branches."""
        return len(self._rows("SELECT id FROM message WHERE conversation_id = ?", conversation_id))

    def words(self, message_id: str) -> str | None:
        """The words of a message that are saved by now, in lower case; ``None`` without any."""
        rows = self._rows("SELECT words FROM message WHERE id = ?", message_id)
        return rows[0][0] or None if rows else None

    def pictures(self, message_id: str) -> list[str] | None:
        """The pictures that a message names by now; ``None`` without any."""
        rows = self._rows("SELECT sha256 FROM message_media WHERE message_id = ?", message_id)
        return [row[0] for row in rows] or None

    def files(self) -> set[str]:
        """Every whole file in the folder of pictures that is not a small copy.

        What was being written when the program died, such as a small copy, may stand in
        ``unfinished`` for an hour.
        """
        found = (self._folder / "media").glob("??/*")
        return {path.name for path in found if path.is_file() and "." not in path.name}

    def check(self) -> None:
        """Whole, nothing alive that nobody writes, and every picture that is named is there."""
        alive = "SELECT id FROM message WHERE status IN ('queued', 'streaming')"
        assert self._rows(alive) == []
        known = {row[0] for row in self._rows("SELECT sha256 FROM media")}
        for path in self._checked(known):
            assert path.with_name(f"{path.name}.t768").is_file()

    def check_copy(self) -> None:
        """The same of what was copied amid replies: what messages name, without small copies."""
        self._checked({row[0] for row in self._rows("SELECT sha256 FROM message_media")})

    def _checked(self, shas: set[str]) -> list[Path]:
        """The files of these pictures, each as it was, of a database that is whole."""
        assert self._rows("PRAGMA integrity_check") == [("ok",)]
        assert self._rows("PRAGMA foreign_key_check") == []
        paths = list(self._originals(shas))
        for path in paths:
            assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name
        return paths

    def _originals(self, shas: set[str]) -> Iterator[Path]:
        for sha in shas:
            yield self._folder / "media" / sha[:2] / sha

    def _rows(self, statement: str, *values: str) -> list[tuple[str, ...]]:
        path = path_of(f"sqlite:///{self._database}")
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as connection:
            return connection.execute(statement, values).fetchall()
