"""What every store of conversations promises about conversations and whose they are."""

import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeAlias

import pytest

from chat.core.errors import Conflict, NotFound
from chat.core.messages import Conversation, Message, new_id, now
from chat.core.ports import Conversations, OwnedRecord
from tests.contracts.samples import (
    ME,
    SOMEBODY,
    conversation,
    picture,
    picture_ref,
    replied,
    said,
)


def test_a_conversation_comes_back_as_it_was_created(store: Conversations) -> None:
    created = conversation(
        title="Füchse \0 \ud800 🦊",
        system="Always draw\nin ink.",
        tools_on=True,
        tool_policy={"chart": "deny"},
        aspect_ratio="16:9",
        image_size="1K",
    )
    store.create(created)
    assert store.get(ME, created.id) == created


def test_a_store_that_is_there_says_nothing_when_it_is_asked_how_it_is(
    store: Conversations,
) -> None:
    store.check()


def test_the_same_conversation_cannot_be_created_over_another(store: Conversations) -> None:
    created = conversation()
    store.create(created)
    with pytest.raises(Conflict):
        store.create(replace(created, title="Another"))
    assert store.get(ME, created.id).title == created.title


def test_an_error_that_is_logged_says_nothing_of_what_was_written(store: Conversations) -> None:
    """Neither its sentence nor the trace of its causes."""
    created = conversation(title="surprise party", system="for Ada on Friday")
    store.create(created)
    with pytest.raises(Conflict) as caught:
        store.create(created)
    logged = "".join(traceback.format_exception(caught.value))
    assert "surprise" not in logged
    assert "Friday" not in logged


def test_a_change_keeps_settings_and_leaves_head_and_times_alone(store: Conversations) -> None:
    """A tab that renames must not undo what another tab has sent meanwhile."""
    created = conversation()
    store.create(created)
    message = said(created)
    store.add([message])
    before = store.get(ME, created.id)
    stored = store.change(
        ME,
        created.id,
        lambda _: replace(
            created,
            id=SOMEBODY,
            owner=SOMEBODY,
            title="Two foxes",
            model="other",
            system="Be brief.",
            tools_on=True,
            tool_policy={"chart": "deny"},
            image_size="2K",
            created_at=now() + timedelta(days=1),
            updated_at=now() - timedelta(days=1),
            deleted_at=now(),
        ),
    )
    assert (
        stored
        == store.get(ME, created.id)
        == replace(
            before,
            title="Two foxes",
            model="other",
            system="Be brief.",
            tools_on=True,
            tool_policy={"chart": "deny"},
            image_size="2K",
        )
    )


def test_what_is_in_the_bin_is_out_of_sight_and_comes_back_whole(store: Conversations) -> None:
    created = conversation()
    store.create(created)
    message = said(created)
    store.add([message])
    before = store.get(ME, created.id)
    store.delete(ME, created.id)
    with pytest.raises(NotFound):
        store.get(ME, created.id)
    with pytest.raises(NotFound):
        store.message(ME, message.id)
    with pytest.raises(NotFound):
        store.change(ME, created.id, lambda found: found)
    with pytest.raises(NotFound):
        store.add([said(created, message)])
    with pytest.raises(NotFound):
        store.set_head(ME, created.id, message.id)
    assert store.search(ME) == []
    assert store.restore(ME, created.id) == before
    assert store.get(ME, created.id) == before
    assert store.message(ME, message.id) == message


def test_deleting_twice_keeps_the_first_time(store: Conversations) -> None:
    """Or a second click would put off the day on which the conversation is gone."""
    created = conversation()
    store.create(created)
    store.delete(ME, created.id)
    between = now()
    store.delete(ME, created.id)
    assert store.purge(between) == 1


def test_a_reply_under_way_still_arrives_in_the_bin(store: Conversations) -> None:
    created = conversation()
    store.create(created)
    question = said(created)
    reply = replied(created, question)
    store.add([question, reply])
    store.delete(ME, created.id)
    finished = replace(reply, status="complete")
    store.update(finished)
    store.restore(ME, created.id)
    assert store.message(ME, reply.id) == finished


def test_replies_are_updated_together_or_not_at_all(store: Conversations) -> None:
    created = conversation()
    store.create(created)
    question = said(created)
    first, second = replied(created, question), replied(created, question)
    store.add([question, first, second])
    ended = [replace(each, status="complete") for each in (first, second)]
    never = replied(created, question)
    with pytest.raises(NotFound):
        store.update_together([*ended, never])
    assert store.message(ME, first.id) == first
    store.update_together(ended)
    assert [store.message(ME, each.id) for each in (first, second)] == ended


def test_purge_removes_only_what_was_long_in_the_bin(store: Conversations) -> None:
    old, recent, kept = conversation(), conversation(), conversation()
    for each in (old, recent, kept):
        store.create(each)
        question = said(each)
        store.add([question, replied(each, question), said(each, question)])
    store.delete(ME, old.id)
    between = now()
    store.delete(ME, recent.id)
    assert store.purge(between) == 1
    assert store.purge(between) == 0
    with pytest.raises(NotFound):
        store.restore(ME, old.id)
    assert store.restore(ME, recent.id).id == recent.id
    assert store.get(ME, kept.id).id == kept.id
    assert {message.conversation_id for message in store.unfinished()} == {recent.id, kept.id}


