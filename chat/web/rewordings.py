"""Other words for the question above a reply, as a proposal for the message box."""

import asyncio
from typing import Literal

from fastapi import Response

from chat.core.errors import NotFound
from chat.core.parts import plain_text
from chat.turns.app_state import AppState
from chat.turns.rewording import asking_for_picture, reworded
from chat.web.api.answers import answer
from chat.web.api.prompts import Rewording
from chat.web.api.values import Id
from chat.web.owner import Owner
from chat.web.routes import Routes


def router(app_state: AppState) -> Routes:
    """``/api/messages/{id}/rewording``: changes nothing and sends nothing."""
    api = Routes("/api")

    @api.get("/messages/{message_id}/rewording", response_model=Rewording)
    async def rewording(
        owner: Owner, message_id: Id, aim: Literal["rules", "picture"] = "rules"
    ) -> Response:
        store = app_state.conversations
        reply = await asyncio.to_thread(store.message, owner, message_id)
        if reply.role != "assistant" or reply.parent_id is None:
            raise NotFound("Only the question of a reply can be put in other words.")
        question = await asyncio.to_thread(store.message, owner, reply.parent_id)
        prompt = plain_text(question.parts)
        if aim == "picture":
            return answer(Rewording(text=asking_for_picture(prompt)))
        said = reply.finish.native if reply.finish else ""
        return answer(Rewording(text=reworded(said, prompt)))

    return api
