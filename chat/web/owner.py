"""Whose conversations and pictures a request is about.

Every route and the live connection ask here, by the parameter ``owner: Owner``. Who answers is one
function that ``build_web`` is given: :func:`local_owner` where nobody is told apart, and
:func:`signed_in_owner` behind the login.
"""

from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import Annotated, TypeAlias

from fastapi import Depends, HTTPException
from fastapi.requests import HTTPConnection

from chat.core.people import Person
from chat.turns.app_state import LOCAL_OWNER

OwnerOf: TypeAlias = Callable[[HTTPConnection], str | Awaitable[str]]
"""From a request, or the opening of a live connection, to the id of its owner.

Raises ``HTTPException`` with status 401 for a request of nobody that is known.
"""


def local_owner(connection: HTTPConnection) -> str:
    """The one user of an Easel without login."""
    del connection
    return LOCAL_OWNER


PERSON = "easel.person"
"""Where the login notes in the scope who is signed in; nothing that is sent can write there."""


def signed_in_owner(connection: HTTPConnection) -> str:
    """Whom the login has let in."""
    person = connection.scope.get(PERSON)
    if not isinstance(person, Person):
        raise HTTPException(401, "Sign in first.")
    return person.id


def looks_after(connection: HTTPConnection) -> bool:
    """Whether somebody may see how this Easel is set up: not the guests and users of a host."""
    person = connection.scope.get(PERSON)
    return not isinstance(person, Person) or person.role == "administrator"


async def current_owner(connection: HTTPConnection) -> str:
    """Who asks, by the function that this application was built with.

    The role they have now is what their rights go by from here on.
    """
    if isinstance(person := connection.scope.get(PERSON), Person):
        connection.app.state.note_role(person)
    found: str | Awaitable[str] = connection.app.state.owner_of(connection)
    return await found if isawaitable(found) else found


Owner = Annotated[str, Depends(current_owner)]
