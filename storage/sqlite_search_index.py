"""The index by which SQLite finds conversations that hold a word, wherever in them it stands.

Like PostgreSQL's (:mod:`storage.search_index`) it is no part of the tables' form: without it a
search finds the same and reads more. SQLite's own full-text index, FTS5, keeps runs of three
characters of each message that has ended, and of each title, and where they are; a shorter word is
the beginning of such runs, which is why two spaces follow each text. Triggers keep it true,
whoever writes.

Where this SQLite has no such index, what keeps it is let go: otherwise nothing could be written. It
is made anew when another one opens the file.
"""

import logging
import sqlite3
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, closing

from sqlalchemy import Engine

from storage.error_mapping import translated
from storage.sqlite import PATIENCE
from storage.tables import ALIVE_SQL
from storage.text_search import anywhere
from storage.transaction import Transaction

log = logging.getLogger("easel")

PREFIX = "search_"
"""How the tables of the index begin, those that FTS5 makes for itself included."""
FEW_FOUND = 2_000
"""Messages that hold a word: a word of more is soon met where conversations are read in order."""
PATIENCE_S = 60.0
RUN = 3
"""Characters."""

SLICE_PAGES = 200
"""Of the index, merged in one transaction: a tenth of a second or so."""
FEW_SLICES = 8
MOST_SLICES = 100_000
BETWEEN_S = 0.01
"""Others who wait to write have their turn."""

_AFTER = "|| '  '"
_LAST = "\U0010ffff"


def _done(row: str) -> str:
    return f"{row}.status NOT IN {ALIVE_SQL.partition('IN ')[2]}"


def _grams(name: str) -> str:
    # No copy of the texts, no places within them: what is found is read again.
    return (
        f"CREATE VIRTUAL TABLE {name} USING fts5(words, content='', columnsize=0, detail=none, "
        "tokenize='trigram case_sensitive 1')"
    )


def _runs(name: str) -> str:
    return f"CREATE VIRTUAL TABLE {name}_runs USING fts5vocab({name}, instance)"


def _forget(name: str, row: str, words: str) -> str:
    return f"INSERT INTO {name} ({name}, rowid, words) SELECT 'delete', {row}, {words} {_AFTER}"


_TITLE_OF = "(SELECT seq FROM search_conversation WHERE id = {}.id)"
_PARTS = {
    "search_message": _grams("search_message"),
    "search_message_runs": _runs("search_message"),
    "search_title": _grams("search_title"),
    "search_title_runs": _runs("search_title"),
    # A conversation's own number: SQLite may give its rows others when it tidies the file.
    "search_conversation": (
        "CREATE TABLE search_conversation (seq INTEGER PRIMARY KEY, id VARCHAR NOT NULL UNIQUE)"
    ),
}
_TRIGGERS = {
    "search_message_added": f"""
        CREATE TRIGGER search_message_added AFTER INSERT ON message WHEN {_done("new")} BEGIN
            INSERT INTO search_message (rowid, words) VALUES (new.seq, new.words {_AFTER});
        END""",
    "search_message_changed": f"""
        CREATE TRIGGER search_message_changed AFTER UPDATE OF words, status ON message
        WHEN old.words <> new.words OR {_done("old")} <> {_done("new")} BEGIN
            {_forget("search_message", "old.seq", "old.words")} WHERE {_done("old")};
            INSERT INTO search_message (rowid, words)
                SELECT new.seq, new.words {_AFTER} WHERE {_done("new")};
        END""",
    "search_message_removed": f"""
        CREATE TRIGGER search_message_removed AFTER DELETE ON message WHEN {_done("old")} BEGIN
            {_forget("search_message", "old.seq", "old.words")};
        END""",
    "search_title_added": f"""
        CREATE TRIGGER search_title_added AFTER INSERT ON conversation BEGIN
            INSERT INTO search_conversation (id) VALUES (new.id);
            INSERT INTO search_title (rowid, words)
                VALUES ({_TITLE_OF.format("new")}, new.title_words {_AFTER});
        END""",
    "search_title_changed": f"""
        CREATE TRIGGER search_title_changed AFTER UPDATE OF title_words ON conversation
        WHEN old.title_words <> new.title_words BEGIN
            {_forget("search_title", _TITLE_OF.format("old"), "old.title_words")};
            INSERT INTO search_title (rowid, words)
                VALUES ({_TITLE_OF.format("new")}, new.title_words {_AFTER});
        END""",
    "search_title_removed": f"""
        CREATE TRIGGER search_title_removed AFTER DELETE ON conversation BEGIN
            {_forget("search_title", _TITLE_OF.format("old"), "old.title_words")};
            DELETE FROM search_conversation WHERE id = old.id;
        END""",
}
_FILL = (
    f"""
    INSERT INTO search_message (rowid, words)
        SELECT seq, words {_AFTER} FROM message WHERE {_done("message")} ORDER BY seq
    """,
    "INSERT INTO search_conversation (id) SELECT id FROM conversation ORDER BY id",
    f"""
    INSERT INTO search_title (rowid, words)
        SELECT seq, title_words {_AFTER} FROM search_conversation JOIN conversation USING (id)
        ORDER BY seq
    """,
)
_LONG = (
    """
    SELECT conversation.id FROM search_title
    CROSS JOIN search_conversation ON search_conversation.seq = search_title.rowid
    CROSS JOIN conversation ON conversation.id = search_conversation.id
    WHERE search_title MATCH :runs AND title_words LIKE :word ESCAPE '/' LIMIT :most
    """,
    """
    SELECT conversation_id FROM search_message
    CROSS JOIN message ON message.seq = search_message.rowid
    WHERE search_message MATCH :runs AND message.words LIKE :word ESCAPE '/' LIMIT :most
    """,
)
_SHORT = (
    """
    SELECT id FROM (
        SELECT DISTINCT doc FROM search_title_runs
        WHERE term >= :first AND term <= :last LIMIT :most
    ) CROSS JOIN search_conversation ON seq = doc
    """,
    """
    SELECT conversation_id FROM (
        SELECT DISTINCT doc FROM search_message_runs
        WHERE term >= :first AND term <= :last LIMIT :most
    ) CROSS JOIN message ON seq = doc
    """,
)
_GROWING = f"SELECT conversation_id FROM message WHERE {ALIVE_SQL} AND words LIKE :word ESCAPE '/'"
_NAMES = ", ".join(f"'{name}'" for name in _PARTS | _TRIGGERS)
_WHOLE = f"SELECT count(*) FROM sqlite_master WHERE name IN ({_NAMES})"
_THERE = f"SELECT name, sql FROM sqlite_master WHERE name LIKE '{PREFIX}%'"


