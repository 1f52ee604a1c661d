"""What owners keep beside their conversations: boards, presets, names of versions."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from chat.core.errors import NotFound, TooMany
from chat.core.messages import Message, new_id
from chat.core.parts import Image
from chat.core.ports import BOARD, FAVOURITE, Conversations, OwnedRecord
from tests.contracts.samples import ME, SOMEBODY, conversation, picture_ref, replied, said

FOX, OWL = picture_ref(b"fox"), picture_ref(b"owl")


def board(*pictures: str, title: str = "Füchse \0 \ud800 🦊") -> OwnedRecord:
    return OwnedRecord("board", "b1", {"title": title}, pictures)


def keep(store: Conversations, record: OwnedRecord, owner: str = ME) -> OwnedRecord | None:
    return store.keep_record(owner, record.kind, record.id, lambda _: record)


def test_a_record_comes_back_as_it_was_kept(store: Conversations) -> None:
    for ref in (FOX, OWL):
        store.grant_media(ME, ref)
    kept = keep(store, board(OWL.sha256, FOX.sha256))
    assert kept is not None
    assert store.records(ME, "board") == [kept]
    assert store.record(ME, "board", "b1") == kept
    assert store.record(SOMEBODY, "board", "b1") is None
    assert store.record(ME, "board", "b2") is None
    assert kept == replace(board(OWL.sha256, FOX.sha256), changed_at=kept.changed_at)


def test_one_record_is_found_by_its_id_and_of_another_owner_none(store: Conversations) -> None:
    store.grant_media(ME, FOX)
    kept = keep(store, board(FOX.sha256))
    assert store.record(ME, "board", "b1") == kept
    assert store.record(ME, "board", "b2") is None
    assert store.record(ME, "preset", "b1") is None
    assert store.record(SOMEBODY, "board", "b1") is None


def test_a_record_is_its_owners_and_of_its_kind(store: Conversations) -> None:
    keep(store, board())
    assert store.records(SOMEBODY, "board") == []
    assert store.records(ME, "preset") == []
    assert store.keep_record(SOMEBODY, "board", "b1", lambda held: held) is None


def test_a_change_sees_what_is_kept_and_may_end_it(store: Conversations) -> None:
    store.grant_media(ME, FOX)
    first = keep(store, board(FOX.sha256))

    def renamed(held: OwnedRecord | None) -> OwnedRecord:
        assert held == first
        assert held is not None
        return replace(held, value={"title": "Owls"}, id="another", kind="other")

    changed = store.keep_record(ME, "board", "b1", renamed)
    assert changed is not None
    assert (changed.id, changed.value, changed.pictures) == ("b1", {"title": "Owls"}, (FOX.sha256,))
    assert store.keep_record(ME, "board", "b1", lambda _: None) is None
    assert store.records(ME, "board") == []


def test_a_change_that_raises_changes_nothing(store: Conversations) -> None:
    kept = keep(store, board())

    def broken(_: OwnedRecord | None) -> OwnedRecord:
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - our own, raised above
        store.keep_record(ME, "board", "b1", broken)
    assert store.records(ME, "board") == [kept]


def test_nobody_keeps_a_picture_that_they_may_not_see(store: Conversations) -> None:
    store.grant_media(SOMEBODY, FOX)
    with pytest.raises(NotFound):
        keep(store, board(FOX.sha256))
    assert store.records(ME, "board") == []


def test_a_picture_on_a_board_is_in_use_until_it_is_taken_down(store: Conversations) -> None:
    """Or it would be swept once its conversation is gone."""
    store.grant_media(ME, FOX)
    keep(store, board(FOX.sha256))
    assert FOX.sha256 in store.media_in_use()
    keep(store, board())
    assert FOX.sha256 not in store.media_in_use()


def test_the_tree_of_a_conversation_holds_every_branch_in_order_of_arrival(
    store: Conversations,
) -> None:
    created, other = conversation(), conversation()
    asked = said(created)
    answers = [replied(created, asked, str(n)) for n in range(3)]
    for each in (created, other):
        store.create(each)
    store.add([asked, answers[0]])
    store.add([said(other)])
    store.add([answers[1]])
    store.add([answers[2]])
    assert store.tree(ME, created.id) == [asked, *answers]
    with pytest.raises(NotFound):
        store.tree(SOMEBODY, created.id)
    store.delete(ME, created.id)
    with pytest.raises(NotFound):
        store.tree(ME, created.id)


LATER = datetime.now(UTC) + timedelta(days=1)


def test_a_record_of_a_conversation_goes_when_that_is_removed_for_good(
    store: Conversations,
) -> None:
    """Or what was decided in it, and the pictures it names, would be kept for ever."""
    store.grant_media(ME, FOX)
    gone, stays = conversation(), conversation()
    for each in (gone, stays):
        store.create(each)
        keep(
            store, OwnedRecord("replay", each.id[:8], None, (FOX.sha256,), conversation_id=each.id)
        )
    keep(store, OwnedRecord("replay", "of-none", {"steps": 2}))
    store.delete(ME, gone.id)
    assert len(store.records(ME, "replay")) == 3, "it comes back with the conversation"
    assert store.purge(LATER) == 1
    left = {each.id: each.conversation_id for each in store.records(ME, "replay")}
    assert left == {stays.id[:8]: stays.id, "of-none": ""}
    assert store.record(ME, "replay", gone.id[:8]) is None
    assert FOX.sha256 in store.media_in_use()
    store.delete(ME, stays.id)
    store.purge(LATER)
    assert store.media_in_use() == set()


def test_nothing_is_kept_beside_a_conversation_that_is_not_theirs(store: Conversations) -> None:
    hers = conversation(SOMEBODY)
    store.create(hers)
    for wanted in (hers.id, new_id()):
        with pytest.raises(NotFound):
            keep(store, OwnedRecord("replay", "1", None, conversation_id=wanted))
    assert store.records(ME, "replay") == []


def test_what_is_said_of_a_picture_goes_with_the_last_that_names_it(store: Conversations) -> None:
    """A name must not keep a picture that nobody can see any more."""
    held = conversation()
    store.create(held)
    for ref in (FOX, OWL):
        store.grant_media(ME, ref)
        for kind in ("name", "provenance"):
            keep(store, OwnedRecord(kind, ref.sha256, {"kind": kind}, (ref.sha256,)))
    shown = tuple(Image(ref, "upload") for ref in (FOX, OWL))
    store.add([Message(new_id(), held.id, None, "user", shown)])
    keep(store, OwnedRecord(FAVOURITE, OWL.sha256, None, (OWL.sha256,)))
    store.purge(LATER)
    assert len(store.records(ME, "name")) == 2
    store.delete(ME, held.id)
    assert store.purge(datetime.now(UTC) - timedelta(days=1)) == 0
    assert len(store.records(ME, "name")) == 2, "what was said lately may be of an unsent picture"
    store.purge(LATER)
    assert [each.id for each in store.records(ME, "name")] == [OWL.sha256]
    assert [each.id for each in store.records(ME, "provenance")] == [OWL.sha256]
    assert [each.id for each in store.records(ME, FAVOURITE)] == [OWL.sha256]
    assert store.media_in_use() == {OWL.sha256}


def test_no_more_are_kept_than_may_be_however_many_come_at_once(store: Conversations) -> None:
    room, callers = 3, 8
    barrier = Barrier(callers)

    def add(number: int) -> bool:
        barrier.wait()
        try:
            record = OwnedRecord(BOARD, f"b{number}", {"title": str(number)})
            store.keep_record(ME, BOARD, record.id, lambda _: record, room)
        except TooMany:
            return False
        return True

    with ThreadPoolExecutor(callers) as pool:
        added = list(pool.map(add, range(callers)))
    assert sum(added) == room
    kept = store.records(ME, BOARD)
    assert len(kept) == room
    renamed = replace(kept[0], value={"title": "New"})
    assert store.keep_record(ME, BOARD, renamed.id, lambda _: renamed, room) is not None
    assert store.keep_record(SOMEBODY, BOARD, "b1", lambda _: renamed, room) is not None


def test_what_is_put_away_is_in_the_bin_and_somebody_else_s_is_not(store: Conversations) -> None:
    mine, hers = conversation(), conversation(owner=SOMEBODY)
    for each in (mine, hers):
        store.create(each)
        store.add([said(each)])
        store.grant_media(each.owner, FOX)
        keep(store, board(FOX.sha256), each.owner)
    store.put_away(ME)
    store.put_away(ME)
    with pytest.raises(NotFound):
        store.get(ME, mine.id)
    assert store.records(ME, "board") == []
    assert store.get(SOMEBODY, hers.id).id == hers.id
    assert len(store.records(SOMEBODY, "board")) == 1
    assert store.restore(ME, mine.id).id == mine.id
