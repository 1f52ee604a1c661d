"""A user's file stops no model and reaches none as bytes, whatever provider is asked.

Each registered provider type answers over real HTTP, behind a recorder of what it was sent. A
file is text where the model has no tool that reads files, and a name where it has; in the second
turn, with another model, in an edit, and after its bytes are gone from the disk.
"""

import base64
import hashlib
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request as Asking
from urllib.request import urlopen

import pytest

from chat.core.file_kinds import CSV, PDF, SQLITE, FileKind
from chat.core.messages import Message
from chat.core.models import Endpoint, ModelCard
from chat.core.parts import File, MediaRef, Text, ToolResult, files, images, plain_text
from chat.files.reader import FileProcess, FileReader
from chat.providers.registry import KINDS, open_provider, specs
from chat.tools.registry import load_tools
from chat.turns.file_texts import FileTexts
from chat.turns.outgoing import Outgoing
from chat.turns.question import NamedFile
from storage.media.folder import FolderMedia
from tests.contracts.resolve import resolved
from tests.loopback import Loopback, Reply, Request
from tests.unit.files import making
from tests.unit.turns.workshop import ME
from tests.wire.servers import Served
from tests.wire.talk import assistant, events_of, request, user
from tests.wire.tool_talk import TOOL_WIRES
from tests.wire.turn import WholeTurn

SALES = b"month,sum\nMay,17\nJune,23\n"
JUNE = "June,23"
"""What only the text of a file holds."""
READER = FileReader(FileProcess())
TEXTS = FileTexts(READER)
"""One for all tests: what was read once is told again without a process."""


def _database() -> bytes:
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE TABLE den (name)")
        connection.execute("INSERT INTO den VALUES ('Fennec')")
        return connection.serialize()


ALONG: tuple[tuple[str, FileKind, bytes], ...] = (
    ("sales.csv", CSV, SALES),
    ("report.pdf", PDF, making.pdf(["Arctic foxes"])),
    ("dens.db", SQLITE, _database()),
)


@dataclass
class Recorded:
    """A model, and what was sent to the server behind it."""

    served: Served
    requests: list[Request]

    @property
    def endpoint(self) -> Endpoint:
        return self.served.endpoint

    @property
    def sent(self) -> list[bytes]:
        """The bodies of the questions it was asked, in order."""
        return [asked.body for asked in self.requests if asked.body]


@contextmanager
def recorded(kind: str) -> Iterator[Recorded]:
    """The test server of a kind, with a recorder before it, under names of its own."""
    with resolved(specs()[kind].test_server)() as served:
        endpoint = replace(served.endpoint, id=kind, title=kind.title())
        card = replace(served.card, id=kind, endpoint=kind, title=f"The {kind}", max_input_images=4)
        if not endpoint.base_url:
            yield Recorded(replace(served, endpoint=endpoint, card=card), [])
            return
        behind = endpoint.base_url
        with Loopback(lambda asked: _passed_on(behind, asked)) as front:
            endpoint = replace(endpoint, base_url=front.url)
            yield Recorded(replace(served, endpoint=endpoint, card=card), front.requests)


def _passed_on(url: str, asked: Request) -> Reply:
    """What the server behind answers."""
    kept = {name: value for name, value in asked.headers.items() if name == "content-type"}
    going = Asking(url + asked.path, asked.body or None, kept, method=asked.method)
    try:
        answer = urlopen(going)
    except HTTPError as refusal:
        answer = refusal
    with answer:
        return Reply(
            (answer.read(),), answer.status, {"content-type": answer.headers["content-type"]}
        )


def must_hold_no_bytes(body: bytes) -> None:
    """Fail where any file stands in a request as it is, or encoded."""
    plain = body.replace(b"-", b"+").replace(b"_", b"/").replace(b"\\/", b"/")
    for name, _, data in ALONG:
        for at in range(3):  # wherever it begins among what is encoded with it
            piece = data[at : at + 24]
            assert base64.b64encode(piece) not in plain, name
            assert piece.hex().encode() not in plain, name
    assert b"%PDF" not in body
    assert b"SQLite format 3" not in body


