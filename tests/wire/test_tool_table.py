"""Every wire with tools, in every way that a round of them may go: real SDKs over HTTP."""

import asyncio
import base64
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from chat.core.errors import ToolFailed
from chat.core.messages import Message
from chat.core.models import Endpoint, ModelCard
from chat.core.parts import ToolResult, images, plain_text
from chat.core.tools import Picture, Tool
from chat.tools.schema import FunctionTool, with_facts
from tests.loopback import Loopback, Request
from tests.unit.turns.acting import decisions
from tests.unit.turns.workshop import ME
from tests.wire.tool_doors import TOOL_DOORS, ToolDoor
from tests.wire.tool_talk import ToolTraffic, Wanted
from tests.wire.turn import WholeTurn
from tests.wire_shapes import tiny_png

RED = tiny_png(200)
DONE = "All done."

every_door = pytest.mark.parametrize("door", sorted(TOOL_DOORS))


class House:
    """Tools that may be counted, held up and watched."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.on = asyncio.Event()
        self.rung = 0

    def add(self, a: int, b: int) -> str:
        """Add two numbers.

        Args:
            a: one.
            b: the other.
        """
        return f"The sum is {a + b}."

    def fail(self) -> str:
        """Fail."""
        raise ToolFailed("The bridge is up.")

    def paint(self) -> Picture:
        """Paint."""
        return Picture(RED, "All red")

    def flood(self) -> str:
        """Say far too much."""
        return "x" * 300_000

    async def wait(self) -> str:
        """Wait until somebody says so."""
        self.begun.set()
        await self.on.wait()
        return "Waited."

    def ring(self) -> str:
        """Ring a bell."""
        self.rung += 1
        return "It rang."

    def tools(self) -> Mapping[str, Tool]:
        """Those above; the bell asks first."""
        asks = with_facts(reach="Rings.", policy="ask")
        bell = asks(lambda: self.ring())
        bell.__doc__, bell.__annotations__ = self.ring.__doc__, {"return": str}
        plain = (self.add, self.fail, self.paint, self.flood, self.wait)
        made = {each.__name__: FunctionTool(each.__name__, each) for each in plain}
        return {**made, "ring": FunctionTool("ring", bell)}


@dataclass
class Table:
    """A whole turn at one door, whose server plays rounds of calls and then is done."""

    door: ToolDoor
    house: House
    server: Loopback
    turn: WholeTurn
    endpoint: Endpoint
    card: ModelCard

    async def begun(self, **settings: Any) -> str:
        return await self.turn.begun("Go", tools_on=True, **settings)

    async def reply(self, **settings: Any) -> Message:
        return await self.turn.ended(await self.begun(**settings))

    @property
    def asked(self) -> list[Request]:
        """The questions that came; that somebody signed in is none."""
        return [each for each in self.server.requests if each.path != "/token"]

    def sent(self) -> list[ToolTraffic]:
        """What of tools stood in each of them."""
        return [self.door.wire.sent(each) for each in self.asked]


@asynccontextmanager
async def table(name: str, *rounds: Sequence[Wanted]) -> AsyncIterator[Table]:
    door, house = TOOL_DOORS[name], House()
    wire = door.wire
    replies = [wire.wants(calls, number) for number, calls in enumerate(rounds)]
    with (
        door.server([*replies, wire.says(DONE), wire.says("Later.")]) as server,
        TemporaryDirectory() as folder,
    ):
        endpoint, card = door.opened(server, Path(folder))
        async with WholeTurn(endpoint, card, house.tools()) as turn:
            at = Table(door, house, server, turn, endpoint, card)
            yield at
            assert all(door.path in each.path for each in at.asked)


def results(reply: Message) -> list[str]:
    return [plain_text(part.content) for part in reply.parts if isinstance(part, ToolResult)]


ADD = ("add", {"a": 2, "b": 3})


@dataclass(frozen=True)
class Row:
    """One way that it may go."""

    rounds: Sequence[Sequence[Wanted]]
    told: Sequence[str]
    """What the model is told in the end of each call, at least in part, in order."""
    settings: Mapping[str, Any] = field(default_factory=dict)


NO_ADDING = {"tool_policy": {"add": "deny"}}
ROWS: dict[str, Row] = {
    "no call": Row((), ()),
    "one": Row([[ADD]], ["The sum is 5."]),
    "parallel": Row([[ADD, ("add", {"a": 4, "b": 5})]], ["The sum is 5.", "The sum is 9."]),
    "chained": Row([[ADD], [("add", {"a": 5, "b": 5})]], ["The sum is 5.", "The sum is 10."]),
    "failing": Row([[("fail", {}), ADD]], ["The bridge is up.", "The sum is 5."]),
    "denied": Row([[ADD]], ["There is no tool named 'add' here."], NO_ADDING),
    "unknown tool": Row([[("fly", {})]], ["There is no tool named 'fly' here."]),
    "invalid arguments": Row([[("add", {"a": "two"})]], ["is wrong"]),
    "picture": Row([[("paint", {})]], [""]),
    "100 kB": Row([[("flood", {})]], ["The rest was left out"]),
}  # fmt: skip


@every_door
@pytest.mark.parametrize("name", sorted(ROWS))
async def test_a_round_of_tools_goes_the_same_way_at_every_door(door: str, name: str) -> None:
    row = ROWS[name]
    async with table(door, *row.rounds) as at:
        reply = await at.reply(**row.settings)
        sent, last, wire = at.sent(), at.asked[-1].body, at.door.wire
    assert reply.status == "complete"
    assert plain_text(reply.parts).endswith(DONE)
    assert len(sent) == len(row.rounds) + 1, "one question a round, and one more"
    declared = {tool for tool in ("add", "paint", "ring") if tool in sent[0].declared}
    assert declared == {"add", "paint", "ring"} - set(row.settings.get("tool_policy", ()))
    wanted = [
        (wire.id_of(number, place), tool)
        for number, calls in enumerate(row.rounds)
        for place, (tool, _) in enumerate(calls)
    ]
    assert list(sent[-1].calls) == wanted, "under the ids that the server gave"
    assert [call_id for call_id, _ in sent[-1].results] == [call_id for call_id, _ in wanted]
    for (_, words), told, shown in zip(sent[-1].results, row.told, results(reply), strict=True):
        assert told in words
        assert told in shown
        assert len(words) < 101_000
    drawn = [image.media.sha256 for image in images(reply.parts)]
    assert len(drawn) == (name == "picture")
    assert _shows(last, RED) == bool(drawn), "the model sees what a tool drew"


def _shows(body: bytes, picture: bytes) -> bool:
    standard = body.decode().replace("-", "+").replace("_", "/")
    return base64.b64encode(picture).decode().rstrip("=") in standard


@every_door
async def test_stop_in_the_middle_of_a_tool_ends_it_and_the_next_question_is_sound(
    door: str,
) -> None:
    async with table(door, [ADD], [("wait", {})]) as at:
        reply_id = await at.begun()
        await at.house.begun.wait()
        assert at.turn.engine.stop(ME, reply_id)
        stopped = await at.turn.ended(reply_id)
        assert stopped.status == "stopped"
        assert results(stopped) == ["The sum is 5."]
        after = await at.turn.ended(await at.turn.asked_after(stopped, "And now?"))
        sent = at.sent()[-1]
    assert after.status == "complete"
    assert sent.results[0][1].endswith("The sum is 5.")
    assert "Stopped" in sent.results[1][1], "no call goes out without an answer"


@every_door
async def test_switched_off_in_the_middle_nothing_of_tools_goes_out_any_more(door: str) -> None:
    async with table(door, [("wait", {})]) as at:
        reply_id = await at.begun()
        await at.house.begun.wait()
        conversation = at.turn.store.message(ME, reply_id).conversation_id
        await at.turn.settings.change(ME, conversation, {"tools_on": False})
        at.house.on.set()
        reply = await at.turn.ended(reply_id)
        await at.turn.ended(await at.turn.asked_after(reply, "And now?"))
        first, *others = at.sent()
        body = at.asked[-1].body.decode()
    assert reply.status == "complete"
    assert first.declared
    assert len(others) == 2
    for sent in others:
        assert (sent.declared, sent.calls, sent.results) == ((), (), ())
    assert "Waited." in body, "what a tool said is told as words"


@every_door
@pytest.mark.parametrize("choice", ["once", "deny"])
async def test_a_restart_while_a_call_waits_loses_nothing(door: str, choice: Any) -> None:
    async with table(door, [ADD, ("ring", {})]) as at:
        reply = await at.reply()
        assert reply.status == "waiting"
        assert at.house.rung == 0
        tools, store = at.house.tools(), at.turn.store
        async with WholeTurn(at.endpoint, at.card, tools, store) as again:
            await again.engine.settle()
            await again.engine.decisions.decide(ME, reply.id, decisions(reply, choice, "No."))
            ended = await again.ended(reply.id)
        sent = at.sent()[-1]
    assert ended.status == "complete"
    assert at.house.rung == (choice == "once")
    ids = [at.door.wire.id_of(0, place) for place in range(2)]
    assert [call_id for call_id, _ in sent.results] == ids
    said = "It rang." if choice == "once" else "No."
    assert said in sent.results[1][1]
