"""The settings of stored conversations: read for a page, and changed. There is no other way in.

What there is to set, and what may be chosen, stands in ``chat.core.conversation_settings``.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from chat.conversations import last_chosen
from chat.conversations.last_chosen import LastChosen
from chat.conversations.tool_list import ToolList
from chat.conversations.usual_tools import keep_usual_tools, usual_tools
from chat.core.conversation_settings import SETTINGS, Known, Setting, changed
from chat.core.errors import CapabilityError, ChatError, StorageError
from chat.core.messages import Conversation
from chat.core.models import ModelCard
from chat.core.parts import Json
from chat.core.ports import Conversations
from chat.core.rights import PROVIDER_SEARCH, Rights
from chat.core.tools import Tool
from chat.models import Catalogue, Catalogues
from chat.models.role_rights import UNLIMITED, RoleRights
from chat.models.tool_relay import ToolRoute, how_tools_run
from chat.tools.tool_policy import permitted, policy_of

log = logging.getLogger("easel")

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
    rights: Rights
    """Of whoever looks at them."""


class SettingsService:
    """Reads and changes the settings of conversations."""

    def __init__(
        self,
        conversations: Conversations,
        catalogues: Catalogues,
        tools: Callable[[], Mapping[str, Tool]],
        announce: Callable[[str, str], None],
        rights: RoleRights = UNLIMITED,
    ) -> None:
        """Choose among these models, and the tools there are whenever somebody chooses.

        ``announce`` hears owner and id after a change; ``rights`` say which tools are whose.
        """
        self._rights = rights
        self._conversations = conversations
        self._catalogues = catalogues
        self._tools = tools
        self.tool_list = ToolList(self.tools_of)
        self._announce = announce

    def tools_of(self, owner: str) -> Mapping[str, Tool]:
        """The tools that somebody may use now."""
        return permitted(self._tools(), self._rights.of(owner).tools)

    def known_to(self, owner: str) -> Known:
        """What somebody may choose among."""
        return _Choices(self, self._catalogues.of(owner), self.tools_of(owner), owner)

    async def change(
        self, owner: str, conversation_id: str, changes: Mapping[str, object]
    ) -> Conversation:
        """Change some settings to what was sent, any JSON; ``None`` stands for the default.

        All of it or nothing: it is checked and stored in one transaction.

        Raises:
            CapabilityError: a name that is no setting, or a value that cannot be chosen.
            NotFound: there is no such conversation of this owner.
        """
        known = self.known_to(owner)
        if changes.get("tools_on") and not known.tools:
            raise CapabilityError(NO_TOOLS)
        kept = await asyncio.to_thread(
            self._conversations.change,
            owner,
            conversation_id,
            lambda now: changed(now, changes, known),
        )
        self._announce(owner, conversation_id)
        return kept

    async def shown(self, owner: str, conversation_id: str) -> ShownSettings:
        """The settings of a conversation. Raises ``NotFound``."""
        found = await asyncio.to_thread(self._conversations.get, owner, conversation_id)
        return self.show(found)

    async def of_a_new_one(self, owner: str) -> Conversation:
        """A conversation as this owner would begin one now; it is stored nowhere.

        Raises ``StorageError``: what they have chosen cannot be read.
        """
        card = self._card(owner, "")
        usual = await asyncio.to_thread(usual_tools, self._conversations, owner)
        begun = usual.begun(Conversation("", owner, "", model=card.id if card else ""))
        last = await asyncio.to_thread(last_chosen.last_chosen, self._conversations, owner)
        return last.begun(begun, self._catalogues.of(owner).can_answer)

    async def of_a_new_one_at_least(self, owner: str) -> Conversation:
        """The same; with nothing chosen where the store fails."""
        try:
            return await self.of_a_new_one(owner)
        except StorageError as error:
            log.warning("what was chosen last could not be read: %s", error)
            card = self._card(owner, "")
            return Conversation("", owner, "", model=card.id if card else "")

    async def choose(
        self, owner: str, conversation_id: str, changes: Mapping[str, object]
    ) -> Conversation:
        """As ``change``, and new conversations begin with the model, shape and tools of it."""
        kept = await self.change(owner, conversation_id, changes)
        names = tuple(changes)
        await asyncio.to_thread(last_chosen.choose, self._conversations, owner, kept, names)
        return kept

    async def chosen_by(self, owner: str) -> LastChosen:
        """What an owner chose last, and their models."""
        return await asyncio.to_thread(last_chosen.last_chosen, self._conversations, owner)

    async def forget_chosen(self, owner: str) -> None:
        """Have new conversations begin as Easel does. Twice is once."""
        await asyncio.to_thread(last_chosen.forget, self._conversations, owner)

    async def mark_favourite(self, owner: str, model: str, *, on: bool) -> LastChosen:
        """Make a model a favourite, or no more. Raises ``CapabilityError``."""
        known = self._catalogues.of(owner).find(model)
        if on and known is None:
            raise CapabilityError("That model is not in the catalogue. Choose another.")
        name = known.id if known is not None else model
        return await asyncio.to_thread(
            last_chosen.mark_favourite, self._conversations, owner, name, on=on
        )

    async def keep_usual_tools(self, owner: str, conversation_id: str) -> None:
        """Have new conversations begin with the tools of this one. Raises ``NotFound``."""
        found = await asyncio.to_thread(self._conversations.get, owner, conversation_id)
        await asyncio.to_thread(keep_usual_tools, self._conversations, owner, found)
        names = ("tools_on",)
        await asyncio.to_thread(last_chosen.choose, self._conversations, owner, found, names)

    def show(self, settings: Conversation) -> ShownSettings:
        """The settings of this conversation."""
        owner, model = settings.owner, settings.model
        card, route = self._card(owner, model), self.tool_route(owner, model)
        set_for = self._set_for(owner, card, route)
        return ShownSettings(
            stamp(settings),
            card,
            {each.name: self._shown(each, settings, set_for) for each in SETTINGS},
            self._usable(settings, route),
            route,
            self._rights.of(owner),
        )

    def _usable(self, settings: Conversation, route: ToolRoute) -> int:
        policy = settings.tool_policy
        return sum(
            policy_of(name, tool, policy) != "deny"
            for name, tool in self.tools_of(settings.owner).items()
            if route.relay is not None or not tool.facts.for_relay
        )

    def _shown(
        self, setting: Setting, settings: Conversation, card: ModelCard | None
    ) -> ShownSetting:
        offered = card is not None and setting.offered(card)
        choices = setting.choices(card) if card is not None else ()
        return ShownSetting(getattr(settings, setting.name), offered, choices)

    def answering(self, owner: str, model: str) -> ModelCard | None:
        """Whose choices a conversation has: of the model that answers, and of its relay's tools."""
        return self._set_for(owner, self._card(owner, model), self.tool_route(owner, model))

    def _set_for(self, owner: str, card: ModelCard | None, route: ToolRoute) -> ModelCard | None:
        """The card as settings see it: it can do what a relay does for it, and what they may."""
        if card is None:
            return None
        searches = card.grounding and PROVIDER_SEARCH in self._rights.of(owner).tools
        return replace(card, tools=route.able, grounding=searches)

    def tool_route(self, owner: str, model: str) -> ToolRoute:
        """How tools run where a conversation names this model."""
        card = self._card(owner, model)
        if card is None:
            return NO_MODEL
        if not (self._rights.of(owner).tools.everything or self.tools_of(owner)):
            return ToolRoute(False, NO_TOOLS)
        return how_tools_run(card, self._catalogues.of(owner))

    def _card(self, owner: str, model: str) -> ModelCard | None:
        """The model or its successor; where neither can answer, the usual one, if there is one."""
        catalogue = self._catalogues.of(owner)
        try:
            return catalogue.resolve(model).card if model else catalogue.default
        except ChatError:  # it is retired, or nobody's, or not for them
            try:
                return catalogue.default
            except ChatError:  # none can be used now, which the page says by itself
                return None


