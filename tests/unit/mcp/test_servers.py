"""A server by the official SDK, over both transports and both protocols: all that it can send."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from sse_starlette.sse import AppStatus

from chat.core.errors import NotFound
from chat.core.tools import Picture
from chat.mcp.settings import Address, Program, ServerSettings
from tests.serving import served
from tests.unit.mcp.connecting import OWN, Asked, Connected, connected
from tests.unit.mcp.own_server import BIRD, own_server

WAYS = ("stdio auto", "stdio legacy", "http auto", "http legacy")


@dataclass
class Own:
    """The server, as one of Easel's, and where it says that its work was stopped."""

    easel: Connected
    way: str
    listening: socket.socket


@pytest.fixture(params=WAYS)
async def own(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Own]:
    transport, mode = request.param.split()
    # What it streams ends for good once any server of this process was told to end, and another
    # test may have told one. Source: sse-starlette, ``AppStatus`` (2026-11-30).
    monkeypatch.setattr(AppStatus, "should_exit", False)
    with ExitStack() as stack:
        listening = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        port = listening.getsockname()[1]
        if transport == "stdio":
            place: Program | Address = Program(sys.executable, (OWN, str(port)))
        else:
            app = own_server(port).streamable_http_app()
            place = Address(f"http://127.0.0.1:{stack.enter_context(served(app))}/mcp")
        async with connected(ServerSettings("own", "Own", place, mode=mode)) as easel:
            yield Own(easel, request.param, listening)


@pytest.mark.deep
async def test_everything_that_a_server_sends_arrives(own: Own) -> None:
    easel = own.easel
    facts = easel.servers.tools()["own__notes"].facts
    assert facts.reach.endswith("By its own account it only reads.")
    assert (facts.source, facts.policy) == ("Own", "ask"), "its claim allows nothing"
    assert await easel.call("own__echo", text="heron") == ["heron"]
    (picture,) = await easel.call("own__picture", size_bytes=2_000_000)
    assert isinstance(picture, Picture)
    assert len(picture.data) >= 2_000_000
    assert picture.alt == "A picture from own.picture"
    (data,) = await easel.call("own__structured")
    assert str(data).split() == ["{", '"colour":', '"blue"', "}"]
    assert await easel.call("own__link") == ["Heron: https://example.org/heron"]
    assert await easel.failed("own__fails") == "own.fails failed: “Error executing tool fails”"
    assert await easel.failed("own__echo", text=3) == (
        "The argument 'text' is wrong: 3 is not of type 'string'."
    )


async def test_what_a_server_has_ready_can_be_inserted(own: Own) -> None:
    servers = own.easel.servers
    prompt = await servers.insert("own", "prompt", "paint", {"subject": "a heron"})
    assert prompt.text == "Paint a heron, please."
    assert (await servers.insert("own", "resource", "note://heron", {})).text == "Herons are grey."
    (seen,) = (await servers.insert("own", "resource", "picture://heron", {})).pictures
    assert seen.data.startswith(b"\x89PNG")
    heron = {"bird": "heron", "place": "the pond/weir", "unknown": "x"}
    found = await servers.insert("own", "template", BIRD, {**heron, "season": ""})
    assert found.text == "The heron at the pond/weir in summer."
    found = await servers.insert("own", "template", BIRD, {**heron, "season": "May & June"})
    assert found.text == "The heron at the pond/weir in May & June."


async def test_a_server_completes_what_is_begun_and_knows_what_stands_beside_it(own: Own) -> None:
    completions = own.easel.servers.completions
    assert await completions("own", "prompt", "paint", "subject", {"subject": "her"}) == (
        "a heron",
    )
    assert await completions("own", "template", BIRD, "bird", {}) == ("heron", "hen")
    begun = {"bird": "hen", "place": "home"}
    # What no line can hold is left out.
    assert await completions("own", "template", BIRD, "place", begun) == ("home of hen",)
    assert await completions("own", "template", BIRD, "place", {"place": "o\n"}) == ()
    for name, blank in ((BIRD, "wing"), ("bird://{bird}", "bird")):
        with pytest.raises(NotFound):
            await completions("own", "template", name, blank, {})


async def test_each_user_is_asked_the_questions_of_their_own_calls_or_none(own: Own) -> None:
    # The newer protocol has no way back for a question in the older manner.
    tool = "own__asks" if own.way.endswith("legacy") else "own__resolves"
    ada, bob = Asked({"colour": "ash"}), Asked({"colour": "blue"})
    assert await own.easel.call(tool, ada) == ["accept colour='ash'"]
    assert len(ada.questions) == 1
    calls = (own.easel.call(tool, ada), own.easel.call(tool, bob))
    answers = [str(answer) for (answer,) in await asyncio.gather(*calls)]
    if own.way == "stdio legacy":
        # Nothing on this wire says whose question it is.
        assert answers == ["cancel None"] * 2
        assert not bob.questions
    else:
        assert answers == ["accept colour='ash'", "accept colour='blue'"]
    if tool == "own__asks":
        assert await own.easel.call(tool, Asked(None)) == ["decline None"]


async def test_stop_ends_the_work_at_the_server(own: Own) -> None:
    user = Asked()
    call = asyncio.create_task(own.easel.call("own__slow", user))
    await user.progressed.wait()
    assert user.told == [("Looking", 0.25)]
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)
    line, _ = await asyncio.to_thread(own.listening.accept)
    with line:
        assert line.recv(100) == b"stopped"
    assert await own.easel.call("own__echo", text="still there") == ["still there"]


@pytest.mark.parametrize("own", ["stdio auto", "http auto"], indirect=True)
async def test_a_new_tool_is_there_without_a_restart(own: Own) -> None:
    # Of the older protocol this SDK's server tells no changes; test_programs.py has one that does.
    await own.easel.call("own__grow")
    await own.easel.until(lambda it: "own__another" in it.servers.tools())
