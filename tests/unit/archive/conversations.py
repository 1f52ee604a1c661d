"""Conversations of every kind as Hypothesis makes them, and a house to keep them in."""

import asyncio
import io
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st
from PIL import Image as Pillow

from chat.archive.exporting import Exported, Exporter
from chat.archive.importing import Imported, Importer
from chat.core.display_names import DisplayNames
from chat.core.messages import Conversation, Finish, Message, Origin, Usage, new_id
from chat.core.parts import (
    Derivation,
    Echo,
    Image,
    MediaRef,
    Part,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
    UnknownPart,
)
from chat.core.ports import WholeConversation
from chat.core.text import clean_text
from chat.turns.pictures import Pictures
from storage.media.memory import MemoryMedia
from storage.memory import MemoryConversations
from storage.stored_form import JsonForm
from tests.unit.turns.workshop import EDITOR, INGEST

ME, SOMEBODY = "me", "somebody"
NAMES = DisplayNames({}, {})
FORMS = ("PNG", "JPEG", "WEBP", "GIF", "TIFF")


class House:
    """A store of conversations and one of pictures, with the doors in and out."""

    def __init__(self) -> None:
        self.media = MemoryMedia()
        self.store = MemoryConversations()
        self.pictures = Pictures(INGEST, self.media, self.store)
        form = JsonForm()
        self.exporter = Exporter(self.store, self.pictures, form, NAMES)
        self.importer = Importer(self.store, self.pictures, form, lambda _: "usual", EDITOR)

    def close(self) -> None:
        """Let the threads go."""
        self.pictures.close()

    async def keep(self, whole: WholeConversation, owner: str = ME) -> Conversation:
        """A conversation with its pictures, as turns leave it."""
        for message in whole.messages:
            for sha256 in JsonForm().pictures_of(message.parts):
                if sha256 in drawn():
                    await self.pictures.keep(owner, drawn()[sha256][1], "model")
        (kept,) = self.store.add_whole(owner, [whole])
        return kept

    async def zipped(self, *ids: str, owner: str = ME, messages: Sequence[str] = ()) -> bytes:
        """The zip of conversations."""
        return await whole_of(await self.exporter.zip(owner, ids, messages))

    async def take(self, data: bytes, owner: str = ME) -> Imported:
        """What comes of a file."""
        return await self.importer.take(owner, io.BytesIO(data))


async def whole_of(exported: Exported) -> bytes:
    """All pieces of a file together."""
    return b"".join([piece async for piece in exported.pieces])


@cache
def drawn() -> dict[str, tuple[MediaRef, bytes]]:
    """A picture of each form, as it is stored, by sha256; all of one ingest."""
    made: dict[str, tuple[MediaRef, bytes]] = {}
    for number, form in enumerate(FORMS * 2):
        out = io.BytesIO()
        colour = (40 * number % 256, 90, 200 - 20 * number)
        Pillow.new("RGB", (16 + number, 12), colour).save(out, form)
        kept = INGEST.ingest(out.getvalue(), "model")
        made[kept.ref.sha256] = (kept.ref, kept.data)
    return made


TEXTS = st.text(max_size=60).map(clean_text)
"""As all that is said is kept: without NUL and lone surrogates."""
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(TEXTS, JSONS, max_size=3)
MOMENTS = st.integers(10**13, 1_767_225_600 * 10**6).map(
    lambda microseconds: datetime.fromtimestamp(0, UTC) + timedelta(microseconds=microseconds)
)
ECHOES = st.none() | st.builds(Echo, st.sampled_from(["gemini", "openai_chat"]), OBJECTS)
EXTRAS = st.none() | st.builds(lambda value: {"of_tomorrow": value}, JSONS)


def _images() -> st.SearchStrategy[Image]:
    refs = [ref for ref, _ in drawn().values()]
    lost = MediaRef("f" * 64, "image/png", 3, 4, 5)
    derivations = st.none() | st.builds(
        Derivation, st.tuples(st.sampled_from(refs).map(lambda ref: ref.sha256)), TEXTS, OBJECTS
    )
    return st.builds(
        Image,
        st.sampled_from([*refs, lost]),
        st.sampled_from(["upload", "model", "tool"]),
        alt=TEXTS,
        draft=st.booleans(),
        echo=ECHOES,
        mask=st.booleans(),
        derivation=derivations,
        extra=EXTRAS,
    )


def _unknowns() -> st.SearchStrategy[UnknownPart]:
    named = st.sampled_from(sorted(drawn()))
    return st.builds(
        lambda sha256, value: UnknownPart({"kind": "hologram", "sha256": sha256, "value": value}),
        named,
        JSONS,
    )


def parts() -> st.SearchStrategy[tuple[Part, ...]]:
    """Parts of every kind, in any order."""
    content: Any = st.one_of(st.builds(Text, TEXTS), _images(), _unknowns())
    results = st.builds(
        ToolResult, TEXTS, TEXTS, st.lists(content, max_size=2).map(tuple), st.booleans(), ECHOES
    )
    calls = st.builds(ToolCall, TEXTS, TEXTS, OBJECTS, ECHOES)
    texts = st.builds(Text, TEXTS, ECHOES)
    thoughts = st.builds(Reasoning, TEXTS, ECHOES)
    every: Any = st.one_of(texts, thoughts, _images(), calls, results, _unknowns())
    return st.lists(every, max_size=4).map(tuple)


@st.composite
def wholes(draw: st.DrawFn) -> WholeConversation:
    """A conversation with branches."""
    conversation = Conversation(
        new_id(),
        ME,
        draw(st.text(max_size=80).map(clean_text)),
        system=draw(TEXTS),
        model=draw(TEXTS),
        created_at=draw(MOMENTS),
        updated_at=draw(MOMENTS),
        extra=draw(EXTRAS),
    )
    messages: list[Message] = []
    for number in range(draw(st.integers(1, 6))):
        above = draw(st.sampled_from([None, *messages]))
        ended = draw(st.sampled_from(["complete", "stopped", "failed", "blocked", "interrupted"]))
        messages.append(
            Message(
                new_id(),
                conversation.id,
                above.id if above else None,
                draw(st.sampled_from(["user", "assistant"])),
                draw(parts()),
                ended,  # type: ignore[arg-type]
                draw(st.none() | st.builds(Finish, st.just("stop"), TEXTS, TEXTS, extra=EXTRAS)),
                draw(st.none() | st.builds(Origin, TEXTS, TEXTS, TEXTS, extra=EXTRAS)),
                draw(st.none() | st.builds(Usage, st.integers(0, 9**9), extra=EXTRAS)),
                draw(st.none() | st.floats(0, 100)),
                draw(st.none() | st.just(f"client-{number}")),
                draw(MOMENTS),
                draw(st.none() | MOMENTS),
            )
        )
    head = draw(st.sampled_from(messages))
    return WholeConversation(
        Conversation(
            **{
                name: getattr(conversation, name)
                for name in Conversation.__dataclass_fields__
                if name != "head_id"
            },
            head_id=head.id,
        ),
        messages,
    )


def run(work: Any) -> Any:
    """What a coroutine gives, in a loop and a thread of its own."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
