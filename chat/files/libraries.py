"""The libraries that read what is no plain text: optional, and named where one is missing."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from chat.core.errors import ToolFailed


@contextmanager
def needed(what: str, extra: str = "files") -> Iterator[None]:
    """Around the import of a library that not every Easel has.

    Args:
        what: cannot be read without it, such as “PDF files”.
        extra: has it.

    Raises:
        ToolFailed: it is missing; the sentence says how to install it.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise ToolFailed(
            f"This Easel cannot read {what} yet: whoever runs it installs what is missing with "
            f'pip install "easel[{extra}]".'
        ) from error


def can_query() -> bool:
    """Whether the extra ``data`` is installed."""
    return find_spec("duckdb") is not None
