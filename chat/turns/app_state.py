"""What routes and panels work with, gathered once by ``app.py``."""

from dataclasses import dataclass, field
from pathlib import Path

from chat.conversations.changes import ChangeFeed
from chat.conversations.service import ConversationService
from chat.conversations.settings_service import SettingsService
from chat.core.display_names import DisplayNames
from chat.core.ports import Conversations, StoredForm
from chat.core.tools import Tool
from chat.mcp.servers import McpServers
from chat.models import Catalogue, Catalogues
from chat.models.role_rights import UNLIMITED, RoleRights
from chat.turns.direct import DirectAnswers
from chat.turns.endpoint_probe import EndpointProbe
from chat.turns.engine import Engine
from chat.turns.jobs import Jobs
from chat.turns.models_and_keys import ModelsAndKeys
from chat.turns.pictures import Pictures
from chat.turns.replays import Replays
from chat.turns.studio import Studio

LOCAL_OWNER = "local"
"""The one user of an Easel without login."""


@dataclass(frozen=True, slots=True)
class AppState:
    """The parts of a running Easel that a page or a route may use."""

    conversations: Conversations
    library: ConversationService
    settings: SettingsService
    engine: Engine
    pictures: Pictures
    studio: Studio
    jobs: Jobs
    news: ChangeFeed
    catalogues: Catalogues
    names: DisplayNames
    connections: EndpointProbe
    stored_form: StoredForm
    replays: Replays
    direct: DirectAnswers
    picture_sites: tuple[str, ...] = ()
    """Addresses of sites, on loopback or inside a network, that pictures may be added from."""
    scratch: Path | None = None
    """Where a file may lie while it is looked through; ``None``: where the system puts such."""
    absent_tools: tuple[Tool, ...] = ()
    """Of the house; this Easel lacks what they need."""
    models_and_keys: ModelsAndKeys | None = None
    """Providers that may be set up while Easel runs; ``None``: none can be."""
    mcp: McpServers = field(default_factory=McpServers)
    """Servers of tools that the host has set up."""
    rights: RoleRights = UNLIMITED
    """Who may use what."""

    def catalogue_of(self, owner: str) -> Catalogue:
        """The models and endpoints that there are now for somebody."""
        return self.catalogues.of(owner)
