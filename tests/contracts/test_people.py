"""Who may sign in is kept, told apart, and forgotten when it should be: in every store there is."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chat.core.errors import ChatError, Conflict, NotFound
from chat.core.people import Person, Session
from chat.core.ports import Conversations

BEGAN = datetime(2026, 11, 26, 12, 0, 0, 123456, UTC)
ADA = Person(
    "a" * 32, "ada", "Ada “Füchse” 🦊", "administrator", "$argon2id$a", "1" * 64,
    BEGAN + timedelta(days=7), BEGAN,
)  # fmt: skip
BOB = Person(
    "b" * 32, "bob", "Bob", created_at=BEGAN + timedelta(seconds=1), identity="3" * 64,
    told_groups=("CN=Birds,OU=Füchse", "keepers"), given_groups=("painters",),
)  # fmt: skip
GUEST = Person(
    "c" * 32, title="Bob", role="guest", created_at=BEGAN + timedelta(seconds=2),
    ends_at=BEGAN + timedelta(days=30),
)  # fmt: skip


def session(name: str, person: Person = ADA, **more: Any) -> Session:
    moments = {"ends_at": BEGAN + timedelta(days=7), "created_at": BEGAN, "seen_at": BEGAN, **more}
    return Session(name.ljust(64, "0"), person.id, **moments)


def filled(store: Conversations) -> Conversations:
    for person in (ADA, BOB, GUEST):
        store.people.add(person)
    return store


def test_everybody_is_as_they_were_added(store: Conversations) -> None:
    people = filled(store).people
    assert people.everybody() == [ADA, BOB, GUEST]
    assert people.person(GUEST.id) == GUEST
    assert people.by_name("ADA") == people.by_invitation("1" * 64) == ADA
    assert people.by_identity("3" * 64) == BOB
    for missing in (people.person("x"), people.by_name(""), people.by_invitation(""),
                    people.by_name("ad"), people.by_invitation("2" * 64),
                    people.by_identity(""), people.by_identity("2" * 64)):  # fmt: skip
        assert missing is None
    assert people.groups() == ["CN=Birds,OU=Füchse", "keepers", "painters"]
    people.change(BOB.id, lambda bob: replace(bob, told_groups=("painters",), given_groups=()))
    assert people.groups() == ["painters"]


@pytest.mark.parametrize(
    "other",
    [
        replace(BOB, id="a" * 32),
        replace(BOB, id="d" * 32, name="Ada"),
        replace(BOB, id="d" * 32, name="dan", identity="", invitation="1" * 64),
        replace(BOB, id="e" * 32, name="eve"),
    ],
)
def test_nobody_takes_what_is_somebody_else_s(store: Conversations, other: Person) -> None:
    people = filled(store).people
    with pytest.raises(Conflict):
        people.add(other)
    assert people.everybody() == [ADA, BOB, GUEST]
    if other.id == "d" * 32:
        with pytest.raises(Conflict):
            people.change(BOB.id, lambda bob: replace(other, id=bob.id))
        assert people.person(BOB.id) == BOB


def test_two_who_ask_for_one_name_at_once_do_not_both_get_it(store: Conversations) -> None:
    def add(number: int) -> bool:
        try:
            store.people.add(Person(f"{number}", "Same"))
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(add, range(8))) == 1


def test_a_change_is_kept_whole_or_not_at_all(store: Conversations) -> None:
    people = filled(store).people
    kept = people.change(BOB.id, lambda bob: replace(bob, id="x", title="B \0", disabled_at=BEGAN))
    assert (kept.id, kept.disabled_at, kept.name) == (BOB.id, BEGAN, "bob")
    assert people.person(BOB.id) == kept

    def refuse(person: Person) -> Person:
        raise ValueError(person.id)

    with pytest.raises(ValueError, match="b"):
        people.change(BOB.id, refuse)
    with pytest.raises(NotFound):
        people.change("x", lambda person: person)


LOSSES: list[Callable[[Person], Person]] = [
    lambda ada: replace(ada, role="user"),
    lambda ada: replace(ada, disabled_at=BEGAN),
    lambda ada: replace(ada, password="", identity=""),
]


@pytest.mark.parametrize("lose", LOSSES)
def test_the_last_administrator_stays(
    store: Conversations, lose: Callable[[Person], Person]
) -> None:
    people = filled(store).people
    with pytest.raises(Conflict):
        people.change(ADA.id, lose, keeps_administrator=True)
    assert people.person(ADA.id) == ADA
    # One whom a provider signs in looks after the others as well as one with a password.
    people.change(BOB.id, lambda bob: replace(bob, role="administrator"))

    def step_down(person: Person) -> bool:
        try:
            people.change(person.id, lose, keeps_administrator=True)
        except ChatError:
            return False
        return True

    # Both at once, each of whom would leave the other.
    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(step_down, [ADA, BOB])) == 1


def test_whoever_changes_somebody_is_looked_at_as_they_are_kept_now(store: Conversations) -> None:
    people = filled(store).people

    def must_administrate(asker: Person, _: Person) -> None:
        if asker.role != "administrator":
            raise NotFound(asker.id)

    def rename(person: Person) -> Person:
        return replace(person, title="Bobby")

    for asker in (BOB.id, "gone"):
        with pytest.raises(NotFound):
            people.change(BOB.id, rename, by=(asker, must_administrate))
        assert people.person(BOB.id) == BOB
    assert people.change(BOB.id, rename, by=(ADA.id, must_administrate)).title == "Bobby"


def test_the_last_administrator_is_not_removed_for_good_either(store: Conversations) -> None:
    people = filled(store).people
    with pytest.raises(Conflict):
        store.remove_owner(ADA.id, "removed-a")
    assert people.person(ADA.id) == ADA
    people.change(BOB.id, lambda bob: replace(bob, role="administrator"))

    def remove(person: Person) -> bool:
        try:
            store.remove_owner(person.id, f"removed-{person.id}")
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(remove, [ADA, BOB])) == 1
    assert len([each for each in people.everybody() if each.role == "administrator"]) == 1


def test_a_session_is_found_with_its_person_until_it_ends(store: Conversations) -> None:
    people = filled(store).people
    first, second = session("1"), session("2", seen_at=BEGAN + timedelta(minutes=1))
    his = session("3", BOB, ends_at=BEGAN + timedelta(days=1))
    for each in (first, second, his):
        people.begin(each)
    assert people.session(first.id) == (first, ADA)
    assert people.sessions(ADA.id) == [second, first]
    later = BEGAN + timedelta(hours=1)
    people.seen(first.id, later)
    people.seen(first.id, BEGAN)  # of a request that was slower
    assert people.sessions(ADA.id)[0] == replace(first, seen_at=later)
    assert people.end_all(ADA.id, but=first.id) == [second.id]
    assert people.session(second.id) is None
    people.end(first.id)
    people.end(first.id)
    people.seen(first.id, later)
    assert people.sessions(ADA.id) == []
    assert people.session(his.id) == (his, BOB)
    assert people.end_over(BEGAN + timedelta(days=1)) == 1
    assert people.session(his.id) is None
    with pytest.raises(NotFound):
        people.begin(replace(first, person_id="x"))


def test_who_is_removed_is_signed_out_and_keeps_what_is_theirs(store: Conversations) -> None:
    people = filled(store).people
    people.begin(session("1"))
    people.remove(ADA.id)
    people.remove(ADA.id)
    assert people.session(session("1").id) is None
    assert people.everybody() == [BOB, GUEST]


def test_no_word_of_a_person_or_session_gives_a_secret_away() -> None:
    told = repr(ADA) + repr(session("f00"))
    assert "argon2" not in told
    assert "1" * 64 not in told
    assert "f00" not in told
