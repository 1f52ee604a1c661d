"""The host's file of what roles may use, read."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from chat.core.rights import (
    ALL_RIGHTS,
    EVERYTHING,
    EXCEPT,
    NOTHING,
    PROVIDER_SEARCH,
    Allowed,
    Rights,
)
from chat.core.suggestions import did_you_mean
from chat.models.catalogue import Catalogue
from chat.models.role_tables import of_roles, top_of
from chat.models.rows import Row

TABLES = ("everybody", "role")


@dataclass(frozen=True, slots=True)
class RightsRules:
    """What the host has set."""

    everybody: Rights = ALL_RIGHTS
    roles: Mapping[str, Rights] = field(default_factory=dict)
    """Of each role that the file names, what it leaves out taken from everybody's."""

    @property
    def limit(self) -> bool:
        """Whether anything is kept from anybody."""
        return any(each != ALL_RIGHTS for each in (self.everybody, *self.roles.values()))

    def of(self, role: str) -> Rights:
        """What people of a role may use."""
        return self.roles.get(role, self.everybody)


NO_RULES = RightsRules()


@dataclass(frozen=True, slots=True)
class KnownNames:
    """What the names of a file may mean, so that one that means nothing is said."""

    models: Collection[str]
    tools: Collection[str]
    open_models: tuple[str, ...] = ()
    """How ids begin that nobody knows before an endpoint has listed its models."""
    open_tools: tuple[str, ...] = ()
    """How names begin that nobody knows before a server has listed its tools."""


def known_names(
    catalogue: Catalogue, tools: Iterable[str], servers: Iterable[tuple[str, str]]
) -> KnownNames:
    """What there is when Easel starts.

    Args:
        catalogue: the models.
        tools: names of the tools of the house.
        servers: of each server of tools its id, and how the names of its tools begin.
    """
    cards = [*catalogue.cards.values(), *catalogue.transcribers]
    models = [name for card in cards for name in (card.id, *card.aliases)]
    found = list(servers)
    return KnownNames(
        dict.fromkeys([*models, *catalogue.endpoints]),
        dict.fromkeys([*tools, PROVIDER_SEARCH, *(server for server, _ in found)]),
        tuple(f"{each.id}:" for each in catalogue.endpoints.values() if each.discover),
        tuple(prefix for _, prefix in found),
    )


def read_rights(name: str, text: str, roles: Sequence[str], known: KnownNames) -> RightsRules:
    """What a file says.

    Args:
        name: of the file, for people.
        text: TOML with the tables ``everybody`` and ``role``.
        roles: those there are.
        known: what its names may mean.

    Raises:
        ConfigError: something in it is wrong; a line for each mistake names file, line and key.
    """
    with top_of(name, text) as top:
        everybody = _rights(top.table("everybody"), ALL_RIGHTS, known)
        each = of_roles(top, roles, lambda row: _rights(row, everybody, known))
    return RightsRules(everybody, each)


def _rights(row: Row, usual: Rights, known: KnownNames) -> Rights:
    read = Rights(
        _allowed(row, "models", usual.models, known.models, known.open_models),
        _allowed(row, "tools", usual.tools, known.tools, known.open_tools),
        row.flag("uploads", default=usual.uploads),
        row.flag("sharing", default=usual.sharing),
    )
    row.finish("a right")
    return read


def _allowed(
    row: Row, key: str, usual: Allowed, known: Collection[str], open_names: tuple[str, ...]
) -> Allowed:
    """``true``: everything, ``false``: nothing, else a list of names."""
    read = row.flag_or_texts(key)
    if read is None:
        return usual
    if isinstance(read, bool):
        return EVERYTHING if read else NOTHING
    for place, name in enumerate(read):
        plain = name.removeprefix(EXCEPT)
        if "*" in plain or plain in known or plain.startswith(open_names or ("\0",)):
            continue
        row.wrong(
            f"“{key}” has “{name}”, of which there is none.{did_you_mean(plain, known)}",
            key,
            place,
        )
    return Allowed(read)
