"""A tool at work in a turn: it sees the conversation's pictures, says how far it is, and stops."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

from chat.core.events import Finished, TextDelta, ToolProgress, TurnEvent
from chat.core.messages import Finish, Message
from chat.core.parts import Derivation, Image, ToolCall, ToolResult, plain_text
from chat.core.tools import MadeFile, Picture, ToolContext, ToolOutput
from tests.unit.turns.workshop import DONE, ME, Workshop, png


def calls(**arguments: Any) -> list[Any]:
    return [ToolCall("c1", "mine", arguments), Finished(Finish("tool_calls"))]


def shop_with(tool: Callable[..., Any], *scripts: list[Any]) -> Workshop:
    return Workshop([*scripts, [TextDelta("There."), DONE]], tools={"mine": tool})


async def answered(shop: Workshop, *shas: str) -> tuple[Message, ToolResult]:
    """The reply to a question with these pictures, and what the tool said."""
    conversation = await shop.begin(tools_on=True)
    reply = await shop.answer(await shop.ask(conversation, "go", shas))
    return reply, next(part for part in reply.parts if isinstance(part, ToolResult))


async def kept(shop: Workshop, data: bytes) -> str:
    """The name of a picture that is stored exactly so."""
    ref, _ = await shop.pictures.keep(ME, data, "tool")
    return ref.sha256


def size(picture: Picture) -> str:
    """Measure.

    Args:
        picture: what to measure.
    """
    return f"{len(picture.data)} bytes"


async def test_a_tool_is_given_a_picture_by_its_number_or_as_the_latest() -> None:
    data = png("teal", 30)
    for name in ("latest", "1"):
        shop = shop_with(size, calls(picture=name))
        _, result = await answered(shop, await kept(shop, data))
        assert plain_text(result.content) == f"{len(data)} bytes"


async def test_a_picture_may_be_named_by_the_start_of_its_hash() -> None:
    shop = shop_with(size)
    sha = await kept(shop, png("teal", 30))
    shop = shop_with(size, calls(picture=sha[:12]))
    _, result = await answered(shop, await kept(shop, png("teal", 30)))
    assert not result.failed


async def test_a_picture_that_is_not_there_is_refused_and_the_choice_is_told() -> None:
    shop = shop_with(size, calls(picture="9"))
    _, result = await answered(shop, await kept(shop, png("teal", 30)))
    assert result.failed
    assert plain_text(result.content) == (
        "There is no picture '9' here. Say “latest”, or a number from 1 to 1."
    )
    shop = shop_with(size, calls(picture="latest"))
    _, result = await answered(shop)
    assert plain_text(result.content).endswith("The conversation has none.")


async def test_a_tool_is_given_a_file_by_its_name_its_handle_or_as_the_latest() -> None:
    async def mine(context: ToolContext, name: str = "", make: str = "") -> list[ToolOutput]:
        """Make a file, or say what stands in one.

        Args:
            context: whose files they are.
            name: of the file.
            make: what to write into a new one.
        """
        if make:
            return [MadeFile("notes.txt" if make != "b" else "More.csv", "text/csv", make.encode())]
        given = await context.file(name)
        kinds = [f"{name} ({kind and kind.title})" for name, kind in context.file_kinds().items()]
        return [f"{given.name}: {given.data.decode()} of {', '.join(kinds)}"]

    named = "@file1 (Text), More.csv (CSV), notes.txt (Text)"
    answers = {
        "latest": f"notes.txt: c of {named}",
        "notes.txt": f"notes.txt: c of {named}",
        "@file1": f"notes.txt: a of {named}",
        "2": f"More.csv: b of {named}",
        "more.CSV": f"More.csv: b of {named}",
        "x.pdf": "There is no file 'x.pdf' here. "
        "There are: @file1 “notes.txt”, @file2 “More.csv”, @file3 “notes.txt”.",
    }
    asked = [calls(make=words) for words in "abc"] + [calls(name="latest")]
    for name, answer in answers.items():
        asked[-1] = calls(name=name)
        shop = shop_with(mine, *asked)
        reply, _ = await answered(shop)
        result = [part for part in reply.parts if isinstance(part, ToolResult)][-1]
        assert plain_text(result.content) == answer
    _, result = await answered(shop_with(mine, calls(name="latest")))
    assert plain_text(result.content).endswith("The conversation has none.")


async def test_a_tool_sees_what_an_earlier_tool_of_the_same_reply_made() -> None:
    def twice(picture: Picture | None = None) -> list[ToolOutput]:
        """Draw, or draw over.

        Args:
            picture: what to draw over.
        """
        made = Picture(png("red" if picture is None else "blue", 20), "A square")
        return ["Drawn." if picture is None else f"Drawn over {picture.alt}.", made]

    shop = shop_with(twice, calls(), calls(picture="latest"))
    reply, _ = await answered(shop)
    results = [part for part in reply.parts if isinstance(part, ToolResult)]
    assert [plain_text(result.content) for result in results] == [
        "Drawn.",
        "Drawn over A square.",
    ]
    made = [item for result in results for item in result.content if isinstance(item, Image)]
    assert len({image.media.sha256 for image in made}) == 2


async def test_a_picture_that_a_tool_made_of_another_is_its_child() -> None:
    def redrawn(picture: Picture) -> Picture:
        """Draw it anew.

        Args:
            picture: what to draw.
        """
        return Picture(png("navy", 20), "Anew", derivation=Derivation((picture.sha256,), "redraw"))

    shop = shop_with(redrawn, calls(picture="1"))
    sha = await kept(shop, png("teal", 30))
    _, result = await answered(shop, sha)
    (made,) = result.content
    assert isinstance(made, Image)
    assert made.derivation == Derivation((sha,), "redraw")


async def test_progress_reaches_whoever_watches_and_is_not_kept() -> None:
    def works(context: ToolContext) -> str:
        """Work.

        Args:
            context: to report.
        """
        context.progress("Half  of\nit", 0.5)
        for step in range(1_000):
            context.progress(f"Step {step}", float("nan"))
        return "Done."

    shop = shop_with(works, calls())
    conversation = await shop.begin(tools_on=True)
    started = await shop.ask(conversation, "go")
    job = shop.jobs.get(started.reply_id)
    assert job is not None
    events: list[TurnEvent] = [event async for batch in job.watch() for event in batch]
    told = [event for event in events if isinstance(event, ToolProgress)]
    assert told[0] == ToolProgress("c1", "Half of it", 0.5)
    assert len(told) < 10, "a tool that talks without end fills no memory"
    reply = await shop.answer(started)
    assert [part.kind for part in reply.parts] == ["tool_call", "tool_result", "text"]


async def stopped(shop: Workshop, began: threading.Event) -> Message:
    """The reply, stopped while its tool was at work."""
    conversation = await shop.begin(tools_on=True)
    started = await shop.ask(conversation, "go")
    await asyncio.to_thread(began.wait, 30)
    assert shop.engine.stop(ME, started.reply_id)
    await shop.jobs.wait(started.reply_id)
    return shop.store.message(ME, started.reply_id)


async def test_stop_cancels_an_async_tool() -> None:
    began, ended = threading.Event(), asyncio.Event()

    async def waits() -> str:
        """Wait."""
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return "never"

    shop = shop_with(waits, calls())
    reply = await stopped(shop, began)
    assert reply.status == "stopped"
    assert ended.is_set()


async def test_stop_is_heard_by_a_plain_tool_in_its_thread() -> None:
    began, heard = threading.Event(), threading.Event()

    def loops(context: ToolContext) -> str:
        """Loop.

        Args:
            context: to hear that it shall stop.
        """
        began.set()
        try:
            while True:
                context.raise_if_stopped()
        finally:
            heard.set()

    shop = shop_with(loops, calls())
    reply = await stopped(shop, began)
    assert reply.status == "stopped"
    assert await asyncio.to_thread(heard.wait, 30), "the thread has ended its work"
