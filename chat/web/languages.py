"""In which language whoever asks is answered, and how they choose another.

A browser says which languages its reader knows; whoever chooses one in the page is remembered by a
cookie, and where people sign in with what is theirs, so that it follows them to another browser.
Programs, and the log, are spoken to in English.
"""

import asyncio
from collections.abc import Mapping
from typing import Annotated

from fastapi import Request, Response
from pydantic import StringConstraints
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chat.core.errors import CapabilityError, ChatError
from chat.core.languages import SOURCE, best_of, catalogue, known, language, speaking
from chat.core.people import Person
from chat.core.ports import Conversations, OwnedRecord
from chat.turns.app_state import AppState
from chat.web.api.answers import Done, answer
from chat.web.api.values import Body
from chat.web.cookies import cookie_name, cookie_values, set_cookie
from chat.web.error_body import is_api
from chat.web.owner import PERSON, Owner
from chat.web.routes import Routes

LASTS_S = 400 * 24 * 3600
"""The longest that browsers keep a cookie."""
KIND = "language"
"""Of the owner's record, of which there is one."""
ID = "page"


class LanguageChosen(Body):
    """The language to be spoken to in, such as ``de`` or ``es-MX``."""

    language: Annotated[str, StringConstraints(max_length=20)]


MADE_UP = "easel.made_up_languages"
"""In the scope of a request: whether those for tests may be chosen."""


def asked_for(scope: Scope) -> str:
    """The language of a request: what was chosen in this browser, or what it says it knows."""
    if is_api(scope["path"]):
        return SOURCE
    for value in cookie_values(scope, cookie_name(scope, "language", secure=False)):
        if found := known(value, made_up=scope.get(MADE_UP, False)):
            return found
    said = [value for name, value in scope["headers"] if name == b"accept-language"]
    return best_of(b",".join(said).decode("latin-1"))


class LanguageMiddleware:
    """Answers each request, and serves each live connection, in the language of who asks."""

    def __init__(self, app: ASGIApp, *, made_up: bool = False) -> None:
        """Serve ``app``; ``made_up``: also in the languages that show what is not translated."""
        self._app = app
        self._made_up = made_up
        self._read = {SOURCE}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass it on, spoken to."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        scope[MADE_UP] = self._made_up
        to = asked_for(scope)
        if to not in self._read:
            await asyncio.to_thread(lambda: catalogue(to).forms())
            self._read.add(to)
        with speaking(to):
            await self._app(scope, receive, send)


class LanguageOfPerson:
    """Serves the page in the language that its reader has chosen, in whatever browser that was."""

    def __init__(self, app: ASGIApp, conversations: Conversations) -> None:
        self._app = app
        self._conversations = conversations

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have the page in it, and its browser remember."""
        person = scope.get(PERSON)
        opens = scope["type"] == "http" and scope["path"] == "/" and isinstance(person, Person)
        chosen = ""
        if opens and isinstance(person, Person):
            made_up = bool(scope.get(MADE_UP))
            chosen = await asyncio.to_thread(
                chosen_by, self._conversations, person.id, made_up=made_up
            )
        if not chosen or chosen == language():
            await self._app(scope, receive, send)
            return

        async def remembering(message: Message) -> None:
            if message["type"] == "http.response.start":
                header = (b"set-cookie", _cookie(scope, chosen).encode("ascii"))
                message = {**message, "headers": [*message["headers"], header]}
            await send(message)

        await asyncio.to_thread(lambda: catalogue(chosen).forms())
        with speaking(chosen):
            await self._app(scope, receive, remembering)


def chosen_by(conversations: Conversations, owner: str, *, made_up: bool = False) -> str:
    """What an owner has chosen; empty: nothing, or what is not spoken here any more."""
    try:
        record = conversations.record(owner, KIND, ID)
    except ChatError:  # the page says by itself what is wrong with the store
        return ""
    if record is None or not isinstance(record.value, Mapping):
        return ""
    return known(str(record.value.get("language", "")), made_up=made_up)


def router(app_state: AppState) -> Routes:
    """``/api/language``."""
    api = Routes("/api")
    conversations = app_state.conversations

    @api.post("/language", response_model=Done)
    async def choose(owner: Owner, request: Request, body: LanguageChosen) -> Response:
        """Speak this language from the next load of the page on."""
        chosen = known(body.language, made_up=request.scope.get(MADE_UP, False))
        if not chosen:
            raise CapabilityError("Easel does not speak that language.")
        if isinstance(request.scope.get(PERSON), Person):
            record = OwnedRecord(KIND, ID, {"language": chosen})
            await asyncio.to_thread(conversations.keep_record, owner, KIND, ID, lambda _: record)
        done = answer(Done())
        done.headers.append("set-cookie", _cookie(request.scope, chosen))
        return done

    return api


def _cookie(scope: Scope, chosen: str) -> str:
    name = cookie_name(scope, "language", secure=False)
    return set_cookie(name, chosen, LASTS_S, secure=scope["scheme"] in {"https", "wss"})
