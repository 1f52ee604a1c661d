"""PostgreSQL, set up so that a restart of it costs nothing. Knows the driver; no row, no port.

Between Easel and the server there may be a pooler such as PgBouncer that gives each transaction
another connection: nothing here outlives a transaction, no prepared statement, no setting, no lock.
"""

import logging
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from chat.core.errors import ConfigError
from chat.core.extras import install_command

log = logging.getLogger(__name__)

STATEMENT_TIMEOUT_MS = 30_000
IDLE_IN_TRANSACTION_MS = 60_000
"""A connection that its program forgot must not hold its locks for ever."""

NO_DRIVER = (
    "PostgreSQL needs the Python package psycopg, which is not installed. Install it with: "
    f"{install_command('postgres')}"
)
MALFORMED = (
    "The address of the PostgreSQL database cannot be read. It has the form "
    "postgresql://user:password@host:5432/name; in user and password, characters such as @, : "
    "and / are written as %40, %3A and %2F."
)
UNREACHABLE_AT_START = (
    "The PostgreSQL database cannot be reached: look whether the server runs at that host and "
    "port, whether it has a database of that name, and whether user and password are right."
)
"""Which of these it is, the driver says only in words."""

CONNECT_TIMEOUT_S = 5
BUSY_TIMEOUT_S = 5.0


def postgresql_engine(url: str) -> Engine:
    """An engine for a ``postgresql://`` address; it connects when it is used.

    Raises:
        ConfigError: its driver is not installed, or the address makes no sense. The sentence
            never repeats the address: it may hold a password.
    """
    try:
        address = make_url(url).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError):
        # What it complains of may be a piece of the password, so the cause goes, too.
        raise ConfigError(MALFORMED) from None
    try:
        return _engine(address)
    except ModuleNotFoundError as error:
        raise ConfigError(NO_DRIVER) from error


def _engine(address: URL) -> Engine:
    engine = create_engine(
        address,
        hide_parameters=True,  # they hold what people wrote, and an error may go to the log
        # A connection that the server dropped is found out before a user's request is.
        pool_pre_ping=True,
        pool_size=5,
        max_overflow=15,
        pool_timeout=BUSY_TIMEOUT_S,
        connect_args={
            "connect_timeout": CONNECT_TIMEOUT_S,
            "prepare_threshold": None,
            "options": f"-c statement_timeout={STATEMENT_TIMEOUT_MS} "
            f"-c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_MS}",
        },
    )
    event.listen(engine, "do_connect", _connect)
    return engine


def _connect(dialect: Any, _: object, arguments: list[Any], parameters: dict[str, Any]) -> Any:
    """A connection; without our limits where a pooler takes none, whose own hold then."""
    try:
        return dialect.connect(*arguments, **parameters)
    except dialect.loaded_dbapi.OperationalError as error:
        if "unsupported startup parameter" not in str(error) or "options" not in parameters:
            raise
    del parameters["options"]
    log.info("a pooler before the database takes no time limits: set them for Easel's role there")
    return dialect.connect(*arguments, **parameters)
