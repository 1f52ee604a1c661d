"""PostgreSQL, set up so that a restart of it costs nothing. Knows the driver; no row, no port."""

from sqlalchemy import Engine, create_engine, make_url

from chat.core.errors import ConfigError

STATEMENT_TIMEOUT_MS = 30_000
IDLE_IN_TRANSACTION_MS = 60_000
"""A connection that its program forgot must not hold its locks for ever."""

CONNECT_TIMEOUT_S = 5
BUSY_TIMEOUT_S = 5.0


def postgresql_engine(url: str) -> Engine:
    """An engine for a ``postgresql://`` address. Raises: ConfigError without its driver."""
    try:
        return _engine(url)
    except ModuleNotFoundError as error:
        raise ConfigError("PostgreSQL needs the Python package psycopg: install it.") from error


def _engine(url: str) -> Engine:
    return create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
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
