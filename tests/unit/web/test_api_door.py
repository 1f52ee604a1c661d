"""The door of programs counts what each key has under way, and lets no more in than that."""

import asyncio

import httpx
from starlette.types import Receive, Scope, Send

from chat.web.api_door import MAX_RUNNING, ApiDoor, key_of
from chat.web.api_keys import read_api_keys
from chat.web.key_holders import KeyHolders
from tests.patience import PATIENCE_S

KEYS = {"laptop": "sk-easel-laptop-0123456789", "batch": "sk-easel-batch-0123456789"}


class Routes:
    """Keeps every request waiting until it is told to answer."""

    def __init__(self) -> None:
        self.answer = asyncio.Event()
        self.full = asyncio.Event()
        self.seen: list[Scope] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        self.seen.append(scope)
        if len(self.seen) == MAX_RUNNING:
            self.full.set()
        await self.answer.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


async def test_a_key_with_too_much_under_way_waits_and_no_other_does() -> None:
    keys, _ = read_api_keys(",".join(f"{name}={key}" for name, key in KEYS.items()))
    routes = Routes()
    door = httpx.ASGITransport(ApiDoor(routes, routes, KeyHolders(keys)))
    async with httpx.AsyncClient(transport=door, base_url="http://easel") as http:

        def asked(name: str) -> asyncio.Task[httpx.Response]:
            headers = {"Authorization": f"Bearer {KEYS[name]}", "Cookie": "easel-access=x"}
            return asyncio.ensure_future(http.get("/v1/models", headers=headers))

        under_way = [asked("laptop") for _ in range(MAX_RUNNING)]
        async with asyncio.timeout(PATIENCE_S):
            await routes.full.wait()
            refused = await asked("laptop")
            other = asked("batch")
            routes.answer.set()
            let_in = [await each for each in (*under_way, other)]
            again = await asked("laptop")
    assert refused.status_code == 429
    assert refused.json()["error"]["code"] == "rate_limit_exceeded"
    assert int(refused.headers["retry-after"]) > 0
    assert {each.status_code for each in (*let_in, again)} == {200}
    assert {key_of(scope) for scope in routes.seen} == {"laptop", "batch"}
    headers = {name for scope in routes.seen for name, _ in scope["headers"]}
    assert b"cookie" not in headers
