"""What people show each other is found by who may look, and ends: in every store."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chat.core.errors import NotFound, TooMany
from chat.core.people import Person
from chat.core.ports import Conversations
from chat.core.shares import MAX_SHARES, Share

BEGAN = datetime(2026, 11, 26, 12, 0, 0, 123456, UTC)
ADA, BOB, EVE = (Person(letter * 32, name, name) for letter, name in ("aA", "bB", "eE"))
LINK = Share(
    "1" * 32, ADA.id, "conversation", "c" * 32, "d" * 32, "t" * 43,
    created_at=BEGAN, ends_at=BEGAN + timedelta(days=7),
)  # fmt: skip
NAMED = Share(
    "2" * 32, ADA.id, "board", "b" * 32, people=(BOB.id, EVE.id),
    created_at=BEGAN + timedelta(seconds=1),
)  # fmt: skip
ALL = Share(
    "3" * 32, ADA.id, "conversation", "c" * 32, "d" * 32, everybody=True,
    created_at=BEGAN + timedelta(seconds=2),
)  # fmt: skip


def filled(store: Conversations) -> Conversations:
    for person in (ADA, BOB, EVE):
        store.people.add(person)
    for share in (LINK, NAMED, ALL):
        store.shares.add(share)
    return store


def test_a_share_is_found_by_its_link_its_owner_and_who_may_look(store: Conversations) -> None:
    shares = filled(store).shares
    assert shares.get(NAMED.id) == NAMED
    assert shares.by_token(LINK.token) == LINK
    assert shares.by_token("") is None
    assert shares.get("9" * 32) is None
    assert shares.of(ADA.id) == [ALL, NAMED, LINK]
    assert shares.of(BOB.id) == []
    assert shares.shared_with(BOB.id, everybody=True) == [ALL, NAMED]
    assert shares.shared_with(BOB.id, everybody=False) == [NAMED]
    assert shares.shared_with(ADA.id, everybody=True) == [], "one's own is not shared with one"
    assert shares.shared_with("nobody", everybody=False) == []


def test_what_is_shared_with_a_group_is_found_by_whoever_is_in_it(store: Conversations) -> None:
    shares = filled(store).shares
    grouped = replace(NAMED, id="5" * 32, people=(EVE.id,), groups=("keepers", "painters"))
    shares.add(grouped)
    shares.add(replace(NAMED, id="6" * 32, people=(), groups=("others",)))
    assert shares.get(grouped.id) == grouped
    assert shares.shared_with(BOB.id, everybody=False, groups=("painters",)) == [NAMED, grouped]
    assert shares.shared_with(BOB.id, everybody=False, groups=("paint", "PAINTERS")) == [NAMED]
    assert shares.shared_with(EVE.id, everybody=False) == [NAMED, grouped]
    both = ("keepers", "painters")
    assert shares.shared_with(ADA.id, everybody=True, groups=both) == [], "one's own"
    assert shares.remove(ADA.id, grouped.id)
    assert shares.shared_with(BOB.id, everybody=False, groups=both) == [NAMED]


def test_views_are_counted_and_only_its_owner_ends_it(store: Conversations) -> None:
    shares = filled(store).shares
    for share_id in (LINK.id, LINK.id, "gone"):
        shares.viewed(share_id)
    assert shares.by_token(LINK.token) == replace(LINK, views=2)
    assert not shares.remove(BOB.id, LINK.id)
    assert shares.remove(ADA.id, LINK.id)
    assert not shares.remove(ADA.id, LINK.id)
    assert shares.by_token(LINK.token) is None


def test_with_a_person_go_their_shares_and_their_place_in_others(store: Conversations) -> None:
    shares = filled(store).shares
    store.people.remove(EVE.id)
    assert shares.get(NAMED.id) == replace(NAMED, people=(BOB.id,))
    store.people.remove(ADA.id)
    assert [shares.get(each.id) for each in (LINK, NAMED, ALL)] == [None, None, None]
    assert shares.shared_with(BOB.id, everybody=True) == []


def test_nobody_is_named_who_is_not_there_and_there_are_only_so_many(
    store: Conversations,
) -> None:
    shares = filled(store).shares
    with pytest.raises(NotFound):
        shares.add(replace(NAMED, id="4" * 32, people=(BOB.id, "nobody")))
    assert shares.get("4" * 32) is None
    for number in range(3, MAX_SHARES):
        shares.add(replace(ALL, id=f"m{number}"))
    with pytest.raises(TooMany):
        shares.add(replace(ALL, id="last"))
    shares.add(replace(ALL, id="hers", owner=EVE.id))


def test_who_is_removed_for_good_shares_nothing_any_more(store: Conversations) -> None:
    shares = filled(store).shares
    store.remove_owner(ADA.id, "somebody")
    assert shares.of(ADA.id) == shares.of("somebody") == []
    assert shares.by_token(LINK.token) is None
