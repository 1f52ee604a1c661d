"""PostgreSQL, set up so that a restart of it costs nothing. Knows the driver; no row, no port."""

from sqlalchemy import URL, Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError

from chat.core.errors import ConfigError
from chat.core.extras import install_command

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
    return create_engine(
        address,
        hide_parameters=True,  # they hold what people wrote, and an error may go to the log
        # A connection that the server dropped is found out before a user's request is.
        pool_pre_ping=True,
        pool_size=5,
        max_overflow=15,
        pool_timeout=BUSY_TIMEOUT_S,
        connect_args={
            "connect_timeout": CONNECT_TIMEOUT_S,
            "options": f"-c statement_timeout={STATEMENT_TIMEOUT_MS} "
            f"-c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_MS}",
        },
    )
