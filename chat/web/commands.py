"""The commands of the page as plain HTTP: ask, edit, stop, show, and what the list does."""

import asyncio
from contextlib import suppress

from fastapi import Response

from chat.conversations.variants import Variants
from chat.core.errors import CapabilityError
from chat.core.ports import ConversationHit
from chat.render.messages import message_html
from chat.turns.app_state import AppState
from chat.turns.engine import Started
from chat.web.api.answers import answer
from chat.web.api.conversations import (
    UNTITLED,
    ConversationId,
    ConversationPage,
    ConversationRow,
    Deleted,
    Pinned,
    Pinning,
    Renamed,
    Title,
)
from chat.web.api.turns import (
    BranchShown,
    DrawnTurn,
    Question,
    Stopped,
    TurnStarted,
    VariantChoice,
    VariantShown,
)
from chat.web.api.values import Id, Moment
from chat.web.owner import Owner
from chat.web.render_cache import RenderCache
from chat.web.routes import Routes

PAGE_ROWS = 50


def conversation_row(app_state: AppState, hit: ConversationHit) -> ConversationRow:
    """A conversation as the sidebar lists it."""
    conversation = hit.conversation
    pinned_at = conversation.pinned_at
    return ConversationRow(
        id=conversation.id,
        title=conversation.title or UNTITLED,
        model=conversation.model,
        at=conversation.updated_at.isoformat(),
        running=bool(app_state.jobs.of_conversation(conversation.id)),
        waits=app_state.engine.decisions.wanted_in(conversation.id),
        pinned="" if pinned_at is None else pinned_at.isoformat(),
        picture=hit.picture,
        excerpt=hit.excerpt,
    )


def turn_started(app_state: AppState, cache: RenderCache, started: Started) -> Response:
    """A turn as the page can show it at once, however the live connection is."""
    drawn = []
    for message in (started.question, started.reply):
        running = message is started.reply and app_state.jobs.get(message.id) is not None
        body = "" if running else cache.body(message)
        html = message_html(message, (), app_state.names, body, running=running)
        drawn.append(DrawnTurn(id=message.id, html=html))
    return answer(
        TurnStarted(
            conversation=started.question.conversation_id,
            question=started.question.id,
            reply=started.reply.id,
            above=started.question.parent_id,
            drawn=drawn,
        )
    )


def router(app_state: AppState, cache: RenderCache) -> Routes:
    """The routes under ``/api`` that change or list conversations."""
    api = Routes("/api")
    _conversations(api, app_state)
    _turns(api, app_state, cache)
    return api


def _turns(api: Routes, app_state: AppState, cache: RenderCache) -> None:
    """What begins or ends a turn, or shows another."""
    engine, library = app_state.engine, app_state.library
    variants = Variants(app_state.conversations, app_state.news)

    @api.post("/conversations/{conversation_id}/messages", response_model=TurnStarted)
    async def send(owner: Owner, conversation_id: Id, question: Question) -> Response:
        started = await engine.send_several(
            owner,
            conversation_id,
            question.outgoing,
            question.parent_id,
            models=question.answered_by,
        )
        return turn_started(app_state, cache, started[-1])

    @api.post("/messages/{message_id}/edit", response_model=TurnStarted)
    async def edit(owner: Owner, message_id: Id, question: Question) -> Response:
        models = question.answered_by
        started = await engine.edit(owner, message_id, question.outgoing, models=models)
        return turn_started(app_state, cache, started)

    @api.post("/messages/{message_id}/regenerate", response_model=TurnStarted)
    async def regenerate(owner: Owner, message_id: Id) -> Response:
        return turn_started(app_state, cache, await engine.regenerate(owner, message_id))

    @api.post("/messages/{message_id}/stop", response_model=Stopped)
    async def stop(owner: Owner, message_id: Id) -> Response:
        return answer(Stopped(stopped=await engine.halt(owner, message_id)))

    @api.post("/messages/{message_id}/variant", response_model=VariantShown)
    async def choose(owner: Owner, message_id: Id, choice: VariantChoice) -> Response:
        """Choose among replies that were asked for at once."""
        acts = {
            "pick": variants.pick,
            "discard": variants.discard,
            "keep": variants.keep_all,
            "reopen": variants.reopen,
        }
        shown = await acts[choice.act](owner, message_id)
        if choice.act == "discard":
            await engine.halt(owner, message_id)  # what nobody wants need not be paid any further
        if choice.act == "pick":
            await _go_on_with(app_state, owner, shown)
        return answer(VariantShown(reply=shown))

    @api.post("/messages/{message_id}/show", response_model=BranchShown)
    async def show(owner: Owner, message_id: Id) -> Response:
        return answer(BranchShown(conversation=await library.show(owner, message_id)))


async def _go_on_with(app_state: AppState, owner: str, reply_id: str) -> None:
    """Have the conversation answered by the model of a reply that was picked among several."""
    reply = await asyncio.to_thread(app_state.conversations.message, owner, reply_id)
    origin = reply.origin
    conversation = await asyncio.to_thread(
        app_state.conversations.get, owner, reply.conversation_id
    )
    if origin is not None and origin.chosen != conversation.model:
        with suppress(CapabilityError):  # it was retired meanwhile: the old one goes on
            await app_state.settings.change(owner, conversation.id, {"model": origin.chosen})


def _conversations(api: Routes, app_state: AppState) -> None:
    """What lists and changes conversations."""
    library = app_state.library

    @api.post("/conversations", response_model=ConversationId)
    async def create(owner: Owner) -> Response:
        return answer(ConversationId(id=(await library.new(owner)).id))

    @api.get("/conversations", response_model=ConversationPage)
    async def search(owner: Owner, q: str = "", before: Moment | None = None) -> Response:
        hits = await library.search(owner, q[:500], PAGE_ROWS + 1, before)
        others = (
            len(hits)
            if q.replace("\0", " ").split()
            else sum(not hit.conversation.pinned_at for hit in hits)
        )
        more = others > PAGE_ROWS
        shown = hits[:-1] if more else hits
        rows = [conversation_row(app_state, hit) for hit in shown]
        return answer(ConversationPage(conversations=rows, more=more))

    @api.post("/conversations/{conversation_id}/title", response_model=Renamed)
    async def rename(owner: Owner, conversation_id: Id, body: Title) -> Response:
        kept = await library.rename(owner, conversation_id, body.title)
        return answer(Renamed(title=kept.title))

    @api.post("/conversations/{conversation_id}/pin", response_model=Pinned)
    async def pin(owner: Owner, conversation_id: Id, body: Pinning) -> Response:
        kept = await library.pin(owner, conversation_id, on=body.on)
        since = kept.pinned_at
        return answer(Pinned(pinned="" if since is None else since.isoformat()))

    @api.post("/conversations/{conversation_id}/duplicate", response_model=ConversationId)
    async def duplicate(owner: Owner, conversation_id: Id) -> Response:
        """A copy with every branch, version and picture."""
        made = await library.duplicate(owner, conversation_id)
        return answer(ConversationId(id=made.id))

    @api.delete("/conversations/{conversation_id}", response_model=Deleted)
    async def delete(owner: Owner, conversation_id: Id) -> Response:
        await library.delete(owner, conversation_id)
        return answer(Deleted())

    @api.post("/conversations/{conversation_id}/restore", response_model=ConversationId)
    async def restore(owner: Owner, conversation_id: Id) -> Response:
        return answer(ConversationId(id=(await library.restore(owner, conversation_id)).id))
