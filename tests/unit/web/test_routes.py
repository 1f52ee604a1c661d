"""What a start costs, and whom a router lets in."""

import pytest
from fastapi import APIRouter, FastAPI
from starlette.testclient import TestClient

from chat.web.app import build_web
from chat.web.owner import Owner
from chat.web.routes import LazyRoute, Routes, include
from tests.unit.turns.workshop import Workshop
from tests.unit.web.studio import ASSETS, app_state_of


def test_at_a_start_no_route_is_worked_out_and_later_those_that_are_asked_for() -> None:
    web = build_web(app_state_of(Workshop([])), str(ASSETS), lambda: None, lambda: None)
    ours = [route for route in web.routes if isinstance(route, LazyRoute)]
    assert len(ours) > 80
    assert not [route.path for route in ours if "dependant" in vars(route)]
    with TestClient(web) as http:
        assert http.get("/api/settings").status_code == 200
        assert http.put("/api/settings").status_code == 405
    assert [route.path for route in ours if "dependant" in vars(route)] == ["/api/settings"]


def test_a_route_that_cannot_be_worked_out_has_no_more_to_say() -> None:
    routes = Routes("/api")

    @routes.get("/{one}")
    def one(one: str, owner: Owner) -> str:
        return f"{one} of {owner}"

    (route,) = routes.routes
    assert isinstance(route, LazyRoute)
    assert route.include_in_schema
    with pytest.raises(AttributeError, match="no_such_thing"):
        _ = route.no_such_thing


def test_a_router_that_asks_nobody_who_they_are_is_refused() -> None:
    open_to_all: list[Routes] = [APIRouter()]  # type: ignore[list-item]
    with pytest.raises(TypeError, match="must ask who somebody is"):
        include(FastAPI(), open_to_all)
