"""Whose key a request came with: the owner of all that is asked for it."""

from typing import Annotated

from fastapi import Depends
from fastapi.requests import HTTPConnection
from starlette.exceptions import HTTPException

from chat.web.api_door import NO_KEY, key_of


def key_holder(connection: HTTPConnection) -> str:
    """The owner that stands for a key; its name is no user's.

    Raises:
        HTTPException: with status 401, for a request that did not come by the door of programs.
    """
    name = key_of(connection.scope)
    if not name:
        raise HTTPException(401, NO_KEY)
    return f"key:{name}"


KeyHolder = Annotated[str, Depends(key_holder)]
