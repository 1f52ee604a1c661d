"""What has been drawn is kept for every page, and a long text holds nobody up."""

import threading
from collections.abc import Iterator, Mapping

import pytest

from chat.core.display_names import DisplayNames
from chat.core.messages import Message, Status, new_id
from chat.core.parts import Part, Text, ToolResult
from chat.web.render_cache import KEPT_CHARACTERS, LONG_CHARACTERS, RenderCache


class ModelTitles(Mapping[str, str]):
    """Titles of tools that note which thread asks for them."""

    def __init__(self) -> None:
        self.threads: list[threading.Thread] = []

    def __getitem__(self, name: str) -> str:
        self.threads.append(threading.current_thread())
        return name.title()

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def reply(text: str, status: Status = "complete") -> Message:
    parts: tuple[Part, ...] = (Text(text), ToolResult("c", "clock", (Text("noon"),)))
    return Message(new_id(), "c", None, "assistant", parts, status=status)


@pytest.mark.parametrize("count", [1, 50])
async def test_long_texts_are_drawn_beside_the_loop_be_it_one_or_many(count: int) -> None:
    titles = ModelTitles()
    cache = RenderCache(DisplayNames({}, titles))
    messages = [reply("word " * (LONG_CHARACTERS // (4 * count))) for _ in range(count)]
    await cache.prepare(messages)
    assert len(titles.threads) == count
    assert threading.current_thread() not in titles.threads
    for message in messages:
        assert "noon" in cache.body(message)
    assert len(titles.threads) == count, "nothing was left to be drawn on the loop"


async def test_a_short_text_does_not_pay_for_a_thread() -> None:
    titles = ModelTitles()
    cache = RenderCache(DisplayNames({}, titles))
    message = reply("short")
    await cache.prepare([message])
    cache.body(message)
    assert titles.threads == [threading.current_thread()]


async def test_a_conversation_that_is_opened_twice_is_drawn_once() -> None:
    titles = ModelTitles()
    cache = RenderCache(DisplayNames({}, titles))
    messages = [reply("short"), reply("long " * LONG_CHARACTERS)]
    for _ in range(3):
        await cache.prepare(messages)
        assert all("noon" in cache.body(message) for message in messages)
    assert len(titles.threads) == len(messages)


def test_a_reply_that_is_still_written_is_never_kept() -> None:
    titles = ModelTitles()
    cache = RenderCache(DisplayNames({}, titles))
    message = reply("so far", "streaming")
    cache.body(message)
    cache.body(message)
    assert len(titles.threads) == 2


def test_what_is_kept_has_a_bound_and_the_latest_stays() -> None:
    titles = ModelTitles()
    cache = RenderCache(DisplayNames({}, titles))
    messages = [reply("a" * 200_000) for _ in range(KEPT_CHARACTERS // 200_000 + 2)]
    for message in messages:
        cache.body(message)
    drawn = len(titles.threads)
    cache.body(messages[-1])
    assert len(titles.threads) == drawn, "the latest is kept"
    cache.body(messages[0])
    assert len(titles.threads) == drawn + 1, "the oldest has made room"
