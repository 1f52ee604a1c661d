"""The index by which PostgreSQL finds messages that hold a word, wherever in them it stands.

It is no part of the tables' form: without it a search finds the same and reads more. What it holds
are runs of three characters. Scripts that write no spaces, or few, have short words, so of them it
holds single characters and pairs as well. Everything in it is made by a function in plain SQL, so
that no extension of the server is needed.

A reply is in it when it has ended: one that grows is saved every second, and would be taken apart
anew each time.
"""

import logging
import os
import sys
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Engine, text

from chat.core.command_line import Parser
from chat.core.errors import ChatError, ConfigError
from storage.error_mapping import translated
from storage.postgresql import postgresql_engine
from storage.tables import ALIVE_SQL
from storage.text_search import anywhere
from storage.transaction import Transaction
from storage.upgrade import ADVISORY_LOCK

log = logging.getLogger("easel")

INDEX = "ix_message_grams"
FEW_MESSAGES = 10_000
"""With as many an index is made at once, in some seconds; with more while Easel runs."""
FEW_FOUND = 2_000
"""Messages that hold a word: a word of more is soon met where conversations are read in order."""
SPACELESS = 0x2E80
"""From this letter on scripts write no spaces, or few: ideographs, kana, hangul."""

_DONE = f"status NOT IN {ALIVE_SQL.partition('IN ')[2]}"
_FUNCTION = f"""
CREATE OR REPLACE FUNCTION easel_grams(said text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(gram), '{{}}') FROM (
        SELECT string_to_array(said, NULL) AS all_of_it
    ) AS split, unnest(all_of_it, all_of_it[2:], all_of_it[3:]) AS letter(one, two, three),
    LATERAL (VALUES
        (one || two || three),
        (CASE WHEN ascii(one) >= {SPACELESS} OR ascii(two) >= {SPACELESS} THEN one || two END),
        (CASE WHEN ascii(one) >= {SPACELESS} THEN one END)
    ) AS made(gram)
    WHERE gram IS NOT NULL
$$
"""
_INDEX = f"{INDEX} ON message USING gin (easel_grams(words)) WHERE {_DONE}"
_VALID = f"SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('{INDEX}')"
_HOLDING = f"""
    SELECT conversation_id FROM (
        (SELECT conversation_id FROM message
        WHERE {_DONE} AND words LIKE :word ESCAPE '/'
            AND easel_grams(words) @> easel_grams(CAST(:plain AS text)) LIMIT :most)
        UNION ALL
        (SELECT conversation_id FROM message WHERE {ALIVE_SQL} AND words LIKE :word ESCAPE '/')
    ) AS holding LIMIT :most
"""


def make_early(engine: Engine) -> None:
    """Make the index where it is missing and soon made; otherwise say in the log how it is made.

    Raises: StorageError.
    """
    with translated(), engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        if _valid(connection) is not None:
            return
        many = text(f"SELECT 1 FROM message OFFSET {FEW_MESSAGES} LIMIT 1")
        if connection.execute(many).first() is not None:
            log.info("searches read every message: “easel search-index” makes an index beside them")
            return
        connection.exec_driver_sql(_FUNCTION)
        connection.exec_driver_sql(f"CREATE INDEX {_INDEX}")


def make_beside(engine: Engine) -> bool:
    """Make the index while others write; whether it was missing. It may take minutes.

    Raises: StorageError.
    """
    writer = engine.execution_options(isolation_level="AUTOCOMMIT")
    with translated(), writer.connect() as connection:
        connection.detach()  # the others keep their limit
        connection.exec_driver_sql("SET statement_timeout = 0")
        if valid := _valid(connection):
            return False
        if valid is False:
            # What was broken off is of no use, and in the way of another.
            connection.exec_driver_sql(f"DROP INDEX CONCURRENTLY {INDEX}")
        connection.exec_driver_sql(_FUNCTION)
        connection.exec_driver_sql(f"CREATE INDEX CONCURRENTLY {_INDEX}")
    return True


def few_holding(reading: Transaction, word: str) -> Sequence[str] | None:
    """The ids of all conversations, of whichever owner, with a message that holds a word.

    ``None``: too many, or there is no index for such a word.
    """
    if len(word) < 3 and not any(ord(letter) >= SPACELESS for letter in word):
        return None
    if not reading.served or not (row := reading.row(_VALID)) or not row[0]:
        return None
    most = FEW_FOUND + 1
    rows = reading.rows(_HOLDING, word=anywhere(word), plain=word, most=most)
    return None if len(rows) == most else list({found for (found,) in rows})


def _valid(connection: Connection) -> bool | None:
    """Whether the index may be used; ``None``: there is none."""
    found = connection.exec_driver_sql(_VALID).scalar()
    return None if found is None else bool(found)


def main(arguments: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """The program; 0 when the index is there."""
    Parser(
        prog="easel search-index",
        description="Make the index that searches go by in the PostgreSQL database that "
        "EASEL_DATABASE_URL names. Easel may run meanwhile.",
    ).parse_args(arguments)
    try:
        url = environ.get("EASEL_DATABASE_URL", "").strip()
        scheme, _, rest = url.partition(":")
        if scheme not in ("postgresql", "postgres"):
            raise ConfigError("EASEL_DATABASE_URL names no PostgreSQL database.")
        engine = postgresql_engine(f"postgresql:{rest}")
        try:
            made = make_beside(engine)
        finally:
            engine.dispose()
    except ChatError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("The index is made.\n" if made else "The index was there already.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
