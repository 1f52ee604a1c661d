"""A reply's pages hear of its end, soon, whatever happened while it was drawn."""

import asyncio
import json
import logging
import threading
from collections.abc import Callable, Iterator, Mapping

import pytest

from chat.core.display_names import DisplayNames
from chat.core.events import Saved, TextDelta
from chat.core.messages import Finish, Message, new_id
from chat.core.parts import Text, ToolCall, ToolResult
from chat.turns.jobs import Job
from chat.web.frame_pace import FramePace
from chat.web.render_cache import RenderCache
from chat.web.reply_stream import ReplyStream, Subscriber
from tests.patience import PATIENCE_S
from tests.unit.web.page import Growing, grown_by

CALLED, ANSWERED = ToolCall("c", "clock", {}), ToolResult("c", "clock", (Text("noon"),))


class ModelTitles(Mapping[str, str]):
    """Titles of tools that do something each time they are looked up."""

    def __init__(self, looked_up: Callable[[], None]) -> None:
        self._looked_up = looked_up

    def __getitem__(self, name: str) -> str:
        self._looked_up()
        return name

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


class Ear:
    """A page that listens to one stream."""

    def __init__(self, stream: ReplyStream) -> None:
        self.growing = Growing("reply")
        self.heard = asyncio.Event()
        self.end: asyncio.Future[tuple[Message, str | None]] = asyncio.Future()
        stream.join(Subscriber(self._frame, lambda *end: self.end.set_result(end)))

    def _frame(self, frame: str) -> None:
        changes = json.loads(frame)["changes"]
        grown_by(self.growing, changes)
        if changes:
            self.heard.set()

    @property
    def shown(self) -> str:
        """All that is on the screen."""
        return self.growing.finished + self.growing.open


def job_of(*parts: Text | ToolCall | ToolResult) -> tuple[Job, Message]:
    message = Message(new_id(), "c", None, "assistant", parts, status="complete")
    return Job("me", message), message


def stream_of(job: Job, looked_up: Callable[[], None] = lambda: None) -> ReplyStream:
    names = DisplayNames({}, ModelTitles(looked_up))
    return ReplyStream(job, names, RenderCache(names), FramePace())


async def test_a_reply_that_took_long_to_draw_does_not_keep_its_end_to_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # After a drawing of any length it would rest for hours.
    monkeypatch.setattr("chat.web.frame_pace.SHARE", 1e12)
    monkeypatch.setattr("chat.web.frame_pace.LONGEST_REST_S", 10_000.0)
    job, message = job_of(Text("words"))
    stream = stream_of(job)
    ear = Ear(stream)
    running = asyncio.create_task(stream.run())
    job.publish(CALLED)
    await ear.heard.wait()
    job.publish(TextDelta("words"))
    job.publish(Saved(message))
    await ear.end
    await running


async def test_a_reply_that_cannot_be_drawn_still_ends_as_its_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken() -> None:
        raise LookupError("a bug")

    job, message = job_of(Text("a <b> and \ud800"), ANSWERED)
    stream = stream_of(job, broken)
    ear = Ear(stream)
    job.publish(ANSWERED)
    job.publish(Saved(message))
    with caplog.at_level(logging.ERROR):
        await stream.run()
    assert await ear.end == (message, '<p dir="auto">a &lt;b&gt; and \ufffd</p>\n')
    assert [record.exc_info is not None for record in caplog.records] == [True]


async def test_a_page_that_comes_while_a_long_text_is_drawn_sees_all_of_it_once() -> None:
    drawing, go_on = threading.Event(), threading.Event()
    loop = threading.current_thread()

    def held() -> None:
        assert threading.current_thread() is not loop, "the loop has others to serve"
        drawing.set()
        assert go_on.wait(PATIENCE_S)

    text = "long **words** here\n\n" * 500
    job, message = job_of(Text(text), ANSWERED)
    stream = stream_of(job, held)
    early = Ear(stream)
    running = asyncio.create_task(stream.run())
    job.publish(TextDelta(text))
    job.publish(ANSWERED)
    assert await asyncio.to_thread(drawing.wait, 20)
    late = Ear(stream)
    go_on.set()
    job.publish(TextDelta("the end"))
    job.publish(Saved(message))
    await running
    for ear in (early, late):
        assert ear.shown.count("<strong>words</strong>") == 500
        assert ear.shown.count("noon") == 1
        assert ear.shown.endswith('<p dir="auto">the end</p>\n')


async def test_a_last_word_that_closes_a_long_block_is_drawn_beside_the_loop() -> None:
    threads: list[threading.Thread] = []
    job, message = job_of(Text("x"))
    stream = stream_of(job, lambda: threads.append(threading.current_thread()))
    ear = Ear(stream)
    running = asyncio.create_task(stream.run())
    job.publish(TextDelta("- item\n" * 2_000))
    await ear.heard.wait()
    job.publish(ANSWERED)
    job.publish(Saved(message))
    await running
    assert threads
    assert threading.current_thread() not in threads


async def test_a_reply_that_could_not_be_saved_says_so_at_once() -> None:
    job, kept = job_of(Text("words"))
    stream = stream_of(job)
    ear = Ear(stream)
    running = asyncio.create_task(stream.run())
    job.publish(TextDelta("words"))
    await ear.heard.wait()
    failed = Message(
        kept.id, "c", None, "assistant", kept.parts, status="failed",
        finish=Finish("error", "Full", "The disk is full."),
    )  # fmt: skip
    job.message = failed
    job.publish(Saved(failed))
    async with asyncio.timeout(PATIENCE_S):
        assert await ear.end == (failed, None)
    await running
