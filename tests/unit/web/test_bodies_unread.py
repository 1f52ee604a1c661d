"""A route that fails before it has read its body is heard all the same."""

from starlette.types import Message, Receive, Scope, Send

from chat.web.policy import Policy
from chat.web.security import SecurityMiddleware


async def test_a_client_that_still_sends_reads_why_its_request_failed() -> None:
    coming = [
        {"type": "http.request", "body": bytes(1000), "more_body": number < 9}
        for number in range(10)
    ]
    told: list[tuple[Message, int]] = []

    async def receive() -> Message:
        return coming.pop(0)

    async def send(message: Message) -> None:
        told.append((message, len(coming)))

    async def full(scope: Scope, receive: Receive, send: Send) -> None:
        del scope
        await receive()
        await send({"type": "http.response.start", "status": 507, "headers": []})
        await send({"type": "http.response.body", "body": b"The disk is full."})

    scope: Scope = {
        "type": "http", "method": "POST", "path": "/api/import", "scheme": "http",
        "headers": [(b"host", b"127.0.0.1"), (b"content-length", b"10000")],
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "query_string": b"",
    }  # fmt: skip
    await SecurityMiddleware(full, Policy())(scope, receive, send)
    assert told[1][0]["body"] == b"The disk is full."
    # The connection closes with the last message, and what is unread then resets it.
    assert told[-1] == ({"type": "http.response.body", "body": b""}, 0)
