"""However a server spells its events, and whatever it sends between them, the reply is the same."""

import asyncio
import gzip
import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import brotli
import pytest

from chat.core.events import ImageBytes, ProviderEvent, TextDelta
from chat.core.liveness import alive
from tests.loopback import Gate, Loopback, Reply
from tests.wire.doors import DOORS, STREAMING, DoorKind
from tests.wire.drawing import drawn
from tests.wire.interactions_shapes import interactions_stream
from tests.wire.responses_shapes import responses_stream
from tests.wire.talk import events_of, finished, heard, request
from tests.wire_shapes import gemini_stream, openai_stream, tiny_png

RED, BLUE = tiny_png(200), tiny_png(0, 0, 200)
WORDS = ("A füchs 🦊 in\u2028two lines: ", "and more.")
STREAM = "text/event-stream"

STREAMS: dict[str, Callable[[], Reply]] = {
    "gemini": lambda: gemini_stream([*WORDS, RED, BLUE]),
    "gemini_interactions": lambda: interactions_stream([*WORDS, RED, BLUE]),
    "openai_chat": lambda: openai_stream([*WORDS, RED, BLUE]),
    "openai_images": lambda: drawn(BLUE, RED),
    "openai_responses": lambda: responses_stream([*WORDS, RED, BLUE]),
}
OPTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    **{kind: (kind, {}) for kind in STREAMING},
    "gemini on Google Cloud": ("gemini", {"enterprise": True}),
}
"""Doors and the ways to open them."""


def sent(kind: str) -> list[str]:
    """The data of the events of a whole reply, letters as they are and not as escapes."""
    lines = [bytes(step).decode() for step in STREAMS[kind]().steps if isinstance(step, bytes)]
    found = [line.removeprefix("data: ").strip() for line in lines]
    return [json.dumps(json.loads(data), ensure_ascii=False) for data in found if data != "[DONE]"]


def usual(events: Sequence[str]) -> str:
    return "".join(f"data: {data}\n\n" for data in events)


def between(extra: str) -> Callable[[Sequence[str]], str]:
    """Something before, between and after the events."""
    return lambda events: extra + "".join(f"data: {data}\n\n{extra}" for data in events)


def each(template: str) -> Callable[[Sequence[str]], str]:
    return lambda events: "".join(template.replace("DATA", data) for data in events)


def ended_by(word: str) -> Callable[[Sequence[str]], str]:
    """This word for the end, and something after it that is no event."""
    return lambda events: f"{usual(events)}data: {word}\n\ndata: {{"


def pretty(events: Sequence[str]) -> str:
    """Each event over many lines, as the standard joins them."""
    told = [json.dumps(json.loads(data), indent=1, ensure_ascii=False) for data in events]
    # What Python takes for the end of a line is none to the standard.
    return "".join("".join(f"data: {line}\n" for line in data.split("\n")) + "\n" for data in told)


def mixed(events: Sequence[str]) -> str:
    ends = ["\n\n", "\r\r", "\r\n\r\n", "\r\n\n", "\n\r\n", "\r\n\r"]
    return "".join(f"data: {data}{ends[at % len(ends)]}" for at, data in enumerate(events))


@dataclass(frozen=True)
class Spelling:
    """One way to send events."""

    name: str
    spelled: Callable[[Sequence[str]], str | bytes] = usual
    packed: Callable[[bytes], bytes] = bytes
    headers: dict[str, str] = field(default_factory=dict)
    sizes: tuple[int, ...] = (1 << 30,)
    """Of the pieces that are sent, over and over."""

    def reply(self, events: Sequence[str]) -> Reply:
        spelled = self.spelled(events)
        body = self.packed(spelled if isinstance(spelled, bytes) else spelled.encode())
        return Reply(tuple(self._cut(body)), headers={"content-type": STREAM, **self.headers})

    def _cut(self, body: bytes) -> Iterator[bytes]:
        at = turn = 0
        while at < len(body):
            size = self.sizes[turn % len(self.sizes)]
            yield body[at : at + size]
            at, turn = at + size, turn + 1


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def gzip_members(data: bytes) -> bytes:
    """Packed piece by piece, filled up behind the first, with one that holds nothing."""
    first, *rest = (gzip.compress(data[at : at + 700]) for at in range(0, len(data), 700))
    return b"".join([first, b"\0" * 512, gzip.compress(b""), *rest])


