"""Routes that say what they answer only where somebody asks for it.

They make their answers by hand, and FastAPI would still derive a schema of each, twice, at every
start: two thirds of what the routes cost. Only ``/openapi.json`` reads them.
"""

from collections.abc import Callable, Iterable
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute


class _Route(APIRoute):
    """One whose answer has no schema until it is described."""

    def __init__(
        self, path: str, endpoint: Callable[..., Any], *, response_model: Any = None, **more: Any
    ) -> None:
        super().__init__(path, endpoint, response_model=None, **more)
        self.answers_with = response_model


class Routes(APIRouter):
    """A router of the API."""

    def __init__(self, prefix: str = "") -> None:
        super().__init__(prefix=prefix, route_class=_Route)


def describe(routers: Iterable[APIRouter]) -> None:
    """Let them say what they answer. To be called before they are included."""
    for router in routers:
        for route in router.routes:
            if isinstance(route, _Route):
                route.response_model = route.answers_with
