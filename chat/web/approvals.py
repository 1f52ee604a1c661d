"""Deciding on calls of tools, and answering what tools ask, over HTTP."""

from fastapi import Response

from chat.turns.app_state import AppState
from chat.turns.approvals import CallDecision
from chat.web.api.answers import Done, answer
from chat.web.api.approvals import Decisions, DecisionTaken, QuestionAnswer
from chat.web.api.values import Id
from chat.web.owner import Owner
from chat.web.routes import Routes


def router(app_state: AppState) -> Routes:
    """``decide`` and ``answer`` of a reply."""
    api = Routes("/api/messages/{message_id}")
    engine = app_state.engine

    @api.post("/decide", response_model=DecisionTaken)
    async def decide(owner: Owner, message_id: Id, body: Decisions) -> Response:
        """Decide on every call that a reply waits for; refused where they are others by now."""
        made = [
            CallDecision(each.call, each.digest, each.choice, each.word) for each in body.decisions
        ]
        reply = await engine.decisions.decide(owner, message_id, made)
        return answer(DecisionTaken(reply=reply.id))

    @api.post("/answer", response_model=Done)
    async def answered(owner: Owner, message_id: Id, body: QuestionAnswer) -> Response:
        """Answer what a running tool asks; refused where it does not fit the form."""
        await engine.decisions.answer_question(owner, message_id, body.question, body.values)
        return answer(Done())

    return api