def br_in_gzip(data: bytes) -> bytes:
    return gzip_members(brotli.compress(data))


def gzip_and_more(data: bytes) -> bytes:
    return gzip_members(data) + b"left behind" * 1000


def packed(name: str, packer: Callable[[bytes], bytes], **more: Any) -> Spelling:
    headers = {"content-encoding": name}
    title = f"packed by {name}, {packer.__name__}{', cut apart' if more else ''}"
    return Spelling(title, packed=packer, headers=headers, **more)


def labelled(mime: str) -> Spelling:
    return Spelling(f"called {mime}", between(": ping\n\n"), headers={"content-type": mime})


_USUAL: dict[str, list[ProviderEvent]] = {}

SPELLINGS = [
    Spelling("keep-alives", between(": ping\n\n")),
    Spelling("keep-alives in single lines", between(":\n")),
    Spelling("keep-alives with words", between(": OPENROUTER PROCESSING\n\n")),
    Spelling("empty data", between("data:\n\n")),
    Spelling("data of a space", between("data: \n\n")),
    Spelling("a field without a colon", between("data\n\n")),
    Spelling("events without data", between("event: ping\n\n")),
    Spelling("a time to retry", between("retry: 3000\n\n")),
    Spelling("ids alone", between("id: 7\n\n")),
    Spelling("unknown fields", between("datum: {}\nheartbeat: 1\n\n")),
    Spelling("empty lines", between("\n\n\n")),
    Spelling(
        "names, ids and times to retry", each("id: 1\nevent: message\nretry: 1\ndata: DATA\n\n")
    ),
    Spelling("names after the data", each("data: DATA\nevent: thread.x\nid: 1\n\n")),
    Spelling("no space after the colon", each("data:DATA\n\n")),
    Spelling("more spaces after the colon", each("data:   DATA \n\n")),
    Spelling("CR", each("data: DATA\r\r")),
    Spelling("CRLF", each("data: DATA\r\n\r\n")),
    Spelling("every end of a line", mixed),
    Spelling("a byte order mark", lambda events: "\ufeff" + usual(events)),
    Spelling("a byte order mark at every event", each("\ufeffdata: DATA\n\n")),
    Spelling("a byte order mark and a comment", lambda events: "\ufeff: hi\n\n" + usual(events)),
    Spelling("[DONE]", lambda events: usual([*events, "[DONE]"])),
    Spelling("[DONE] without a space", lambda events: usual(events) + "data:[DONE]\n\n"),
    Spelling("[DONE] without an empty line", lambda events: usual(events) + "data: [DONE]"),
    Spelling("[DONE] right after data", lambda events: usual(events)[:-1] + "data: [DONE]\n\n"),
    Spelling("things after [DONE]", lambda events: usual([*events, "[DONE]", "{", "never"])),
    Spelling("data over many lines", pretty),
    Spelling("no empty line at the end", lambda events: usual(events)[:-1]),
    Spelling("no end of the last line", lambda events: usual(events)[:-2]),
    Spelling("no empty lines between", each("data: DATA\n")),
    Spelling("no UTF-8 in a comment", lambda events: b": \xff\xfe\n\n" + usual(events).encode()),
    Spelling("every byte alone", between(": ping\n\n"), sizes=(1,)),
    Spelling("every byte alone, CRLF", each(": x\r\nid: 1\r\ndata:DATA\r\n\r\n"), sizes=(1,)),
    Spelling("every byte alone, a byte order mark", lambda e: "\ufeff" + pretty(e), sizes=(1,)),
    Spelling("letters cut apart", between(": ä\n\n"), sizes=(3, 1, 7, 2)),
    Spelling("every byte alone, [DONE]", lambda e: usual([*e, "[DONE]"]), sizes=(1,)),
    Spelling("all in one list", lambda events: f"data: [{','.join(events)}]\n\n"),
    Spelling("lists of one and [DONE]", lambda e: usual([*map("[ {} ]".format, e), "[DONE]"])),
    Spelling("lists in single lines", each("data: [DATA]\n")),
    Spelling("lists without field names", each("[DATA]\n\n")),
    Spelling("lists over many lines", lambda events: pretty([f"[{','.join(events)}]"])),
    Spelling("every byte alone, lists", each("data:[DATA]\n\n"), sizes=(1,)),
    Spelling("lines of a log", between("[info] still at work\n\n")),
    Spelling("a list over many lines without field names", lambda e: "[\n" + ",\n".join(e) + "\n]"),
    Spelling("objects in single lines", each("DATA\r\n")),
    Spelling("JSON lines", each("DATA\n"), headers={"content-type": "application/x-ndjson"}),
    Spelling("JSON text sequences", each("\x1eDATA\n")),
    Spelling("all on one line", lambda events: f"data: {''.join(events)}\n\n"),
    Spelling("all on one line and [DONE]", lambda e: f"data: {''.join(e)}[DONE]\n\ndata: {{"),
    Spelling(
        "two on a line", lambda e: usual([" ".join(e[at : at + 2]) for at in range(0, len(e), 2)])
    ),
    Spelling("all on one line, field names between", lambda e: "".join(map("data: {}".format, e))),
    Spelling("all on one line without field names", lambda events: "".join(events)),
    Spelling("every byte alone, all on one line", lambda e: usual([" ".join(e)]), sizes=(1,)),
    Spelling("commas between", lambda events: usual([",".join(events)])),
    Spelling("commas between, [DONE] behind", lambda e: usual([" , ".join(e), "[DONE]"])),
    Spelling("commas behind", each("data: DATA,\n\n")),
    Spelling("commas before", each("data: ,DATA\n\n")),
    Spelling("lines with commas behind", each("DATA,\n")),
    Spelling(
        "some with commas, some without", lambda e: usual([f"{','.join(e[:2])}{''.join(e[2:])}"])
    ),
    Spelling("lists with commas between", lambda e: usual([",".join(map("[{}]".format, e))])),
    Spelling("every byte alone, commas between", lambda e: usual([",".join(e)]), sizes=(1,)),
    Spelling("lists on one line", lambda events: usual(["".join(map("[{}]".format, events))])),
    *(
        Spelling(f"{name}, called {mime or 'nothing'}", spelled, headers={"content-type": mime})
        for mime in ("application/json", "")
        for name, spelled in (
            ("JSON lines", each("DATA\n")),
            ("all on one line", "".join),
            ("commas between", ",".join),
            ("commas and lines between", ",\n".join),
        )
    ),
    Spelling("an event in an event", each("data: data: DATA\ndata: \n\n")),
    Spelling("a field in capitals, indented", each(" Data: DATA\n\n")),
    *(
        Spelling(f"keep-alives as data: {word}", between(f"data: {word}\n\n"))
        for word in ("ping", "[PING]", "keep-alive", "null", '""', "true", "0", ": ping", "{}")
    ),
    Spelling("every byte alone, keep-alives as data", between("data: heartbeat\n\n"), sizes=(1,)),
    *(
        Spelling(f"{word} for [DONE]", ended_by(word))
        for word in ("[done]", '"[DONE]"', "DONE", "<[DONE]>", "close", "[DONE]\r")
    ),
    Spelling(
        "a list and no events",
        lambda events: f"[{','.join(events)}]",
        headers={"content-type": "application/json"},
    ),
    packed("gzip", gzip.compress),
    packed("x-gzip", gzip.compress),
    packed("gzip", gzip.compress, spelled=between(": ping\r\n\r\n"), sizes=(1, 5)),
    packed("deflate", zlib.compress),
    packed("deflate", raw_deflate),
    packed("br", brotli.compress),
    packed("identity", bytes),
    packed("gzip", gzip_members),
    packed("gzip", gzip_members, sizes=(1, 5)),
    packed("br, identity, gzip", br_in_gzip),
    packed("gzip", gzip_and_more),
    packed("gzip", bytes),
    packed("gzip", bytes, spelled=between(":\n"), sizes=(1, 5)),
    packed("deflate", bytes, spelled=between(":\n"), sizes=(1, 5)),
    packed("deflate", raw_deflate, sizes=(1, 5)),
    labelled("Text/Event-Stream; charset=utf-8"),
    labelled("text/plain"),
    labelled("text/html; charset=utf-8"),
    labelled("application/octet-stream"),
    labelled("application/json"),
    labelled(""),
]


