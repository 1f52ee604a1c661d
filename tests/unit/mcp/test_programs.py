"""Servers that Easel starts: whatever one does, a call ends in one sentence."""

import asyncio
import logging
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from chat.mcp.server import TAKEN_AT_ONCE
from chat.mcp.settings import Program, ServerSettings
from tests.patience import PATIENCE_S
from tests.unit.mcp.connecting import Asked, connected, program

FAULTS = {
    "dies": "Raw has ended by itself.",
    "bad lines": "Raw writes to its output what is no message.",
    "notes": "Raw sends more than anyone could read.",
    "huge": "Raw sent more than 32 MB at once.",
    "wrong result": "Raw sent something that does not fit the protocol.",
}


@pytest.mark.parametrize("way", FAULTS)
async def test_what_a_server_does_to_a_call_is_told_in_one_sentence(way: str) -> None:
    async with connected(program(way)) as raw:
        assert await raw.failed("raw__echo", text="hi") == FAULTS[way]


@pytest.mark.parametrize(
    ("way", "start_s", "words"),
    [
        ("exits", 600, "Raw has ended by itself."),
        ("silent", 1, "Raw does not answer."),
        ("wrong types", 600, "Raw sent something that does not fit the protocol."),
    ],
)
async def test_a_server_that_cannot_be_used_says_why(way: str, start_s: float, words: str) -> None:
    async with connected(program(way, start_s=start_s), state="failed") as raw:
        assert raw.status.words == words
        assert not raw.servers.tools()


async def test_a_program_that_cannot_be_started_says_why(tmp_path: Path) -> None:
    missing = ServerSettings("m", "Mine", Program("no-such-program"))
    (tmp_path / "text").write_text("no program")
    (tmp_path / "text").chmod(0o755)
    text = ServerSettings("t", "Text", Program(str(tmp_path / "text")))
    async with connected(missing, text, state="failed") as both:
        mine, other = both.servers.status()
        assert mine.words == "Mine cannot be started: there is no program “no-such-program” here."
        assert other.words == "Text cannot be started: Exec format error."


async def test_all_pages_of_a_list_are_read_and_a_list_without_end_is_not() -> None:
    async with connected(program("pages"), replace(program("endless"), id="more")) as raw:
        assert await raw.call("raw__echo_249", text="the last") == ["the last"]
        assert [each.words for each in raw.servers.status()] == ["250 tools.", "100 tools."]


async def test_a_flood_costs_the_server_and_two_lines_of_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    async with connected(program("bad lines")) as raw:
        echo = raw.servers.tools()["raw__echo"]
        await raw.failed(echo, text="hi")
        await raw.until(lambda it: it.status.state == "failed")
        assert not raw.servers.tools(), "what floods is still offered"
        assert await raw.failed(echo, text="hi") == FAULTS["bad lines"], "it was started again"
    about = [each for each in caplog.records if "no message" in each.getMessage()]
    assert len(about) == 2, "one when it begins, one when it is dropped"
    assert all(record.exc_info is None for record in about)


async def test_a_server_that_died_is_there_again_for_the_next_call() -> None:
    async with connected(program("dies")) as raw:
        for _ in range(2):
            assert await raw.failed("raw__echo", text="hi") == FAULTS["dies"]


async def test_a_tool_that_changed_is_another_one_and_one_that_did_not_is_the_same() -> None:
    async with connected(program("changing")) as raw:
        before = raw.servers.tools()["raw__echo"]
        await raw.call(before, text="hi")
        await raw.until(lambda it: it.servers.tools()["raw__echo"] is not before)
        after = raw.servers.tools()["raw__echo"]
        assert after.spec.description == "Says it again, and to others."
        listed = raw.changes
        await raw.call(after, text="hi")
        await raw.until(lambda it: it.changes > listed)
        assert raw.servers.tools()["raw__echo"] is after


async def test_a_call_that_is_stopped_leaves_the_server_to_others() -> None:
    async with connected(program("hangs")) as raw:
        user = Asked()
        call = asyncio.create_task(raw.call("raw__echo", user, text="hi"))
        await user.progressed.wait()
        assert user.told == [("1 of 4", 0.25)]
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        assert call.cancelled()
        assert raw.status.state == "ready"


async def test_a_server_is_given_the_variables_that_are_named_and_no_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OUR_SECRET", "heron")
    server = program("environment")
    assert isinstance(server.place, Program)
    place = replace(server.place, env={"ITS_KEY": "grey"})
    async with connected(replace(server, place=place)) as raw:
        (seen,) = await raw.call("raw__echo", text="")
        assert "ITS_KEY" in str(seen).split()
        assert "OUR_SECRET" not in str(seen).split()


SECRET = "grey-heron-0123456789"


def with_a_secret(way: str) -> ServerSettings:
    """One that the host gave a key in ``ITS_KEY``."""
    server = program(way, secrets=(SECRET,))
    assert isinstance(server.place, Program)
    return replace(server, place=replace(server.place, env={"ITS_KEY": SECRET}))


async def test_a_server_that_tells_its_variables_does_not_tell_the_host_s_secrets() -> None:
    async with connected(with_a_secret("values")) as raw:
        (seen,) = await raw.call("raw__echo", text="")
        assert "ITS_KEY=" in str(seen)
        assert SECRET not in str(seen)
    async with connected(with_a_secret("refuses with its values")) as raw:
        told = await raw.failed("raw__echo", text="")
        assert "ITS_KEY=" in told
        # Not even the beginning of one that is cut off with the rest of a long sentence.
        assert SECRET[:8] not in told


async def test_a_server_is_lent_no_model_and_told_of_no_folders() -> None:
    async with connected(program("borrows")) as raw:
        (told,) = await raw.call("raw__echo", text="")
        assert told == "Sampling not supported List roots not supported"


async def test_nothing_that_a_server_started_outlives_its_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = str(listening.getsockname()[1])
        async with connected(program("stubborn", port)):
            line, _ = listening.accept()
            line.settimeout(PATIENCE_S)
            assert line.recv(100) == b"all are here"
        with line:
            assert line.recv(100) == b"", "somebody still holds the line"


async def test_however_often_people_click_a_server_that_hangs_is_asked_a_few_times_at_once() -> (
    None
):
    async with connected(program("hangs")) as raw:
        # The second time shows that whoever is not waited for any more has given the place back.
        for _ in range(2):
            tasks = [
                asyncio.create_task(raw.servers.insert("raw", "resource", "note://a", {}))
                for _ in range(TAKEN_AT_ONCE + 1)
            ]
            (refused, *more), _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            assert more == []
            assert str(refused.exception()) == "Raw is asked for much just now. Try it again."
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
