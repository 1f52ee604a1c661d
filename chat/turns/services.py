"""What routes and panels work with, gathered once by ``app.py``."""

from dataclasses import dataclass

from chat.conversations.changes import ChangeFeed
from chat.conversations.service import ConversationService
from chat.conversations.settings import SettingsService
from chat.core.display_names import DisplayNames
from chat.core.ports import Conversations
from chat.models import Catalogue
from chat.turns.endpoint_probe import EndpointProbe
from chat.turns.engine import Engine
from chat.turns.jobs import Jobs
from chat.turns.pictures import Pictures

LOCAL_OWNER = "local"
"""The one user of an Easel without login."""


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of a running Easel that a page or a route may use."""

    conversations: Conversations
    library: ConversationService
    settings: SettingsService
    engine: Engine
    pictures: Pictures
    jobs: Jobs
    news: ChangeFeed
    catalogue: Catalogue
    names: DisplayNames
    connections: EndpointProbe
