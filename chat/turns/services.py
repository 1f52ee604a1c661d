"""What routes and panels work with, gathered once by ``app.py``."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from chat.conversations.settings import SettingsService
from chat.core.errors import ConfigError
from chat.core.ports import Conversations
from chat.models import Catalogue
from chat.turns.connections import Connections
from chat.turns.engine import Engine
from chat.turns.jobs import Jobs
from chat.turns.library import Library
from chat.turns.news import News
from chat.turns.pictures import Pictures

LOCAL_OWNER = "local"
"""The one user of an Easel without login."""


class Titles(Mapping[str, str]):
    """The title of each model by the id of its card, as the catalogue has it at the moment."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Look it up there: models join while the program runs."""
        self._catalogue = catalogue

    def __getitem__(self, card_id: str) -> str:
        try:
            return self._catalogue.card(card_id).title
        except ConfigError as error:
            raise KeyError(card_id) from error

    def __iter__(self) -> Iterator[str]:
        return iter(self._catalogue.cards)

    def __len__(self) -> int:
        return len(self._catalogue.cards)


class EndpointTitles(Mapping[str, str]):
    """The title of each endpoint by its id, those that were found beside one included."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Look it up there: they are found while the program runs."""
        self._catalogue = catalogue

    def __getitem__(self, endpoint_id: str) -> str:
        return self._catalogue.endpoints[endpoint_id].title

    def __iter__(self) -> Iterator[str]:
        return iter(self._catalogue.endpoints)

    def __len__(self) -> int:
        return len(self._catalogue.endpoints)


@dataclass(frozen=True, slots=True)
class Names:
    """What people call things."""

    models: Mapping[str, str]
    """Title of each model, by the id of its card."""
    tools: Mapping[str, str]
    """Title of each tool, by name."""
    endpoints: Mapping[str, str] = field(default_factory=dict)
    """Title of each endpoint, by its id."""


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of a running Easel that a page or a route may use."""

    conversations: Conversations
    library: Library
    settings: SettingsService
    engine: Engine
    pictures: Pictures
    jobs: Jobs
    news: News
    catalogue: Catalogue
    names: Names
    connections: Connections
    owner: str = LOCAL_OWNER