def make(engine: Engine, *, possible: bool | None = None) -> None:
    """Make the index where it is missing; where there cannot be one, let go of what kept it.

    It is made in some seconds for a hundred thousand messages. ``possible`` says whether there can
    be one; otherwise this SQLite is asked. Raises: StorageError.
    """
    writer = engine.execution_options(**{PATIENCE: PATIENCE_S})
    with translated(), writer.begin() as connection:
        run = connection.exec_driver_sql
        there = {str(name): str(sql) for name, sql in run(_THERE)}
        if not (_possible() if possible is None else possible):
            for name in _TRIGGERS.keys() & there.keys():
                run(f"DROP TRIGGER {name}")
            return
        if all(there.get(name) == sql.strip() for name, sql in (_PARTS | _TRIGGERS).items()):
            return
        if run("SELECT 1 FROM message LIMIT 1").first() is not None:
            log.info(
                "an index for searches is made, once; with very many messages it takes a while"
            )
        for name in _TRIGGERS.keys() & there.keys():
            run(f"DROP TRIGGER {name}")
        for name in reversed(list(_PARTS)):
            run(f"DROP TABLE IF EXISTS {name}")
        # A statement at a time, and as it is kept: what is compared above.
        for statement in (*_PARTS.values(), *_FILL, *_TRIGGERS.values()):
            run(statement.strip())


def _possible() -> bool:
    """Whether this SQLite has FTS5, and its runs of three characters."""
    with closing(sqlite3.connect(":memory:")) as trial:
        try:
            trial.execute(_grams("search_message"))
            trial.execute(_runs("search_message"))
        except sqlite3.OperationalError:
            return False
    return True


def few_holding(reading: Transaction, word: str) -> set[str] | None:
    """The ids of all conversations, of whichever owner, with a title or a message with a word.

    ``None``: too many, or there is no index.
    """
    if not _whole(reading):
        return None
    values = {"word": anywhere(word), "most": FEW_FOUND + 1}
    if len(word) < RUN:
        titles, messages = _SHORT
        values |= {"first": word, "last": word + _LAST}
    else:
        titles, messages = _LONG
        runs = dict.fromkeys(word[at : at + RUN] for at in range(len(word) - RUN + 1))
        values["runs"] = " AND ".join('"' + run.replace('"', '""') + '"' for run in runs)
    found: set[str] = set()
    for statement in (titles, messages, _GROWING):
        rows = reading.rows(statement, **values)
        if len(rows) > FEW_FOUND:
            return None
        found.update(id for (id,) in rows)  # noqa: A001
    return found


def overwrite(
    begin: Callable[[], AbstractContextManager[Transaction]], slices: int = MOST_SLICES
) -> None:
    """Have nothing left in the index of what was deleted, which it drops by and by otherwise.

    Each slice is a transaction of its own, so that others write between two of them. Where
    ``slices`` are too few, the next call goes on.
    """
    for name in ("search_message", "search_title"):
        for number in range(slices):
            with begin() as writing:
                if writing.served or not _whole(writing):
                    return
                writing.overwrite()
                # A negative number has all parts be merged into one, a positive one goes on.
                pages = SLICE_PAGES if number else -SLICE_PAGES
                before = _changes(writing)
                writing.run(f"INSERT INTO {name} ({name}, rank) VALUES ('merge', {pages})")
                # Source: sqlite.org/fts5.html, "The 'merge' command".
                if _changes(writing) - before < 2:
                    break
            time.sleep(BETWEEN_S)


def _changes(writing: Transaction) -> int:
    row = writing.row("SELECT total_changes()")
    return int(row[0]) if row else 0


def _whole(reading: Transaction) -> bool:
    row = reading.row(_WHOLE)
    return row is not None and row[0] == len(_PARTS) + len(_TRIGGERS)
