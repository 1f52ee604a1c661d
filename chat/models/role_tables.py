"""A file of the host's own with one table for everybody and one for each role."""

import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from chat.models.lines import TomlFile
from chat.models.mistakes import Mistake, Spot, not_toml, refuse
from chat.models.rows import Row

T = TypeVar("T")


@contextmanager
def top_of(name: str, text: str) -> Iterator[Row]:
    """The top of a TOML file, to be read inside; what nobody reads of it is a mistake.

    Raises:
        ConfigError: something in it is wrong; a line for each mistake names file, line and key.
    """
    file, mistakes = TomlFile(name, text, own=True), list[Mistake]()
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        mistakes.append(not_toml(file, error))
        refuse(mistakes)
        raise AssertionError("a mistake is refused") from error
    top = Row(document, "", Spot(file), mistakes)
    yield top
    top.finish("a table that Easel knows here")
    refuse(mistakes)


def of_roles(top: Row, roles: Sequence[str], read: Callable[[Row], T]) -> dict[str, T]:
    """What the file says of each of these roles that it names."""
    by_role = top.table("role")
    found = {role: read(by_role.table(role)) for role in roles if role in by_role}
    by_role.unread(*roles)
    by_role.finish("a role")
    return found
