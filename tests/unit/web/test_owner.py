"""A login is one function; with it, every route and the live connection serve each their own."""

import re

import pytest
from fastapi import HTTPException
from fastapi.openapi.utils import get_openapi
from fastapi.requests import HTTPConnection
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from chat.web.app import build_web
from tests.unit.turns.workshop import Workshop
from tests.unit.web.page import Page
from tests.unit.web.studio import ASSETS, Studio, app_state_of, opened

OPEN_TO_ALL = {"/healthz", "/readyz"}


async def by_header(connection: HTTPConnection) -> str:
    """Whom a proxy in front has signed in."""
    if name := connection.headers.get("x-user"):
        return name
    raise HTTPException(401, "Sign in first.")


def user(name: str) -> dict[str, str]:
    return {"X-User": name}


async def begin(made: Studio, name: str) -> str:
    answer = await made.http.post("/api/conversations", headers=user(name))
    return str(answer.json()["id"])


async def test_each_user_of_one_server_has_conversations_of_their_own() -> None:
    async with opened(Workshop([]), owner_of=by_header) as made:
        ada, bob = await begin(made, "ada"), await begin(made, "bob")
        assert made.shop.store.get("ada", ada).id == ada
        for reader, status in (("ada", 200), ("bob", 404)):
            path = f"/api/conversations/{ada}/settings"
            answer = await made.http.get(path, headers=user(reader))
            assert answer.status_code == status
        address = f"ws://127.0.0.1:{made.port}/live"
        async with connect(address, proxy=None, additional_headers=user("bob")) as socket:
            page = Page(socket)
            assert (await page.open(bob))["conversation"] == bob
            await socket.send(f'{{"type": "open", "conversation": "{ada}"}}')
            await page.until(lambda: page.told[-1]["type"] == "missing")
            assert page.told[-1]["conversation"] == ada


async def test_nobody_is_served_who_is_not_signed_in() -> None:
    """By no route, also the next one, whoever writes it."""
    shop = Workshop([])
    web = build_web(app_state_of(shop), str(ASSETS), lambda: None, lambda: None)
    routes = get_openapi(title="Easel", version="1", routes=web.routes)["paths"]
    asked = [(method, path) for path, methods in routes.items() for method in methods]
    assert len(asked) > 15
    async with opened(shop, owner_of=by_header) as made:
        for method, path in asked:
            address = re.sub(r"\{\w+\}", "0" * 32, path.replace("{sha}", "0" * 64))
            answer = await made.http.request(method, address, json={})
            # What is shared by a link is open to whoever has it, and to others not there.
            shut = 404 if path.startswith("/shared/") and method == "get" else 401
            expected = 200 if path in OPEN_TO_ALL else shut
            assert answer.status_code == expected, f"{method} {path}"
        with pytest.raises(InvalidStatus) as refused:
            async with connect(f"ws://127.0.0.1:{made.port}/live", proxy=None):
                pass
        assert refused.value.response.status_code == 401
