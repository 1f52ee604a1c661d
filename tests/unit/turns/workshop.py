"""A whole engine with a scripted model: real stores, real ingest, real tools."""

import asyncio
import io
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from PIL import Image as Pillow

from chat.conversations.changes import ChangeFeed
from chat.conversations.service import ConversationService
from chat.conversations.settings_service import SettingsService
from chat.core.events import Finished
from chat.core.live_log import LiveLog
from chat.core.messages import Conversation, Finish, Message, now
from chat.core.models import Endpoint, ModelCard, Timeouts
from chat.core.ports import Conversations
from chat.core.tools import ToolSource
from chat.gateway.call import Gateway
from chat.gateway.deployments import DeploymentResolver
from chat.gateway.pool import ProviderPool
from chat.gateway.quota_file import QuotaRules
from chat.gateway.quotas import Quotas, no_quotas
from chat.images.editor import ImageEditor
from chat.images.ingest import ImageIngest
from chat.models import Catalogue, CurrentCatalogue, read_catalogue
from chat.models.rights_file import NO_RULES, RightsRules
from chat.models.role_rights import RoleRights
from chat.tools.registry import load_tools
from chat.tools.schema import FunctionTool
from chat.turns.alarms import Alarms, Scheduler
from chat.turns.approvals import allowed_from_now_on
from chat.turns.direct import DirectAnswers
from chat.turns.engine import Engine, Started
from chat.turns.history import History
from chat.turns.jobs import MAX_QUEUED_TURNS, MAX_RUNNING_TURNS, Jobs
from chat.turns.outgoing import Outgoing
from chat.turns.pictures import Pictures
from chat.turns.replays import Replays
from chat.turns.run import TurnDeps
from chat.turns.studio import Studio
from chat.turns.toolbox import Toolbox
from chat.turns.waiting import PATIENCE
from storage.media.memory import MemoryMedia
from storage.media.pictures import StoredPictures
from storage.memory import MemoryConversations
from tests.patience import PATIENCE_S
from tests.scripted import Script, Scripted

ME = "me"
DONE = Finished(Finish("stop"))
CARD = ModelCard("model", "door", "wire-model", "The Model", tools=True, max_input_images=4)
INGEST = ImageIngest()
EDITOR = ImageEditor(INGEST.pool)


def png(colour: str = "red", size: int = 12) -> bytes:
    """A small picture of one colour."""
    out = io.BytesIO()
    Pillow.new("RGB", (size, size), colour).save(out, "PNG")
    return out.getvalue()


