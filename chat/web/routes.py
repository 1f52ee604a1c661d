"""Routes that are worked out when they are first asked for.

FastAPI reads the parameters of every function and makes a validator of each, twice where a router
is included: most of what a server costs at its start, for a hundred routes of which a page asks
for a few. And it would derive a schema of every answer, though ours are made by hand: only
``/openapi.json`` reads them.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute
from starlette.routing import compile_path, get_name

from chat.web.owner import current_owner


class LazyRoute(APIRoute):
    """One of which only its address is known at first."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **declared: Any) -> None:
        # What a request is matched by. Everything else is made by the first who asks for it.
        self.path = path
        self.endpoint = endpoint
        self.name = declared.get("name") or get_name(endpoint)
        self.methods = {method.upper() for method in declared.get("methods") or ("GET",)}
        self.path_regex, self.path_format, self.param_convertors = compile_path(path)
        self.declared = declared

    def __getattr__(self, name: str) -> Any:
        declared = self.__dict__.pop("declared", None)
        if declared is None:
            raise AttributeError(f"a route has no {name!r}")
        super().__init__(self.path, self.endpoint, **declared)
        return getattr(self, name)


class _Route(LazyRoute):
    """One whose answer has no schema until it is described."""

    def __init__(
        self, path: str, endpoint: Callable[..., Any], *, response_model: Any = None, **more: Any
    ) -> None:
        super().__init__(path, endpoint, response_model=None, **more)
        self.answers_with = response_model


class Routes(APIRouter):
    """A router of the API: for those who are known, also where nothing is anybody's own."""

    def __init__(self, prefix: str = "") -> None:
        super().__init__(prefix=prefix, route_class=_Route, dependencies=[Depends(current_owner)])


def include(app: FastAPI, routers: Iterable[Routes]) -> None:
    """Answer by these. Not by ``include_router``, which would work all of them out."""
    for router in routers:
        if not isinstance(router, Routes):
            raise TypeError("a router of the API must ask who somebody is: chat.web.routes.Routes")
        app.router.routes.extend(router.routes)


def describe(routers: Iterable[APIRouter], responses: Mapping[int | str, dict[str, Any]]) -> None:
    """Let them say what they answer, and what any of them may answer beside.

    To be called before anything else is asked of them.
    """
    for route in (route for router in routers for route in router.routes):
        if isinstance(route, LazyRoute):
            route.declared["responses"] = {**responses, **(route.declared["responses"] or {})}
        if isinstance(route, _Route):
            route.declared["response_model"] = route.answers_with
