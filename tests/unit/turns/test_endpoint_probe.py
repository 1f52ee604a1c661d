"""Asking endpoints what they serve, over real HTTP: one question at a time, and never a leak."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NoReturn

import pytest

from chat.core.errors import NotFound
from chat.gateway.pool import ProviderPool
from chat.models import Catalogue, read_catalogue
from chat.providers.registry import open_provider, specs
from chat.turns.endpoint_probe import EndpointProbe, ProbeResult
from tests.loopback import Gate, Loopback, Reply, Request, json_reply
from tests.scripted import Scripted

KEY = "sk-very-secret"
ROWS = """
[[endpoint]]
id = "listing"
kind = "openai_chat"
title = "My proxy"
base_url = "{url}/v1"
key_env = ["LISTING_KEY"]
discover = true

[[endpoint]]
id = "silent"
kind = "openai_chat"
title = "Left alone"
base_url = "{url}/silent"
key_env = ["LISTING_KEY"]

[[model]]
id = "known"
endpoint = "silent"
wire_name = "known"
"""
NAMES = ["brush-image", "parrot", "owl"]


def listing(*names: str) -> Reply:
    return json_reply({"data": [{"id": name, "object": "model"} for name in names]})


class Server:
    """Lists models, or what a test has put in place of the list."""

    def __init__(self) -> None:
        self.reply = listing(*NAMES)
        self.loopback = Loopback(self._answer)

    def _answer(self, asked: Request) -> Reply:
        return self.reply if asked.path.endswith("/models") else json_reply({}, 404)

    @property
    def lists(self) -> list[str]:
        """The addresses of lists that were asked for."""
        paths = [request.path for request in self.loopback.requests]
        return [path for path in paths if path.endswith("/models")]


@asynccontextmanager
async def asked_of(
    server: Server, key: str = KEY, patience_s: float = 20.0
) -> AsyncIterator[tuple[EndpointProbe, Catalogue]]:
    """EndpointProbe to this server."""
    with server.loopback:
        rows = ROWS.format(url=server.loopback.url)
        catalogue = read_catalogue([("rows.toml", rows)], {"LISTING_KEY": key})
        pool = ProviderPool(open_provider)
        connections = EndpointProbe(catalogue, pool, patience_s)
        try:
            yield connections, catalogue
        finally:
            await connections.close()
            await pool.close()


async def test_a_connection_that_works_says_how_many_models_and_how_fast() -> None:
    server = Server()
    server.reply = listing("known", "owl", "parrot")
    async with asked_of(server) as (connections, catalogue):
        before = set(catalogue.cards)
        answer = await connections.test("silent")
        assert answer.works
        assert answer.sentence.startswith("Works: 3 models, ")
        assert answer.sentence.endswith(" ms.")
        assert set(catalogue.cards) == before


async def test_a_model_of_a_row_that_the_list_does_not_hold_is_named() -> None:
    server = Server()
    server.reply = listing("owl", "parrot")
    async with asked_of(server) as (connections, _):
        answer = await connections.test("silent")
    assert answer.works
    assert answer.sentence == "Works: 2 models, but known is not among them."


async def test_the_painter_works_offline() -> None:
    rows = '[[endpoint]]\nid = "sketch"\nkind = "sketch"\n'
    pool = ProviderPool(open_provider)
    connections = EndpointProbe(read_catalogue([("rows.toml", rows)], {}, kinds=specs()), pool)
    assert await connections.test("sketch") == ProbeResult(works=True, sentence="Works, offline.")
    await pool.close()


async def test_what_a_discovering_endpoint_lists_joins_the_menu_once() -> None:
    server = Server()
    async with asked_of(server) as (connections, catalogue):
        first = await connections.test("listing")
        assert first.sentence.startswith("Works: 3 models, 3 new in the menu, ")
        assert {f"listing:{name}" for name in NAMES} <= set(catalogue.cards)
        again = await connections.test("listing")
        assert again.sentence.startswith("Works: 3 models, ")
        assert "new" not in again.sentence
        server.reply = listing("owl")
        alone = await connections.test("listing")
        assert alone.sentence.startswith("Works: 1 model, ")
        assert [c.wire_name for c in catalogue.cards.values() if c.endpoint == "listing"] == ["owl"]


@pytest.mark.parametrize(
    "reply",
    [
        json_reply({"error": {"message": f"Incorrect API key: {KEY}"}}, 401),
        json_reply({"error": {"message": f"No quota for {KEY}"}}, 429),
        Reply((b"<html>Welcome</html>",), headers={"content-type": "text/html"}),
        Reply((b'{"data": [',), cut=True),
    ],
)
async def test_a_connection_that_fails_says_why_without_the_key(reply: Reply) -> None:
    server = Server()
    server.reply = reply
    async with asked_of(server) as (connections, catalogue):
        before = set(catalogue.cards)
        answer = await connections.test("listing")
        assert not answer.works
        assert "My proxy" in answer.sentence
        assert KEY not in answer.sentence
        assert "Traceback" not in answer.sentence
        assert set(catalogue.cards) == before
        assert connections.trouble("listing") == answer.sentence
        server.reply = listing("owl")
        await connections.test("listing")
        assert connections.trouble("listing") == ""


async def test_an_address_without_a_list_is_said_to_be_wrong_and_no_model() -> None:
    server = Server()
    server.reply = json_reply({"detail": "Not Found"}, 404)
    async with asked_of(server) as (connections, _):
        answer = await connections.test("listing")
    assert answer.elsewhere
    assert answer.sentence == ("My proxy has no list of models at this address. Check its address.")


class _Mad(Scripted):
    """A door with a bug."""

    async def models(self) -> NoReturn:
        raise ZeroDivisionError("an inner secret")


async def test_a_bug_in_a_door_is_told_as_an_answer_and_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    catalogue = read_catalogue([("rows.toml", ROWS.format(url="http://x"))], {"LISTING_KEY": KEY})
    connections = EndpointProbe(catalogue, ProviderPool(_Mad))
    answer = await connections.test("listing")
    assert not answer.works
    assert answer.sentence == (
        "My proxy was asked, and Easel failed inside over what came. The log has the cause."
    )
    assert "ZeroDivisionError" in caplog.text
    await connections.discover()


async def test_an_endpoint_that_never_answers_is_given_up() -> None:
    server = Server()
    server.reply = Reply((Gate(),))
    async with asked_of(server, patience_s=0.5) as (connections, _):
        answer = await connections.test("listing")
        assert not answer.works
        assert answer.sentence == "My proxy did not answer within 0.5 seconds."
        server.reply = listing("owl")


async def test_who_asks_meanwhile_shares_the_answer_and_may_leave() -> None:
    server, gate = Server(), Gate()
    ready = listing(*NAMES)
    server.reply = Reply((gate, *ready.steps), headers=ready.headers)
    async with asked_of(server) as (connections, _):
        one = asyncio.create_task(connections.test("silent"))
        await asyncio.to_thread(server.loopback.wait_for_requests, 1)
        two = asyncio.create_task(connections.test("silent"))
        await asyncio.sleep(0)
        one.cancel()
        gate.open()
        assert (await two).works
        assert server.lists == ["/silent/models"]


async def test_nobody_is_asked_who_is_not_set_up() -> None:
    server = Server()
    async with asked_of(server, key="") as (connections, _):
        answer = await connections.test("listing")
        assert (answer.works, answer.sentence) == (False, "Set LISTING_KEY to use it.")
        await connections.discover()
        assert server.loopback.requests == []
        with pytest.raises(NotFound):
            await connections.test("nobody")


async def test_a_start_asks_only_those_that_want_their_list_in_the_menu() -> None:
    server = Server()
    async with asked_of(server) as (connections, catalogue):
        await connections.discover()
        assert server.lists == ["/v1/models"]
        assert "listing:owl" in catalogue.cards
        server.reply = json_reply({"error": {"message": "later"}}, 503)
        await connections.discover()
        assert "listing:owl" in catalogue.cards, "what was known stays while the server is away"
