"""A model, a user, and a server of tools in one turn: asked, answered, stopped."""

import asyncio
import socket
import sys

from chat.core.events import TextDelta, ToolProgress, UserAsked
from chat.core.parts import pictures, plain_text
from chat.mcp.settings import Program, ServerSettings
from tests.unit.mcp.connecting import OWN, connected
from tests.unit.turns.acting import call, decided, results, waiting, wants
from tests.unit.turns.workshop import DONE, ME, Workshop


def own(port: int = 0) -> ServerSettings:
    return ServerSettings("own", "Own", Program(sys.executable, (OWN, str(port))))


ALLOWED = ("own__slow", "own__resolves")


async def test_a_call_asks_first_and_its_picture_is_in_the_reply() -> None:
    async with connected(own()) as easel:
        script = wants(call("own__picture", size_bytes=900))
        shop = Workshop([script, [TextDelta("There."), DONE]], sources=[easel.servers])
        reply = await waiting(shop)
        assert reply.status == "waiting", "it ran without a question"
        reply = await decided(shop, reply)
        assert plain_text(reply.parts) == "There."
        (picture,) = pictures(reply.parts)
        assert (picture.origin, picture.alt) == ("tool", "A picture from own.picture")


async def test_a_question_of_the_server_is_a_card_and_the_answer_reaches_it() -> None:
    async with connected(own()) as easel:
        script = wants(call("own__resolves"))
        shop = Workshop([script, [TextDelta("There."), DONE]], sources=[easel.servers])
        started = await shop.ask(await shop.begin(tools_on=True, allowed=ALLOWED), "go")
        job = shop.jobs.get(started.reply_id)
        assert job is not None
        async for batch in job.watch():
            for event in batch:
                if isinstance(event, UserAsked):
                    assert (event.title, event.source) == ("own.resolves", "Own")
                    assert [field.name for field in event.fields] == ["colour"]
                    answer = {"colour": "grey"}
                    await shop.engine.decisions.answer_question(
                        ME, started.reply_id, event.id, answer
                    )
        (said,) = results(await shop.answer(started))
        assert "accept colour='grey'" in said


async def test_stop_in_the_midst_of_a_call_ends_the_work_at_the_server() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        async with connected(own(listening.getsockname()[1])) as easel:
            shop = Workshop([wants(call("own__slow"))], sources=[easel.servers])
            started = await shop.ask(await shop.begin(tools_on=True, allowed=ALLOWED), "go")
            job = shop.jobs.get(started.reply_id)
            assert job is not None
            async for batch in job.watch():
                told = [event for event in batch if isinstance(event, ToolProgress)]
                if told:
                    assert (told[0].note, told[0].share) == ("Looking", 0.25)
                    break
            assert shop.engine.stop(ME, started.reply_id)
            line, _ = await asyncio.to_thread(listening.accept)
            with line:
                assert line.recv(100) == b"stopped"
            assert (await shop.answer(started)).status == "stopped"