@dataclass
class Conversing:
    """A conversation at one of several models."""

    turn: WholeTurn
    folder: Path
    along: Sequence[NamedFile]

    def stored(self, name: str) -> Path:
        """Where the bytes of a file lie."""
        sha256 = next(each.sha256 for each in self.along if each.name == name)
        return self.folder / sha256[:2] / sha256

    async def first(self, **settings: Any) -> Message:
        return await self.turn.ended(
            await self.turn.begun("Add them up", files=self.along, **settings)
        )

    async def edited(self, reply: Message, words: str) -> Message:
        sent = Outgoing(f"edit-{reply.id}", words, files=self.along)
        assert reply.parent_id is not None
        started = await self.turn.engine.edit(ME, reply.parent_id, sent)
        return await self.turn.ended(started.reply_id)

    async def again(self, reply: Message) -> Message:
        started = await self.turn.engine.regenerate(ME, reply.id)
        return await self.turn.ended(started.reply_id)

    async def switched(self, reply: Message, model: str) -> None:
        await self.turn.settings.change(ME, reply.conversation_id, {"model": model})


@asynccontextmanager
async def conversing(
    folder: Path, *models: tuple[Endpoint, ModelCard]
) -> AsyncIterator[Conversing]:
    """A store on the disk with the files in it, and these models."""
    (endpoint, card), *others = models
    house: dict[type, object] = {FileReader: READER}
    read_file = load_tools(house)["read_file"]
    async with WholeTurn(
        endpoint,
        card,
        {"read_file": read_file},
        others=others,
        media=FolderMedia(folder),
        files=TEXTS,
        resources=house,
    ) as turn:
        kept = [
            NamedFile((await turn.pictures.keep_file(ME, data, kind.mime)).sha256, name)
            for name, kind, data in ALONG
        ]
        yield Conversing(turn, folder, kept)


def must_be_whole(reply: Message, about: str) -> None:
    """Fail where a model could not be asked."""
    assert reply.status == "complete", (about, reply.status, reply.finish)


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
@pytest.mark.parametrize("tools_on", [False, True], ids=["tools off", "tools on"])
@pytest.mark.parametrize("kind", KINDS)
async def test_a_file_goes_with_every_provider_as_words_or_by_name(
    tmp_path: Path, kind: str, tools_on: bool, stream: bool
) -> None:
    """In the first turn and the second, in an edit, with the next model, and lost or damaged."""
    heir = list(KINDS)[(list(KINDS).index(kind) + 1) % len(KINDS)]
    async with AsyncExitStack() as servers:
        here, there = (servers.enter_context(recorded(each)) for each in (kind, heir))
        models = [
            (each.endpoint, replace(each.served.card, stream=stream, tools=tools_on))
            for each in (here, there)
        ]
        chat = await servers.enter_async_context(conversing(tmp_path, *models))
        first = await chat.first(tools_on=tools_on)
        must_be_whole(first, "first")
        second = await chat.turn.ended(await chat.turn.asked_after(first, "And now?"))
        must_be_whole(second, "second")
        edited = await chat.edited(first, "Subtract them")
        must_be_whole(edited, "edited")
        own = len(here.sent)
        await chat.switched(edited, heir)
        switched = await chat.turn.ended(await chat.turn.asked_after(edited, "You, too"))
        must_be_whole(switched, "switched")
        for body in here.sent + there.sent:
            must_hold_no_bytes(body)
        named = [here.sent[0], here.sent[-1]] if here.endpoint.base_url else []
        for body in named:
            assert b"sales.csv" in body
            assert (JUNE.encode() in body) is not tools_on, "told, or read by a tool"
        await chat.switched(switched, kind)
        chat.stored("sales.csv").unlink()
        chat.stored("report.pdf").write_bytes(b"%PDF-1.7 " + bytes(2_000))
        lost = await chat.again(edited)
        must_be_whole(lost, "lost")
    if here.endpoint.base_url:
        assert len(here.sent) > own
        assert JUNE.encode() not in here.sent[-1]
        must_hold_no_bytes(here.sent[-1])
        if not tools_on:
            assert here.sent[-1].count(b"Its file is lost.") == 2
            assert b"Fennec" in here.sent[-1], "what is there goes on being told"


