"""The settings of stored conversations: read for a page, and changed. There is no other way in.

What there is to set, and what may be chosen, stands in ``chat.core.conversation_settings``.
"""

import asyncio
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from chat.conversations.tool_list import ToolList
from chat.conversations.usual_tools import keep_usual_tools, usual_tools
from chat.core.conversation_settings import SETTINGS, Setting, changed
from chat.core.errors import CapabilityError, ChatError
from chat.core.messages import Conversation
from chat.core.models import ModelCard
from chat.core.parts import Json
from chat.core.ports import Conversations
from chat.core.tools import Tool
from chat.models import Catalogue, Catalogues
from chat.models.tool_relay import ToolRoute, how_tools_run
from chat.tools.tool_policy import policy_of

STAMP_CHARACTERS = 16


@dataclass(frozen=True, slots=True)
class ShownSetting:
    """A setting as a page shows it with the model that answers next."""

    value: Json
    offered: bool
    """Whether this model has it. What was chosen for another is kept, and not in force."""
    choices: tuple[str, ...]
    """What may be chosen, in the order of its menu; empty: none is offered."""


@dataclass(frozen=True, slots=True)
class ShownSettings:
    """All settings of one conversation, or of one that is not begun."""

    stamp: str
    """Differs where a setting does."""
    card: ModelCard | None
    """The model that answers next; ``None``: there is none."""
    settings: Mapping[str, ShownSetting]
    tools: int
    """How many tools may be used while they are on."""
    tool_route: ToolRoute
    """How they run with that model, or why they cannot."""


class SettingsService:
    """Reads and changes the settings of conversations."""

    def __init__(
        self,
        conversations: Conversations,
        catalogues: Catalogues,
        tools: Callable[[], Mapping[str, Tool]],
        announce: Callable[[str, str], None],
    ) -> None:
        """Choose among these models, and the tools there are whenever somebody chooses.

        ``announce`` hears owner and id after a change.
        """
        self._conversations = conversations
        self._catalogues = catalogues
        self._tools = tools
        self.tool_list = ToolList(tools)
        self._announce = announce

    @property
    def _catalogue(self) -> Catalogue:
        return self._catalogues.now

    @property
    def tools(self) -> Collection[str]:
        """The names of the tools there are now."""
        return self._tools().keys()

    async def change(
        self, owner: str, conversation_id: str, changes: Mapping[str, object]
    ) -> Conversation:
        """Change some settings to what was sent, any JSON; ``None`` stands for the default.

        All of it or nothing: it is checked and stored in one transaction.

        Raises:
            CapabilityError: a name that is no setting, or a value that cannot be chosen.
            NotFound: there is no such conversation of this owner.
        """
        kept = await asyncio.to_thread(
            self._conversations.change,
            owner,
            conversation_id,
            lambda now: changed(now, changes, self),
        )
        self._announce(owner, conversation_id)
        return kept

    async def shown(self, owner: str, conversation_id: str) -> ShownSettings:
        """The settings of a conversation. Raises ``NotFound``."""
        found = await asyncio.to_thread(self._conversations.get, owner, conversation_id)
        return self.show(found)

    async def of_a_new_one(self, owner: str) -> Conversation:
        """A conversation as this owner would begin one now; it is stored nowhere."""
        card = self.answering("")
        usual = await asyncio.to_thread(usual_tools, self._conversations, owner)
        return usual.begun(Conversation("", owner, "", model=card.id if card else ""))

    async def keep_usual_tools(self, owner: str, conversation_id: str) -> None:
        """Have new conversations begin with the tools of this one. Raises ``NotFound``."""
        found = await asyncio.to_thread(self._conversations.get, owner, conversation_id)
        await asyncio.to_thread(keep_usual_tools, self._conversations, owner, found)

    def show(self, settings: Conversation) -> ShownSettings:
        """The settings of this conversation."""
        card, route = self._card(settings.model), self.tool_route(settings.model)
        return ShownSettings(
            stamp(settings),
            card,
            {each.name: self._shown(each, settings, _set_for(card, route)) for each in SETTINGS},
            self._usable(settings, route),
            route,
        )

    def _usable(self, settings: Conversation, route: ToolRoute) -> int:
        policy = settings.tool_policy
        return sum(
            policy_of(name, tool, policy) != "deny"
            for name, tool in self._tools().items()
            if route.relay is not None or not tool.facts.for_relay
        )

    def _shown(
        self, setting: Setting, settings: Conversation, card: ModelCard | None
    ) -> ShownSetting:
        offered = card is not None and setting.offered(card)
        choices = setting.choices(card) if card is not None else ()
        return ShownSetting(getattr(settings, setting.name), offered, choices)

    def usable(self, model: str) -> str:
        """The id of a model, for its id or an alias. Raises ``CapabilityError``."""
        card = self._catalogue.find(model)
        if card is None:
            raise CapabilityError("That model is not in the catalogue. Choose another.")
        if why := self._catalogue.reason(card):
            raise CapabilityError(f"“{card.title}” cannot be used now. {why}")
        return card.id

    def answering(self, model: str) -> ModelCard | None:
        """Whose choices a conversation has: of the model that answers, and of its relay's tools."""
        return _set_for(self._card(model), self.tool_route(model))

    def tool_route(self, model: str) -> ToolRoute:
        """How tools run where a conversation names this model."""
        card = self._card(model)
        return NO_MODEL if card is None else how_tools_run(card, self._catalogue)

    def _card(self, model: str) -> ModelCard | None:
        """The model or its successor; where neither can answer, the usual one, if there is one."""
        try:
            return self._catalogue.resolve(model).card if model else self._catalogue.default
        except ChatError:  # it is retired, or nobody's
            try:
                return self._catalogue.default
            except ChatError:  # none can be used now, which the page says by itself
                return None


NO_MODEL = ToolRoute(False, "No model can be used now, so no tools either.")


def _set_for(card: ModelCard | None, route: ToolRoute) -> ModelCard | None:
    """The card as settings see it: what a relay does for it, it can do."""
    return card if card is None else replace(card, tools=route.able)


def stamp(settings: Conversation) -> str:
    """A short text that differs where a setting does."""
    values = [(each.name, getattr(settings, each.name)) for each in SETTINGS]
    return sha256(json.dumps(values, sort_keys=True).encode("ascii")).hexdigest()[:STAMP_CHARACTERS]
