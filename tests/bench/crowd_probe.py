"""``python -m tests.bench.crowd_probe KIND URL PEOPLE PIECES``: people who ask one by one.

A process of its own, so that what it costs is nobody's. Each has an open page's line, asks once,
and notes how late each piece of the reply is, by its number; what cannot be asked brings nothing.
A page listens from its first moment: until all are open, which takes a minute where each
person needs an account, servers ask whether it is still there, and part with whoever says nothing.
Printed are a line when all pages are open and then, once its input has a line, everything that
came, as JSON. How Socket.IO is spoken here is all that its clients do: without their library all
servers have the same reader.
"""

import asyncio
import itertools
import json
import math
import sys
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.bench.pacer import MODEL, STAMP
from tests.patience import PATIENCE_S

START_S = 300.0
"""A server that loads all it has may need a minute of a core, and shares it."""
APART_S = 0.04
"""From one question to the next."""
QUIET_S = 20.0
"""After so long a silence nothing more is waited for."""


@dataclass(slots=True)
class Person:
    """One page, its line, and what it heard."""

    line: ClientConnection
    ask: Callable[[], Awaitable[Any]]
    late_ms: dict[int, float] = field(default_factory=dict)
    """By the number of the piece."""
    heard_s: float = math.inf
    """When something came last, or the question went out."""

    async def listen(self, pieces: int) -> None:
        """Note what comes until all of it has, or nothing more does."""
        while len(self.late_ms) < pieces:
            try:
                told = await asyncio.wait_for(self.line.recv(decode=True), QUIET_S)
            except TimeoutError:
                if time.monotonic() - self.heard_s >= QUIET_S:
                    return
                continue
            except ConnectionClosed as closed:
                print(f"a line was closed: {closed!r}", file=sys.stderr)  # noqa: T201
                return
            now_us = time.monotonic_ns() // 1000
            self.heard_s = now_us / 1e6 if self.heard_s < math.inf else math.inf
            if told == "2":
                await self.line.send("3")
                continue
            for number, sent_us in STAMP.findall(told):
                self.late_ms.setdefault(int(number), (now_us - int(sent_us)) / 1000)


def _line(url: str, path: str) -> Any:
    address = f"{url.replace('http', 'ws', 1)}{path}"
    return connect(address, proxy=None, max_size=None, open_timeout=PATIENCE_S)


async def _easel(http: httpx.AsyncClient, url: str, number: int) -> Person:
    """One owner has all the pages, which costs more than as many owners would."""
    del number
    made = (await http.post("/api/conversations", json={})).raise_for_status()
    conversation = made.json()["id"]
    line = await _line(url, "/live")
    await line.send(json.dumps({"type": "open", "conversation": conversation}))
    while '"window"' not in str(await line.recv()):
        pass
    body = {"text": "Speak.", "client_id": uuid.uuid4().hex}
    path = f"/api/conversations/{conversation}/messages"

    async def ask() -> None:
        (await http.post(path, json=body)).raise_for_status()

    return Person(line, ask)


async def _socket_io(url: str, auth: dict[str, Any]) -> tuple[ClientConnection, str]:
    line = await _line(url, "/ws/socket.io/?EIO=4&transport=websocket")
    assert str(await line.recv()).startswith("0"), "the server did not greet"
    await line.send("40" + json.dumps(auth))
    while not (told := str(await line.recv())).startswith("40"):
        assert told == "2", told
        await line.send("3")
    return line, json.loads(told[2:])["sid"]


async def _chainlit(http: httpx.AsyncClient, url: str, number: int) -> Person:
    del http, number
    auth = {"sessionId": str(uuid.uuid4()), "clientType": "webapp", "userEnv": "{}"}
    line, _ = await _socket_io(url, auth)
    await line.send('42["connection_successful"]')
    step = {
        "id": str(uuid.uuid4()),
        "name": "user",
        "type": "user_message",
        "output": "Speak.",
        "createdAt": "2026-01-01T00:00:00Z",
    }
    asked = "42" + json.dumps(["client_message", {"message": step, "fileReferences": []}])
    return Person(line, lambda: line.send(asked))


async def _open_webui(http: httpx.AsyncClient, url: str, number: int) -> Person:
    """Each with an account: what one is told there, all of their pages are told."""
    account = {
        "name": f"Person {number}",
        "email": f"person{number}@example.com",
        "password": f"pass phrase {number}",
    }
    # The first is the administrator, and adds the others.
    path = "add" if number else "signup"
    known = await http.post(f"/api/v1/auths/{path}", json={**account, "role": "user"})
    token = known.raise_for_status().json()["token"]
    http.headers.setdefault("Authorization", f"Bearer {token}")
    line, session = await _socket_io(url, {"token": token})
    head = {"Authorization": f"Bearer {token}"}
    # As each page does; who asks before anybody has is told that there is no such model.
    (await http.get("/api/models", headers=head)).raise_for_status()
    question = {"id": str(uuid.uuid4()), "role": "user", "content": "Speak.", "parentId": None}
    asked = {
        "model": MODEL,
        "stream": True,
        "messages": [{"role": "user", "content": "Speak."}],
        "session_id": session,
        "parent_id": None,
        "id": str(uuid.uuid4()),
        "user_message": question,
        "background_tasks": {},
    }

    async def ask() -> None:
        answer = await http.post("/api/chat/completions", json=asked, headers=head)
        answer.raise_for_status()

    return Person(line, ask)


KINDS = {"easel": _easel, "chainlit": _chainlit, "open-webui": _open_webui}


async def _asked(person: Person) -> None:
    person.heard_s = time.monotonic()
    try:
        await person.ask()
    except httpx.HTTPStatusError as error:
        print(f"a question was refused: {error.response.text[:200]}", file=sys.stderr)  # noqa: T201
    except httpx.HTTPError as error:
        print(f"a question was not taken: {error!r}", file=sys.stderr)  # noqa: T201


async def _answered(http: httpx.AsyncClient) -> None:
    """Return when the server is there."""
    for pause_s in itertools.repeat(0.2):
        try:
            await http.get("/")
        except httpx.TransportError:
            await asyncio.sleep(pause_s)
        else:
            return


async def main(kind: str, url: str, people: int, pieces: int) -> None:
    """Open all lines, wait for the word, ask all at once, and tell what came."""
    limits = httpx.Limits(max_connections=people)
    options: Any = {"trust_env": False, "timeout": PATIENCE_S, "limits": limits}
    async with httpx.AsyncClient(base_url=url, **options) as http:
        async with asyncio.timeout(START_S):
            await _answered(http)
        crowd, listening = [], []
        for number in range(people):
            crowd.append(await KINDS[kind](http, url, number))
            listening.append(asyncio.create_task(crowd[-1].listen(pieces)))
        print("The lines are open.", flush=True)  # noqa: T201
        await asyncio.to_thread(sys.stdin.readline)
        asking = []
        for person in crowd:
            asking.append(asyncio.create_task(_asked(person)))
            await asyncio.sleep(APART_S)
        await asyncio.gather(*asking, *listening)
        print(json.dumps([person.late_ms for person in crowd]), flush=True)  # noqa: T201
        await asyncio.to_thread(sys.stdin.readline)
        await asyncio.gather(*(person.line.close() for person in crowd))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