@pytest.mark.parametrize("kind", sorted(TOOL_WIRES))
async def test_a_model_reads_a_file_by_the_tool_that_is_there_for_it(
    tmp_path: Path, kind: str
) -> None:
    wire = TOOL_WIRES[kind]
    calls = [("read_file", {"file": "@file1"}), ("read_file", {"file": "@file2"})]
    rounds = [wire.says("Shall I?"), wire.wants(calls, 0), wire.says("40.")]
    with recorded(kind) as model, Loopback(rounds) as server:
        endpoint = replace(model.endpoint, base_url=server.url)
        card = replace(model.served.card, tools=True)
        async with conversing(tmp_path, (endpoint, card)) as chat:
            first = await chat.first(tools_on=True)
            chat.stored("report.pdf").unlink()
            reply = await chat.turn.ended(await chat.turn.asked_after(first, "Yes"))
    must_be_whole(reply, kind)
    _, asked, after = server.requests
    assert "read_file" in wire.sent(asked).declared
    assert JUNE.encode() not in asked.body
    read, lost = (words for _, words in wire.sent(after).results)
    assert "| 3 | June | 23 |" in read
    assert "lost" in lost
    must_hold_no_bytes(after.body)


@pytest.mark.parametrize("kind", KINDS)
async def test_of_a_relay_the_text_model_reads_the_file_and_the_painter_gets_a_prompt(
    tmp_path: Path, kind: str
) -> None:
    wire = TOOL_WIRES["openai_chat"]
    rounds = [
        wire.wants([("read_file", {"file": "sales.csv"})], 0),
        wire.wants([("generate_image", {"prompt": "A red fox with 40 mice"})], 1),
        wire.says("There are 40."),
    ]
    with recorded(kind) as painter, recorded("openai_chat") as text, Loopback(rounds) as server:
        drawing = replace(painter.served.card, id="painter", tool_relay="writer", tools=False)
        writing = replace(
            text.served.card,
            id="writer",
            endpoint="writing",
            tools=True,
            output_modalities=("text",),
        )
        beside = replace(text.endpoint, id="writing", base_url=server.url)
        async with conversing(tmp_path, (painter.endpoint, drawing), (beside, writing)) as chat:
            reply = await chat.first(tools_on=True)
    must_be_whole(reply, kind)
    assert plain_text(reply.parts).endswith("There are 40.")
    read, drawn = (part for part in reply.parts if isinstance(part, ToolResult))
    assert "| 3 | June | 23 |" in plain_text(read.content)
    assert images(drawn.content)
    first, after, *_ = (asked.body for asked in server.requests)
    assert b"@file1" in first
    assert JUNE.encode() not in first
    assert "| 3 | June | 23 |" in wire.sent(server.requests[1]).results[0][1]
    for body in (first, after, *painter.sent):
        must_hold_no_bytes(body)
    for body in painter.sent:
        assert b"sales.csv" not in body, "it is told the prompt and nothing of the conversation"


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
@pytest.mark.parametrize("kind", KINDS)
async def test_a_file_part_that_nobody_put_into_words_is_passed_over(
    kind: str, stream: bool
) -> None:
    """As of a newer caller; and what a tool made goes to the user alone."""
    held = [
        File(MediaRef(hashlib.sha256(data).hexdigest(), kept.mime, len(data), 0, 0), name)
        for name, kept, data in ALONG
    ]
    made = ToolResult("c1", "query_data", (Text("12 rows"), held[0]))
    with recorded(kind) as model:
        card = replace(model.served.card, stream=stream)
        asked = request(
            card,
            user(*held, "Add them up"),
            replace(assistant("There."), parts=(made, Text("There."))),
            user("Draw a red fox", held[1]),
        )
        assert files(asked.messages[0].parts)
        assert await events_of(open_provider(model.endpoint), asked)
    for body in model.sent:
        must_hold_no_bytes(body)
