"""The commands of the page as plain HTTP: ask, edit, stop, show, rename, delete, search."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from chat.core.messages import Conversation
from chat.turns.engine import Started
from chat.turns.services import Services
from chat.web.owner import Owner

Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Sha = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
PAGE_ROWS = 50


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:  # in the year 1, east of Greenwich
        raise ValueError("no such moment in UTC") from error


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
ClientId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{8,64}$")]


class Body(BaseModel):
    """A request body that takes nothing it does not know."""

    model_config = ConfigDict(extra="forbid")


class Question(Body):
    """A message to send, or the new words of an edited one."""

    text: str
    pictures: list[Sha] = Field(default_factory=list, max_length=100)
    masks: list[Sha] = Field(default_factory=list, max_length=100)
    """Pictures too, that say where the first one may change."""
    client_id: ClientId
    parent_id: Id | None = None


class Title(Body):
    """A new title."""

    title: str = Field(max_length=2_000)


def conversation_row(
    conversation: Conversation, *, running: bool, excerpt: str = ""
) -> dict[str, str | bool]:
    """A conversation as the sidebar lists it; the time is in UTC, ISO 8601."""
    return {
        "id": conversation.id,
        "title": conversation.title or "New conversation",
        "model": conversation.model,
        "at": conversation.updated_at.isoformat(),
        "running": running,
        "excerpt": excerpt,
    }


def _started(started: Started) -> dict[str, str]:
    return {
        "conversation": started.conversation_id,
        "question": started.question_id,
        "reply": started.reply_id,
    }


def router(services: Services) -> APIRouter:
    """The routes under ``/api`` that change or list conversations."""
    api = APIRouter(prefix="/api")
    engine, library = services.engine, services.library

    @api.post("/conversations")
    async def create(owner: Owner) -> dict[str, str]:
        return {"id": (await library.new(owner)).id}

    @api.get("/conversations")
    async def search(
        owner: Owner, q: str = "", before: Moment | None = None
    ) -> dict[str, list[dict[str, str | bool]] | bool]:
        hits = await library.search(owner, q[:500], PAGE_ROWS + 1, before)
        rows = [
            conversation_row(
                hit.conversation,
                running=bool(services.jobs.of_conversation(hit.conversation.id)),
                excerpt=hit.excerpt,
            )
            for hit in hits[:PAGE_ROWS]
        ]
        return {"conversations": rows, "more": len(hits) > PAGE_ROWS}

    @api.post("/conversations/{conversation_id}/messages")
    async def send(owner: Owner, conversation_id: Id, question: Question) -> dict[str, str]:
        started = await engine.send(
            owner,
            conversation_id,
            question.text,
            question.pictures,
            question.client_id,
            question.parent_id,
            question.masks,
        )
        return _started(started)

    @api.post("/conversations/{conversation_id}/title")
    async def rename(owner: Owner, conversation_id: Id, body: Title) -> dict[str, str]:
        return {"title": (await library.rename(owner, conversation_id, body.title)).title}

    @api.delete("/conversations/{conversation_id}")
    async def delete(owner: Owner, conversation_id: Id) -> dict[str, bool]:
        await library.delete(owner, conversation_id)
        return {"deleted": True}

    @api.post("/conversations/{conversation_id}/restore")
    async def restore(owner: Owner, conversation_id: Id) -> dict[str, str]:
        return {"id": (await library.restore(owner, conversation_id)).id}

    @api.post("/messages/{message_id}/edit")
    async def edit(owner: Owner, message_id: Id, question: Question) -> dict[str, str]:
        started = await engine.edit(
            owner,
            message_id,
            question.text,
            question.pictures,
            question.client_id,
            question.masks,
        )
        return _started(started)

    @api.post("/messages/{message_id}/regenerate")
    async def regenerate(owner: Owner, message_id: Id) -> dict[str, str]:
        return _started(await engine.regenerate(owner, message_id))

    @api.post("/messages/{message_id}/stop")
    async def stop(owner: Owner, message_id: Id) -> dict[str, bool]:
        return {"stopped": engine.stop(owner, message_id)}

    @api.post("/messages/{message_id}/show")
    async def show(owner: Owner, message_id: Id) -> dict[str, str]:
        return {"conversation": await library.show(owner, message_id)}

    return api
