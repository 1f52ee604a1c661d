"""What may go wrong with an answer, as rows: the fault, and what the user is left with.

A row is a door, what its server does, and how the reply must end: status, class of the error or
the provider's own word, words of the sentence, whether it is charged, what is offered first, and
what of the answer is kept. Faults that any server may have stand here; what only one wire can say
stands in a room of its own.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from chat.core.messages import Billed, NextAction, Status
from chat.core.models import Timeouts
from tests.loopback import Gate, Reply, json_reply, sse, text_reply
from tests.wire.doors import DOORS, RED, DoorKind
from tests.wire.talk import PATIENT

HASTY = Timeouts(connect_s=5, first_event_s=0.3, idle_s=0.3, total_s=5)
RESTLESS = Timeouts(connect_s=5, first_event_s=5, idle_s=0.8, total_s=5)
"""Its pause must leave time to decode a picture on a busy machine."""

RULES = "content rules of The test server refused this"
BRACKETS = 100_000 * "["
DIGITS = f'{{"usage": 1{5_000 * "0"}}}'
"""JSON as the law wants it, and more than Python's decoder takes."""

PAGE = "<!doctype html><html><title>Welcome to the hotel network</title></html>"


@dataclass(frozen=True)
class Row:
    """One fault and its end."""

    kind: str
    fault: str
    reply: Reply | Callable[[str], Reply] | None
    """What the server answers, or what it answers at its address; ``None``: nobody listens."""
    status: Status
    native: str
    words: str
    billed: Billed = "unknown"
    first: NextAction | None = "retry"
    text: str = ""
    """Words that must be kept; empty: none are."""
    pictures: int = 0
    timeouts: Timeouts = PATIENT
    slams: bool = False
    """The server hangs up before it has answered anything."""
    streams: bool = True
    """Whether the model is asked to stream."""

    @property
    def name(self) -> str:
        return f"{self.kind}: {self.fault}"


_REFUSED: dict[int, tuple[str, str, NextAction]] = {
    400: ("Rejected", "refused the request", "edit"),
    401: ("AuthFailed", "did not accept the key. Check TEST_KEY.", "other_model"),
    402: ("RateLimited", "The credit at The test server is used up", "retry"),
    403: ("AuthFailed", "did not accept the key. Check TEST_KEY.", "other_model"),
    404: ("Rejected", "does not know this model", "edit"),
    405: ("Rejected", "refused the request", "edit"),
    409: ("Rejected", "refused the request", "edit"),
    413: ("RequestTooLarge", "too large for The test server. Shorten it", "other_model"),
    422: ("Rejected", "refused the request", "edit"),
    429: ("RateLimited", "takes no more requests for now", "retry"),
}
"""Statuses under which nothing was made, so nothing is charged."""

_TROUBLE = (408, 500, 502, 503, 504, 529)
_TOO_BUSY = (503, 529)
"""Refused before anything was begun."""


def any_door() -> Iterator[Row]:
    """The faults that every server may have, at every door."""
    for door in DOORS.values():
        yield from _by_status(door)
        yield from _no_answer(door)
        if door.streams:
            yield from _broken_streams(door)


def _by_status(door: DoorKind) -> Iterator[Row]:
    for status, (native, words, first) in _REFUSED.items():
        yield Row(
            door.kind, f"status {status}", _error(status), "failed", native, words, "no", first
        )
    for status in _TROUBLE:
        yield Row(
            door.kind,
            f"status {status}",
            _error(status),
            "failed",
            "Unavailable",
            "has trouble on its side. Try again in a moment. It said: “Told.”",
            "no" if status in _TOO_BUSY else "unknown",
        )
    for wait, sentence in (
        ("30", "Try again in 30 seconds."),
        ("0", "Try again in 0 seconds."),
        ("Mon, 01 Jan 2024 00:00:00 +99999999999999", "takes no more requests for now"),
    ):
        yield Row(
            door.kind,
            f"status 429, wait {wait} s",
            _error(429, {"retry-after": wait}),
            "failed",
            "RateLimited",
            sentence,
            "no",
        )
    yield Row(
        door.kind,
        "status 503, wait 0 s",
        _error(503, {"retry-after": "0"}),
        "failed",
        "Unavailable",
        "has trouble on its side",
        "no",
    )
    yield Row(
        door.kind,
        "a page under status 502",
        text_reply(PAGE, 502),
        "failed",
        "Unavailable",
        "has trouble on its side. Try again in a moment.",
    )


