"""A live connection ends with its session, whatever its page does."""

import asyncio

from starlette.types import Message, Receive, Scope, Send

from chat.web.session_watch import passed_on

MANY = 100


async def test_a_page_that_never_falls_silent_is_looked_at_like_any_other() -> None:
    said: asyncio.Queue[int] = asyncio.Queue()
    heard: list[str] = []
    told: list[Message] = []

    async def receive() -> Message:
        said.put_nowait(1)
        await asyncio.sleep(0)
        return {"type": "websocket.receive", "text": "ping"}

    async def send(message: Message) -> None:
        told.append(message)

    async def over() -> None:
        for _ in range(MANY // 10):  # as a while that passes
            await said.get()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        del scope
        while len(heard) < MANY:
            message = await receive()
            heard.append(message["type"])
            if message["type"] == "websocket.disconnect":
                return
            await send({"type": "websocket.send", "text": "pong"})

    await passed_on(app, {"type": "websocket"}, receive, send, over)
    assert heard[-1] == "websocket.disconnect"
    assert told[-1] == {"type": "websocket.close", "code": 1008}
