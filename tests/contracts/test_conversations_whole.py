"""What every store promises of conversations that come as a whole from elsewhere."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chat.core.errors import Conflict, NotFound
from chat.core.messages import Conversation, Message, new_id, now
from chat.core.parts import Text
from chat.core.ports import Conversations, WholeConversation
from tests.contracts.samples import ME, SOMEBODY, conversation, picture, picture_ref, replied, said

LONG_AGO = datetime(2024, 2, 29, 23, 59, 59, 123456, UTC)


def a_whole(owner: str = ME) -> WholeConversation:
    """A question with two answers, the first of which is shown."""
    stored = conversation(owner)
    question = said(stored, client_id="browser-1")
    first = replace(replied(stored, question, "One.", "complete"), parts=(Text("."), picture()))
    second = replied(stored, question, "Two.", "complete")
    stored = replace(stored, head_id=first.id, created_at=LONG_AGO, updated_at=LONG_AGO)
    return WholeConversation(stored, [question, first, second])


def texts(messages: list[Message]) -> list[object]:
    return [message.parts for message in messages]


def test_a_tree_comes_in_the_order_of_arrival_and_for_its_owner_only(store: Conversations) -> None:
    whole = a_whole()
    store.add_whole(ME, [whole])
    assert store.tree(ME, whole.conversation.id) == list(whole.messages)
    with pytest.raises(NotFound):
        store.tree(SOMEBODY, whole.conversation.id)
    store.delete(ME, whole.conversation.id)
    with pytest.raises(NotFound):
        store.tree(ME, whole.conversation.id)


def test_what_came_whole_is_as_it_was(store: Conversations) -> None:
    whole = a_whole()
    assert store.add_whole(ME, [whole], [picture_ref()]) == [whole.conversation]
    assert store.get(ME, whole.conversation.id) == whole.conversation
    assert store.branch(whole.messages[1].id) == list(whole.messages[:2])
    assert store.media(ME, picture_ref().sha256) == picture_ref()
    assert store.media_in_use() == {picture_ref().sha256}
    assert [hit.conversation.id for hit in store.search(ME, "fox")] == [whole.conversation.id]


def test_the_same_one_twice_is_two_conversations(store: Conversations) -> None:
    whole = a_whole()
    (first,) = store.add_whole(ME, [whole])
    second, third = store.add_whole(ME, [whole, whole])
    ids = {first.id, second.id, third.id}
    assert len(ids) == 3
    trees = [store.tree(ME, one) for one in ids]
    assert len({message.id for tree in trees for message in tree}) == 9
    assert all(texts(tree) == texts(trees[0]) for tree in trees)
    kept = store.tree(ME, second.id)
    assert [m.parent_id for m in kept] == [None, kept[0].id, kept[0].id]
    assert second.head_id == kept[1].id
    times = {one.updated_at for one in (first, second, third)}
    assert len(times) == 3, "a list that is read in pages would lose one of them"


def test_it_becomes_its_new_owners_whatever_it_says(store: Conversations) -> None:
    store.add_whole(SOMEBODY, [a_whole(owner=ME)])
    assert store.search(ME) == []
    assert len(store.search(SOMEBODY)) == 1


def test_a_time_ahead_does_not_stay_on_top_of_the_list(store: Conversations) -> None:
    whole = a_whole()
    ahead = replace(whole.conversation, updated_at=now() + timedelta(days=999))
    (kept,) = store.add_whole(ME, [replace(whole, conversation=ahead)])
    assert kept.updated_at <= now()


def test_even_the_first_moment_of_all_is_no_time_for_two(store: Conversations) -> None:
    first = datetime(1, 1, 1, tzinfo=UTC)
    whole = a_whole()
    ancient = replace(whole, conversation=replace(whole.conversation, updated_at=first))
    times = {kept.updated_at for kept in store.add_whole(ME, [ancient, ancient, ancient])}
    assert len(times) == 3


def broken() -> list[tuple[str, WholeConversation]]:
    whole = a_whole()
    question, first, second = whole.messages
    astray = replace(whole.conversation, head_id=new_id())
    return [
        ("order", replace(whole, messages=[first, question, second])),
        ("parent", replace(whole, messages=[question, replace(first, parent_id=new_id()), second])),
        ("own parent", replace(whole, messages=[replace(question, parent_id=question.id)])),
        ("head", replace(whole, conversation=astray)),
        ("twice", replace(whole, messages=[question, first, first])),
        ("client", replace(whole, messages=[question, replace(first, client_id="browser-1")])),
    ]


@pytest.mark.parametrize("number", range(len(broken())))
def test_of_several_with_one_broken_none_is_kept(store: Conversations, number: int) -> None:
    _, wrong = broken()[number]
    sound: Conversation = a_whole().conversation
    with pytest.raises((NotFound, Conflict)):
        store.add_whole(ME, [WholeConversation(replace(sound, head_id=None), []), wrong])
    assert store.search(ME) == []
    with pytest.raises(NotFound):
        store.get(ME, sound.id)
    assert store.media_in_use() == set()