@dataclass
class Workshop:
    """Everything a turn needs, with the parts in reach."""

    scripts: Sequence[Script]
    card: ModelCard = CARD
    timeouts: Timeouts = field(default_factory=Timeouts)
    tools: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    """Functions that are tools beside those of the house, by name."""
    rows: str = ""
    """TOML of a catalogue of its own; empty: nothing but the card."""
    media: StoredPictures = field(default_factory=MemoryMedia)
    store: Conversations = field(default_factory=MemoryConversations)

    sources: Sequence[ToolSource] = ()
    patience: timedelta = PATIENCE
    most: int = MAX_RUNNING_TURNS
    """How many replies run at once."""
    most_queued: int = MAX_QUEUED_TURNS
    """How many more wait."""
    rules: QuotaRules | None = None
    """What people may spend; ``None``: nothing is counted."""
    payer: str = ""
    """Who pays for everybody."""
    allowed: RightsRules = NO_RULES
    """What people may use."""
    moment: Callable[[], datetime] = now
    ticks: Callable[[], float] = time.monotonic
    clock: Scheduler | None = None
    """What deadlines go by; ``None``: the event loop."""
    live: LiveLog | None = None
    """What it tells others over the same store by."""

    def __post_init__(self) -> None:
        endpoint = Endpoint("door", "scripted", "The Door", timeouts=self.timeouts)
        self.provider = Scripted(endpoint, list(self.scripts))
        self.rights = RoleRights(self.allowed, self.store.people, apart=not self.payer)
        self.pictures = Pictures(INGEST, self.media, self.store)
        self.toolbox = Toolbox(
            {**load_tools(), **{name: FunctionTool(name, f) for name, f in self.tools.items()}},
            self.pictures,
            sources=self.sources,
            rights=self.rights,
        )
        self.jobs, self.news = Jobs(self.most, self.most_queued), ChangeFeed()
        self.catalogue = Catalogue({endpoint.id: endpoint}, {self.card.id: self.card})
        if self.rows:
            self.catalogue = read_catalogue([("rows.toml", self.rows)], {})
        self.pool = ProviderPool(lambda _: self.provider)
        self._connect()

    def _connect(self) -> None:
        self.quotas = no_quotas()
        if self.rules is not None:
            self.quotas = Quotas(
                self.store.budgets,
                self.store.people,
                self.rules,
                payer=self.payer,
                running=lambda owner: len(self.jobs.of_owner(owner)),
                clock=self.moment,
                ticks=self.ticks,
            )
        self.catalogues = CurrentCatalogue(self.catalogue, self.rights)
        resolver = DeploymentResolver(self.catalogues)
        gateway = Gateway(resolver, self.pool, quotas=self.quotas, rights=self.rights)
        deps = TurnDeps(
            self.store,
            self.pictures,
            EDITOR,
            self.toolbox,
            gateway,
            self.jobs,
            History(self.store),
        )
        alarms = Alarms(self.clock)
        self.engine = Engine(
            deps, self.catalogues, self.news, self.patience, alarms, live=self.live
        )
        self.studio = Studio(EDITOR, self.pictures, self.engine, self.store)
        self.direct = DirectAnswers(gateway, self.pictures, EDITOR)
        self.replays = Replays(
            self.engine, self.studio, self.pictures, self.store, self.jobs, self.news
        )
        self.library = ConversationService(self.store, self.catalogues, self.engine, self.news)
        self.settings = SettingsService(
            self.store, self.catalogues, self.toolbox.tools, self.news.publish, self.rights
        )

    async def restart(self) -> None:
        """Begin anew with what is stored; whatever ran is gone without a word."""
        self.jobs, self.news = Jobs(self.most, self.most_queued), ChangeFeed()
        self._connect()
        await self.engine.settle()

    def add_cards(self, *cards: ModelCard) -> None:
        """Have more models behind the same endpoint."""
        every = {card.id: card for card in (self.card, *cards)}
        self.catalogue = Catalogue(self.catalogue.endpoints, every)
        self._connect()

    async def begin(self, *, allowed: Sequence[str] = (), **settings: Any) -> Conversation:
        """A new conversation; tools of the names ``allowed`` may be run as they are now."""
        conversation = await self.library.new(ME)
        if allowed:
            tools = self.toolbox.tools()
            settings = {**settings, **allowed_from_now_on(conversation, allowed, tools)}
        if settings:
            conversation = await self.settings.change(ME, conversation.id, settings)
        return conversation

    async def ask(
        self,
        conversation: Conversation,
        text: str,
        shas: Sequence[str] = (),
        client_id: str = "client-1",
        parent_id: str | None = None,
    ) -> Started:
        """Send a message."""
        sent = Outgoing(client_id, text, shas)
        return await self.engine.send(ME, conversation.id, sent, parent_id)

    async def answer(self, started: Started) -> Message:
        """The reply, once the turn has ended."""
        return await self.answer_of(started.reply_id)

    async def answer_of(self, reply_id: str) -> Message:
        """The reply of this id, once its turn has ended."""
        await self.jobs.wait(reply_id)
        return self.store.message(ME, reply_id)

    async def rung(self) -> None:
        """Return once whatever an alarm began has ended."""
        await asyncio.gather(*self.engine.waiting.ending)

    async def until(self, event: asyncio.Event) -> None:
        """Wait for something, but never for ever."""
        async with asyncio.timeout(PATIENCE_S):
            await event.wait()
