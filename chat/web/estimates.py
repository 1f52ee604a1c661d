"""What the message in the box may cost: asked by the page again and again while it is written.

Answered from the store and the price list alone: it calls no model and stores nothing. A draft
that could not be sent has no price; why it cannot is said when somebody tries to send it.
"""

import asyncio
from collections.abc import Sequence

from fastapi import APIRouter, Response

from chat.core.errors import CapabilityError, ChatError, NotFound
from chat.core.estimate import estimate
from chat.core.messages import Conversation, Message
from chat.render.forecast import forecast
from chat.turns.question import compose
from chat.turns.request import prepare
from chat.turns.services import Services
from chat.web.api import Draft, Estimated, Id, answer
from chat.web.owner import Owner


class Estimates:
    """Prices drafts."""

    def __init__(self, services: Services) -> None:
        """Price with this catalogue what is in this store."""
        self._services = services

    async def of(self, owner: str, draft: Draft, conversation: Conversation | None) -> Estimated:
        """What to show of it.

        Raises:
            NotFound: the message above is not of this conversation.
        """
        catalogue = self._services.catalogue
        above = await self._above(owner, draft.parent_id, conversation)
        try:
            model = conversation.model if conversation else catalogue.default.id
            card = catalogue.resolve(model).card
            question = await self._question(owner, draft)
        except ChatError:
            return Estimated()
        if not card.history:
            above = ()
        tools_on = conversation is not None and conversation.tools_on and card.tools
        system = conversation.system if conversation else ""
        options = conversation.options if conversation else {}

        def reckoned() -> tuple[str, str]:
            messages = prepare(card, [*above, question], tools_on)
            return forecast(estimate(card, messages, system, options), card)

        try:
            words, why = await asyncio.to_thread(reckoned)
        except CapabilityError:
            return Estimated()
        return Estimated(words=words, why=why)

    async def _question(self, owner: str, draft: Draft) -> Message:
        known = self._services.pictures.known
        shas = [sha for sha in dict.fromkeys(draft.pictures) if sha not in draft.masks]
        refs, masks = await known(owner, shas), await known(owner, draft.masks)
        if masks and not refs:
            raise CapabilityError("A mask needs its picture.")
        parts = compose(draft.text, refs, {}, masks)
        return Message("draft", "", draft.parent_id, "user", parts)

    async def _above(
        self, owner: str, parent_id: str | None, conversation: Conversation | None
    ) -> Sequence[Message]:
        if parent_id is None:
            return ()
        store = self._services.conversations
        parent = await asyncio.to_thread(store.message, owner, parent_id)
        if conversation is None or parent.conversation_id != conversation.id:
            raise NotFound("That message is not part of this conversation.")
        return await self._services.engine.history.above(parent_id)


def router(services: Services) -> APIRouter:
    """``estimate`` of a conversation, and of one that is not begun."""
    api = APIRouter(prefix="/api")
    estimates = Estimates(services)

    @api.post("/estimate", response_model=Estimated)
    async def first(owner: Owner, draft: Draft) -> Response:
        return answer(await estimates.of(owner, draft, None))

    @api.post("/conversations/{conversation_id}/estimate", response_model=Estimated)
    async def next_one(owner: Owner, conversation_id: Id, draft: Draft) -> Response:
        conversation = await services.library.get(owner, conversation_id)
        return answer(await estimates.of(owner, draft, conversation))

    return api