def _error(status: int, headers: dict[str, str] | None = None) -> Reply:
    return json_reply({"error": {"message": "Told.", "code": status}}, status, headers)


def _no_answer(door: DoorKind) -> Iterator[Row]:
    row = Row(door.kind, "", None, "failed", "BadReply", "The test server")
    for fault, reply in {
        "an empty body": text_reply("", mime="application/json"),
        "half a body": text_reply('{"candidates": [{"cont', mime="application/json"),
        "brackets without end": text_reply(BRACKETS, mime="application/json"),
        "digits without end": text_reply(DIGITS, mime="application/json"),
        "a picture instead of JSON": Reply((RED,), headers={"content-type": "image/png"}),
    }.items():
        yield replace(row, fault=fault, reply=reply)
        if door.streams:
            whole = replace(row, fault=f"{fault}, not streamed", streams=False)
            yield replace(whole, reply=reply)
    page = replace(row, words="answered with a web page. Check its address", first="other_model")
    page = replace(page, native="WrongAddress", reply=text_reply(PAGE))
    for streams in {door.streams, False}:
        yield replace(page, fault=f"a page under status 200, streams {streams}", streams=streams)
    lost = replace(row, native="Unavailable")
    away = replace(lost, words="could not be reached at 127.0.0.1:", billed="no")
    yield replace(away, fault="nobody listens")
    yield replace(lost, fault="hung up before answering", slams=True, words="was lost. Try again.")
    yield replace(
        lost,
        fault="cut after the head",
        reply=Reply((), headers={"content-type": "application/json"}, cut=True),
        words="was lost. Try again.",
    )
    yield replace(
        lost,
        fault="silent from the start",
        reply=Reply((Gate(),), headers={"content-type": "application/json"}),
        timeouts=HASTY,
        words="did not answer within 0.",
    )


def _broken_streams(door: DoorKind) -> Iterator[Row]:
    """Streams that end in the middle: what had come is kept."""
    said = ("Half ", "of it") if door.talks else ()
    came: list[tuple[str, tuple[str | bytes, ...], str, int]] = [("a picture", (RED,), "", 1)]
    if door.talks:
        came = [
            ("words", said, "Half of it", 0),
            ("words and a picture", (*said, RED), "Half of it", 1),
        ]
    for what, parts, text, pictures in came:
        row = Row(door.kind, "", None, "interrupted", "", "", text=text, pictures=pictures)
        yield replace(
            row,
            fault=f"no end after {what}",
            reply=door.begun(parts),
            native="BadReply",
            words="broke off",
        )
        yield replace(
            row,
            fault=f"cut after {what}",
            reply=replace(door.begun(parts), cut=True),
            native="Unavailable",
            words="was lost. Try again.",
        )
        for fault, event in {
            "half an event": '{"choices": [{"de',
            "brackets without end": BRACKETS,
            "digits without end": DIGITS,
        }.items():
            yield replace(
                row,
                fault=f"{fault} after {what}",
                reply=_then(door.begun(parts), event),
                native="BadReply",
                words="The test server",
            )
        yield replace(
            row,
            fault=f"an error after {what}",
            reply=_then(door.begun(parts), _trouble(door.kind)),
            native="Unavailable",
            words="It said: “Gone.”",
        )
        yield replace(
            row,
            fault=f"silent after {what}",
            reply=door.begun((*parts, Gate())),
            timeouts=RESTLESS,
            native="Unavailable",
            words="What had arrived is kept; try again.",
        )
    yield Row(
        door.kind,
        "a stream of nothing",
        Reply((), headers={"content-type": "text/event-stream"}),
        "failed",
        "BadReply",
        "broke off",
    )
    yield Row(
        door.kind,
        "an error before anything",
        sse(_trouble(door.kind)),
        "failed",
        "Unavailable",
        "It said: “Gone.”",
    )


def _then(reply: Reply, event: object) -> Reply:
    return replace(reply, steps=(*reply.steps, *sse(event).steps))


def _trouble(kind: str) -> dict[str, Any]:
    error = {"code": 502, "message": "Gone.", "status": "UNAVAILABLE"}
    return {"error": error, "type": "error"} if kind.startswith("openai") else {"error": error}