def test_the_bin_lists_what_was_deleted_last_first_and_each_owners_own(
    store: Conversations,
) -> None:
    deleted: list[Conversation] = []
    for owner in (ME, ME, SOMEBODY, ME):
        each = conversation(owner)
        store.create(each)
        store.add([said(each)])
        store.delete(owner, each.id)
        deleted.append(each)
    unused, listed = conversation(), conversation()
    store.create(unused)
    store.delete(ME, unused.id)
    store.create(listed)
    store.add([said(listed)])
    a, b, hers, c = deleted
    assert [each.id for each in store.binned(SOMEBODY)] == [hers.id]
    first, second = store.binned(ME, 2)
    assert [first.id, second.id] == [c.id, b.id]
    assert [each.id for each in store.binned(ME, 2, second.deleted_at)] == [a.id]


def test_what_is_erased_is_gone_and_nothing_else(store: Conversations) -> None:
    mine, other, kept, hers = conversation(), conversation(), conversation(), conversation(SOMEBODY)
    for each in (mine, other, kept, hers):
        store.create(each)
        question = said(each)
        store.add([question, replace(replied(each, question), parts=(picture(each.id.encode()),))])
    record = OwnedRecord("variants", "q", {}, conversation_id=mine.id)
    store.keep_record(ME, "variants", "q", lambda _: record)
    come = store.mark()
    for owner, each in ((ME, mine), (ME, other), (SOMEBODY, hers)):
        store.delete(owner, each.id)
    for owner, wanted in ((ME, kept.id), (ME, hers.id), (SOMEBODY, mine.id), (ME, new_id())):
        with pytest.raises(NotFound):
            store.erase(owner, wanted)
    assert store.erase(ME, mine.id) == [mine.id]
    assert store.record(ME, "variants", "q") is None
    with pytest.raises(NotFound):
        store.restore(ME, mine.id)
    assert store.erase(ME) == [other.id]
    assert store.erase(ME) == []
    assert store.binned(ME) == []
    assert store.get(ME, kept.id).id == kept.id
    assert store.restore(SOMEBODY, hers.id).id == hers.id
    named = {picture_ref(each.id.encode()).sha256 for each in (kept, hers)}
    assert store.media_in_use() == named
    assert store.mark() == come, "a database that is tidied looks no older than it is"


def test_purge_removes_what_was_begun_long_ago_and_never_used(store: Conversations) -> None:
    old, used = conversation(), conversation()
    for each in (old, used):
        store.create(each)
    store.add([said(used)])
    between = now()
    fresh = conversation()
    store.create(fresh)
    assert store.purge(between) == 0
    assert store.purge(between, between) == 1
    with pytest.raises(NotFound):
        store.get(ME, old.id)
    assert store.get(ME, used.id).head_id is not None
    assert store.get(ME, fresh.id) == fresh


Attempt: TypeAlias = Callable[[Conversations, str, Conversation, Message], object]

OWNED: dict[str, Attempt] = {
    "get": lambda store, owner, mine, _: store.get(owner, mine.id),
    "change": lambda store, owner, mine, _: store.change(
        owner, mine.id, lambda found: replace(found, title="Stolen")
    ),
    "delete": lambda store, owner, mine, _: store.delete(owner, mine.id),
    "restore": lambda store, owner, mine, _: store.restore(owner, mine.id),
    "message": lambda store, owner, _, message: store.message(owner, message.id),
    "set_head": lambda store, owner, mine, message: store.set_head(owner, mine.id, message.id),
    "media": lambda store, owner, _, __: store.media(owner, picture_ref().sha256),
}


@pytest.mark.parametrize("attempt", OWNED.values(), ids=OWNED)
def test_nobody_reaches_what_is_somebody_elses(store: Conversations, attempt: Attempt) -> None:
    """Knowing an id must not be enough; for its owner, the same call works."""
    mine = conversation()
    store.create(mine)
    message = said(mine)
    store.add([message])
    store.grant_media(ME, picture_ref())
    before = store.get(ME, mine.id)
    with pytest.raises(NotFound):
        attempt(store, SOMEBODY, mine, message)
    assert store.get(ME, mine.id) == before
    attempt(store, ME, mine, message)


@pytest.mark.parametrize("attempt", OWNED.values(), ids=OWNED)
def test_what_never_was_is_not_found(store: Conversations, attempt: Attempt) -> None:
    unknown = conversation()
    with pytest.raises(NotFound) as caught:
        attempt(store, ME, unknown, said(unknown))
    assert str(caught.value).endswith(".")
    assert unknown.id not in str(caught.value)


def test_a_head_must_be_of_its_own_conversation(store: Conversations) -> None:
    mine, other = conversation(), conversation()
    store.create(mine)
    store.create(other)
    first, second, foreign = said(mine), said(mine), said(other)
    store.add([first])
    store.add([second])
    store.add([foreign])
    store.set_head(ME, mine.id, first.id)
    assert store.get(ME, mine.id).head_id == first.id
    with pytest.raises(NotFound):
        store.set_head(ME, mine.id, foreign.id)
    assert store.get(ME, mine.id).head_id == first.id


def test_a_picture_is_remembered_and_granted_once(store: Conversations) -> None:
    ref = picture_ref()
    store.grant_media(ME, ref)
    store.grant_media(ME, ref)
    store.grant_media(SOMEBODY, ref)
    assert store.media(ME, ref.sha256) == store.media(SOMEBODY, ref.sha256) == ref
    with pytest.raises(NotFound):
        store.media("a third", ref.sha256)


def test_closing_twice_is_closing_once(store: Conversations) -> None:
    store.close()
    store.close()
