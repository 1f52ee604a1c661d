"""What a copy of a conversation holds, in every store."""

from dataclasses import replace

import pytest

from chat.conversations.duplicating import duplicate
from chat.core.errors import NotFound
from chat.core.messages import Conversation, Finish, Message, new_id, now
from chat.core.parts import Text
from chat.core.ports import Conversations, OwnedRecord
from tests.contracts.samples import ME, SOMEBODY, conversation, picture, picture_ref, replied, said


def shape(messages: list[Message]) -> list[object]:
    """Who answers whom with what, whatever the ids."""
    at = {message.id: place for place, message in enumerate(messages)}
    return [(at.get(m.parent_id or ""), m.role, m.parts, m.created_at, m.usage) for m in messages]


def kept(store: Conversations, title: str = "A fox") -> tuple[Conversation, list[Message]]:
    """Two variants of which one is hidden and one shows a picture; a reply that is written."""
    made = conversation(ME, title, tool_policy={"clock": "allow", "chart": "deny"})
    store.create(made)
    store.grant_media(ME, picture_ref())
    question, moment = said(made, client_id="browser-1"), now()
    first = replace(replied(made, question, "One.", "complete"), created_at=moment)
    second = replace(first, id=new_id(), parts=(Text("."), picture()))
    grows = replied(made, said(made), "Half", "streaming")
    grows = replace(grows, parent_id=second.id, finish=Finish("tool_calls", message="Goes on."))
    for message in (question, first, second, grows):
        store.add([message])
    store.set_head(ME, made.id, first.id)
    value = {"open": False, "hidden": [second.id]}
    record = OwnedRecord("variants", question.id, value, conversation_id=made.id)
    store.keep_record(ME, "variants", question.id, lambda _: record)
    return made, store.tree(ME, made.id)


def test_a_copy_is_the_whole_tree_under_ids_of_its_own(store: Conversations) -> None:
    made, original = kept(store)
    store.pin(ME, made.id, on=True)
    before = store.get(ME, made.id)
    copy = duplicate(store, ME, made.id, 200)
    copied = store.tree(ME, copy.id)
    assert shape(copied) == shape(original)
    assert not {m.id for m in copied} & {m.id for m in original}
    assert copy.head_id == copied[1].id
    assert (copied[3].status, copied[3].finish) == ("interrupted", Finish("tool_calls"))
    (chosen,) = [r for r in store.records(ME, "variants") if r.conversation_id == copy.id]
    assert (chosen.id, chosen.value) == (copied[0].id, {"open": False, "hidden": [copied[2].id]})
    assert copy.pinned_at is None
    assert copy.tool_policy == {"chart": "deny"}, "what was allowed there is asked for here"
    assert store.search(ME)[1].conversation.id == copy.id, "behind what is pinned it comes first"
    store.delete(ME, made.id)
    store.purge(now())
    assert shape(store.tree(ME, copy.id)) == shape(original)
    assert store.media_in_use() == {picture_ref().sha256}
    assert before.title == "A fox"


def test_copies_are_told_apart_by_their_titles(store: Conversations) -> None:
    made, _ = kept(store)
    first = duplicate(store, ME, made.id, 200)
    second = duplicate(store, ME, first.id, 200)
    long = duplicate(store, ME, kept(store, "x" * 200)[0].id, 200)
    assert [first.title, second.title] == ["A fox (copy)", "A fox (copy 2)"]
    assert (len(long.title), long.title[-8:]) == (200, "x (copy)")


def test_nobody_copies_what_is_anothers_or_in_the_bin(store: Conversations) -> None:
    made, _ = kept(store)
    with pytest.raises(NotFound):
        duplicate(store, SOMEBODY, made.id, 200)
    store.delete(ME, made.id)
    with pytest.raises(NotFound):
        duplicate(store, ME, made.id, 200)
    assert store.search(ME) == store.search(SOMEBODY) == []
