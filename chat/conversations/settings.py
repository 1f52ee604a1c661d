"""The settings of stored conversations: read for a page, and changed. There is no other way in.

What there is to set, and what may be chosen, stands in ``chat.core.conversation_settings``.
"""

import asyncio
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256

from chat.core.conversation_settings import SETTINGS, Setting, changed
from chat.core.errors import CapabilityError, ChatError
from chat.core.messages import Conversation
from chat.core.models import ModelCard
from chat.core.parts import Json
from chat.core.ports import Conversations
from chat.models import Catalogue

STAMP_CHARACTERS = 16


@dataclass(frozen=True, slots=True)
class ShownSetting:
    """A setting as a page shows it with the model that answers next."""

    value: Json
    offered: bool
    """Whether this model has it. What was chosen for another is kept, and not in force."""
    choices: tuple[str, ...]
    """What may be chosen, in the order of its menu or list; empty: no list is offered."""


@dataclass(frozen=True, slots=True)
class ShownSettings:
    """All settings of one conversation, or of one that is not begun."""

    stamp: str
    """Differs where a setting does."""
    card: ModelCard | None
    """The model that answers next; ``None``: there is none."""
    settings: Mapping[str, ShownSetting]


class SettingsService:
    """Reads and changes the settings of conversations."""

    def __init__(
        self,
        conversations: Conversations,
        catalogue: Catalogue,
        tools: Collection[str],
        announce: Callable[[str, str], None],
    ) -> None:
        """Choose among these models and tools; ``announce`` hears owner and id after a change."""
        self._conversations = conversations
        self._catalogue = catalogue
        self.tools = tools
        self._announce = announce

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

    def show(self, conversation: Conversation | None) -> ShownSettings:
        """The settings of this conversation; of a new one for ``None``."""
        card = self.answering(conversation.model if conversation else "")
        settings = conversation or Conversation("", "", "", model=card.id if card else "")
        return ShownSettings(
            stamp(settings),
            card,
            {each.name: self._shown(each, settings, card) for each in SETTINGS},
        )

    def _shown(
        self, setting: Setting, settings: Conversation, card: ModelCard | None
    ) -> ShownSetting:
        offered = card is not None and setting.offered(card)
        choices = setting.choices(card) if card is not None else ()
        if setting.widget == "ticks":
            choices = tuple(self.tools)
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
        """The model or its successor; where neither can answer, the usual one, if there is one."""
        try:
            return self._catalogue.resolve(model).card if model else self._catalogue.default
        except ChatError:
            try:
                return self._catalogue.default
            except ChatError:
                return None


def stamp(settings: Conversation) -> str:
    """A short text that differs where a setting does."""
    values = [(each.name, getattr(settings, each.name)) for each in SETTINGS]
    return sha256(json.dumps(values, sort_keys=True).encode("ascii")).hexdigest()[:STAMP_CHARACTERS]
