"""What a newer Easel stored stays stored, in every store, whatever this one does to it."""

from dataclasses import replace

import pytest

from chat.core.messages import Conversation, Finish, Message, Origin, Usage
from chat.core.parts import Derivation, Echo, Image, Text, ToolResult, UnknownPart
from chat.core.ports import Conversations
from tests.contracts.samples import ME, conversation, picture, picture_ref, replied, said

FILM = UnknownPart({"kind": "film", "frames": [{"sha256": "f" * 64}], "seconds": 2.5})
HOLOGRAM = UnknownPart({"kind": "hologram", "media": {"sha256": "e" * 64}})
NEW = {"added": {"later": [1, None, "ü"]}}


def from_the_future(of: Conversation, parent: Message) -> Message:
    """A reply with something new in every place where something new may be."""
    drawn = picture()
    parts = (
        Text("A fox", Echo("gemini", {"s": 1}, extra=NEW), extra=NEW),
        FILM,
        Image(replace(drawn.media, extra={"depth_map": {"sha256": "d" * 64}}), "model", extra=NEW),
        Image(drawn.media, "tool", derivation=Derivation(("e" * 64,), "crop", {"x": 1}, extra=NEW)),
        ToolResult("1", "projector", (Text("Shown."), HOLOGRAM), extra=NEW),
    )
    return replace(
        replied(of, parent, status="streaming"),
        parts=parts,
        finish=Finish("stop", extra=NEW),
        origin=Origin("gemini", "google", "m", extra=NEW),
        usage=Usage(1, extra=NEW),
    )


@pytest.fixture
def kept(store: Conversations) -> tuple[Conversation, Message]:
    """A conversation of a newer Easel with such a reply."""
    created = conversation(extra=NEW)
    store.create(created)
    question = said(created)
    reply = from_the_future(created, question)
    store.add([question, reply])
    return created, reply


def test_what_is_new_comes_back(store: Conversations, kept: tuple[Conversation, Message]) -> None:
    created, reply = kept
    assert store.get(ME, created.id).extra == NEW
    assert store.message(ME, reply.id) == reply
    assert store.branch(reply.id)[-1] == store.unfinished()[0] == reply


def test_a_crashed_reply_is_marked_without_losing_what_is_new(
    store: Conversations, kept: tuple[Conversation, Message]
) -> None:
    _, reply = kept
    (found,) = store.unfinished()
    store.update(replace(found, status="interrupted", finish=Finish("error")))
    assert store.message(ME, reply.id) == replace(
        reply, status="interrupted", finish=Finish("error")
    )


def test_settings_are_changed_without_losing_what_is_new(
    store: Conversations, kept: tuple[Conversation, Message]
) -> None:
    created, _ = kept
    renamed = store.change(ME, created.id, lambda found: replace(found, title="B"))
    assert (renamed.title, renamed.extra) == ("B", NEW)
    assert store.get(ME, created.id) == renamed
    store.delete(ME, created.id)
    assert store.restore(ME, created.id) == renamed


def test_pictures_of_what_is_new_are_in_use(
    store: Conversations, kept: tuple[Conversation, Message]
) -> None:
    """Or they would be collected before the newer Easel comes back."""
    _, reply = kept
    named = {"d" * 64, "e" * 64, "f" * 64, picture_ref().sha256}
    assert store.media_in_use() == named
    store.update(replace(reply, status="complete"))
    assert store.media_in_use() == named


def test_the_words_beside_what_is_new_are_found(
    store: Conversations, kept: tuple[Conversation, Message]
) -> None:
    assert [hit.excerpt for hit in store.search(ME, "a fox")] == [""]
    assert store.search(ME, "hologram") == []
    assert [hit.conversation.id for hit in store.search(ME, "draw")] == [kept[0].id]
