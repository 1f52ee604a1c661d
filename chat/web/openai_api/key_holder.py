"""Whose key a request came with: the owner of all that is asked for it."""

from typing import Annotated

from fastapi import Depends
from fastapi.requests import HTTPConnection
from starlette.exceptions import HTTPException

from chat.core.models import Modality, ModelCard
from chat.web.api_door import NO_KEY, holder_of, not_good_for
from chat.web.key_holders import Holder

EVERYTHING: frozenset[Modality] = frozenset({"text", "image"})


def key_holder(connection: HTTPConnection) -> str:
    """The owner that stands for a key: who made it, or for one of the host's, nobody else.

    Raises:
        HTTPException: with status 401, for a request that did not come by the door of programs.
    """
    holder = holder_of(connection.scope)
    if holder is None:
        raise HTTPException(401, NO_KEY)
    return holder.owner


def given_to(holder: Holder, card: ModelCard) -> frozenset[Modality]:
    """What a key may be given: words alone, where it is not for pictures.

    A model that is said to give words may send pictures all the same.

    Raises:
        HTTPException: with status 403, where the model gives nothing of that.
    """
    given: frozenset[Modality] = EVERYTHING if "images" in holder.scopes else frozenset({"text"})
    if given.isdisjoint(card.output_modalities):
        raise HTTPException(403, not_good_for("images"))
    return given


KeyHolder = Annotated[str, Depends(key_holder)]
