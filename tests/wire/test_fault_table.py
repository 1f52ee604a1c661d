"""However an answer goes wrong, its reply ends soon, keeps what came, and says what can be done."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from chat.core.parts import pictures, plain_text
from tests.loopback import Loopback, Reply, Request, text_reply
from tests.wire.chat_faults import openai_chat
from tests.wire.doors import DOORS
from tests.wire.faults import PAGE, Row, any_door
from tests.wire.google_faults import gemini, imagen
from tests.wire.images_faults import openai_images
from tests.wire.interactions_faults import gemini_interactions
from tests.wire.responses_faults import openai_responses
from tests.wire.turn import WholeTurn

ROWS = [
    *any_door(),
    *gemini(),
    *gemini_interactions(),
    *imagen(),
    *openai_chat(),
    *openai_images(),
    *openai_responses(),
]
MOST_REQUESTS = 3
PATIENCE_S = 120.0
"""For one reply; waited out only by one that hangs."""


@asynccontextmanager
async def upstream(row: Row) -> AsyncIterator[tuple[str, list[Request]]]:
    """The address of a server with this fault, and what it was asked."""
    async with AsyncExitStack() as stack:
        if row.slams:
            asked: list[Request] = []

            async def slam(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                await reader.readuntil(b"\r\n\r\n")
                asked.append(Request("POST", "/", {}, b""))
                writer.transport.abort()

            server = await asyncio.start_server(slam, "127.0.0.1", 0)
            stack.push_async_callback(server.wait_closed)
            stack.callback(server.close)
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked
            return
        own = ""

        def answer(request: Request) -> Reply:
            if request.method == "GET":
                return text_reply(PAGE)
            assert row.reply is not None
            return row.reply if isinstance(row.reply, Reply) else row.reply(own)

        with Loopback(answer) as loopback:
            own = loopback.url
            if row.reply is not None:
                yield own, loopback.requests
                return
        yield own, []


@pytest.fixture(params=ROWS, ids=lambda row: row.name)
def row(request: pytest.FixtureRequest) -> Row:
    found: Row = request.param
    return found


@pytest.fixture
async def server(row: Row) -> AsyncGenerator[tuple[str, list[Request]], None]:
    async with upstream(row) as up:
        yield up


async def test_a_reply_ends_soon_keeps_what_came_and_says_what_helps(
    row: Row, server: tuple[str, list[Request]]
) -> None:
    url, asked = server
    door = DOORS[row.kind]
    async with WholeTurn(door.endpoint(url, row.timeouts), door.card(stream=row.streams)) as turn:
        reply = await turn.ended(await turn.begun())
        assert turn.running() == []
    assert len(asked) <= MOST_REQUESTS
    assert reply.finish is not None
    assert (reply.status, reply.finish.native) == (row.status, row.native)
    assert row.words in reply.finish.message
    assert (reply.finish.billed, (*reply.finish.actions, None)[0]) == (row.billed, row.first)
    text = plain_text(reply.parts)
    assert (row.text in text, bool(text)) == (True, bool(row.text)), text
    assert len(pictures(reply.parts)) == row.pictures


def test_the_table_is_whole() -> None:
    """Each row has a name of its own, and every door its share."""
    names = [row.name for row in ROWS]
    assert len(names) == len(set(names)) >= 90
    assert {row.kind for row in ROWS} == set(DOORS)
