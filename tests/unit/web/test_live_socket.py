"""The line itself: nonsense does not break it, and a page that does not listen is cut off."""

import asyncio
import itertools
import logging
from contextlib import suppress
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from chat.core.events import TextDelta
from chat.core.messages import Finish, Message, new_id
from chat.core.parts import Text, ToolCall, ToolResult
from chat.core.ports import Transcript
from chat.web.live import MAX_WAITING_FRAMES
from tests.patience import PATIENCE_S
from tests.unit.turns.workshop import DONE
from tests.unit.web.studio import Studio, studio

TRY_AGAIN_LATER = 1013

NONSENSE: list[str | bytes] = [
    "", "{", "[]", "7", "null", '"open"', "{}", '{"follow": 3}', '{"older": true}', '{"open"',
    "[" * 999, '{"a":' * 190, '{"open": "' + "x" * 5_000 + '"}', "1" * 900, "\x00", "🦊" * 400,
    '{"type": "open", "conversation": "\\ud800"}', '{"type": "open"}', b"\x00\xff", b"{}",
    '{"type": "follow", "message": "\\udfff"}', '{"type": "open", "conversation": {"$ne": null}}',
    '{"type": "paint"}', '{"type": null}', '{"type": ["open"]}', '{"type": "ping", "more": 1}',
    '{"type": "hello", "build": NaN}', '{"type": "older"}', '{"type": "close"}',
]  # fmt: skip


async def test_nonsense_does_not_break_the_line(caplog: pytest.LogCaptureFixture) -> None:
    async with studio() as made:
        conversation = await made.begin()
        async with made.page() as page:
            for nonsense in NONSENSE:
                await page.say(nonsense)
                await page.open(conversation)
                await page.say(nonsense)
            assert (await page.open(conversation))["conversation"] == conversation
    assert [r.message for r in caplog.records if r.levelno >= logging.ERROR] == []


async def test_only_easels_own_page_gets_a_line() -> None:
    async with studio() as made:
        for origin in ("https://evil.example", "null", f"http://127.0.0.1:{made.port + 1}"):
            address = f"ws://127.0.0.1:{made.port}/live"
            with pytest.raises(InvalidStatus) as refused:
                await connect(address, proxy=None, additional_headers={"Origin": origin})
            assert refused.value.response.status_code == 403


async def test_a_page_that_does_not_listen_is_cut_off_and_comes_back_to_the_whole() -> None:
    async with studio([TextDelta("the end"), DONE]) as made:
        conversation = await made.begin()
        started = await made.ask(conversation, "word " * 60_000)
        await made.shop.jobs.wait(started["reply"])
        # More than the buffers of a line take, and then more things than a page may owe.
        asked = [conversation] * 60 + ["0" * 32] * (MAX_WAITING_FRAMES + 10)
        all_answered = counting_down(made, len(asked))
        address = f"ws://127.0.0.1:{made.port}/live"
        async with connect(
            address, proxy=None, compression=None, max_queue=1, max_size=None
        ) as deaf:
            for each in asked:
                await deaf.send(f'{{"type": "open", "conversation": "{each}"}}')
            await made.shop.until(all_answered)
            assert await asyncio.wait_for(code_at_the_end(deaf), PATIENCE_S) == TRY_AGAIN_LATER
        async with made.page(conversation) as page:
            assert "the end" in page.body(started["reply"])


async def code_at_the_end(deaf: ClientConnection) -> int | None:
    """Read what is left; how the server closed the line."""
    with suppress(ConnectionClosed):
        async for _ in deaf:
            pass
    return deaf.close_code


async def test_what_no_wire_carries_does_not_keep_a_conversation_from_opening() -> None:
    async with studio() as made:
        conversation = await made.begin()
        unfit = "odd \ud800\x00 end"
        parts = (
            Text(unfit),
            ToolCall("c", "odd\ud800", {"key\udfff": unfit}),
            ToolResult("c", "odd\ud800", (Text(unfit),)),
        )
        reply = Message(
            new_id(), conversation, None, "assistant", parts,
            status="failed", finish=Finish("error", "Odd", unfit),
        )  # fmt: skip
        made.shop.store.add([reply])
        for _ in range(2):
            async with made.page(conversation) as page:
                shown = page.article(reply.id)
                # The words, the line of the call, and its answer.
                assert shown.body.count("odd \ufffd\ufffd end") == 3
                assert "odd \ufffd\ufffd end" in shown.tail


async def test_a_bug_of_ours_is_told_to_the_log_and_not_taken_for_a_page_that_went(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with studio() as made:
        conversation = await made.begin()
        transcript = made.shop.store.transcript

        def broken(*_: Any, **__: Any) -> Transcript:
            raise RecursionError("a bug")

        async with made.page() as page:
            made.shop.store.transcript = broken  # type: ignore[method-assign]
            await page.say({"type": "open", "conversation": conversation})
            with pytest.raises(ConnectionClosed):
                await page.next("window")
        made.shop.store.transcript = transcript  # type: ignore[method-assign]
        async with made.page(conversation) as again:
            assert again.articles == []
    bugs = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert [record.message for record in bugs] == ["a page met a bug"]


async def test_a_page_that_goes_in_the_middle_of_it_all_is_no_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with studio([TextDelta("the end"), DONE]) as made:
        conversation = await made.begin()
        started = await made.ask(conversation, "word " * 60_000)
        for _ in range(20):
            async with made.page() as page:
                for _ in range(5):
                    await page.say({"type": "open", "conversation": conversation})
                page.socket.transport.abort()
        await made.shop.jobs.wait(started["reply"])
        async with made.page(conversation) as page:
            assert page.ids
    assert [r.message for r in caplog.records if r.levelno >= logging.ERROR] == []


def counting_down(made: Studio, reads: int) -> asyncio.Event:
    """Set when the store has been asked for conversations so many times."""
    done, left = asyncio.Event(), itertools.count(reads - 1, -1)
    loop, transcript = asyncio.get_running_loop(), made.shop.store.transcript

    def counted(*asked: Any, **more: Any) -> Transcript:
        if next(left) == 0:
            loop.call_soon_threadsafe(done.set)
        return transcript(*asked, **more)

    made.shop.store.transcript = counted  # type: ignore[method-assign]
    return done
