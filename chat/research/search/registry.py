"""The providers of searches, and which of them this Easel has."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module

from chat.core.errors import ConfigError
from chat.core.models import Endpoint
from chat.core.network import Network
from chat.research.search.search import WebSearch

CHOICE = "EASEL_SEARCH"
OFF = "off"


@dataclass(frozen=True, slots=True)
class SearchRow:
    """A provider, and the variable of the environment that switches it on."""

    where: str
    """``module:Class``."""
    variable: str
    """Holds its key, or its address where it needs none."""
    base_url: str = ""
    """Empty: the variable holds it."""


SEARCHES: dict[str, SearchRow] = {
    "searxng": SearchRow("chat.research.search.searxng:SearXNG", "SEARXNG_URL"),
    "brave": SearchRow(
        "chat.research.search.brave:Brave", "BRAVE_API_KEY", "https://api.search.brave.com"
    ),
    "tavily": SearchRow(
        "chat.research.search.tavily:Tavily", "TAVILY_API_KEY", "https://api.tavily.com"
    ),
}
"""The word for ``EASEL_SEARCH``, in the order in which they are looked for without one."""


def read_search(environ: Mapping[str, str], network: Network) -> Endpoint | None:
    """The provider that the environment names; ``None``: there is none.

    ``EASEL_SEARCH`` chooses one, or is ``off``; without it the first counts whose variable is set.

    Raises:
        ConfigError: a choice that there is not, or that lacks its variable.
    """
    chosen = environ.get(CHOICE, "").strip().lower()
    if chosen == OFF:
        return None
    if chosen and chosen not in SEARCHES:
        raise ConfigError(f"{CHOICE} is one of {', '.join(SEARCHES)}, or {OFF}, not {chosen!r}.")
    for name in [chosen] if chosen else SEARCHES:
        row = SEARCHES[name]
        value = environ.get(row.variable, "").strip()
        if value and not row.base_url and not value.startswith(("http://", "https://")):
            raise ConfigError(f"{row.variable} must be an address such as http://127.0.0.1:8888.")
        if value:
            at = (row.base_url, value) if row.base_url else (value, "")
            return Endpoint(name, name, _search(name).title, *at, network=network)
    if chosen:
        raise ConfigError(f"{CHOICE} is {chosen}, but {SEARCHES[chosen].variable} is not set.")
    return None


def open_search(endpoint: Endpoint) -> WebSearch:
    """The provider of that endpoint."""
    return _search(endpoint.kind)(endpoint)


def _search(name: str) -> type[WebSearch]:
    module, _, class_name = SEARCHES[name].where.partition(":")
    found: type[WebSearch] = getattr(import_module(module), class_name)
    return found