@dataclass(frozen=True, slots=True)
class _Choices:
    """What somebody may choose among: the models and tools that are theirs to use."""

    service: SettingsService
    catalogue: Catalogue
    their_tools: Mapping[str, Tool]
    owner: str

    @property
    def tools(self) -> Collection[str]:
        """The names of the tools."""
        return self.their_tools.keys()

    def usable(self, model: str) -> str:
        """The id of a model, for its id or an alias. Raises ``CapabilityError``."""
        card = self.catalogue.find(model)
        if card is None:
            raise CapabilityError("That model is not in the catalogue. Choose another.")
        if why := self.catalogue.reason(card):
            raise CapabilityError(f"“{card.title}” cannot be used now. {why}")
        return card.id

    def answering(self, model: str) -> ModelCard | None:
        """The card that answers where a conversation names this model; ``None``: none can."""
        return self.service.answering(self.owner, model)


NO_TOOLS = "Tools are switched off for you in this Easel."
NO_MODEL = ToolRoute(False, "No model can be used now, so no tools either.")


def stamp(settings: Conversation) -> str:
    """A short text that differs where a setting does."""
    values = [(each.name, getattr(settings, each.name)) for each in SETTINGS]
    return sha256(json.dumps(values, sort_keys=True).encode("ascii")).hexdigest()[:STAMP_CHARACTERS]
