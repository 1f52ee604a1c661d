"""The commands of the page as plain HTTP: ask, edit, stop, show, rename, delete, search."""

from fastapi import APIRouter, Response

from chat.core.messages import Conversation
from chat.render.messages import message_html
from chat.turns.engine import Started
from chat.turns.services import Services
from chat.web.api import (
    BranchShown,
    ConversationId,
    ConversationPage,
    ConversationRow,
    Deleted,
    DrawnTurn,
    Id,
    Moment,
    Question,
    Renamed,
    Stopped,
    Title,
    TurnStarted,
    answer,
)
from chat.web.owner import Owner
from chat.web.render_cache import RenderCache

PAGE_ROWS = 50


def conversation_row(
    conversation: Conversation, *, running: bool, excerpt: str = ""
) -> ConversationRow:
    """A conversation as the sidebar lists it."""
    return ConversationRow(
        id=conversation.id,
        title=conversation.title or "New conversation",
        model=conversation.model,
        at=conversation.updated_at.isoformat(),
        running=running,
        excerpt=excerpt,
    )


def router(services: Services, cache: RenderCache) -> APIRouter:
    """The routes under ``/api`` that change or list conversations."""
    api = APIRouter(prefix="/api")
    _conversations(api, services)
    _turns(api, services, cache)
    return api


def _turns(api: APIRouter, services: Services, cache: RenderCache) -> None:
    """What begins or ends a turn, or shows another."""
    engine, library = services.engine, services.library

    def begun(started: Started) -> Response:
        """The turn as the page can show it at once, however the live connection is."""
        drawn = []
        for message in (started.question, started.reply):
            running = message is started.reply and services.jobs.get(message.id) is not None
            body = "" if running else cache.body(message)
            html = message_html(message, (), services.names, body, running=running)
            drawn.append(DrawnTurn(id=message.id, html=html))
        return answer(
            TurnStarted(
                conversation=started.conversation_id,
                question=started.question_id,
                reply=started.reply_id,
                above=started.question.parent_id,
                drawn=drawn,
            )
        )

    @api.post("/conversations/{conversation_id}/messages", response_model=TurnStarted)
    async def send(owner: Owner, conversation_id: Id, question: Question) -> Response:
        started = await engine.send(
            owner,
            conversation_id,
            question.text,
            question.pictures,
            question.client_id,
            question.parent_id,
            question.masks,
        )
        return begun(started)

    @api.post("/messages/{message_id}/edit", response_model=TurnStarted)
    async def edit(owner: Owner, message_id: Id, question: Question) -> Response:
        started = await engine.edit(
            owner,
            message_id,
            question.text,
            question.pictures,
            question.client_id,
            question.masks,
        )
        return begun(started)

    @api.post("/messages/{message_id}/regenerate", response_model=TurnStarted)
    async def regenerate(owner: Owner, message_id: Id) -> Response:
        return begun(await engine.regenerate(owner, message_id))

    @api.post("/messages/{message_id}/stop", response_model=Stopped)
    async def stop(owner: Owner, message_id: Id) -> Response:
        return answer(Stopped(stopped=engine.stop(owner, message_id)))

    @api.post("/messages/{message_id}/show", response_model=BranchShown)
    async def show(owner: Owner, message_id: Id) -> Response:
        return answer(BranchShown(conversation=await library.show(owner, message_id)))


def _conversations(api: APIRouter, services: Services) -> None:
    """What lists and changes conversations."""
    library = services.library

    @api.post("/conversations", response_model=ConversationId)
    async def create(owner: Owner) -> Response:
        return answer(ConversationId(id=(await library.new(owner)).id))

    @api.get("/conversations", response_model=ConversationPage)
    async def search(owner: Owner, q: str = "", before: Moment | None = None) -> Response:
        hits = await library.search(owner, q[:500], PAGE_ROWS + 1, before)
        rows = [
            conversation_row(
                hit.conversation,
                running=bool(services.jobs.of_conversation(hit.conversation.id)),
                excerpt=hit.excerpt,
            )
            for hit in hits[:PAGE_ROWS]
        ]
        return answer(ConversationPage(conversations=rows, more=len(hits) > PAGE_ROWS))

    @api.post("/conversations/{conversation_id}/title", response_model=Renamed)
    async def rename(owner: Owner, conversation_id: Id, body: Title) -> Response:
        kept = await library.rename(owner, conversation_id, body.title)
        return answer(Renamed(title=kept.title))

    @api.delete("/conversations/{conversation_id}", response_model=Deleted)
    async def delete(owner: Owner, conversation_id: Id) -> Response:
        await library.delete(owner, conversation_id)
        return answer(Deleted())

    @api.post("/conversations/{conversation_id}/restore", response_model=ConversationId)
    async def restore(owner: Owner, conversation_id: Id) -> Response:
        return answer(ConversationId(id=(await library.restore(owner, conversation_id)).id))
