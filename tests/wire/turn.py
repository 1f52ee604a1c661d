"""A whole turn over a real wire: engine, provider, HTTP, a store in memory, the true ingest."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType
from typing import Any

from chat.conversations.changes import ChangeFeed
from chat.conversations.service import ConversationService
from chat.conversations.settings_service import SettingsService
from chat.core.messages import Message
from chat.core.models import Endpoint, ModelCard
from chat.core.ports import Conversations
from chat.core.tools import Tool
from chat.gateway.call import Gateway
from chat.gateway.deployments import DeploymentResolver
from chat.gateway.pool import ProviderPool
from chat.models import Catalogue
from chat.providers.registry import open_provider
from chat.tools.registry import load_tools
from chat.turns.engine import Engine
from chat.turns.file_texts import FileTexts
from chat.turns.history import History
from chat.turns.jobs import Jobs
from chat.turns.outgoing import Outgoing
from chat.turns.pictures import Pictures
from chat.turns.question import NamedFile
from chat.turns.run import TurnDeps
from chat.turns.toolbox import Toolbox
from storage.media.memory import MemoryMedia
from storage.media.pictures import StoredPictures
from storage.memory import MemoryConversations
from tests.patience import PATIENCE_S
from tests.unit.turns.workshop import EDITOR, INGEST, ME


class WholeTurn:
    """Everything that answers a question with one model; a context that lets go of it again."""

    def __init__(
        self,
        endpoint: Endpoint,
        card: ModelCard,
        tools: Mapping[str, Tool] = MappingProxyType({}),
        store: Conversations | None = None,
        *,
        others: Sequence[tuple[Endpoint, ModelCard]] = (),
        media: StoredPictures | None = None,
        files: FileTexts | None = None,
        resources: Mapping[type, Any] = MappingProxyType({}),
    ) -> None:
        """Answer with this model, which may have more tools, and with what a store holds.

        There may be other models to switch to.
        """
        self._card = card
        self.store = store or MemoryConversations()
        self.pictures = Pictures(INGEST, media or MemoryMedia(), self.store)
        self.jobs = Jobs()
        toolbox = Toolbox({**load_tools(), **tools}, self.pictures, resources)
        news = ChangeFeed()
        every = [(endpoint, card), *others]
        catalogue = Catalogue({at.id: at for at, _ in every}, {who.id: who for _, who in every})
        gateway = Gateway(DeploymentResolver(catalogue), ProviderPool(open_provider))
        history = History(self.store)
        deps = TurnDeps(
            self.store,
            self.pictures,
            EDITOR,
            toolbox,
            gateway,
            self.jobs,
            history,
            files or FileTexts(),
        )
        self.engine = Engine(deps, catalogue, news)
        self.library = ConversationService(self.store, catalogue, self.jobs, news)
        self.settings = SettingsService(self.store, catalogue, toolbox.tools, news.publish)

    async def __aenter__(self) -> "WholeTurn":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.engine.close()

    async def begun(
        self,
        words: str = "Draw a fox",
        shas: Sequence[str] = (),
        masks: Sequence[str] = (),
        files: Sequence[NamedFile] = (),
        **settings: Any,
    ) -> str:
        """Ask in a new conversation; the id of the reply that is being written."""
        conversation = await self.library.new(ME)
        await self.settings.change(ME, conversation.id, {"model": self._card.id, **settings})
        sent = Outgoing("client-1", words, shas, masks=masks, files=files)
        started = await self.engine.send(ME, conversation.id, sent)
        return started.reply_id

    async def asked_after(self, reply: Message, words: str = "Make it blue") -> str:
        """Ask again, below a reply; the id of the next."""
        sent = Outgoing(f"after-{reply.id}", words)
        started = await self.engine.send(ME, reply.conversation_id, sent, reply.id)
        return started.reply_id

    async def ended(self, reply_id: str) -> Message:
        """The reply, once it has ended."""
        await asyncio.wait_for(self.jobs.wait(reply_id), PATIENCE_S)
        return self.store.message(ME, reply_id)

    async def until_said(self, reply_id: str) -> None:
        """Wait until anything of the reply has come."""
        job = self.jobs.get(reply_id)
        assert job is not None
        with suppress(StopAsyncIteration):
            await asyncio.wait_for(anext(job.watch()), PATIENCE_S)

    def running(self) -> list[str]:
        """Replies that are still being written, and tasks that would write them."""
        named = (task.get_name() for task in asyncio.all_tasks())
        jobs = [job.id for job in self.jobs.of_owner(ME)]
        return jobs + [name for name in named if name.startswith("turn-")]
