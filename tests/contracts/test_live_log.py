"""What processes over one store lay out and tell: nothing is lost, doubled or another's."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing, closing
from typing import get_args

import psycopg
import pytest
import redis

from chat.core.events import (
    CallDelta,
    CallsEnded,
    Queued,
    ReasoningDelta,
    TextDelta,
    ToolProgress,
    UserAnswered,
    UserAsked,
)
from chat.core.forms import FormField
from chat.core.live_log import WORDS, Heard, LiveLog, LogPiece, Signal, SignalKind
from chat.core.messages import new_id
from chat.core.parts import Echo, Text, ToolCall, ToolResult
from chat.turns.jobs import RemoteJob
from storage.data_dir_lock import Process
from storage.live.signals import MOST_BYTES, signals_in, texts_of
from storage.open import LIVE, open_live
from tests.contracts.conftest import NOT_HERE
from tests.contracts.samples import picture
from tests.patience import PATIENCE_S

EVENTS = (
    Queued(2),
    TextDelta("Füchse \0 \ud800 🙂"),
    TextDelta("signed", Echo("google", {"signature": "abc"})),
    ReasoningDelta("hm"),
    ReasoningDelta("signed", Echo("google", {"signature": "abc"})),
    picture(),
    CallDelta(0, "add", '{"a":', anew=True),
    CallsEnded(),
    ToolCall("call-1", "add", {"a": 1}),
    ToolProgress("call-1", "half", 0.5),
    UserAsked(
        "q",
        "call-1",
        "Books",
        "Bistro",
        "For how many?",
        (FormField("n", "choice", "Number", choices=(("1", "one"), ("2", "two")), least=1.0),),
    ),
    UserAnswered("q"),
    ToolResult("call-1", "add", (Text("3"), picture(b"chart"))),
)


STRANGE = (
    *('["answer",[],[]]', '["answer","t"]', '["answer","t","\\u0000"]', '["answer","t","\\ud800"]'),
    *('["ended",{}]', '["ended",null]', '["ended"]', '["frames",["t"]]', '["news",1,2]'),
    *('["waits","o","c"]', '["began","t","o","c","more"]', '["decided",[]]', '[["ended"],"t"]'),
    *('["tomorrow","t"]', "[]", "{}", "5", "null", '"ended"'),
)
"""Signals that no process of this version gives."""


class Both:
    """Two processes."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.here: LiveLog = open_live(url, Process(new_id()))
        self.there: LiveLog = open_live(url, Process(new_id()))


@pytest.fixture(params=[each for each in LIVE if each not in NOT_HERE])
def both(request: pytest.FixtureRequest, address_of: Callable[[str], str]) -> Iterator[Both]:
    made = Both(address_of(request.param))
    with closing(made.here), closing(made.there):
        yield made


async def told(heard: AsyncGenerator[Heard, None], wanted: Callable[[Heard], bool]) -> list[Heard]:
    """What is heard until something that is wanted, with it."""
    found: list[Heard] = []
    async with asyncio.timeout(PATIENCE_S):
        async for each in heard:
            found.append(each)
            if wanted(each):
                break
    return found


def test_every_event_comes_over_as_it_was_from_any_place_on(both: Both) -> None:
    both.here.tell([LogPiece("turn", 0, EVENTS[:5]), LogPiece("other", 0, EVENTS)])
    both.here.tell([LogPiece("turn", 5, (*EVENTS[5:], None))])
    read = both.there.read({"turn": 0})
    assert [event for piece in read for event in piece.events] == [*EVENTS, None]
    assert both.there.read({"turn": 5}) == [LogPiece("turn", 5, (*EVENTS[5:], None))]
    assert both.there.read({"turn": len(EVENTS) + 1}) == []
    assert {piece.turn for piece in both.there.read({"turn": 3, "other": 2, "none": 0})} == {
        "turn",
        "other",
    }


def test_what_is_laid_out_twice_is_there_once_and_whole(both: Both) -> None:
    """Whoever does not know whether it came through lays it out once more, and more by then."""
    both.here.tell([LogPiece("turn", 0, EVENTS[:2])])
    both.here.tell([LogPiece("turn", 0, EVENTS[:4])])
    job = RemoteJob("me", "conversation", "turn", *[lambda *_: None] * 3)
    for _ in range(2):
        for piece in both.there.read({"turn": 0}):
            job.take(piece)
    assert tuple(job.since(0)) == EVENTS[:4]


def test_who_ends_a_turn_forgets_its_own_pieces_alone(both: Both) -> None:
    both.here.tell([LogPiece("turn", 0, EVENTS[:2])])
    both.there.tell([LogPiece("turn", 0, EVENTS[2:4])])
    both.here.tell(ended=["turn"])
    assert both.here.read({"turn": 0}) == [LogPiece("turn", 0, EVENTS[2:4])]
    both.here.forget(["turn"])
    assert both.there.read({"turn": 0}) == []


def test_a_turn_that_begins_anew_as_it_is_forgotten_is_there_from_its_new_start(both: Both) -> None:
    both.here.tell([LogPiece("turn", 0, EVENTS[:2]), LogPiece("turn", 2, EVENTS[2:4])])
    both.here.tell([LogPiece("turn", 0, EVENTS[4:5])], ended=["turn"])
    assert both.there.read({"turn": 0}) == [LogPiece("turn", 0, EVENTS[4:5])]