def door_of(way: str, url: str) -> tuple[DoorKind, Any]:
    kind, options = OPTIONS[way]
    return DOORS[kind], DOORS[kind].opened(url, **options)


async def said(way: str, reply: Reply) -> list[ProviderEvent]:
    with Loopback([reply]) as server:
        door, provider = door_of(way, server.url)
        return joined(await events_of(provider, request(door.card())))


async def as_usual(way: str) -> list[ProviderEvent]:
    """The same reply in the spelling that the SDKs read by themselves."""
    if way not in _USUAL:
        _USUAL[way] = await said(way, STREAMS[OPTIONS[way][0]]())
    return _USUAL[way]


def joined(events: Sequence[ProviderEvent]) -> list[ProviderEvent]:
    """The events, the words as one: how they are cut is nobody's loss."""
    text = "".join(event.text for event in events if isinstance(event, TextDelta))
    return [TextDelta(text), *(event for event in events if not isinstance(event, TextDelta))]


@pytest.mark.parametrize("spelling", SPELLINGS, ids=lambda spelling: spelling.name)
@pytest.mark.parametrize("way", OPTIONS)
async def test_a_reply_is_read_whole_however_its_events_are_spelled(
    way: str, spelling: Spelling
) -> None:
    kind = OPTIONS[way][0]
    found = await said(way, spelling.reply(sent(kind)))
    assert found == await as_usual(way)
    pictures = [event.data for event in found if isinstance(event, ImageBytes)]
    assert set(pictures) == {RED, BLUE}
    assert found[0] == TextDelta("".join(WORDS) if DOORS[kind].talks else "")
    assert finished(found).finish.kind == "stop"


