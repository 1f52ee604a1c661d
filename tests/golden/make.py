"""Writes the golden data folder of the present release. Run once, before the schema changes.

``python -m tests.golden.make 0002`` makes ``tests/golden/0002`` with this program: the database,
its pictures, and ``expected.json`` with every value in it. It is never made again: later versions
are held against the folder as it was written. Everything in it is fixed, so that two runs of one
version differ in nothing but SQLite's own counters.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from chat.core.audit import AuditEntry
from chat.core.messages import Conversation, Finish, Message, Origin, Status, Usage
from chat.core.parts import (
    Asked,
    Echo,
    File,
    Image,
    MediaRef,
    Part,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
)
from chat.core.people import Person, Session
from chat.core.ports import OwnedRecord
from chat.core.shares import Share
from chat.core.spending import Amount, SpendingLimits
from chat.core.usage_sums import UsageRow, UsageSum
from chat.images.ingest import ImageIngest
from storage.open import open_conversations, open_media
from tests.wire_shapes import tiny_png

GOLDEN = Path(__file__).parent
OWNER, OTHER_OWNER = "local", "somebody-else"
BEGAN = datetime(2026, 11, 26, 12, 0, 0, 123456, UTC)
KEPT = ("kind", "id", "value", "pictures")
FILES = {"made": ("application/pdf", b"%PDF-1.7\n"), "added": ("text/csv", "Füchse,3\n".encode())}
COLOURS = {"upload": 200, "drawn": 40, "draft": 90, "charted": 130, "mask": 0}


def main(release: str) -> None:
    """Make the folder of a release, which must not exist."""
    folder = GOLDEN / release
    folder.mkdir()
    store = open_conversations(f"sqlite:///{folder / 'easel.db'}")
    refs = _pictures(folder / "media")
    conversations, binned = _conversations(), "c" * 32
    messages = _messages(refs)
    for conversation in conversations:
        store.create(conversation)
        for ref in refs.values():
            store.grant_media(conversation.owner, ref)
        for message in messages:
            if message.conversation_id == conversation.id:
                store.add([message])
    store.set_head(OWNER, "a" * 32, "a5".ljust(32, "0"))
    store.delete(OWNER, binned)
    record = OwnedRecord("board", "b1", {"title": "Füchse \0 \ud800 🦊"}, (refs["drawn"].sha256,))
    store.keep_record(OWNER, record.kind, record.id, lambda _: record)
    people, sessions = _people()
    for person in people:
        store.people.add(person)
    for session in sessions:
        store.people.begin(session)
    store.budgets.add(OWNER, Amount(1.25, 3), BEGAN.date())
    store.budgets.set_limits("role:user", SpendingLimits(usd_a_day=2.5, replies_at_once=4))
    used = UsageSum(2, 3, 1, 526, 1419, 2, 0.039, 1)
    store.usage.add([UsageRow(OWNER, BEGAN.date(), "counted", used)])
    entry = AuditEntry(
        "role_changed", OWNER, "ada", OTHER_OWNER, "eve 🦊", "192.0.2.7", {"role": "user"}, BEGAN,
        "e" * 32,
    )  # fmt: skip
    store.audit.add(entry)
    store.host_settings.keep("kept", {"days": 30})
    shares = _shares()
    for share in shares:
        store.shares.add(share)
    store.close()
    expected = {
        "conversations": [_plain(asdict(conversation)) for conversation in conversations],
        "binned": binned,
        "messages": [_plain(asdict(message)) for message in messages],
        "media": {name: _plain(asdict(ref)) for name, ref in refs.items()},
        "records": [{name: held for name, held in _plain(asdict(record)).items() if name in KEPT}],
        "people": [_plain(asdict(person)) for person in people],
        "spending": {"owner": OWNER, "day": BEGAN.date().isoformat(), "usd": 1.25, "pictures": 3},
        "limits": {"role:user": {"usd_a_day": 2.5, "replies_at_once": 4}},
        "usage": {"model": "counted", "sum": asdict(used)},
        "audit": [_plain(asdict(entry))],
        "settings": {"kept": {"days": 30}},
        "sessions": [_plain(asdict(session)) for session in sessions],
        "shares": [_plain(asdict(share)) for share in shares],
    }
    (folder / "expected.json").write_text(json.dumps(expected, indent=1) + "\n", "ascii")


def _pictures(folder: Path) -> dict[str, MediaRef]:
    """Store a picture of each sort with its thumbnail, and files."""
    media, ingest = open_media(folder.as_uri()), ImageIngest()
    refs: dict[str, MediaRef] = {}
    for name, red in COLOURS.items():
        ingested = ingest.ingest(tiny_png(red), "model")
        media.put(ingested.ref.sha256, ingested.data)
        media.put(f"{ingested.ref.sha256}.t768", ingested.thumbnail)
        refs[name] = ingested.ref
    ingest.close()
    for name, (mime, data) in FILES.items():
        refs[name] = MediaRef(sha256(data).hexdigest(), mime, len(data), 0, 0)
        media.put(refs[name].sha256, data)
    return refs


def _people() -> tuple[list[Person], list[Session]]:
    """An administrator, somebody invited, a guest and somebody shut out; who is signed in."""
    week = BEGAN + timedelta(days=7)
    people = [
        Person(OWNER, "ada", "Ada 🦊", "administrator", "$argon2id$v=19$a", created_at=BEGAN),
        Person(OTHER_OWNER, "eve", "Eve", "user", "", "12" * 32, week, week,
               told_groups=("Füchse 🦊", "painters"), given_groups=("keepers",)),
        Person("9" * 32, title="Füchse", role="guest", created_at=week, ends_at=week),
        Person("8" * 32, "out", "Out", created_at=week, disabled_at=week),
    ]  # fmt: skip
    return people, [Session("ab" * 32, OWNER, week, BEGAN, BEGAN + timedelta(hours=1))]


def _shares() -> list[Share]:
    """A board by name, and what whoever has a link sees for a week."""
    named, week = (OTHER_OWNER,), BEGAN + timedelta(days=7)
    leaf = "a5".ljust(32, "0")
    return [
        Share("5" * 32, OWNER, "board", "b1", people=named, groups=("painters",), created_at=BEGAN),
        Share("6" * 32, OWNER, "conversation", "a" * 32, leaf, "t" * 43, True,
              created_at=week, ends_at=week, views=7),
    ]  # fmt: skip


def _conversations() -> list[Conversation]:
    return [
        Conversation(
            id="a" * 32,
            owner=OWNER,
            title="Füchse \0 \ud800 🦊",
            model="sketch",
            system="Always draw\nin ink.",
            tools_on=True,
            tool_policy={"chart": "deny", "calculator": "allow"},
            tool_schemas={"calculator": "cd" * 32},
            aspect_ratio="16:9",
            image_size="2K",
            n="2",
            created_at=BEGAN,
            updated_at=BEGAN,
        ),
        Conversation("b" * 32, OWNER, "", model="gone-model", created_at=BEGAN, updated_at=BEGAN),
        Conversation(
            "c" * 32, OWNER, "In the bin", model="sketch", created_at=BEGAN, updated_at=BEGAN
        ),
        Conversation(
            "d" * 32, OTHER_OWNER, "Hers", model="sketch", created_at=BEGAN, updated_at=BEGAN
        ),
    ]


def _messages(refs: Mapping[str, MediaRef]) -> list[Message]:
    """A tree with an edited question, two replies to one, and every part, status and detail."""
    upload, mask = Image(refs["upload"], "upload"), Image(refs["mask"], "upload", mask=True)
    drawn = Image(
        refs["drawn"], "model", "A fox in ink", echo=Echo("gemini", {"thought_signature": "c2ln"})
    )
    draft = Image(refs["draft"], "model", draft=True)
    chart = Image(refs["charted"], "tool", "A chart of foxes")
    call = ToolCall("call_0", "chart", {"kind": "bar", "values": [1, 2.5, None], "of": {"a": "ü"}})
    failing = ToolCall("call_1", "calculator", {}, Echo("openai_chat", {"index": 1}))
    usage = Usage(268, 258, 9, 1290, 120, 0, 0.039)
    origin = Origin(
        "gemini", "google", "gemini-image", "resp-1", "google/gemini-image", ("Another answered.",)
    )
    stop = Finish("stop", "STOP", "", "yes", ("ask_picture",))
    refused = Finish("blocked", "SAFETY", "The model declined.", "no", ("reword", "other_model"))
    replies: list[tuple[str, Status, Finish | None]] = [
        ("b2", "stopped", Finish("cancelled")),
        ("b3", "failed", Finish("error", "RateLimited", "Too many requests.", "no", ("retry",))),
        ("b4", "blocked", refused),
        ("b5", "interrupted", Finish("error", "", "Easel was closed.", "unknown", ("retry",))),
        ("b6", "queued", None),
        ("b7", "streaming", None),
    ]
    asked = Asked("ab" * 32, "Ring", "Tower", "Rings.", {"times": "How often"}, note="Again")
    waits = (ToolCall("call_2", "ring", {"times": 3}, asked=asked),)
    whole: tuple[Part, ...] = (
        Reasoning("A fox, then.", Echo("gemini", {"thought_signature": "dGhpbms="})),
        Text("Here it is"),
        Text(": \0 \ud800 🦊 “ink”", Echo("gemini", {"thought_signature": None})),
        call,
        ToolResult("call_0", "chart", (Text("Three bars."), chart, File(refs["made"], "bars.pdf"))),
        failing,
        ToolResult("call_1", "calculator", (Text("No such sum."),), failed=True),
        draft,
        drawn,
    )
    return [
        _message("a1", None, (upload, mask, Text("Draw a fox.")), client_id="client-1"),
        _message("a2", "a1", whole, finish=stop, origin=origin, usage=usage, cost_usd=0.039),
        _message("a3", "a1", (Text("A second try"),), finish=stop, origin=origin, usage=Usage()),
        _message("a4", None, (Text("Draw a badger."),), client_id="client-2"),
        _message("a5", "a4", (Text("A badger."), drawn), finish=stop, origin=origin),
        _message(
            "a6",
            "a3",
            (drawn, File(refs["added"], "Füchse 🦊.csv", handle=3), Text("And at night?")),
            client_id="client-3",
        ),
        _message("b1", None, (Text("Every end"),), client_id="client-1"),
        *[_message(name, "b1", (Text(name),), status, finish) for name, status, finish in replies],
        _message("b8", "b1", waits, "waiting", Finish("tool_calls")),
        _message("c1", None, (Image(refs["upload"], "upload"), Text("Forget this."))),
        _message("d1", None, (Text("Not yours."),)),
    ]


def _message(
    name: str,
    parent: str | None,
    parts: tuple[Part, ...],
    status: Status = "complete",
    finish: Finish | None = None,
    **details: Any,
) -> Message:
    at = BEGAN + timedelta(seconds=int(sha256(name.encode()).hexdigest()[:4], 16))
    ended = parent is not None and status not in ("queued", "streaming")
    asked = name in ("a1", "a4", "a6", "b1", "c1", "d1")
    return Message(
        id=name.ljust(32, "0"),
        conversation_id=name[0] * 32,
        parent_id=None if parent is None else parent.ljust(32, "0"),
        role="user" if asked else "assistant",
        parts=parts,
        status=status,
        finish=finish,
        created_at=at,
        finished_at=at + timedelta(seconds=9) if ended and not asked else None,
        **details,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(held) for held in value]
    return value.isoformat() if isinstance(value, datetime) else value


if __name__ == "__main__":
    main(*sys.argv[1:])