def test_what_is_laid_out_is_listed_by_turn_and_forgotten_with_notes_nobody_takes(
    both: Both,
) -> None:
    both.here.tell([LogPiece("one", 0, EVENTS[:1])], notes={"answer q": {"name": "Ada"}})
    both.there.tell([LogPiece("one", 1, EVENTS[1:2]), LogPiece("two", 0, EVENTS[:1])])
    assert sorted(both.here.turns()) == ["one", "two"]
    both.here.forget(["one", "answer q"])
    both.here.forget_old()
    assert (both.here.turns(), both.there.take_note("answer q")) == (["two"], None)


def scribble(url: str, turn: str, events: str) -> None:
    """Lay out what nobody can read, as of another process."""
    if url.startswith("redis"):
        with redis.Redis.from_url(url) as client:
            client.xadd(f"easel:log:{turn}:z", {"first": 0, "count": 99, "events": events})
            client.sadd(f"easel:writers:{turn}", "z")
        return
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO easel_live (turn, writer, first, count, events) "
            "VALUES (%s, 'z', 0, 99, %s)",
            [turn, events],
        )


@pytest.mark.parametrize("events", ["", "5", "[5]", '[["text"]]', "[" * 9_999])
def test_what_cannot_be_read_keeps_nothing_else_from_being_read(both: Both, events: str) -> None:
    both.here.tell([LogPiece("turn", 0, EVENTS), LogPiece("other", 0, EVENTS[:1])])
    scribble(both.url, "turn", events)
    scribble(both.url, "third", events)
    read = both.there.read({"turn": 0, "other": 0, "third": 0})
    assert read == [LogPiece("other", 0, EVENTS[:1]), LogPiece("turn", 0, EVENTS)]


def test_a_note_is_taken_once(both: Both) -> None:
    both.here.tell(notes={"answer q": {"name": "Ada", "large": "x" * 20_000}, "answer r": None})
    assert both.there.take_note("answer q") == {"name": "Ada", "large": "x" * 20_000}
    assert both.there.take_note("answer q") is None
    assert both.there.take_note("answer r") is None


async def test_signals_reach_the_others_in_order_and_not_who_gave_them(both: Both) -> None:
    signals = [Signal("news", ("me", f"{number:032}")) for number in range(500)]
    async with aclosing(both.there.heard()) as heard, aclosing(both.here.heard()) as own:
        assert (await told(heard, lambda each: each.anew))[-1].anew
        await told(own, lambda each: each.anew)
        await asyncio.to_thread(both.here.tell, [LogPiece("turn", 0, EVENTS[:1])], signals)
        end = Signal("frames", ("turn",))
        found = await told(heard, lambda each: end in each.signals)
        assert [signal for each in found for signal in each.signals] == [*signals, end]
        await asyncio.to_thread(both.there.tell, (), [Signal("stop", ("turn", ""))])
        back = await told(own, lambda each: bool(each.signals))
        assert back[-1].signals == (Signal("stop", ("turn", "")),)


def lose_lines(url: str) -> None:
    """Have the server let go of everybody, and forget what it does not keep on a disk."""
    if url.startswith("redis"):
        with redis.Redis.from_url(url) as client:
            client.flushall()
            client.client_kill_filter(_type="normal", skipme=True)
        return
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("TRUNCATE easel_live")
        ended = connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE pid <> pg_backend_pid() AND datname = current_database()"
        ).fetchall()
        assert ended


async def test_who_lost_the_line_is_told_to_read_again(both: Both) -> None:
    async with aclosing(both.there.heard()) as heard:
        await told(heard, lambda each: each.anew)
        lost = asyncio.create_task(told(heard, lambda each: each.anew))
        await asyncio.sleep(0)  # it listens
        await asyncio.to_thread(lose_lines, both.url)
        assert (await lost)[-1].anew
        await asyncio.to_thread(both.here.tell, (), [Signal("joined")])
        assert (await told(heard, lambda each: bool(each.signals)))[-1].signals == (
            Signal("joined"),
        )


def test_signals_travel_in_texts_that_the_server_takes_and_strange_ones_are_left_out() -> None:
    signals = [Signal("news", ("ümläut" * 20, f"{number:032}")) for number in range(300)]
    texts = list(texts_of("own", signals))
    assert max(len(text.encode()) for text in texts) <= MOST_BYTES
    assert [each for text in texts for each in signals_in(text, "other")] == signals
    assert [each for text in texts for each in signals_in(text, "own")] == []
    assert signals_in('["x",["tomorrow","1"],["news","a","b"]]', "own") == (
        Signal("news", ("a", "b")),
    )
    for strange in ("", "{}", "5", "[[]]", "hello", "[" * MOST_BYTES):
        assert signals_in(strange, "own") == ()
    assert set(WORDS) == set(get_args(SignalKind))
    told = f'["x",{",".join(STRANGE)},["news","a","b"]]'
    assert signals_in(told, "own") == (Signal("news", ("a", "b")),)