@pytest.mark.parametrize("way", OPTIONS)
async def test_a_stream_is_read_although_none_was_asked_for(way: str) -> None:
    kind = OPTIONS[way][0]
    with Loopback([Spelling("", between(": ping\n\n")).reply(sent(kind))]) as server:
        door, provider = door_of(way, server.url)
        found = await events_of(provider, request(door.card(stream=False)))
    assert [event.data for event in found if isinstance(event, ImageBytes)][-1] in {RED, BLUE}
    assert finished(found).finish.kind == "stop"


@pytest.mark.parametrize("way", ["gemini", "openai_chat", "openai_responses"])
async def test_done_ends_a_reply_whose_reason_never_came(way: str) -> None:
    kind = OPTIONS[way][0]
    whole = sent(kind)
    missing = {"gemini": 1, "openai_chat": 2, "openai_responses": 1}[way]
    found = await said(way, Spelling("").reply([*whole[:-missing], "[DONE]"]))
    assert finished(found).finish.kind == "stop"
    assert found[0] == TextDelta("".join(WORDS))


@pytest.mark.parametrize("way", OPTIONS)
async def test_a_server_that_keeps_the_line_after_done_ends_the_reply_all_the_same(
    way: str,
) -> None:
    kind, gate = OPTIONS[way][0], Gate()
    steps = Spelling("").reply([*sent(kind), "[DONE]"]).steps
    found = await said(way, Reply((*steps, gate), headers={"content-type": STREAM}))
    assert finished(found).finish.kind == "stop"


@pytest.mark.parametrize("kind", STREAMING)
async def test_an_error_that_comes_as_bare_json_in_mid_stream_is_said(kind: str) -> None:
    events = sent(kind)
    trouble = json.dumps({"error": {"message": "Gone.", "code": 500}}, indent=2)
    body = f"{usual(events[:2])}{trouble}\n"
    with Loopback([Reply((body.encode(),), headers={"content-type": STREAM})]) as server:
        door, provider = door_of(kind, server.url)
        _, error = await heard(provider, request(door.card()))
    assert "It said: “Gone.”" in str(error)


@pytest.mark.parametrize("kind", STREAMING)
async def test_keep_alives_are_signs_of_life_and_no_answer(kind: str) -> None:
    door, gate = DOORS[kind], Gate()
    heard_of = asyncio.Event()
    alive.set(heard_of.set)
    steps = (b": ping\n\n", gate, usual(sent(kind)).encode())
    with Loopback([Reply(steps, headers={"content-type": STREAM})]) as server:
        said = events_of(door.opened(server.url), request(door.card()))
        reading = asyncio.ensure_future(said)
        await heard_of.wait()
        assert not reading.done()
        gate.open()
        assert finished(await reading).finish.kind == "stop"
